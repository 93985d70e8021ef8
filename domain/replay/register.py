"""The register as it stood before one entry: records are put together again from the log's own changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import msgspec

from domain.act import Change
from domain.errors import Damaged
from domain.messages import message
from domain.ports import Register
from domain.records.governance import Calendar, Link, Mandate
from domain.records.item import Item, ItemFile
from domain.records.people import Person, PersonRole, ProcessVersionRecord
from domain.records.registry import ABOUT_ITEMS, ITEM_FILE, RECORDS
from domain.remembered import Remembered
from domain.state import ItemFilter, ItemLine

_Kind = TypeVar("_Kind", bound=msgspec.Struct)
_Made = TypeVar("_Made")
_CHANGE = msgspec.json.Decoder(Change)
_ALWAYS = {
    "transition_records": "transition_record",
    "approvals": "approval",
    "evidence": "evidence",
    "closures": "closure",
    "packs": "pack",
}
_BY = {
    "transition_record": "at",
    "approval": "given_at",
    "evidence": "added_at",
    "closure": "closed_at",
    "pack": "made_at",
}


class RegisterState:
    """What `domain.rules.facts.gather` asks of a register, answered as of before entry `seq`, made at `at` (ISO).

    Items and what hangs on them, people and the calendar come from the log. Roles, mandates and links say themselves
    when they began and ended. Process versions do not change.
    """

    def __init__(self, register: Register, *, seq: int, at: str) -> None:
        self._register = register
        self._seq = seq
        self._at = at
        self._remembered = Remembered()

    def as_register(self) -> Register:
        """This, where a register is asked for that is only read as `gather` reads it."""
        return cast("Register", self)

    def remembered(self, records: tuple[str, ...], question: Any, make: Callable[[], _Made]) -> _Made:
        """See `domain.state.State.remembered`; what was then does not change."""
        return self._remembered.answer(records, question, make)

    def item(self, item: str) -> Item:
        """One item, by id or number."""
        return self.item_file(item).item

    def item_file(self, item: str) -> ItemFile:
        """One item with everything that was on file about it.

        Raises:
            Damaged: the log does not bring the item into being before then.
        """
        id_ = self._register.item(item).id
        tables = self._folded(id_)
        known = {
            record: sorted(rows.values(), key=lambda row: (row.get(_BY.get(record, "id"), ""), row["id"]))
            for record, rows in tables.items()
        }
        if not known.get("item"):
            raise Damaged(message("register.the_log_does_not"), where=item, remedy=message("register.verify_the_log"))
        parts = {
            member: tuple(msgspec.convert(row, RECORDS[record]) for row in known.get(record, ()))
            for member, record in (_ALWAYS | ITEM_FILE).items()
        }
        return ItemFile(item=msgspec.convert(known["item"][0], Item), **cast("Any", parts))

    def _folded(self, item: str) -> dict[str, dict[str, dict[str, Any]]]:
        tables: dict[str, dict[str, dict[str, Any]]] = {}
        for change in self._changes(item):
            table = tables.setdefault(change.record, {})
            mine = change.id == item or change.id in table or change.after.get("item") == item
            if (change.record == "item" and change.id == item) or (change.record in ABOUT_ITEMS and mine):
                table[change.id] = {**table.get(change.id, {}), **change.values(), "id": change.id}
        return tables

    def _changes(self, id_: str) -> Iterator[Change]:
        for seq in self._register.entries_about(id_):
            if seq < self._seq:
                commands = self._register.entry(seq).header.commands
                yield from (_CHANGE.decode(data) for data in self._register.changes(seq)[commands:])

    def people(self) -> tuple[Person, ...]:
        """Everyone, as active as they were."""
        return tuple(each for person in self._register.people() if (each := self._person(person)) is not None)

    def _person(self, person: Person) -> Person | None:
        if person.enrolled_at > self._at:
            return None
        if person.state == "active" and not person.confirmed_by:
            return person
        states = [change.after["state"] for change in self._changes(person.id) if "state" in change.after]
        return msgspec.structs.replace(person, state=states[-1] if states else person.state)

    def roles(self) -> tuple[PersonRole, ...]:
        """Every role grant; its days say whether it held."""
        return self._register.roles()

    def process_version(self, version: str) -> ProcessVersionRecord:
        """One version by its id."""
        return self._register.process_version(version)

    def process_versions(self) -> tuple[ProcessVersionRecord, ...]:
        """Every version."""
        return self._register.process_versions()

    def all_of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Records of a kind that is not about an item; mandates and the calendar as they were."""
        found: tuple[Any, ...] = self._register.all_of(kind)
        if kind is Mandate:
            return tuple(self._mandate(each) for each in found if each.given_at <= self._at)
        if kind is Calendar:
            return tuple(each for record in found if (each := self._calendar(record)) is not None)
        return found

    def _mandate(self, mandate: Any) -> Any:
        later = mandate.revoked_at > self._at
        return msgspec.structs.replace(mandate, state="given", revoked_at="", revoked_by="") if later else mandate

    def _calendar(self, calendar: Any) -> Any:
        if calendar.set_at <= self._at:
            return calendar
        values: dict[str, Any] = {}
        for change in self._changes(calendar.id):
            if change.record == "calendar":
                values |= {**change.values(), "id": change.id}
        return msgspec.convert(values, Calendar) if values else None

    def links_about(self, item: str) -> tuple[Link, ...]:
        """Every link from or to the item, as it was."""
        return tuple(
            msgspec.structs.replace(each, state="in_force") if each.ended_at > self._at else each
            for each in self._register.links_about(item)
            if each.created_at <= self._at
        )

    def items(self, wanted: ItemFilter) -> Iterator[ItemLine]:
        """Items of a process that stood at a step then; other filters are not asked for."""
        for line in self._register.items(ItemFilter(process=wanted.process)):
            if not any(seq < self._seq for seq in self._register.entries_about(line.id)):
                continue
            as_of = self.item(line.id)
            if wanted.asks_for(as_of.step, as_of.state):
                yield msgspec.structs.replace(line, step=as_of.step, state=as_of.state)
