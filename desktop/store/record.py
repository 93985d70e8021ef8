"""The single write verb: seal an act into an entry and write its rows, all or nothing.

One BEGIN IMMEDIATE re-reads the log head and the touched records, stores incoming files, computes the change
tree, signs the header, appends entry and changes, and writes the rows. Only after COMMIT does the caller
hear of success.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from desktop.store.engine import writing
from desktop.store.rows import insert_row, to_column, to_row, values_of
from desktop.store.tables import FIELDS, JSON_FIELDS, RECORDS, SEARCH_FIELDS
from domain.act import Act, Change, IncomingFile
from domain.errors import Damaged, FileProblem, Refused
from domain.gates.verdict import Obstacle
from domain.identity import iso, parse_iso
from domain.log.entry import (
    FORMAT_VERSION,
    NO_PREVIOUS,
    SCHEMA_VERSION,
    ChangeTree,
    Entry,
    Header,
    signing_input,
)
from domain.log.merkle import HASH_SIZE, Frontier, leaf_hash
from domain.ports import Progress, Signatory

CHUNK_SIZE = 256 * 1024
CLOCK_TOLERANCE = timedelta(minutes=2)
_INSERT_BATCH = 2_000


def record(
    engine: Engine,
    act: Act,
    *,
    vault: str,
    signatory: Signatory,
    at: datetime,
    zone: str,
    device: str,
    progress: Progress | None = None,
) -> Entry:
    """Seal and store `act`; the recorded entry comes back after it is durable.

    Raises:
        Refused: a touched record changed meanwhile, or the clock went backwards.
        FileProblem: an incoming file cannot be read or is not the file that was hashed.
        Unavailable: disk full, read-only medium.
        Damaged: the store is not what its log says.
        Cancelled: `progress` asked to stop; nothing was changed.
    """
    if not act.changes:
        raise ValueError(f"act {act.name} changes nothing")
    with writing(engine) as connection:
        head = _head(connection)
        _refuse_backward_clock(connection, act, at)
        changes = (*_store_files(connection, act.files, progress), *act.changes)
        _write_rows(connection, changes, progress)
        entry = _seal(
            connection,
            act,
            changes=changes,
            head=head,
            vault=vault,
            signatory=signatory,
            at=at,
            zone=zone,
            device=device,
            progress=progress,
        )
        if progress is not None:
            progress("commit", len(changes), len(changes))
    return entry


def read_head(connection: Connection) -> Frontier:
    """The log's frontier as stored."""
    return _head(connection)


def _head(connection: Connection) -> Frontier:
    row = connection.exec_driver_sql("SELECT size, roots FROM log_head").fetchone()
    if row is None:
        return Frontier()
    roots = [row.roots[i : i + HASH_SIZE] for i in range(0, len(row.roots), HASH_SIZE)]
    try:
        return Frontier(row.size, roots)
    except ValueError as problem:
        raise Damaged(f"The log head is not a tree: {problem}.", where="log_head", cure="Verify the log.") from problem


