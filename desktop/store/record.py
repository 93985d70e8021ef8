"""The single write verb: seal an act into an entry and write its rows, all or nothing.

One BEGIN IMMEDIATE re-reads the log head and the touched records, stores incoming files, computes the change
tree, signs the header, appends entry and changes, and writes the rows. Only after COMMIT does the caller
hear of success.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine

from desktop.store.engine import sealing
from desktop.store.in_doubt import is_kept
from desktop.store.rows import insert_row, row_and_data, to_column, values_of
from desktop.store.tables import FIELDS, JSON_FIELDS, SEARCH_FIELDS
from domain.act import Act, Change, IncomingFile
from domain.commands.deciding import FILE_CHUNK
from domain.errors import Damaged, FileProblem, Refused, Unavailable
from domain.identity import iso
from domain.log.canonical import CanonicalError
from domain.log.clock import behind_of, high_water
from domain.log.entry import (
    FORMAT_VERSION,
    LAW,
    NO_PREVIOUS,
    SCHEMA_VERSION,
    ChangeTree,
    Entry,
    Header,
    decode_header,
    signing_input,
)
from domain.log.merkle import HASH_SIZE, Frontier, leaf_hash
from domain.obstacle import Obstacle
from domain.ports import Progress, Signatory
from domain.records.registry import RECORDS

COMMAND = "command"
"""How rows of the table `change` are marked that hold a leaf of the command itself."""
_INSERT_BATCH = 2_000
_MANY = 2 * _INSERT_BATCH
"""Changes from which on an act is a bulk load, such as an import."""
_WORDS_HELD = 16 * 1024**2
"""Bytes of new words that the search index gathers before it writes them: fewer parts to merge later."""


def record(
    engine: Engine,
    act: Act,
    *,
    vault: str,
    signatory: Signatory,
    at: datetime,
    zone: str,
    device: str,
    expected: int | None = None,
    progress: Progress | None = None,
) -> Entry:
    """Seal and store `act`; the recorded entry comes back after it is durable.

    `expected` is the size of the log on which the act was decided.

    Raises:
        HeadMovedError: the log has grown since; decide again.
        Refused: a touched record changed meanwhile.
        FileProblem: an incoming file cannot be read or is not the file that was hashed.
        Unavailable: disk full, read-only medium.
        Damaged: the store is not what its log says.
        Cancelled: `progress` asked to stop; nothing was changed.
    """
    if not act.changes:
        raise ValueError(f"act {act.name} changes nothing")
    entry: Entry | None = None
    try:
        with sealing(engine) as sql:
            head = read_head(sql)
            last = _last_entry(sql, head)
            if expected is not None and expected != head.size:
                raise HeadMovedError(f"The log has {head.size} entries; the command was decided on {expected}.")
            _store_files(sql, act, progress)
            writer = _Writer(sql, seq=head.size, first=last.next_change, progress=progress)
            tree = writer.write(act.changes, command=act.command)
            entry = _seal(
                sql,
                act,
                tree,
                head=head,
                last=last,
                vault=vault,
                signatory=signatory,
                at=at,
                zone=zone,
                device=device,
            )
            if progress is not None:
                progress("commit", len(act.changes), len(act.changes))
    except Unavailable:
        if entry is None or not is_kept(engine, entry):
            raise
    return entry


class HeadMovedError(Exception):
    """The log has grown since the act was decided; nothing was changed."""


class _Last(msgspec.Struct, frozen=True):
    """Where the log stands: the latest time it claims, the leaf it ended with, and where the next changes go."""

    latest: str
    leaf: bytes
    next_change: int


def _last_entry(sql: Any, head: Frontier) -> _Last:
    row = sql.execute(
        "SELECT seq, header, leaf, (SELECT max(position) FROM change) FROM entry ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    if (row is None and head.size) or (row is not None and row[0] != head.size - 1):
        raise Damaged("The log head and the entries disagree.", where="log_head", cure="Verify the log.")
    if row is None:
        return _Last("", b"", 0)
    try:
        newest = decode_header(row[1])
    except CanonicalError as problem:
        raise Damaged(
            f"The newest entry cannot be read: {problem}.", where=f"entry {row[0]}", cure="Verify the log."
        ) from problem
    return _Last(high_water(newest.at, newest.behind), row[2], row[3] + 1)


def read_head(sql: Any) -> Frontier:
    """The log's frontier as stored; `sql` is the driver's connection."""
    row = sql.execute("SELECT size, roots FROM log_head").fetchone()
    if row is None:
        return Frontier()
    size, roots = row
    try:
        return Frontier(size, [roots[i : i + HASH_SIZE] for i in range(0, len(roots), HASH_SIZE)])
    except (TypeError, ValueError) as problem:
        raise Damaged(f"The log head is not a tree: {problem}.", where="log_head", cure="Verify the log.") from problem


def _store_files(sql: Any, act: Act, progress: Progress | None) -> None:
    """Store the bytes of the files that the act brings into being."""
    new = {change.id for change in act.changes if change.record == "file"}
    for file in {file.sha256: file for file in act.files if file.sha256 in new}.values():
        hasher, size = sha256(), 0
        for n, data in enumerate(_chunks(file)):
            sql.execute("INSERT INTO file_chunk (file, n, data) VALUES (?, ?, ?)", (file.sha256, n, data))
            hasher.update(data)
            size += len(data)
            if progress is not None:
                progress("store file", size, file.size)
        if hasher.hexdigest() != file.sha256:
            raise FileProblem(
                "The file changed while it was being stored.", where=Path(file.path).name, cure="Try again."
            )


def _chunks(file: IncomingFile) -> Iterable[bytes]:
    if file.data is not None:
        for start in range(0, len(file.data), FILE_CHUNK):
            yield file.data[start : start + FILE_CHUNK]
        return
    try:
        with Path(file.path).open("rb") as source:
            while data := source.read(FILE_CHUNK):
                yield data
    except OSError as problem:
        raise FileProblem(f"The file cannot be read: {problem.strerror}.", where=Path(file.path).name) from problem


class _Writer:
    """Writes rows and change bytes batch by batch while the change tree grows."""

    def __init__(self, sql: Any, *, seq: int, first: int, progress: Progress | None) -> None:
        self._sql = sql
        self._seq = seq
        self._position = first
        self._progress = progress
        self._rows: list[tuple[Any, ...]] = []
        self._record = ""
        self._changes: list[tuple[Any, ...]] = []
        self._tree = Frontier()

    def write(self, changes: tuple[Change, ...], *, command: tuple[bytes, ...]) -> ChangeTree:
        """Write the command's leaves and all changes; their count and tree root come back."""
        for data in command:
            self._tree.append(leaf_hash(data))
            self._changes.append((self._position, self._seq, COMMAND, "", data))
            self._position += 1
        if len(changes) >= _MANY:
            self._sql.execute("INSERT INTO item_search (item_search, rank) VALUES ('hashsize', ?)", (_WORDS_HELD,))
        for change in changes:
            if change.before is None:
                if change.record != self._record or len(self._rows) >= _INSERT_BATCH:
                    self._flush(of=len(changes))
                    self._record = change.record
                row, data = row_and_data(change)
                self._rows.append(row)
            else:
                self._flush(of=len(changes))
                _update(self._sql, change)
                data = change.data()
            self._tree.append(leaf_hash(data))
            self._changes.append((self._position, self._seq, change.record, change.id, data))
            self._position += 1
        self._flush(of=len(changes))
        return ChangeTree(self._tree.size, self._tree.root().hex())

    def _flush(self, *, of: int) -> None:
        if self._rows:
            self._sql.executemany(insert_row(self._record), self._rows)
            if self._record == "item":
                _index_rows(self._sql, self._rows)
            self._rows.clear()
        if self._changes:
            self._sql.executemany(
                "INSERT INTO change (position, seq, record, id, data) VALUES (?, ?, ?, ?, ?)", self._changes
            )
            self._changes.clear()
        if self._progress is not None:
            self._progress("write", self._tree.size, of)


