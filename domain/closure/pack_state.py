"""The state that a closure pack shows: the site whole, one item whole, and nothing of any other item.

It answers `domain.state.State` for the rules. What it cannot know it does not guess: it raises `NotShownError`, and
the entry that asked is listed as not judged. Only items that the item is linked with are supposed to be closed, and
whatever was decided on that is listed too. Two things an entry says of the rest of the vault are taken from the entry
itself: the running number of a new item, and whether a file was stored before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NoReturn

import msgspec

from domain.act import Actor, Change
from domain.log.entry import Header
from domain.messages import message
from domain.records.governance import Alert, Link
from domain.records.item import Item, ItemFile
from domain.records.people import ProcessVersionRecord
from domain.records.registry import ABOUT_ITEMS
from domain.replay.item_rows import Row
from domain.replay.state import MemoryState
from domain.rules.facts import Facts, gather
from domain.state import ItemFilter, ItemLine
from domain.trackers.plan import ExistingRow

_ON_ITEMS = frozenset(ABOUT_ITEMS)


class NotShownError(Exception):
    """A rule asked for something that the pack does not show; the text says what."""


class PackState(MemoryState):
    """What the shown entries add up to. `take` them in the order of the log."""

    def __init__(self, item: str) -> None:
        super().__init__()
        self._item = item
        self._from_others: dict[str, Row] = {}
        self._stored: frozenset[str] = frozenset()
        self._number = 0
        self._newest: Header | None = None
        self.stood_in: dict[str, str] = {}
        """The items that stood in for what is not shown since `expect`: their ids with the number they are known by."""

    def expect(self, header: Header, changes: Sequence[Change]) -> None:
        """The entry that is decided next: its place in the log, and what it says of the rest of the vault."""
        self._size = header.seq
        self.stood_in.clear()
        born = [each for each in changes if each.before is None]
        self._stored = frozenset(each.id for each in born if each.record == "file")
        numbers = [str(each.after.get("number", "")) for each in born if each.record == "item"]
        tail = numbers[0].rpartition("-")[2] if numbers else ""
        self._number = int(tail) if tail.isascii() and tail.isdigit() and len(tail) <= _MOST_DIGITS else 0

    def begin(self, header: Header) -> None:
        """An entry begins, at its place in the log."""
        self._size = header.seq
        self._newest = header
        super().begin(header)

    def apply(self, change: Change) -> None:
        """Apply a change of the site or of the item; of other items only their links to it are kept."""
        born = change.before is None
        if change.record == "link" and self._is_from_another(change):
            self._from_others[change.id] = {**self._from_others.get(change.id, {}), **change.values(), "id": change.id}
        elif change.record == "item" and change.id != self._item:
            return
        elif change.record not in _ON_ITEMS or not born or change.after.get("item") == self._item:
            super().apply(change)

    def _is_from_another(self, change: Change) -> bool:
        if change.before is not None:
            return change.id in self._from_others
        return change.after.get("item") != self._item

    def item(self, item: str) -> Item:
        """The item, by id or number; a linked one as it is supposed to be. NotShownError: another one."""
        if self._is_here(item):
            return super().item_file(self._item).item
        return self._stand_in(item)

    def item_file(self, item: str) -> ItemFile:
        """The item with everything on file. NotShownError: another one."""
        if not self._is_here(item):
            self._missing(message("pack_state.item", item=item))
        return super().item_file(item)

    def _is_here(self, item: str) -> bool:
        if item == self._item:
            return True
        rows = self._items.get(self._item)
        return rows is not None and rows.item["number"] == item

    def _missing(self, what: str) -> NoReturn:
        raise NotShownError(message("pack_state.it_depends_on_which", what=what))

    def _stand_in(self, item: str) -> Item:
        """An item known only by a link is supposed to be closed: it blocks nothing, and carries on what remains."""
        mine = super().item_file(self._item)
        linked = {each.other: each.other_number for each in mine.links}
        theirs = (row for row in self._from_others.values() if row.get("kind") == "follow_up_of")
        linked |= {str(row["item"]): str(row["item"]) for row in theirs}
        if item not in linked:
            self._missing(message("pack_state.item", item=item))
        number = self.stood_in[item] = linked[item]
        return msgspec.structs.replace(mine.item, id=item, number=number, title="", step="", state="closed", owner="")

    def items(self, wanted: ItemFilter) -> Iterator[ItemLine]:  # noqa: ARG002 (the port gives it)
        """None: exceptions are other items. An entry that used one says so by its link to it."""
        return iter(())

    def links_about(self, item: str) -> tuple[Link, ...]:
        """Every link from or to the item. NotShownError: another one."""
        if not self._is_here(item):
            self._missing(message("pack_state.the_links_of_item", item=item))
        theirs = (msgspec.convert(row, Link) for row in self._from_others.values() if row.get("other") == self._item)
        return tuple(sorted((*super().links_about(self._item), *theirs), key=lambda each: each.id))

    def in_force(self, process: str, at: datetime | None = None) -> ProcessVersionRecord:
        """The version in force at the moment. NotShownError: none is given."""
        if at is None:
            self._missing(message("pack_state.the_newest_entry"))
        return super().in_force(process, at)

    def next_number(self, process: str) -> int:
        """The number that the entry gives its new item."""
        return self._number or super().next_number(process)

    def has_file(self, sha256: str) -> bool:
        """Whether the file was stored before, as the entry says."""
        return sha256 not in self._stored

    def by_source(self, process: str) -> Mapping[str, ExistingRow]:
        """NotShownError: always."""
        self._missing(message("pack_state.the_other_items_of", process=process))

    def alerts_by_id(self, alerts: Sequence[str]) -> tuple[Alert, ...]:  # noqa: ARG002 (the port gives it)
        """NotShownError: always."""
        self._missing("alerts")

    def known_alerts(self, keys: Sequence[str]) -> frozenset[str]:  # noqa: ARG002 (the port gives it)
        """NotShownError: always."""
        self._missing("alerts")

    def header(self, seq: int) -> Header:
        """The header of an entry; of one that is not shown, just before the one decided, the newest before it."""
        if str(seq) in self._headers:
            return super().header(seq)
        if seq != self._size - 1 or self._newest is None:
            self._missing(message("pack_state.entry", seq=seq))
        return self._newest

    def newest(self) -> Header | None:
        """The header of the newest entry taken so far."""
        return self._newest

    def facts(self, by: Actor) -> tuple[Facts, frozenset[str]]:
        """The facts about the pack's item, with the ids of the items that stood in for what is not shown."""
        self.stood_in.clear()
        return gather(self, self._item, by), frozenset(self.stood_in)


_MOST_DIGITS = 9