def _refuse_backward_clock(connection: Connection, act: Act, at: datetime) -> None:
    """A clock that went backwards may not sign ceremonies until someone acknowledges the jump."""
    row = connection.exec_driver_sql("SELECT at FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    if row is None or not act.ceremony or at >= parse_iso(row.at) - CLOCK_TOLERANCE:
        return
    text = f"This computer's clock says {iso(at)}, earlier than the last entry at {row.at}."
    cure = "Set the clock right; signatures wait until the clock has passed the last entry."
    raise Refused(text, (Obstacle(rule="clock.backwards", text=text, cure=cure, who="whoever keeps this computer"),))


def _store_files(
    connection: Connection, files: Iterable[IncomingFile], progress: Progress | None
) -> tuple[Change, ...]:
    found = []
    for file in {file.sha256: file for file in files}.values():
        if connection.exec_driver_sql("SELECT 1 FROM file WHERE id = ?", (file.sha256,)).fetchone():
            continue
        hasher, size, n = sha256(), 0, 0
        for data in _chunks(file):
            connection.exec_driver_sql(
                "INSERT INTO file_chunk (file, n, data) VALUES (?, ?, ?)", (file.sha256, n, data)
            )
            hasher.update(data)
            size += len(data)
            n += 1
            if progress is not None:
                progress("store file", size, file.size)
        if hasher.hexdigest() != file.sha256:
            raise FileProblem(
                "The file changed while it was being stored.", where=Path(file.path).name, cure="Try again."
            )
        found.append(Change("file", file.sha256, None, {"size": size, "chunk_size": CHUNK_SIZE, "chunks": n}))
    return tuple(found)


def _chunks(file: IncomingFile) -> Iterable[bytes]:
    if file.data is not None:
        for start in range(0, len(file.data), CHUNK_SIZE):
            yield file.data[start : start + CHUNK_SIZE]
        return
    try:
        with Path(file.path).open("rb") as source:
            while data := source.read(CHUNK_SIZE):
                yield data
    except OSError as problem:
        raise FileProblem(f"The file cannot be read: {problem.strerror}.", where=Path(file.path).name) from problem


def _write_rows(connection: Connection, changes: tuple[Change, ...], progress: Progress | None) -> None:
    pending: list[tuple[Any, ...]] = []
    record_name = ""

    def flush() -> None:
        if pending:
            connection.exec_driver_sql(insert_row(record_name), pending)
            if record_name == "item":
                _index_new(connection, [row[0] for row in pending])
            pending.clear()

    for done, change in enumerate(changes):
        if change.before is not None:
            flush()
            _update(connection, change)
            continue
        if change.record != record_name or len(pending) >= _INSERT_BATCH:
            flush()
            record_name = change.record
            if progress is not None:
                progress("write", done, len(changes))
        if set(change.after) | {"id"} != set(FIELDS[change.record]):
            raise ValueError(f"a new {change.record} needs exactly the fields {FIELDS[change.record]}")
        pending.append(to_row(change.record, change.id, change.after))
    flush()


def _update(connection: Connection, change: Change) -> None:
    current = current_values(connection, change.record, change.id)
    if current is None:
        raise ValueError(f"{change.record} {change.id} does not exist")
    stale = [name for name, value in (change.before or {}).items() if current[name] != value]
    if stale:
        text = f"The {change.record.replace('_', ' ')} changed meanwhile in {', '.join(stale)}."
        cure = "Look at the new values and decide again."
        raise Refused(text, (Obstacle(rule="record.changed", text=text, cure=cure, who="you"),), where=change.id)
    if change.record == "item":
        _unindex(connection, change.id)
    json_fields = JSON_FIELDS[change.record]
    names = list(change.after)
    assignments = ", ".join(f'"{name}" = ?' for name in names)
    values = [to_column(change.after[n]) if n in json_fields else change.after[n] for n in names]
    connection.exec_driver_sql(
        f'UPDATE "{change.record}" SET {assignments} WHERE id = ?',
        (*values, change.id),
    )
    if change.record == "item":
        _index_new(connection, [change.id])


def current_values(connection: Connection, record_name: str, id_: str) -> Mapping[str, Any] | None:
    """The stored values of one record, or None."""
    if record_name not in RECORDS:
        raise ValueError(f"no such record: {record_name}")
    columns = ", ".join(f'"{name}"' for name in FIELDS[record_name])
    row = connection.exec_driver_sql(
        f'SELECT {columns} FROM "{record_name}" WHERE id = ?',
        (id_,),
    ).fetchone()
    return None if row is None else values_of(record_name, tuple(row))


_SEARCH_COLUMNS = ", ".join(SEARCH_FIELDS)


def _index_new(connection: Connection, ids: list[str]) -> None:
    connection.exec_driver_sql(
        f"INSERT INTO item_search (rowid, {_SEARCH_COLUMNS}) SELECT rowid, {_SEARCH_COLUMNS} FROM item WHERE id = ?",
        [(id_,) for id_ in ids],
    )


def _unindex(connection: Connection, id_: str) -> None:
    connection.exec_driver_sql(
        f"INSERT INTO item_search (item_search, rowid, {_SEARCH_COLUMNS}) "
        f"SELECT 'delete', rowid, {_SEARCH_COLUMNS} FROM item WHERE id = ?",
        (id_,),
    )


def _seal(
    connection: Connection,
    act: Act,
    *,
    changes: tuple[Change, ...],
    head: Frontier,
    vault: str,
    signatory: Signatory,
    at: datetime,
    zone: str,
    device: str,
    progress: Progress | None,
) -> Entry:
    tree, rows = Frontier(), []
    row = connection.exec_driver_sql("SELECT max(position) FROM change").fetchone()
    first = 0 if row is None or row[0] is None else row[0] + 1
    for n, change in enumerate(changes):
        data = change.data()
        tree.append(leaf_hash(data))
        rows.append((first + n, head.size, change.record, change.id, data))
        if len(rows) >= _INSERT_BATCH:
            _insert_changes(connection, rows)
            if progress is not None:
                progress("seal", n, len(changes))
    _insert_changes(connection, rows)
    previous = connection.exec_driver_sql("SELECT seq, leaf FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    if (previous is None and head.size) or (previous is not None and previous.seq != head.size - 1):
        raise Damaged("The log head and the entries disagree.", where="log_head", cure="Verify the log.")
    header = Header(
        v=FORMAT_VERSION,
        vault=vault,
        seq=head.size,
        prev=NO_PREVIOUS if previous is None else previous.leaf.hex(),
        at=iso(at),
        zone=zone,
        by=signatory.person,
        role=act.role,
        mandate=act.mandate,
        key=signatory.key,
        device=device,
        act=act.name,
        subject=act.subject,
        process_version=act.process_version,
        reason=act.reason,
        meaning=act.meaning,
        auth=signatory.auth,
        schema=SCHEMA_VERSION,
        changes=ChangeTree(len(changes), tree.root().hex()),
    )
    data = header.data()
    entry = Entry(header=header, signature=signatory.sign(signing_input(data)))
    leaf = entry.leaf()
    connection.exec_driver_sql(
        'INSERT INTO entry (seq, at, "by", act, subject, first_change, header, signature, leaf) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (header.seq, header.at, header.by, header.act, header.subject, first, data, entry.signature, leaf),
    )
    head.append(leaf)
    connection.exec_driver_sql(
        "INSERT INTO log_head (one, size, roots) VALUES (1, ?, ?) "
        "ON CONFLICT (one) DO UPDATE SET size = excluded.size, roots = excluded.roots",
        (head.size, b"".join(head.roots)),
    )
    return entry


def _insert_changes(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        connection.exec_driver_sql("INSERT INTO change (position, seq, record, id, data) VALUES (?, ?, ?, ?, ?)", rows)
        rows.clear()
