"""What a vault can show for itself: gathered once, then judged clause by clause without asking again."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from domain.log.verdict import LogVerdict
from domain.process.definition import ProcessVersion
from domain.records.backup_records import RestoreTest
from domain.records.item import Evidence, ImportBatch, Pack
from domain.records.oversight import ClockJump, Export, KeyRevelation, Review
from domain.records.people import (
    Declaration,
    FailedUnlockReport,
    KeyReset,
    Person,
    PersonKey,
    PersonRole,
    ProcessVersionRecord,
    RecoverySheet,
    Rotation,
)


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """How often an act is on record and in which entry last (-1: never)."""

    count: int = 0
    last: int = -1


class SigningEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One signature: entry, act, when, the id of who signed, whether the passphrase was given, and its meaning."""

    entry: int
    act: str
    at: str
    person: str
    passphrase: bool
    meaning: str


class BehindEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """An entry whose time lies behind one that the log claimed before: `at` its own time, `behind` the later one."""

    entry: int
    at: str
    behind: str


class ReviewEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A signed review, the entry that brought it, and what of it is the reviewer's own work.

    `own` counts entries of the range that the reviewer made, `own_sample` those of the sample.
    """

    review: Review
    entry: int
    own: int = 0
    own_sample: int = 0


class BackupEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of the vault that this installation knows of. `elsewhere`: it was not on the volume the vault is on."""

    made_at: str
    entries: int
    elsewhere: bool


class ItemCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many items of a process there are: in work, finished, and in work after their due day."""

    open: int = 0
    finished: int = 0
    overdue: int = 0


class VaultEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one vault at the instant `at`, as recorded: nothing here is judged. Times are ISO UTC, "" = never.

    `signatures` are all acts that are signatures or carry what a signature carries, newest first. `slot_keys` are the
    ids of the keys that have a key slot in force. `devices` counts entries by installation. `stored` are the hashes of
    the stored files. `old_entries` counts the entries that a review must have reached by now. `latest` is the latest
    time that an entry states. `entry_of` gives the newest entry that brought a record, by the record's id.
    `weak_key_cost`: the passphrase of whoever checks is
    stretched less than a new vault would. `key_cost` and `store` describe the protection in words.
    """

    vault: str
    name: str
    created: str
    at: str
    program: str
    verdict: LogVerdict
    acts: Mapping[str, Trace]
    entry_of: Mapping[str, int]
    signatures: tuple[SigningEvidence, ...]
    behind: tuple[BehindEvidence, ...]
    latest: str
    old_entries: int
    devices: Mapping[str, int]
    people: tuple[Person, ...]
    keys: tuple[PersonKey, ...]
    slot_keys: frozenset[str]
    roles: tuple[PersonRole, ...]
    declarations: tuple[Declaration, ...]
    resets: tuple[KeyReset, ...]
    sheets: tuple[RecoverySheet, ...]
    rotations: tuple[Rotation, ...]
    revelations: tuple[KeyRevelation, ...]
    failed_unlocks: tuple[FailedUnlockReport, ...]
    clock_jumps: tuple[ClockJump, ...]
    reviews: tuple[ReviewEvidence, ...]
    versions: tuple[ProcessVersionRecord, ...]
    processes: tuple[ProcessVersion, ...]
    items: Mapping[str, ItemCounts]
    imports: tuple[ImportBatch, ...]
    packs: tuple[Pack, ...]
    files: tuple[Evidence, ...]
    exports: tuple[Export, ...]
    stored: frozenset[str]
    backups: tuple[BackupEvidence, ...]
    restore_tests: tuple[RestoreTest, ...]
    weak_key_cost: bool
    key_cost: str
    store: str

    def trace(self, act: str) -> Trace:
        """How often and where last an act is on record."""
        return self.acts.get(act, Trace())

    def entry(self, record: str) -> int:
        """The newest entry that brought a record; -1 when it is not known."""
        return self.entry_of.get(record, -1)

    def name_of(self, person: str) -> str:
        """The name of a person (an id); the id itself where nobody bears it."""
        return next((each.name for each in self.people if each.id == person), person)

    def role_title(self, role: str) -> str:
        """What the processes in force call a role; its id where none of them does."""
        titles = (each.title for process in self.processes for each in process.roles if each.id == role)
        return next(titles, role)

    def active(self) -> tuple[Person, ...]:
        """Everyone who may still work here."""
        return tuple(each for each in self.people if each.state == "active")

    def held(self) -> tuple[PersonRole, ...]:
        """The grants of roles that hold now."""
        return tuple(
            each
            for each in self.roles
            if not each.state and each.valid_from <= self.at and (not each.valid_until or self.at < each.valid_until)
        )

    def item_count(self) -> int:
        """How many items there are, ended ones too."""
        return sum(each.open + each.finished for each in self.items.values())
