"""A state in memory: what the log's changes add up to so far. Replay and simulation stand on this one.

It answers `domain.ports.State`, the few questions rules ask. Lists come in the order of their ids (people in that of
their names), as the store gives them. Items are kept in a mapping that the caller may give: one that puts items aside
when there are many keeps memory constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from domain.act import Change
from domain.errors import Damaged, UsageProblem
from domain.identity import parse_iso
from domain.log.entry import Header
from domain.process.states import version_at
from domain.records.governance import Alert, Link
from domain.records.item import Item, ItemFile
from domain.records.people import Person, PersonKey, PersonRole, ProcessVersionRecord, Vault
from domain.records.registry import ABOUT_ITEMS, RECORDS
from domain.remembered import Remembered
from domain.replay.item_rows import ItemRows, Row
from domain.state import ItemFilter, ItemLine
from domain.trackers.plan import ExistingRow

_Kind = TypeVar("_Kind", bound=msgspec.Struct)
_Made = TypeVar("_Made")
_RECORD_OF = {kind: record for record, kind in RECORDS.items()}
_ON_ITEMS = frozenset(ABOUT_ITEMS)
_FIELDS = {record: frozenset(kind.__struct_fields__) for record, kind in RECORDS.items()}


class Numbers:
    """Items by number, source and step: plain dictionaries. A replay of many items gives others of the same shape."""

    def __init__(self) -> None:
        self._by_number: dict[str, str] = {}
        self._last: dict[str, int] = {}
        self._sources: dict[str, dict[str, ExistingRow]] = {}
        self._of_process: dict[str, dict[str, None]] = {}
        self._at: dict[str, tuple[str, str]] = {}
        self._there: dict[tuple[str, str], dict[str, None]] = {}

    def keep(self, row: Row) -> None:
        """Take an item in, or its new values."""
        process, id_ = row["process"], row["id"]
        self._place(id_, (process, row["step"]))
        self._by_number[row["number"]] = id_
        number = int(row["number"].rpartition("-")[2])
        self._last[process] = max(number, self._last.get(process, 0))
        self._of_process.setdefault(process, {})[id_] = None
        if row["source_fingerprint"]:
            self._sources.setdefault(process, {})[row["source_fingerprint"]] = ExistingRow(
                item=id_, fingerprint=row["source_fingerprint"], key=row["source_key"] or None
            )

    def _place(self, id_: str, place: tuple[str, str]) -> None:
        before = self._at.get(id_)
        if before == place:
            return
        if before is not None:
            del self._there[before][id_]
        self._at[id_] = place
        self._there.setdefault(place, {})[id_] = None

    def at_step(self, process: str, step: str) -> Iterable[str]:
        """The ids of a process's items at a step."""
        return tuple(self._there.get((process, step), ()))

    def item_numbered(self, number: str) -> str:
        """The id of the item with this number, or ""."""
        return self._by_number.get(number, "")

    def last_number(self, process: str) -> int:
        """The highest running number of a process, 0 when it has no item."""
        return self._last.get(process, 0)

    def by_source(self, process: str) -> Mapping[str, ExistingRow]:
        """See `domain.ports.State.by_source`."""
        return self._sources.get(process, {})

    def of_process(self, process: str) -> Iterable[str]:
        """The ids of a process's items, of all items when it is ""."""
        if process:
            return tuple(self._of_process.get(process, ()))
        return tuple(id_ for ids in self._of_process.values() for id_ in ids)