def _update(sql: Any, change: Change) -> None:
    current = current_values(sql, change.record, change.id)
    if current is None:
        raise ValueError(f"{change.record} {change.id} does not exist")
    stale = [name for name, value in (change.before or {}).items() if current[name] != value]
    if stale:
        text = f"The {change.record.replace('_', ' ')} changed meanwhile in {', '.join(stale)}."
        cure = "Look at the new values and decide again."
        raise Refused(text, (Obstacle(rule="record.changed", text=text, cure=cure, who="you"),), where=change.id)
    searched = change.record == "item" and not _SEARCHED.isdisjoint(change.after)
    if searched:
        _unindex(sql, change.id)
    json_fields = JSON_FIELDS[change.record]
    names = list(change.after)
    assignments = ", ".join(f'"{name}" = ?' for name in names)
    values = [to_column(change.after[n]) if n in json_fields else change.after[n] for n in names]
    sql.execute(
        f'UPDATE "{change.record}" SET {assignments} WHERE id = ?',
        (*values, change.id),
    )
    if searched:
        _index_again(sql, change.id)


def current_values(sql: Any, record_name: str, id_: str) -> Mapping[str, Any] | None:
    """The stored values of one record, or None."""
    if record_name not in RECORDS:
        raise ValueError(f"no such record: {record_name}")
    columns = ", ".join(f'"{name}"' for name in FIELDS[record_name])
    row = sql.execute(
        f'SELECT {columns} FROM "{record_name}" WHERE id = ?',
        (id_,),
    ).fetchone()
    return None if row is None else values_of(record_name, tuple(row))


