"""All protocols: what the domain and the window ask of the application. Owned by those who ask.

`Register` is asked many things; writing happens only through `record` of the store, reached by
`Session.perform`, so nothing changes without a signed entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar

import msgspec

from domain.act import Actor
from domain.calendar.watched import WatchedRegister
from domain.log.entry import Entry
from domain.records.item import ImportBatch
from domain.state import ItemFilter, ItemLine, State
from domain.trackers.plan import ExistingRow

Kind = TypeVar("Kind", bound=msgspec.Struct)


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the audit log on screen."""

    seq: int
    at: str
    person: str
    role: str
    act: str
    subject: str
    subject_number: str
    reason: str
    meaning: str
    changes: int
    leaf: str


class LogFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries of the log. Empty text = any. `about` is part of a number, of a name, or a whole id.

    `field` is the id of a field that the entry set or changed.

    `since` and `until` are ISO instants, `until` itself left out; `signed` keeps acts signed with the passphrase.
    """

    person: str = ""
    act: str = ""
    about: str = ""
    field: str = ""
    since: str = ""
    until: str = ""
    signed: bool = False


class WaitingApproval(msgspec.Struct, frozen=True, kw_only=True):
    """One decision that waits for the person who is asked.

    `kind`: `urgent` is the one signature of the urgent path (level 0), `confirm` one that confirms what was passed so;
    `extension`, `change` and `cancellation` are requests, `risk_acceptance` a risk to accept, `question` one to answer,
    each with its record's id in `about` and the name of whoever asked. `reason` says why, or what is asked.
    `in_place_of` is the name of whoever gave the mandate it would be signed under, `awaited` the names of those it is
    awaited from, when they are others.
    `due_at` is an ISO instant ("" = no deadline), `late` whether it has passed.
    """

    item: str
    number: str
    title: str
    gate: str
    from_step: str
    to_step: str
    level: int
    meaning: str
    since: str
    severity: str
    kind: str = "ordinary"
    in_place_of: str = ""
    due_at: str = ""
    late: bool = False
    reason: str = ""
    about: str = ""
    asked_by: str = ""
    awaited: str = ""


class Signatory(Protocol):
    """Who signs an entry: the person, the key and how the person proved presence ("session", "passphrase")."""

    person: str
    key: str
    auth: str

    def sign(self, data: bytes) -> bytes: ...


class Register(State, WatchedRegister, Protocol):
    """The open register, for reading: what screens query, beside what rules ask."""

    def count(self, wanted: ItemFilter) -> int: ...
    def page(self, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]: ...
    def counts_by_step(self, process: str) -> dict[str, int]: ...
    def transition_counts(self, *, since: str, before: str) -> dict[tuple[str, str, str], int]:
        """How often items passed from step to step from one instant to before another: by version, from and to."""
        ...

    def waiting_for(self, actor: Actor) -> tuple[WaitingApproval, ...]: ...
    def awaited_from_others(self, actor: Actor) -> tuple[WaitingApproval, ...]:
        """What the person's items wait for from other people."""
        ...

    def by_source(self, process: str) -> Mapping[str, ExistingRow]:
        """Imported items of a process by the fingerprint of the row they came from."""
        ...

    def imports(self) -> tuple[ImportBatch, ...]: ...
    def file_bytes(self, sha256: str) -> Iterator[bytes]: ...
    def log_page(self, *, before: int, limit: int) -> tuple[LogLine, ...]: ...
    def log_count(self, wanted: LogFilter) -> int: ...
    def log_window(self, wanted: LogFilter, *, offset: int, limit: int) -> tuple[LogLine, ...]:
        """Entries that match, newest first."""
        ...

    def entry(self, seq: int) -> Entry: ...
    def changes(self, seq: int) -> tuple[bytes, ...]:
        """Leaves of an entry as canonical bytes: those of its command (`header.commands`), then its changes."""
        ...
