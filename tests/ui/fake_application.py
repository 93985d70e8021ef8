"""A building without keys, files or a store: real commands and rules over the register in memory.

One passphrase opens every person's door. `FakeVault` checks it again for signings as the real vault does,
records refusals, and lets a test say what verifying the log or a pack should find.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from memory_register import MemoryVault
from reportlab.pdfgen.canvas import Canvas

from desktop.machine.zone_offsets import zone_offsets
from domain.act import Actor, IncomingFile
from domain.commands.alerts import RaiseAlerts
from domain.commands.closure import KeepPack
from domain.commands.command import Command, values_of
from domain.commands.vault_events import RecordExport, RecordRefusal
from domain.errors import FileProblem, Refused, UsageProblem, WrongPassphrase
from domain.log.entry import Entry
from domain.log.verdict import LogVerdict, PackVerdict
from domain.metrics.digest import digest_of
from domain.metrics.reports import digest_report
from domain.process.definition import ProcessVersion
from domain.records.governance import ZoneOffset
from domain.records.people import Person
from domain.rules.alert_scan import Scan
from domain.services import LogState, ProcessSet, Progress, SheetDraft
from domain.session import Strength, TrackerReading
from domain.table_report import TableReport, report_text
from domain.trackers.plan import ImportPlan

PASSPHRASE = "one passphrase for all of them"


class FakePeopleKeys:
    """Everyone has declared already, and signs with the passphrase only."""

    needs_both_parts = False
    declaration = ""

    def draft_sheet(self) -> SheetDraft:
        return SheetDraft(sheet="sheet", code="AAAA-BBBB-CCCC", pdf=a_page("Recovery sheet"), asked=2)


def a_page(text: str) -> bytes:
    """A PDF of one line."""
    pages = io.BytesIO()
    canvas = Canvas(pages)
    canvas.drawString(72, 720, text)
    canvas.showPage()
    canvas.save()
    return pages.getvalue()


class FakeLog:
    """A log that was proven whole, here and just now."""

    def __init__(self, world: MemoryVault) -> None:
        self.world = world

    def state(self) -> LogState:
        return LogState(proven=self.world.register.log_size(), whole_at="2026-11-02T08:00:00.000Z")


class FakeBackups:
    """Nobody has made a copy yet."""

    def all(self) -> tuple[()]:
        return ()

    def newest(self) -> None:
        return None

    def restore_tests(self) -> tuple[()]:
        return ()


class FakeDrafts:
    """What one person typed and did not record; the application keeps it from one sitting to the next."""

    def __init__(self, kept: dict[str, str]) -> None:
        self.kept = kept

    def save(self, place: str, data: str) -> None:
        self.kept.pop(place, None)
        self.kept[place] = data

    def all(self) -> Mapping[str, str]:
        return dict(reversed(self.kept.items()))

    def forget(self, place: str) -> None:
        self.kept.pop(place, None)


class FakeClocks:
    """Time about an open vault: alerts are raised by the real command when a test asks for them."""

    def __init__(self, vault: FakeVault) -> None:
        self.vault = vault
        self.running_since = ""
        self.asked = 0

    def raise_alerts(self) -> int:
        self.asked += 1
        if not self.running_since:
            return 0
        found = Scan(self.vault.register, self.vault.actor()).alerts()
        if found:
            self.vault.perform(RaiseAlerts.of(found, running_since=self.running_since))
        return len(found)

    def digest(self, kind: str) -> bytes:
        report = digest_report(digest_of(self.vault.register, by=self.vault.actor()))
        return a_page(report.title) if kind == "pdf" else report_text(report).encode()

    def countries(self) -> Mapping[str, tuple[str, ...]]:
        return {"AT": (), "DE": ("BE", "BY")}

    def zone_offsets(self, zone: str) -> list[ZoneOffset]:
        return zone_offsets(zone)

    def public_holidays(self, country: str, subdivision: str, years: Sequence[int]) -> list[list[str]]:
        return [[f"{year}-01-01", f"New Year in {country} {subdivision}".strip()] for year in years]


class FakeDocuments:
    """Reports as pages of one line; what leaves goes on record."""

    def __init__(self, vault: FakeVault) -> None:
        self.vault = vault
        self.reports: list[TableReport] = []

    def table_report(self, report: TableReport) -> bytes:
        self.reports.append(report)
        return a_page(report.title)

    def give_out(self, data: bytes, *, kind: str, name: str, purpose: str, out: Path | None = None) -> bool:
        if out is not None:
            out.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        self.vault.perform(RecordExport(kind=kind, name=name, sha256=sha256, size=len(data), purpose=purpose))
        return True


class FakeVault:
    """`domain.ports.SessionView` in one person's hands."""

    def __init__(self, world: MemoryVault, name: str, folder: Path) -> None:
        self.world, self.name, self.folder = world, name, folder
        self.register = world.register
        self.notices: tuple[str, ...] = ()
        self.people_service = FakePeopleKeys()
        self.log = FakeLog(world)
        self.backups = FakeBackups()
        self.clocks = FakeClocks(self)
        self.documents = FakeDocuments(self)
        self.drafts = FakeDrafts(world.__dict__.setdefault("typed", {}).setdefault(name, {}))
        self.locked = False
        self.log_verdict: LogVerdict | None = None
        self.printed: list[Path | None] = []

    @property
    def person(self) -> Person:
        return next(each for each in self.register.people() if each.id == self.world.ids[self.name])

    def actor(self) -> Actor:
        return self.world.actor(self.name)

    def perform(
        self,
        command: Command,
        *,
        passphrase: str | None = None,
        files: Sequence[IncomingFile] = (),
        progress: Progress | None = None,
    ) -> Entry:
        del progress
        if command.signing and passphrase is None:
            raise UsageProblem("This act is a signature.")
        if command.signing and passphrase != PASSPHRASE:
            raise WrongPassphrase("The name or the passphrase is not right.", remedy="Type both again.")
        try:
            return self.world.perform(command, self.name, files=files)
        except Refused:
            self.world.perform(RecordRefusal(refused=values_of(command)), self.name)
            raise

    def add_person(self, *, name: str, roles: Sequence[str], identity_checked: str, passphrase: str) -> Entry:
        if len(passphrase) < 15:
            raise UsageProblem("The passphrase is too weak.", remedy="Use at least 15 characters or five words.")
        return self.world.enrol(name, tuple(roles), identity_checked)

    def read_tracker(self, file: Path, **_options: Any) -> TrackerReading:
        raise FileProblem("This is not a workbook.", where=file.name, remedy="Choose another file.")

    def plan_import(self, file: Path, **_options: Any) -> ImportPlan:
        raise FileProblem("This is not a workbook.", where=file.name, remedy="Choose another file.")

    def run_import(self, plan: ImportPlan, file: Path, *, process: str, progress: Progress | None = None) -> Entry:
        del progress, process, plan
        raise FileProblem("The file has changed since it was checked.", where=file.name)

    def preview_pack(self, item: str) -> bytes:
        return a_page(f"Closure pack of {self.register.item(item).number}")

    def make_pack(self, item: str, out: Path | None = None) -> bytes:
        data = self.preview_pack(item)
        file = IncomingFile(sha256=hashlib.sha256(data).hexdigest(), size=len(data), data=data)
        self.world.do(KeepPack, self.name, item=item, file=file, checkpoint=self.checkpoint())
        self.printed.append(out)
        if out is not None:
            out.write_bytes(data)
        return data

    def checkpoint(self) -> str:
        return "memory\n1\n"

    def verify(self, *, progress: Progress | None = None) -> LogVerdict:
        entries = self.register.log_size()
        for done in range(entries):
            if progress is not None:
                progress("entries", done, entries)
        if self.log_verdict is not None:
            return self.log_verdict
        return LogVerdict(vault="memory", entries=entries, root="ab" * 32, changes=9, rows=9, files=0, findings=())

    def lock(self) -> None:
        self.locked = True


