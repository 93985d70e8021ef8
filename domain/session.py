"""The program as its window and its command line see it: an open vault, and what makes and opens vaults.

`Register` is asked many things; writing happens only through `record` of the store, reached by
`Session.perform`, so nothing changes without a signed entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from domain.act import Actor, IncomingFile
from domain.calendar.watched import WatchedVault
from domain.commands.command import Command
from domain.compliance.judge import SelfCheck
from domain.drafts import Drafts
from domain.errors import CountersignError
from domain.log.entry import Entry
from domain.log.verdict import LogVerdict, PackVerdict
from domain.ports import Register
from domain.process.definition import ProcessVersion
from domain.records.people import Person
from domain.services import (
    BackupInfo,
    BackupService,
    DocumentService,
    LogService,
    PeopleService,
    ProcessSet,
    Progress,
    SheetDraft,
)
from domain.trackers.cells import Cell
from domain.trackers.find_table import FoundTable
from domain.trackers.match_columns import ColumnMatch
from domain.trackers.plan import ImportPlan


class BulkSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A command that was signed, by its place in the list (from 0), with its entry."""

    number: int
    command: Command
    entry: Entry


class BulkFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A command that was not signed, and why; `Refused` names the obstacles."""

    number: int
    command: Command
    problem: CountersignError


class BulkSigned(msgspec.Struct, frozen=True, kw_only=True):
    """What became of many commands: each that was signed stands, whatever became of the others."""

    signed: tuple[BulkSignature, ...]
    failed: tuple[BulkFailure, ...]


class TrackerReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a tracker file holds before anything is planned.

    `sheets` are (name, visible, rows); `matches` the proposed column of each field; `samples` up to some
    values of each column (1-based) of `table`.
    """

    file_name: str
    sheets: tuple[tuple[str, bool, int], ...]
    table: FoundTable
    matches: tuple[ColumnMatch, ...]
    samples: Mapping[int, tuple[Cell, ...]]
    warnings: tuple[str, ...]


class Strength(msgspec.Struct, frozen=True, kw_only=True):
    """How hard a passphrase is to guess: `score` 0 to 4, whether that is `enough` to be taken, and why."""

    score: int
    enough: bool
    reason: str


class Session(WatchedVault, Protocol):
    """An unlocked vault in one person's hands: what screens and commands work with."""

    @property
    def register(self) -> Register: ...
    @property
    def folder(self) -> Path: ...
    @property
    def person(self) -> Person: ...
    @property
    def people_service(self) -> PeopleService: ...
    @property
    def log(self) -> LogService: ...
    @property
    def backups(self) -> BackupService: ...
    @property
    def documents(self) -> DocumentService: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def notices(self) -> tuple[str, ...]:
        """What opening noticed and a person should know (a mended slot file, an older copy put back)."""
        ...

    def actor(self) -> Actor: ...
    def perform(
        self,
        command: Command,
        *,
        passphrase: str | None = None,
        files: Sequence[IncomingFile] = (),
        progress: Progress | None = None,
    ) -> Entry:
        """Judge the command, decide it and record its act, signed. `files` bring the bytes that it names by hash.

        `passphrase` proves presence for a signature. A refusal is recorded, then raised again.
        """
        ...

    def perform_all(
        self, commands: Sequence[Command], *, passphrase: str, progress: Progress | None = None
    ) -> BulkSigned:
        """Sign many commands with one passphrase: an entry and a signature with its own meaning for each.

        Only commands that have `bulk`, and so can refuse what has to be signed by itself. A refusal is recorded and
        listed, and the others go on.
        """
        ...

    def add_person(self, *, name: str, roles: Sequence[str], identity_checked: str, passphrase: str) -> Entry: ...
    def read_tracker(
        self, file: Path, *, sheet: str = "", header_row: int = 0, file_passphrase: str | None = None
    ) -> TrackerReading:
        """The sheets, the table and the proposed columns of a tracker; nothing is planned or changed."""
        ...

    def plan_import(
        self,
        file: Path,
        *,
        process: str,
        mapping: Mapping[str, str] | None = None,
        sheet: str = "",
        header_row: int = 0,
        day_first: bool | None = None,
        file_passphrase: str | None = None,
        progress: Progress | None = None,
    ) -> ImportPlan: ...
    def run_import(
        self,
        plan: ImportPlan,
        file: Path,
        *,
        process: str,
        closed_words: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> Entry:
        """Carry a plan out. `closed_words` are statuses, as written, of rows that were closed before they came here."""
        ...

    def preview_pack(self, item: str) -> bytes:
        """The closure pack PDF as it would be printed now; nothing is recorded."""
        ...

    def make_pack(self, item: str, out: Path | None = None) -> bytes:
        """The closure pack PDF; recorded by its hash, and written to `out` when given."""
        ...

    def checkpoint(self) -> str: ...
    def verify(self, *, progress: Progress | None = None) -> LogVerdict: ...
    def self_check(self, *, progress: Progress | None = None) -> SelfCheck:
        """Part 11 and Annex 11, clause by clause, with evidence from this vault."""
        ...

    def heartbeat(self) -> None:
        """A heartbeat for others who ask who holds the vault; every minute."""
        ...

    def maybe_snapshot(self) -> object:
        """An automatic copy of the vault if one is due."""
        ...

    def lock(self) -> None: ...


class Application(Protocol):
    """The application: vaults and documents without a session that need no open vault."""

    def people_of(self, folder: Path) -> tuple[str, ...]: ...
    def process_sets(self) -> tuple[ProcessSet, ...]:
        """The sets of shipped processes that a new vault can begin with, the proposed one first."""
        ...

    def create_vault(self, folder: Path, *, name: str, person: str, passphrase: str, process_set: str = "") -> Session:
        """A new vault with the processes of a set in force; all shipped ones for ""."""
        ...

    def unlock(self, folder: Path, *, person: str, passphrase: str) -> Session: ...
    def sample(self, folder: Path, *, passphrase: str, progress: Progress | None = None) -> Session: ...
    def recover(self, folder: Path, *, code: str, passphrase: str) -> tuple[Session, SheetDraft]:
        """Open with a recovery code: new keys under `passphrase`, and a new sheet that has to be printed."""
        ...

    def inspect(self, folder: Path, *, person: str, passphrase: str) -> Session:
        """Open for reading only, damaged or not."""
        ...

    def incoming_file(self, path: Path) -> IncomingFile:
        """Hash and size of a file that is handed in; an empty, unreadable or too large one is refused."""
        ...

    def media_type_of(self, path: Path) -> str:
        """A media type guessed from the name only."""
        ...

    def wait_left(self, folder: Path, *, person: str) -> float:
        """Seconds until the next passphrase of this person is looked at, after wrong ones; 0 = now."""
        ...

    def newest_backup(self, folder: Path) -> BackupInfo | None:
        """The newest good copy of a vault on this installation; `unlock` opens its file for reading only."""
        ...

    def restore(
        self,
        file: Path,
        folder: Path,
        *,
        person: str,
        passphrase: str,
        reason: str = "",
        progress: Progress | None = None,
    ) -> Session:
        """A new vault folder from a copy, proven before it appears."""
        ...

    def process_file(self, version: ProcessVersion, kind: str) -> bytes:
        """A process version for other tools: "svg", "bpmn" or "json".

        Raises:
            UsageProblem: not a kind that is written.
        """
        ...

    def passphrase_strength(self, text: str, names: Sequence[str] = ()) -> Strength: ...
    def verify_pack(self, file: Path) -> PackVerdict: ...
