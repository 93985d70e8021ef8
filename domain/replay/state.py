"""A state in memory: what the log's changes add up to so far. Replay and simulation stand on this one.

It answers `domain.ports.State`, the few questions rules ask. Lists come in the order of their ids (people in that of
their names), as the store gives them. Items are kept in a mapping that the caller may give: one that puts items aside
when there are many keeps memory constant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from domain.act import Change
from domain.errors import Damaged, UsageProblem
from domain.identity import parse_iso
from domain.log.entry import Header
from domain.messages import message
from domain.process.states import version_at
from domain.records.governance import Alert, Link
from domain.records.item import Item, ItemFile
from domain.records.people import Person, PersonKey, PersonRole, ProcessVersionRecord, Vault
from domain.records.registry import ABOUT_ITEMS, RECORDS
from domain.remembered import Remembered
from domain.replay.item_rows import ItemRows, Row
from domain.replay.numbers import Numbers
from domain.replay.overflow import Cached, Overflow
from domain.state import ItemFilter, ItemLine

_Kind = TypeVar("_Kind", bound=msgspec.Struct)
_Made = TypeVar("_Made")
_RECORD_OF = {kind: record for record, kind in RECORDS.items()}
_ON_ITEMS = frozenset(ABOUT_ITEMS)
_MANY = frozenset(("file", "alert", "refusal", "export", "failed_unlock_report", "import_batch"))
"""Kinds of which a vault may have very many, asked for one by one."""
FEW = tuple(record for record in RECORDS if record not in _ON_ITEMS | _MANY | {"item"})
"""Kinds of which a vault has few: they stay in memory."""
_ENCODE = msgspec.json.Encoder().encode
_ITEM_ROWS = msgspec.json.Decoder(ItemRows)
_ROW = msgspec.json.Decoder(Row)
_HEADER = msgspec.json.Decoder(Header)
_FIELDS = {record: frozenset(kind.__struct_fields__) for record, kind in RECORDS.items()}


class MemoryState:
    """Answers `domain.ports.State`; `take` applies the changes of one entry. `most` of each kind stay in memory where
    there is a overflow store for the others (None = as many as are of use).
    """

    def __init__(
        self, overflow: Overflow | None = None, numbers: Numbers | None = None, *, most: int | None = None
    ) -> None:
        items, small, headers = (_MOST_ITEMS, _MOST_SMALL, _MOST_HEADERS) if most is None else (most, most, most)
        self._items = Cached[ItemRows](overflow, "item", encode=_ENCODE, decode=_ITEM_ROWS.decode, most=items)
        self._homes = Cached[str](overflow, "home", encode=str.encode, decode=bytes.decode, most=small)
        self._headers = Cached[Header](overflow, "header", encode=Header.data, decode=_HEADER.decode, most=headers)
        self._many = Cached[Row](overflow, "row", encode=_ENCODE, decode=_ROW.decode, most=small)
        self._alert_keys = Cached[str](overflow, "alert_key", encode=str.encode, decode=bytes.decode, most=small)
        self._numbers = numbers or Numbers()
        self._tables: dict[str, dict[str, Row]] = {name: {} for name in FEW}
        self._remembered = Remembered()
        self._files: dict[str, ItemFile] = {}
        self._size = 0

    def load(self, record: str, rows: Iterable[Row]) -> None:
        """Begin with these rows of a kind that a vault has few of, instead of with none."""
        self._tables[record].update((row["id"], row) for row in rows)
        self._remembered.touch((record,))

    def begin_at(self, size: int) -> None:
        """Begin behind this many entries, which the overflow store describes of."""
        self._size = size

    def begin(self, header: Header) -> None:
        """An entry begins: its changes follow by `apply`."""
        seq = self._size
        self._headers[str(seq)] = header
        self._size += 1
        rows = self._items.get(header.subject) if header.subject else None
        if rows is not None:
            self._touch(rows, header.subject, seq)

    def apply(self, change: Change) -> None:
        """Apply one change of the entry that was begun last.

        Raises:
            Damaged: it is not of what is on record, or of no known shape.
        """
        record, id_ = change.record, change.id
        if record not in _FIELDS:
            raise Damaged(message("state.a_change_is_of"), where=record)
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
            raise Damaged(message("state.a_change_is_not"), where=f"{record} {id_}")
        self._put(record, id_, after)
        self._remembered.touch((record,))

    def _row(self, record: str, id_: str, change: Change) -> Row | None:
        if record == "item":
            found = self._items.get(id_)
            return None if found is None else found.item
        if record in _MANY:
            return self._many.get(f"{record} {id_}")
        if record not in _ON_ITEMS:
            return self._tables[record].get(id_)
        home = self._homes.get(f"{record} {id_}")
        if home is None:
            return None
        return {} if change.before is None else self._items[home].records.get(record, {}).get(id_)

    def _put(self, record: str, id_: str, row: Row) -> None:
        seq = self._size - 1
        if record == "item":
            rows = self._items.get(id_) or ItemRows(item=row)
            rows.item = row
            self._numbers.keep(row)
            self._touch(rows, id_, seq)
        elif record in _ON_ITEMS:
            self._put_on_item(record, id_, row, seq)
        elif record in _MANY:
            self._many[f"{record} {id_}"] = row
            if record == "alert":
                self._alert_keys[row["key"]] = id_
        else:
            self._tables[record][id_] = row

    def _put_on_item(self, record: str, id_: str, row: Row, seq: int) -> None:
        home = str(row["item"])
        rows = self._items.get(home)
        if rows is None:
            raise Damaged(message("state.a_record_hangs_on"), where=f"{record} {id_}")
        rows.records.setdefault(record, {})[id_] = row
        self._homes[f"{record} {id_}"] = home
        self._touch(rows, home, seq)
        other = self._items.get(str(row["other"])) if record == "link" else None
        if other is not None:
            other.linked_from[id_] = home
            self._items[str(row["other"])] = other

    def _touch(self, rows: ItemRows, id_: str, seq: int) -> None:
        self._files.pop(id_, None)
        if not rows.about or rows.about[-1] != seq:
            rows.about.append(seq)
        self._items[id_] = rows

    def remembered(self, records: tuple[str, ...], question: object, make: Callable[[], _Made]) -> _Made:
        """See `domain.state.State.remembered`."""
        return self._remembered.answer(records, question, make)

    def rows(self, record: str) -> Iterator[Row]:
        """Every row of a kind of record, in the order they were made."""
        if record == "item":
            return (self._items[id_].item for id_ in self._numbers.of_process(""))
        if record in _ON_ITEMS or record in _MANY:
            begins = f"{record} "
            if record in _MANY:
                return iter([row for key, row in self._many.items() if key.startswith(begins)])
            homes = [(key.removeprefix(begins), home) for key, home in self._homes.items() if key.startswith(begins)]
            return (self._items[home].records[record][id_] for id_, home in homes)
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
            raise Damaged(message("state.the_log_does_not"), where="vault")
        return found[0]

    def all_of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Every record of a kind, in the order of their ids."""
        record = _RECORD_OF[kind]
        if record == "item" or record in _ON_ITEMS or record in _MANY:
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
        found = version_at(self.process_versions(), process, at or parse_iso(self.header(self._size - 1).at))
        if found is None:
            known = ", ".join(sorted({each.process for each in self.process_versions()}))
            raise UsageProblem(
                message("state.no_process_is_in", process=process), remedy=message("state.processes_here", known=known)
            )
        return found

    def process_version(self, version: str) -> ProcessVersionRecord:
        """One version by its id.

        Raises:
            UsageProblem: there is none.
        """
        for each in self.process_versions():
            if each.id == version:
                return each
        raise UsageProblem(message("state.there_is_no_process", version=version))

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
            raise UsageProblem(message("state.there_is_no_item", item=item), remedy=message("state.list_the_items_to"))
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
            if wanted.asks_for(row["step"], row["state"]):
                found.append(row)
        found.sort(key=lambda row: (len(row["number"]), row["number"]))
        return (msgspec.convert(row, ItemLine) for row in found)

    def next_number(self, process: str) -> int:
        """The next running number of a process."""
        return 1 + self._numbers.last_number(process)

    def alerts_by_id(self, alerts: Sequence[str]) -> tuple[Alert, ...]:
        """Those of these alerts that are on record, in the order of their ids."""
        rows = (self._many.get(f"alert {id_}") for id_ in sorted(set(alerts)))
        return tuple(msgspec.convert(row, Alert) for row in rows if row is not None)

    def known_alerts(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are on record."""
        return frozenset(key for key in keys if key in self._alert_keys)

    def file_size(self, sha256: str) -> int | None:
        """How many bytes the stored file with this hash has; None where it is not stored."""
        row = self._many.get(f"file {sha256}")
        return None if row is None else int(row["size"])

    def log_size(self) -> int:
        """How many entries there are."""
        return self._size

    def header(self, seq: int) -> Header:
        """The header of an entry.

        Raises:
            UsageProblem: there is no such entry.
        """
        found = self._headers.get(str(seq))
        if found is None:
            raise UsageProblem(message("state.there_is_no_entry", seq=seq))
        return found

    def entries_about(self, item: str) -> tuple[int, ...]:
        """Entries that have the record as subject, changed it, or changed a record that hangs on it."""
        rows = self._items.get(item)
        return () if rows is None else tuple(rows.about)


_MOST_FILES = 20_000
"""Items whose values are kept made."""
_MOST_ITEMS, _MOST_SMALL, _MOST_HEADERS = 20_000, 50_000, 2_000
"""How many of each stay in memory where there is a overflow store for the others."""