_SEARCH_COLUMNS = ", ".join(SEARCH_FIELDS)
_SEARCHED = frozenset(SEARCH_FIELDS)


_SEARCH_PLACES = tuple(FIELDS["item"].index(name) for name in SEARCH_FIELDS)


def _index_rows(sql: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Index items that were inserted one after the other: their numbers in the table follow each other."""
    (first,) = sql.execute("SELECT rowid FROM item WHERE id = ?", (rows[0][0],)).fetchone()
    sql.executemany(
        f"INSERT INTO item_search (rowid, {_SEARCH_COLUMNS}) VALUES (?, {', '.join('?' * len(SEARCH_FIELDS))})",
        [(number, *(row[place] for place in _SEARCH_PLACES)) for number, row in enumerate(rows, first)],
    )


def _index_again(sql: Any, id_: str) -> None:
    sql.execute(
        f"INSERT INTO item_search (rowid, {_SEARCH_COLUMNS}) SELECT rowid, {_SEARCH_COLUMNS} FROM item WHERE id = ?",
        (id_,),
    )


def _unindex(sql: Any, id_: str) -> None:
    sql.execute(
        f"INSERT INTO item_search (item_search, rowid, {_SEARCH_COLUMNS}) "
        f"SELECT 'delete', rowid, {_SEARCH_COLUMNS} FROM item WHERE id = ?",
        (id_,),
    )


def _seal(
    sql: Any,
    act: Act,
    tree: ChangeTree,
    *,
    head: Frontier,
    last: _Last,
    vault: str,
    signatory: Signatory,
    at: datetime,
    zone: str,
    device: str,
) -> Entry:
    header = Header(
        v=FORMAT_VERSION,
        law=LAW,
        vault=vault,
        seq=head.size,
        prev=last.leaf.hex() if last.leaf else NO_PREVIOUS,
        at=iso(at),
        zone=zone,
        behind=behind_of(at, latest=last.latest, act=act.name),
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
        commands=len(act.command),
        changes=tree,
    )
    data = header.data()
    entry = Entry(header=header, signature=signatory.sign(signing_input(data)))
    leaf = entry.leaf()
    sql.execute(
        'INSERT INTO entry (seq, at, "by", act, subject, first_change, header, signature, leaf) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (header.seq, header.at, header.by, header.act, header.subject, last.next_change, data, entry.signature, leaf),
    )
    head.append(leaf)
    sql.execute(
        "INSERT INTO log_head (one, size, roots) VALUES (1, ?, ?) "
        "ON CONFLICT (one) DO UPDATE SET size = excluded.size, roots = excluded.roots",
        (head.size, b"".join(head.roots)),
    )
    return entry
