"""Folding the log's changes into empty tables: one generic function for every record.

Besides filling the scratch tables it hands each entry, leaf by leaf, to the judge, who decides its command again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

from desktop.store.dialect import IntegrityError
from desktop.store.findings import Findings
from desktop.store.record import COMMAND
from desktop.store.rows import insert_row
from desktop.store.tables import FIELDS, JSON_FIELDS, default_column, replay_statements
from domain.act import Change
from domain.log.canonical import encode_fitting, fits
from domain.log.entry import Header
from domain.log.merkle import Frontier, leaf_hash
from domain.messages import message
from domain.records.registry import DEFAULTS, is_default
from domain.replay.decide_again import EntryJudge

_BATCH = 1_000
_CHANGE = msgspec.json.Decoder(Change)


class Fold:
    """The replay in progress: applies changes, checks their bytes, order and `before` values.

    New rows wait in memory, at most `_BATCH` of a kind, and are changed there when the next entries change them.
    With `onto_rows` the fold begins in the middle of the log: a record that it meets changed, not made, is taken
    over from the stored row, and only the fields that the folded entries set are judged.
    """

    def __init__(
        self, connection: Connection, findings: Findings, *, judge: EntryJudge, onto_rows: bool = False
    ) -> None:
        self._cursor = connection.connection.cursor()  # the driver's own: a million entries pass here
        self._findings = findings
        self._onto_rows = onto_rows
        self._known: dict[tuple[str, str], set[str]] = {}
        self._pending: dict[str, dict[str, list[Any]]] = {name: {} for name in FIELDS}
        self._stream = ChangeStream(connection)
        self._lost = False
        self.position = 0
        self.judge = judge
        self.changes = 0
        for statement in replay_statements("replay"):
            connection.exec_driver_sql(statement)

    def start_at(self, position: int) -> None:
        """Begin in the middle: the first change to fold lies at `position`."""
        self.position = position
        self._stream.start_at(position)

    def lose_place(self) -> None:
        """The header of an entry cannot be read, so nobody knows how many changes it has: believe the next one."""
        self._lost = True

    def begin_entry(self, header: Header, first_change: int) -> None:
        """Leaves must lie one behind the other without gaps."""
        self.judge.begin(header)
        if first_change == self.position:
            return
        if not self._lost:
            self._findings.note(
                "order",
                message(
                    "Entry {seq} says its changes start at {first_change}, not at {position}.",
                    seq=header.seq,
                    first_change=first_change,
                    position=self.position,
                ),
                table="entry",
                row=str(header.seq),
                field="first_change",
                entry=header.seq,
            )
        if self._lost or self._stream.belongs(first_change, header.seq):
            self.start_at(first_change)

    def entry_changes(self, header: Header) -> None:
        """Fold the entry's changes, compare the tree over all its leaves with the signed root, and have it judged."""
        tree = Frontier()
        seq, first = header.seq, self.position
        self._lost = False
        for position, row_seq, record, id_, data in self._stream.up_to(first + header.changes.count):
            if position < first:
                self._note(position, "position", message("belongs to no entry."), -1)
                continue
            whole = data if isinstance(data, bytes) else b""  # bytes of another table may show anything here
            tree.append(leaf_hash(whole))
            if position - first < header.commands:
                self.judge.command_leaf(whole)
                if (row_seq, record, id_) != (seq, COMMAND, ""):
                    self._note(
                        position, "record", message("is shown as something else than a leaf of its command."), seq
                    )
                continue
            change = self._take(whole, position, seq)
            if change is None or (row_seq == seq and record == change.record and id_ == change.id):
                continue
            for field, shown, signed in (
                ("seq", row_seq, seq),
                ("record", record, change.record),
                ("id", id_, change.id),
            ):
                if shown != signed:
                    self._note(
                        position,
                        field,
                        message(
                            "{field} is shown as {shown!r}, signed as {signed!r}.",
                            field=field,
                            shown=shown,
                            signed=signed,
                        ),
                        seq,
                    )
        if tree.size != header.changes.count or tree.root().hex() != header.changes.root:
            self._findings.note(
                "changes",
                message(
                    "The changes of entry {seq} are not those that were signed ({size} here, {count} signed).",
                    seq=seq,
                    size=tree.size,
                    count=header.changes.count,
                ),
                table="change",
                row=str(first),
                field="data",
                entry=seq,
            )
        self.position = first + header.changes.count
        for breach in self.judge.end():
            text = message("Entry {seq} {breach}", seq=seq, breach=breach.text)
            self._findings.note("rules", text, table=breach.record, row=breach.id, field=breach.field, entry=seq)

    def check_leftover_changes(self) -> None:
        """Changes behind the last signed one belong to no entry."""
        for (position,) in self._cursor.execute(
            "SELECT position FROM main.change WHERE position >= ? "
            "UNION ALL SELECT position FROM main.change WHERE position < 0 LIMIT 5",
            (self.position,),
        ).fetchall():
            self._note(position, "position", message("belongs to no entry."), -1)

    def _note(self, position: int, field: str, text: str, seq: int) -> None:
        self._findings.note(
            "changes",
            message("Change {position}: {text}", position=position, text=text),
            table="change",
            row=str(position),
            field=field,
            entry=seq,
        )

    def _take(self, data: bytes, position: int, seq: int) -> Change | None:
        """Decode one change, hold its bytes against their canonical form, and fold it."""
        try:
            change = _CHANGE.decode(data)
            problem = _shape_problem(change, data)
        except (msgspec.DecodeError, ValueError) as broken:
            self._note(position, "data", message("cannot be replayed: {broken}", broken=broken), seq)
            return None
        if problem:
            self._note(position, "data", problem, seq)
            return None
        self.changes += 1
        self.judge.change(change, data)
        if change.before is None:
            self._make(change, seq)
        else:
            self._change(change, seq)
        return change

    def _make(self, change: Change, seq: int) -> None:
        waiting = self._pending[change.record]
        if change.id in waiting:
            self._made_twice(change.record, change.id, seq)
            return
        if len(waiting) >= _BATCH:
            self._flush(change.record)
        json_fields = JSON_FIELDS[change.record]
        waiting[change.id] = [
            change.id
            if name == "id"
            else _column(change.after[name], is_json=name in json_fields)
            if name in change.after
            else default_column(change.record, name)
            for name in FIELDS[change.record]
        ]

    def _made_twice(self, record: str, id_: str, seq: int) -> None:
        text = message("{record} {id} is made again, or with a value that no row can hold.", record=record, id=id_)
        self._findings.note("replay", text, table=record, row=id_, field="id", entry=seq)

    def _change(self, change: Change, seq: int) -> None:
        record, id_ = change.record, change.id
        json_fields, place = JSON_FIELDS[record], _PLACE_OF[record]
        before = {n: _column(v, is_json=n in json_fields) for n, v in (change.before or {}).items()}
        after = {n: _column(v, is_json=n in json_fields) for n, v in change.after.items()}
        row = self._pending[record].get(id_)
        if row is not None:
            current = {name: row[place[name]] for name in before}
            for name, value in after.items():
                row[place[name]] = value
        else:
            current = self._change_stored(record, id_, before, after)
        for name, value in before.items():
            if name not in current or current[name] != value:
                self._findings.note(
                    "replay",
                    message(
                        "Entry {seq} says {name} was {before!r} before; the log says otherwise.",
                        seq=seq,
                        name=name,
                        before=(change.before or {})[name],
                    ),
                    table=record,
                    row=id_,
                    field=name,
                    entry=seq,
                )

    def _change_stored(self, record: str, id_: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        """Change a row that was written already; the values it had come back."""
        known = self._taken_over(record, id_) if self._onto_rows else None
        asked = [*before, "id"]
        row = self._cursor.execute(
            f'SELECT {", ".join(map(_quoted, asked))} FROM replay."{record}" WHERE id = ?', (id_,)
        ).fetchone()
        current = {} if row is None else dict(zip(asked, row, strict=True))
        if known is not None:
            current.update({name: value for name, value in before.items() if name not in known})
            known.update(after)
        if row is not None and after:
            assignments = ", ".join(f"{_quoted(name)} = ?" for name in after)
            self._guarded(f'UPDATE replay."{record}" SET {assignments} WHERE id = ?', (*after.values(), id_), record)
        return current

    def _taken_over(self, record: str, id_: str) -> set[str] | None:
        """Which fields of a record from before the first folded entry were set since; None for records made since."""
        known = self._known.get((record, id_))
        if known is None:
            sql = f'INSERT OR IGNORE INTO replay."{record}" SELECT * FROM main."{record}" WHERE id = ?'
            if self._cursor.execute(sql, (id_,)).rowcount != 1:
                return None
            known = self._known[record, id_] = set()
        return known

    def _flush(self, record: str) -> None:
        rows = self._pending[record]
        if not rows:
            return
        sql = insert_row(record, "replay").replace("INSERT INTO", "INSERT OR IGNORE INTO")
        try:
            written = self._cursor.executemany(sql, list(rows.values())).rowcount
        except IntegrityError:
            written = sum(self._guarded(sql, tuple(row), record) for row in rows.values())
        if written != len(rows):
            self._name_ignored(record, rows)
        rows.clear()

    def _guarded(self, sql: str, values: tuple[Any, ...], record: str) -> int:
        """One write into the scratch tables; a value of a type that no row can hold is a finding, not an error."""
        try:
            return int(self._cursor.execute(sql, values).rowcount)
        except IntegrityError as problem:
            text = message(
                "A {record} is signed with a value that no row can hold: {problem}.", record=record, problem=problem
            )
            self._findings.note("replay", text, table=record, row=str(values[0]))
            return 0

    def _name_ignored(self, record: str, rows: dict[str, list[Any]]) -> None:
        columns = ", ".join(map(_quoted, FIELDS[record]))
        sql = f'SELECT {columns} FROM replay."{record}" WHERE id = ?'
        found = [id_ for id_, row in rows.items() if self._cursor.execute(sql, (id_,)).fetchone() != tuple(row)]
        for id_ in found or [message("one of {count}", count=len(rows))]:
            self._made_twice(record, id_, -1)

    def close(self) -> None:
        """Let go of what is still being read: a scratch database in use cannot be detached."""
        self._stream.close()
        self._cursor.close()

    def flush(self) -> None:
        """Write what is pending."""
        for record in self._pending:
            self._flush(record)


class ChangeStream:
    """The stored changes in the order of their positions, read once."""

    def __init__(self, connection: Connection) -> None:
        self._rows = connection.connection.cursor()
        self._look = connection.connection.cursor()
        self._next: tuple[int, int, str, str, bytes] | None = None
        self.start_at(0)

    def start_at(self, position: int) -> None:
        """Read on from this position."""
        self._rows.execute(
            "SELECT position, seq, record, id, data FROM main.change WHERE position >= ? ORDER BY position", (position,)
        )
        self._next = self._rows.fetchone()

    def up_to(self, end: int) -> Iterator[tuple[int, int, str, str, bytes]]:
        """The rows before position `end`, going on from where the last call ended."""
        row = self._next
        while row is not None and row[0] < end:
            yield row
            row = self._next = self._rows.fetchone()

    def close(self) -> None:
        """Stop reading."""
        self._rows.close()
        self._look.close()

    def belongs(self, position: int, seq: int) -> bool:
        """Whether a change at this position is shown as part of entry `seq`."""
        found = self._look.execute("SELECT seq FROM main.change WHERE position = ?", (position,)).fetchone()
        return found is not None and bool(found[0] == seq)


_PLACE_OF = {record: {name: place for place, name in enumerate(fields)} for record, fields in FIELDS.items()}


_REQUIRED = {record: {*fields} - {"id", *DEFAULTS[record]} for record, fields in FIELDS.items()}


def _shape_problem(change: Change, data: bytes) -> str:
    """Why a change cannot be applied, or ""."""
    if not (fits(change.before) and fits(change.after)) or encode_fitting(change) != data:
        return message("is not in canonical form.")
    fields = _PLACE_OF.get(change.record)
    if fields is None:
        return message("is about an unknown record: {record!r}", record=change.record)
    unknown = {name for name in change.after if name not in fields or name == "id"}
    if unknown:
        return message("is about an unknown field: {unknown}", unknown=sorted(unknown))
    if change.before is None:
        return _problem_of_new(change)
    return (
        ""
        if change.before.keys() == change.after.keys()
        else message("does not say for every field what was there before.")
    )


def _problem_of_new(change: Change) -> str:
    """A new record states every field that has no default, and no field at its default: its bytes are the only ones."""
    defaults = DEFAULTS[change.record]
    if not _REQUIRED[change.record] <= change.after.keys():
        return message("is not a whole {record}.", record=change.record)
    described = sorted(n for n, value in change.after.items() if n in defaults and is_default(value, defaults[n]))
    return message("states a field at its default: {described}", described=described) if described else ""


def _column(value: Any, *, is_json: bool) -> Any:
    return encode_fitting(value).decode() if is_json and value is not None else value


def _quoted(name: str) -> str:
    return f'"{name}"'
