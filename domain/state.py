"""What rules and commands ask of a state, however it is kept. What screens query stands in `domain.ports`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from domain.log.entry import Header
from domain.records.governance import Alert, Link
from domain.records.item import CLOSED_BEFORE, Item, ItemFile
from domain.records.people import Person, PersonKey, PersonRole, ProcessVersionRecord, Vault

Kind = TypeVar("Kind", bound=msgspec.Struct)
Made = TypeVar("Made")


class ItemFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which items, in which order. Empty text = any. `search` looks in number, title, description, owner.

    An item that was closed before it came into the vault stands at no `step`: it is found by its state.
    """

    process: str = ""
    step: str = ""
    state: str = ""
    search: str = ""
    sort: str = "number"
    descending: bool = False

    def asks_for(self, step: str, state: str) -> bool:
        """Whether an item at this step in this state is wanted, whatever else of it is asked."""
        stands_there = self.step in ("", step) and not (self.step and state == CLOSED_BEFORE)
        return stands_there and self.state in ("", state)


class ItemLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of the register, ready to show. `state` is an ItemState, `process` an id, dates are ISO."""

    id: str
    number: str
    title: str
    process: str
    step: str
    state: str
    owner: str
    due: str
    severity: str
    raised: str
    closed: str
    legacy_status: str


class State(Protocol):
    """What rules and commands ask of a state: the store's, that as of an entry, or that of a simulation's memory.

    Values are frozen; an item may be named by id or number.
    """

    def vault(self) -> Vault: ...
    def all_of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Every record of a kind that is not about an item, oldest first: declarations, resets, reviews."""
        ...

    def people(self) -> tuple[Person, ...]: ...
    def keys(self) -> tuple[PersonKey, ...]: ...
    def roles(self) -> tuple[PersonRole, ...]: ...
    def process_versions(self) -> tuple[ProcessVersionRecord, ...]: ...
    def in_force(self, process: str, at: datetime | None = None) -> ProcessVersionRecord:
        """The version of a process in force at the moment; None = now."""
        ...

    def process_version(self, version: str) -> ProcessVersionRecord: ...
    def item(self, item: str) -> Item: ...
    def item_file(self, item: str) -> ItemFile: ...
    def links_about(self, item: str) -> tuple[Link, ...]:
        """Every link from or to the item (an id), oldest first."""
        ...

    def items(self, wanted: ItemFilter) -> Iterator[ItemLine]:
        """Items of a process at a step in a state; rules ask no other filter."""
        ...

    def next_number(self, process: str) -> int: ...
    def alerts_by_id(self, alerts: Sequence[str]) -> tuple[Alert, ...]:
        """Those of these alerts (ids) that are on record."""
        ...

    def known_alerts(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are on record."""
        ...

    def file_size(self, sha256: str) -> int | None:
        """How many bytes the stored file with this hash has; None where it is not stored."""
        ...

    def log_size(self) -> int: ...
    def header(self, seq: int) -> Header:
        """The header of an entry."""
        ...

    def remembered(self, records: tuple[str, ...], question: object, make: Callable[[], Made]) -> Made:
        """What `make` brings, made again only when a record of these kinds has changed since; see `Remembered`."""
        ...

    def entries_about(self, item: str) -> tuple[int, ...]:
        """Entries that have the item (an id) as subject, changed its record, or changed a record that hangs on it."""
        ...
