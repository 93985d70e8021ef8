"""Folding the log's changes into empty tables: one generic function for every record.

Besides filling the scratch tables it keeps the people's keys and roles as they were at each entry, so that
signatures are judged by what held then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection

from desktop.store.rows import insert_row, row_and_data, to_column, values_of
from desktop.store.tables import FIELDS, JSON_FIELDS, replay_statements
from domain.act import Change
from domain.items.people import PersonKey, PersonRole
from domain.log.certificates import certificate_problem
from domain.log.entry import Header
from domain.log.merkle import Frontier, leaf_hash
from domain.process.definition import OWNER, RELATIONS

if TYPE_CHECKING:
    from desktop.store.verify import Findings

_BATCH = 1_000
_PLACES = frozenset(RELATIONS)
_CHANGE = msgspec.json.Decoder(Change)


class PeopleThen:
    """Keys and roles as of the entry being judged."""

    def __init__(self) -> None:
        self._keys: dict[str, PersonKey] = {}
        self._roles: dict[str, PersonRole] = {}
        self._new: list[PersonKey] = []

    def take(self, change: Change) -> None:
        """Fold a change of person_key or person_role; other records are none of its business."""
        if change.record == "person_key":
            known = self._keys.get(change.id)
            values = {**(msgspec.to_builtins(known) if known else {}), **change.after, "id": change.id}
            key = msgspec.convert(values, PersonKey)
            self._keys[change.id] = key
            if known is None:
                self._new.append(key)
        elif change.record == "person_role":
            held = self._roles.get(change.id)
            values = {**(msgspec.to_builtins(held) if held else {}), **change.after, "id": change.id}
            self._roles[change.id] = msgspec.convert(values, PersonRole)

    def key(self, id_: str) -> PersonKey | None:
        """The key with this id, if anyone was given it."""
        return self._keys.get(id_)

    def holds(self, person: str, role: str, at: str) -> bool:
        """Whether the person held the role at that instant."""
        return any(
            grant.person == person
            and grant.role == role
            and grant.valid_from <= at
            and (not grant.valid_until or at < grant.valid_until)
            for grant in self._roles.values()
        )

    def unproven(
        self, *, vault: str, root_key: bytes, verify: Callable[[bytes, bytes, bytes], bool]
    ) -> tuple[tuple[str, str], ...]:
        """(key id, problem) of keys certified since the last call whose certificates do not hold."""
        fresh, self._new = self._new, []
        found = ((key.id, certificate_problem(key, vault=vault, root_key=root_key, verify=verify)) for key in fresh)
        return tuple((key, problem) for key, problem in found if problem)


class Fold:
    """The replay in progress: applies changes, checks their bytes, order and `before` values."""

    def __init__(self, connection: Connection, findings: Findings) -> None:
        self._connection = connection
        self._findings = findings
        self._pending: list[tuple[Any, ...]] = []
        self._record = ""
        self._place_held = False
        self.people = PeopleThen()
        self.changes = 0
        for statement in replay_statements("replay"):
            connection.exec_driver_sql(statement)

    def begin_entry(self, header: Header, position: int, first_change: int) -> None:
        """Changes must lie one behind the other without gaps. A place in the item is looked up before it changes."""
        self._place_held = header.role in _PLACES and self._holds_place(header)
        if first_change != position:
            self._findings.note(
                "order",
                f"Entry {header.seq} says its changes start at {first_change}, not at {position}.",
                table="entry",
                row=str(header.seq),
                field="first_change",
                entry=header.seq,
            )

    def _holds_place(self, header: Header) -> bool:
        """Whether the person is the owner or creator, as claimed, of the item that the act is about."""
        self.flush()
        row = self._connection.exec_driver_sql(
            "SELECT owner, created_by FROM replay.item WHERE id = ?", (header.subject,)
        ).fetchone()
        return row is not None and header.by == (row.owner if header.role == OWNER else row.created_by)

    def holds(self, header: Header) -> bool:
        """Whether the entry's role was held then: a role given to the person, or a place in the item."""
        if header.role in _PLACES:
            return self._place_held
        return not header.role or self.people.holds(header.by, header.role, header.at)

    def entry_changes(self, header: Header, first_change: int) -> int:
        """Fold the entry's changes and compare their tree with the signed root; returns the signed count."""
        tree = Frontier()
        seq = header.seq
        rows = self._connection.exec_driver_sql(
            "SELECT position, seq, record, id, data FROM main.change WHERE position >= ? AND position < ? "
            "ORDER BY position",
            (first_change, first_change + header.changes.count),
        )
        for row in rows:
            tree.append(leaf_hash(row.data))
            change = self._take(row.data, row.position, seq)
            if change is None:
                continue
            for field, shown, signed in (
                ("seq", row.seq, seq),
                ("record", row.record, change.record),
                ("id", row.id, change.id),
            ):
                if shown != signed:
                    self._note(row.position, field, f"{field} is shown as {shown!r}, signed as {signed!r}.", seq)
        if tree.size != header.changes.count or tree.root().hex() != header.changes.root:
            self._findings.note(
                "changes",
                f"The changes of entry {seq} are not those that were signed "
                f"({tree.size} here, {header.changes.count} signed).",
                table="change",
                row=str(first_change),
                field="data",
                entry=seq,
            )
        return header.changes.count

    def check_leftover_changes(self, position: int) -> None:
        """Changes behind the last signed one belong to no entry."""
        for row in self._connection.exec_driver_sql(
            "SELECT position FROM main.change WHERE position >= ? "
            "UNION ALL SELECT position FROM main.change WHERE position < 0 LIMIT 5",
            (position,),
        ):
            self._note(row.position, "position", "belongs to no entry.", -1)

    def _note(self, position: int, field: str, text: str, seq: int) -> None:
        self._findings.note(
            "changes", f"Change {position}: {text}", table="change", row=str(position), field=field, entry=seq
        )

    def _take(self, data: bytes, position: int, seq: int) -> Change | None:
        """Decode one change, hold its bytes against their canonical form, and fold it."""
        row: tuple[Any, ...] | None = None
        try:
            change = _CHANGE.decode(data)
            unknown = set(change.after).difference(FIELDS[change.record])
            if unknown:
                self._note(position, "data", f"is about an unknown field: {sorted(unknown)}", seq)
                return None
            if change.before is None:
                row, canonical_form = row_and_data(change)
            else:
                canonical_form = change.data()
            self.people.take(change)
        except KeyError as problem:
            self._note(position, "data", f"is about an unknown record: {problem}", seq)
            return None
        except (msgspec.DecodeError, ValueError) as problem:  # ValueError: not canonical, or not a whole record
            self._note(position, "data", f"cannot be replayed: {problem}", seq)
            return None
        if canonical_form != data:
            self._note(position, "data", "is not in canonical form.", seq)
            return None
        self.changes += 1
        if row is None:
            self.flush()
            self._update(change, seq)
            return change
        if change.record != self._record or len(self._pending) >= _BATCH:
            self.flush()
            self._record = change.record
        self._pending.append(row)
        return change

    def _update(self, change: Change, seq: int) -> None:
        columns = ", ".join(f'"{name}"' for name in FIELDS[change.record])
        row = self._connection.exec_driver_sql(
            f'SELECT {columns} FROM replay."{change.record}" WHERE id = ?',
            (change.id,),
        ).fetchone()
        current = None if row is None else values_of(change.record, tuple(row))
        for name, value in (change.before or {}).items():
            if current is None or current.get(name) != value:
                self._findings.note(
                    "replay",
                    f"Entry {seq} says {name} was {value!r} before; the log says otherwise.",
                    table=change.record,
                    row=change.id,
                    field=name,
                    entry=seq,
                )
        json_fields = JSON_FIELDS[change.record]
        assignments = ", ".join(f'"{name}" = ?' for name in change.after)
        values = [to_column(v) if n in json_fields else v for n, v in change.after.items()]
        self._connection.exec_driver_sql(
            f'UPDATE replay."{change.record}" SET {assignments} WHERE id = ?',
            (*values, change.id),
        )

    def flush(self) -> None:
        """Write what is pending."""
        if self._pending:
            self._connection.exec_driver_sql(
                insert_row(self._record, "replay").replace("INSERT INTO", "INSERT OR IGNORE INTO"), self._pending
            )
            self._pending.clear()
