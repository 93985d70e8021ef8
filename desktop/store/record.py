"""The single write verb: seal an act into an entry and write its rows, all or nothing.

One writing transaction re-reads the log head and the touched records, stores incoming files, computes the change
tree, signs the header, appends entry and changes, and writes the rows. Only after COMMIT does the caller
hear of success.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, bindparam, func, insert, select, update

from desktop.store.dialect import SEARCH_FIELDS, gather_words, index_again, index_items, unindex
from desktop.store.engine import driver_of, sealing, translated
from desktop.store.in_doubt import is_kept
from desktop.store.rows import insert_row, row_and_data, to_column, values_of, whole
from desktop.store.statements import Kept
from desktop.store.tables import FIELDS, JSON_FIELDS, file_chunk, log_head, record_tables
from desktop.store.tables import change as change_table
from desktop.store.tables import entry as entry_table
from domain.act import Act, Change, IncomingFile
from domain.commands.deciding import FILE_CHUNK
from domain.errors import Damaged, FileProblem, NewerFormat, Refused, Unavailable
from domain.identity import iso
from domain.log.canonical import CanonicalError
from domain.log.clock import behind_of, high_water
from domain.log.entry import (
    FORMAT_VERSION,
    NO_PREVIOUS,
    SCHEMA_VERSION,
    ChangeTree,
    Entry,
    Header,
    decode_header,
    newer_format,
    signing_input,
)
from domain.log.merkle import HASH_SIZE, Frontier, leaf_hash
from domain.messages import message
from domain.obstacle import Obstacle
from domain.ports import Signatory
from domain.records.registry import RECORDS
from domain.services import Progress

COMMAND = "command"
"""How rows of the table `change` are marked that hold a leaf of the command itself."""
_INSERT_BATCH = 2_000
_MANY = 2 * _INSERT_BATCH
"""Changes from which on an act is a bulk load, such as an import."""

_FILE = record_tables["file"]
_NEWEST = Kept(
    select(
        entry_table.c.seq,
        entry_table.c.header,
        entry_table.c.leaf,
        select(func.max(change_table.c.position)).scalar_subquery(),
    )
    .order_by(entry_table.c.seq.desc())
    .limit(1)
)
_LAST_POSITION = Kept(select(func.coalesce(func.max(change_table.c.position), -1)))
_HEAD = Kept(select(log_head.c.size, log_head.c.roots))
_MOVE_HEAD = Kept(update(log_head).values(size=bindparam("size"), roots=bindparam("roots")))
_ADD_HEAD = Kept(insert(log_head))
_HAS_FILE = Kept(select(_FILE.c.id).where(_FILE.c.id == bindparam("id")))
_ADD_CHUNK = Kept(insert(file_chunk))
_ADD_ENTRY = Kept(insert(entry_table))
_ADD_CHANGE = Kept(insert(change_table))
_SEARCHED = frozenset(SEARCH_FIELDS)
_SEARCH_PLACES = tuple(FIELDS["item"].index(name) for name in SEARCH_FIELDS)


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
                raise HeadMovedError(
                    message(
                        "The log has {size} entries; the command was decided on {expected}.",
                        size=head.size,
                        expected=expected,
                    )
                )
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
    row = _NEWEST.on(sql).fetchone()
    if (row is None and head.size) or (row is not None and row[0] != head.size - 1):
        raise Damaged(
            message("The log head and the entries disagree."), where="log_head", remedy=message("Verify the log.")
        )
    if row is None:
        return _Last("", b"", 0)
    try:
        newest = decode_header(row[1])
    except CanonicalError as problem:
        raise Damaged(
            message("The newest entry cannot be read: {problem}.", problem=problem),
            where=message("entry {row}", row=row[0]),
            remedy=message("Verify the log."),
        ) from problem
    return _Last(high_water(newest.at, newest.behind), row[2], row[3] + 1)


def must_know_log(engine: Engine) -> None:
    """Go on only with a log whose newest entry this program can read.

    Raises:
        NewerFormat: a newer program wrote it. What is no entry at all is named by a verification.
    """
    with translated("store.db"):
        row = _NEWEST.on(driver_of(engine)).fetchone()
    newer = newer_format(row[1]) if row is not None and isinstance(row[1], bytes) else ""
    if newer:
        raise NewerFormat(
            message(
                "The log has entries of format {newer}; this program knows up to {format_version}.{schema_version}.",
                newer=newer,
                format_version=FORMAT_VERSION,
                schema_version=SCHEMA_VERSION,
            ),
            where=message("entry {row}", row=row[0]),
            remedy=message("Open it with the newer Countersign that wrote it."),
        )


def read_head(sql: Any) -> Frontier:
    """The log's frontier as stored; `sql` is the driver's connection."""
    row = _HEAD.on(sql).fetchone()
    if row is None:
        return Frontier()
    size, roots = row
    try:
        return Frontier(size, [roots[i : i + HASH_SIZE] for i in range(0, len(roots), HASH_SIZE)])
    except (TypeError, ValueError) as problem:
        raise Damaged(
            message("The log head is not a tree: {problem}.", problem=problem),
            where="log_head",
            remedy=message("Verify the log."),
        ) from problem


def _store_files(sql: Any, act: Act, progress: Progress | None) -> None:
    """Store the bytes of the files that the act brings into being."""
    new = {change.id for change in act.changes if change.record == "file"}
    for file in {file.sha256: file for file in act.files if file.sha256 in new}.values():
        hasher, size = sha256(), 0
        for n, data in enumerate(_chunks(file)):
            _ADD_CHUNK.on(sql, file.sha256, n, data)
            hasher.update(data)
            size += len(data)
            if progress is not None:
                progress(message("store file"), size, file.size)
        if hasher.hexdigest() != file.sha256:
            raise FileProblem(
                message("The file changed while it was being stored."),
                where=Path(file.path).name,
                remedy=message("Try again."),
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
        raise FileProblem(
            message("The file cannot be read: {strerror}.", strerror=problem.strerror), where=Path(file.path).name
        ) from problem


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
            gather_words(self._sql)
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
                words = [tuple(row[place] for place in _SEARCH_PLACES) for row in self._rows]
                index_items(self._sql, self._rows[0][0], words)
            self._rows.clear()
        if self._changes:
            _ADD_CHANGE.many_on(self._sql, self._changes)
            self._changes.clear()
        if self._progress is not None:
            self._progress("write", self._tree.size, of)


def _update(sql: Any, change: Change) -> None:
    current = current_values(sql, change.record, change.id)
    if current is None:
        raise ValueError(f"{change.record} {change.id} does not exist")
    stale = [name for name, value in (change.before or {}).items() if current[name] != value]
    if stale:
        text = message(
            "The {record} changed meanwhile in {list}.", record=change.record.replace("_", " "), list=", ".join(stale)
        )
        remedy = message("Look at the new values and decide again.")
        raise Refused(
            text, (Obstacle(rule="record.changed", text=text, remedy=remedy, responsible="you"),), where=change.id
        )
    searched = change.record == "item" and not _SEARCHED.isdisjoint(change.after)
    if searched:
        unindex(sql, change.id)
    json_fields = JSON_FIELDS[change.record]
    values = [to_column(value) if name in json_fields else value for name, value in change.after.items()]
    _set_fields(change.record, tuple(change.after)).on(sql, *values, change.id)
    if searched:
        index_again(sql, change.id)


@lru_cache(maxsize=512)
def _set_fields(record_name: str, names: tuple[str, ...]) -> Kept:
    """UPDATE of these fields of one record; its id comes last."""
    table = record_tables[record_name]
    changed = update(table).where(table.c.id == bindparam("this")).values({name: bindparam(name) for name in names})
    return Kept(changed, *names, "this")


@cache
def _by_id(record_name: str) -> Kept:
    return Kept(whole(record_name).where(record_tables[record_name].c.id == bindparam("id")))


def current_values(sql: Any, record_name: str, id_: str) -> Mapping[str, Any] | None:
    """The stored values of one record, or None."""
    if record_name not in RECORDS:
        raise ValueError(f"no such record: {record_name}")
    row = _by_id(record_name).on(sql, id_).fetchone()
    return None if row is None else values_of(record_name, tuple(row))


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
        law=act.law,
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
    _ADD_ENTRY.on(
        sql,
        header.seq,
        header.at,
        header.by,
        header.act,
        header.subject,
        last.next_change,
        data,
        entry.signature,
        leaf,
    )
    head.append(leaf)
    stands = (head.size, b"".join(head.roots))
    if _MOVE_HEAD.on(sql, *stands).rowcount == 0:
        _ADD_HEAD.on(sql, 1, *stands)
    return entry