class FakeApplication:
    """`domain.ports.Application` with one vault in it."""

    def __init__(self, world: MemoryVault) -> None:
        self.world = world
        self.pack_verdict: PackVerdict | None = None
        self.opened: list[FakeVault] = []
        self.made: list[Mapping[str, Any]] = []

    def process_file(self, version: ProcessVersion, kind: str) -> bytes:
        return f"{kind} of {version.name}".encode()

    def people_of(self, folder: Path) -> tuple[str, ...]:
        if folder.name.startswith("gone"):
            raise FileProblem("There is no vault here.", where=str(folder), remedy="Choose its folder.")
        return tuple(self.world.ids)

    def unlock(self, folder: Path, *, person: str, passphrase: str) -> FakeVault:
        if passphrase != PASSPHRASE or person not in self.world.ids:
            raise WrongPassphrase("The name or the passphrase is not right.", remedy="Type both again.")
        return self._open(person, folder)

    def process_sets(self) -> tuple[ProcessSet, ...]:
        return (
            ProcessSet(
                id="quality", title="Quality", description="Two.", processes=("capa",), titles=("Corrective action",)
            ),
            ProcessSet(id="pmo", title="Projects", description="One.", processes=("order",), titles=("Order",)),
        )

    def create_vault(
        self, folder: Path, *, name: str, person: str, passphrase: str, process_set: str = ""
    ) -> FakeVault:
        if len(passphrase) < 15:
            raise UsageProblem("The passphrase is too weak.", remedy="Use at least 15 characters or five words.")
        self.made.append({"folder": folder, "name": name, "person": person, "set": process_set})
        return self._open("Ada", folder)

    def sample(self, folder: Path, *, passphrase: str, progress: Progress | None = None) -> FakeVault:
        if progress is not None:
            progress("people", 1, 2)
        self.made.append({"folder": folder, "sample": True, "length": len(passphrase)})
        return self._open("Quinn", folder)

    def incoming_file(self, path: Path) -> IncomingFile:
        data = path.read_bytes()
        return IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), path=str(path))

    def media_type_of(self, path: Path) -> str:
        return mimetypes.guess_type(path.name)[0] or ""

    def passphrase_strength(self, text: str, names: Sequence[str] = ()) -> Strength:
        enough = len(text) >= 15 and not any(name and name in text for name in names)
        return Strength(score=3 if enough else 1, enough=enough, reason="Long enough." if enough else "Too short.")

    def verify_pack(self, file: Path) -> PackVerdict:
        if self.pack_verdict is None:
            raise FileProblem("This is not a PDF.", where=file.name, remedy="Choose a closure pack.")
        return self.pack_verdict

    def _open(self, name: str, folder: Path) -> FakeVault:
        vault = FakeVault(self.world, name, folder)
        self.opened.append(vault)
        return vault
