"""The services of a session: people and keys, the log as a whole, backups, documents. Part of `domain.ports`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from domain.compliance.judge import SelfCheck
from domain.log.anchors import AnchorVerdict
from domain.log.entry import Entry
from domain.log.verdict import LogVerdict
from domain.records.backup_records import RestoreTest
from domain.table_report import TableReport

Progress = Callable[[str, int, int], None]
"""Called with (phase, done, of); `of` 0 = not known. It may raise `Cancelled` to stop the work."""


class LogState(msgspec.Struct, frozen=True, kw_only=True):
    """What this installation knows of the log: `proven` entries, and when all was last proven together ("" = never).

    `read_only` says why nothing is recorded here ("" = it is), `damaged` whether that is because something was found.
    `files_checked`: the stored files were held against their hashes on this computer, or there are none.
    """

    proven: int
    whole_at: str
    read_only: str = ""
    damaged: bool = False
    files_checked: bool = True


class ProcessSet(msgspec.Struct, frozen=True, kw_only=True):
    """Shipped processes that go together: what a new vault can begin with.

    `processes` are their ids and `titles` the words for them, in the same order.
    """

    id: str
    title: str
    description: str
    processes: tuple[str, ...]
    titles: tuple[str, ...]


class BackupInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One copy of a vault in one file. `made_at` is ISO UTC, `why` says what it was made for.

    `problem` says why the file is no good as a copy; then the other values are empty.
    """

    file: Path
    size: int
    made_at: str = ""
    why: str = ""
    entries: int = 0
    problem: str = ""


class SheetDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A recovery sheet: its id, the code, the paper, and the number of the group to type back (from 1)."""

    sheet: str
    code: str
    pdf: bytes
    asked: int

    def __repr__(self) -> str:
        return f"SheetDraft({self.sheet})"


class PeopleService(Protocol):
    """People and their keys in an open vault: what changes key slots, store and log together. Persons are ids."""

    needs_both_parts: bool
    """Until the first signature of this session: ask name and passphrase (21 CFR 11.200(a)(1)(i))."""
    before_declaring: Callable[[str], None]
    """Called with the declaration's text when the next signature is the person's first one."""

    @property
    def key_id(self) -> str: ...
    @property
    def declaration(self) -> str:
        """The text that the next signature declares first; "" when the person has declared it."""
        ...

    def change_passphrase(self, *, old: str, new: str) -> Entry: ...
    def grant_role(self, *, person: str, role: str, reason: str = "") -> Entry: ...
    def confirm_role(self, *, person: str, role: str) -> Entry: ...
    def confirm_person(self, *, person: str) -> Entry:
        """What another administrator proposed takes effect, with the roles proposed for the person."""
        ...

    def revoke_role(self, *, person: str, role: str, reason: str = "") -> Entry: ...
    def items_to_hand_over(self, person: str) -> tuple[str, ...]: ...
    def disable(self, *, person: str, reason: str) -> Entry: ...
    def remove(self, *, person: str, reason: str, progress: Progress | None = None) -> Entry:
        """Disable, and change the data key."""
        ...

    def rotate(self, *, reason: str, progress: Progress | None = None) -> Entry: ...
    def give_reset(self, *, person: str, new_passphrase: str, passphrase: str) -> Entry:
        """The second half of a reset; the first is `perform(ask_reset, ...)` by another person."""
        ...

    def draft_sheet(self) -> SheetDraft: ...
    def keep_sheet(self, draft: SheetDraft, *, typed: str | None) -> Entry:
        """Put a drafted sheet in force; `typed` is the group asked for as read from paper, None = not tested."""
        ...


class LogService(Protocol):
    """What is done with the log as a whole: proven, held against what others kept, given out."""

    def state(self) -> LogState: ...
    def verify_new(self, *, progress: Progress | None = None) -> LogVerdict:
        """Prove what is new since this computer proved the log last."""
        ...

    def check_files(self, *, progress: Progress | None = None) -> LogVerdict:
        """Hold every stored file against its hash."""
        ...

    def check_anchor(self, text: str) -> AnchorVerdict:
        """Hold a checkpoint against today's log: a signed note, or size and root as typed from paper."""
        ...

    def check_anchor_file(self, file: Path) -> AnchorVerdict:
        """As `check_anchor`, with a note in a file or the checkpoint of a closure pack."""
        ...

    def export(self, out: Path, *, purpose: str, progress: Progress | None = None) -> str:
        """Write all entries as JSON lines with proofs, on record; the file's SHA-256 comes back."""
        ...


class BackupService(Protocol):
    """The copies of an open vault on this installation."""

    def all(self) -> tuple[BackupInfo, ...]:
        """Newest first; files that are no good come last."""
        ...

    def newest(self) -> BackupInfo | None:
        """The newest good copy on this installation."""
        ...

    def make(self, *, to: Path | None = None, progress: Progress | None = None) -> BackupInfo:
        """A copy now, proven by a replay; `to` is a folder or a file, None = with the others."""
        ...

    def restore_test(self, file: Path, *, passphrase: str, progress: Progress | None = None) -> RestoreTest:
        """Restore a copy into a private place, prove it, throw it away, and sign what was found."""
        ...

    def restore_tests(self) -> tuple[RestoreTest, ...]: ...


class DocumentService(Protocol):
    """What leaves an open vault on paper or as a file: made first, looked at, and on record when it goes."""

    def self_check(self, check: SelfCheck) -> bytes:
        """The PDF of a self-check."""
        ...

    def table_report(self, report: TableReport) -> bytes:
        """The PDF of a report of tables."""
        ...

    def workbook(self, report: TableReport, *, progress: Progress | None = None) -> bytes:
        """A report of tables as an .xlsx file."""
        ...

    def give_out(self, data: bytes, *, kind: str, name: str, purpose: str, out: Path | None = None) -> bool:
        """Record that something leaves, written to `out` unless it is printed; False = nothing is recorded here."""
        ...

    def save_evidence(self, item: str, evidence: str, *, purpose: str, out: Path) -> bool:
        """Write a copy of an evidence file, on record; False = written, but nothing is recorded here."""
        ...