class MemoryState:
    """Answers `domain.ports.State`; `take` applies the changes of one entry."""

    def __init__(self, items: MutableMapping[str, ItemRows] | None = None, numbers: Numbers | None = None) -> None:
        self._items: MutableMapping[str, ItemRows] = {} if items is None else items
        self._numbers = numbers or Numbers()
        self._tables: dict[str, dict[str, Row]] = {name: {} for name in RECORDS if name != "item"}
        self._remembered = Remembered()
        self._files: dict[str, ItemFile] = {}
        self._about: dict[str, list[int]] = {}
        self._headers: dict[int, Header] = {}
        self._size = 0
        self._alert_keys: dict[str, str] = {}

    def begin(self, header: Header) -> None:
        """An entry begins: its changes follow by `apply`."""
        seq = self._size
        self._headers[seq] = header
        self._size += 1
        if header.subject:
            self._note(header.subject, seq)

    def apply(self, change: Change) -> None:
        """Apply one change of the entry that was begun last.

        Raises:
            Damaged: it is not of what is on record, or of no known shape.
        """
        record, id_ = change.record, change.id
        if record not in _FIELDS:
            raise Damaged("A change is of no kind of record.", where=record)
        row = self._row(record, id_, change)
        if change.before is None:
            after = {"id": id_, **change.values()}
            fits = row is None and after.keys() == _FIELDS[record]
        else:
            before = change.before
            fits = row is not None and before.keys() == change.after.keys() and "id" not in before
            fits = fits and row is not None and all(name in row and row[name] == before[name] for name in before)
            after = {**(row or {}), **change.after}
        if not fits:
            raise Damaged("A change is not of what is on record.", where=f"{record} {id_}")
        self._put(record, id_, after)
        self._remembered.touch((record,))

    def _row(self, record: str, id_: str, change: Change) -> Row | None:
        if record == "item":
            found = self._items.get(id_)
            return None if found is None else found.item
        if record not in _ON_ITEMS:
            return self._tables[record].get(id_)
        home = str(change.after.get("item", "")) if change.before is None else self._tables[record].get(id_, "")
        if change.before is not None:
            rows = self._items.get(str(home)) if home else None
            return None if rows is None else rows.records.get(record, {}).get(id_)
        return {} if id_ in self._tables[record] else None

    def _put(self, record: str, id_: str, row: Row) -> None:
        seq = self._size - 1
        if record == "item":
            known = self._items.get(id_)
            self._items[id_] = ItemRows(item=row) if known is None else known
            rows = self._items[id_]
            rows.item = row
            self._numbers.keep(row)
            self._touch(rows, id_, seq)
        elif record in _ON_ITEMS:
            home = str(row["item"])
            rows = self._items[home]
            rows.records.setdefault(record, {})[id_] = row
            self._tables[record][id_] = home  # type: ignore[assignment]  # where the row is kept
            self._touch(rows, home, seq)
            if record == "link" and row["other"] in self._items:
                other = self._items[row["other"]]
                other.linked_from[id_] = home
                self._items[row["other"]] = other
        else:
            self._tables[record][id_] = row
            if record == "alert":
                self._alert_keys[row["key"]] = id_
            self._note(id_, seq)

    def _touch(self, rows: ItemRows, id_: str, seq: int) -> None:
        self._files.pop(id_, None)
        if not rows.about or rows.about[-1] != seq:
            rows.about.append(seq)
        self._items[id_] = rows

    def _note(self, id_: str, seq: int) -> None:
        rows = self._items.get(id_)
        if rows is not None:
            self._touch(rows, id_, seq)
            return
        about = self._about.setdefault(id_, [])
        if not about or about[-1] != seq:
            about.append(seq)

    def remembered(self, records: tuple[str, ...], question: object, make: Callable[[], _Made]) -> _Made:
        """See `domain.state.State.remembered`."""
        return self._remembered.answer(records, question, make)

    def rows(self, record: str) -> Iterator[Row]:
        """Every row of a kind of record, in the order they were made."""
        if record == "item":
            return (self._items[id_].item for id_ in self._numbers.of_process(""))
        if record in _ON_ITEMS:
            homes = tuple(self._tables[record].items())
            return (self._items[str(home)].records[record][id_] for id_, home in homes)
        return iter(tuple(self._tables[record].values()))

    def _all(self, record: str, order: Callable[[Row], Any] = lambda row: row["id"]) -> tuple[Any, ...]:
        def make() -> tuple[Any, ...]:
            rows = sorted(self._tables[record].values(), key=order)
            return tuple(msgspec.convert(row, RECORDS[record]) for row in rows)

        return self.remembered((record,), ("all", record), make)

    def vault(self) -> Vault:
        """The vault's own record.

        Raises:
            Damaged: there is none yet.
        """
        found: tuple[Vault, ...] = self._all("vault")
        if not found:
            raise Damaged("The log does not say which vault it is.", where="vault")
        return found[0]

    def all_of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Every record of a kind, in the order of their ids."""
        record = _RECORD_OF[kind]
        if record == "item" or record in _ON_ITEMS:
            rows = sorted(self.rows(record), key=lambda row: row["id"])
            return tuple(msgspec.convert(row, kind) for row in rows)
        return self._all(record)

    def people(self) -> tuple[Person, ...]:
        """Everyone ever enrolled, by name."""
        return self._all("person", lambda row: (row["name"], row["id"]))

    def keys(self) -> tuple[PersonKey, ...]:
        """Every certified key."""
        return self._all("person_key", lambda row: (row["valid_from"], row["id"]))

    def key(self, id_: str) -> PersonKey | None:
        """The certified key with this id, if anyone was given it."""
        row = self._tables["person_key"].get(id_)
        return None if row is None else msgspec.convert(row, PersonKey)

    def roles(self) -> tuple[PersonRole, ...]:
        """Every role grant, ended ones too."""
        return self._all("person_role", lambda row: (row["valid_from"], row["id"]))

    def process_versions(self) -> tuple[ProcessVersionRecord, ...]:
        """Every version of every process."""
        return self._all("process_version", lambda row: (row["process"], row["version"]))

    def in_force(self, process: str, at: datetime | None = None) -> ProcessVersionRecord:
        """The version of a process in force at the moment; without one, at that of the newest entry.

        Raises:
            UsageProblem: there is none.
        """
        found = version_at(self.process_versions(), process, at or parse_iso(self._headers[self._size - 1].at))
        if found is None:
            known = ", ".join(sorted({each.process for each in self.process_versions()}))
            raise UsageProblem(f"No process {process!r} is in force here.", cure=f"Processes here: {known}.")
        return found

    def process_version(self, version: str) -> ProcessVersionRecord:
        """One version by its id.

        Raises:
            UsageProblem: there is none.
        """
        for each in self.process_versions():
            if each.id == version:
                return each
        raise UsageProblem(f"There is no process version {version!r} here.")

    def item(self, item: str) -> Item:
        """One item by id or number.

        Raises:
            UsageProblem: there is none.
        """
        return self.item_file(item).item

    def item_file(self, item: str) -> ItemFile:
        """One item with everything on file about it.

        Raises:
            UsageProblem: there is none.
        """
        known = self._files.get(item)
        if known is not None:
            return known
        id_ = item if item in self._items else self._numbers.item_numbered(item)
        if not id_:
            raise UsageProblem(f"There is no item {item!r} here.", cure="List the items to see their numbers.")
        if len(self._files) >= _MOST_FILES:
            self._files.clear()
        found = self._files[id_] = self._items[id_].file()
        return found

    def links_about(self, item: str) -> tuple[Link, ...]:
        """Every link from or to the item (an id), in the order of their ids."""
        rows = self._items.get(item)
        if rows is None:
            return ()
        mine = dict(rows.records.get("link", {}))
        for id_, home in rows.linked_from.items():
            mine[id_] = self._items[home].records["link"][id_]
        return tuple(msgspec.convert(mine[id_], Link) for id_ in sorted(mine))

    def items(self, wanted: ItemFilter) -> Iterator[ItemLine]:
        """Items of a process, at a step, in a state; by number."""
        found = []
        there = self._numbers.of_process(wanted.process)
        if wanted.process and wanted.step:
            there = self._numbers.at_step(wanted.process, wanted.step)
        for id_ in there:
            row = self._items[id_].item
            if wanted.step in ("", row["step"]) and wanted.state in ("", row["state"]):
                found.append(row)
        found.sort(key=lambda row: (len(row["number"]), row["number"]))
        return (msgspec.convert(row, ItemLine) for row in found)

    def next_number(self, process: str) -> int:
        """The next running number of a process."""
        return 1 + self._numbers.last_number(process)

    def by_source(self, process: str) -> Mapping[str, ExistingRow]:
        """Imported items of a process by the fingerprint of the row they came from."""
        return self._numbers.by_source(process)

    def alerts_by_id(self, alerts: Sequence[str]) -> tuple[Alert, ...]:
        """Those of these alerts that are on record, in the order of their ids."""
        rows = self._tables["alert"]
        return tuple(msgspec.convert(rows[id_], Alert) for id_ in sorted(set(alerts)) if id_ in rows)

    def known_alerts(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are on record."""
        return frozenset(self._alert_keys.keys() & set(keys))

    def has_file(self, sha256: str) -> bool:
        """Whether the bytes with this hash are stored."""
        return sha256 in self._tables["file"]

    def log_size(self) -> int:
        """How many entries there are."""
        return self._size

    def header(self, seq: int) -> Header:
        """The header of an entry.

        Raises:
            UsageProblem: there is no such entry.
        """
        found = self._headers.get(seq)
        if found is None:
            raise UsageProblem(f"There is no entry {seq} in this log.")
        return found

    def entries_about(self, item: str) -> tuple[int, ...]:
        """Entries that have the record as subject, changed it, or changed a record that hangs on it."""
        rows = self._items.get(item)
        before = self._about.get(item, [])
        return tuple(before if rows is None else sorted({*before, *rows.about}))


_MOST_FILES = 20_000
"""Items whose values are kept made."""
