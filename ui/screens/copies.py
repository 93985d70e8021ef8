"""Copies of the vault on this computer: which there are, whether they are any good, and trying one out."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QFrame, QWidget

from domain.errors import Cancelled, CountersignError
from domain.metrics.oversight_reports import drill_certificate
from domain.ports import LogFilter
from domain.records.copies import RestoreDrill
from domain.services import Progress, VaultCopy
from domain.session import OpenVault
from ui.desk import Desk
from ui.dialogs.choose_file import ask_folder
from ui.dialogs.drill_dialog import DrillDialog
from ui.dialogs.paper_dialog import PaperDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.theme import set_look
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.words import Mark, count_text, moment_text, size_text


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """The copies there are and the drills on record."""

    copies: tuple[VaultCopy, ...]
    drills: tuple[RestoreDrill, ...]


def read_shelf(vault: OpenVault) -> Shelf:
    """Look at every copy's outer form."""
    return Shelf(copies=vault.copies.all(), drills=vault.copies.drills())


class CopiesScreen(QWidget):
    """`restore_wanted` carries the file of a copy that shall be put in use."""

    restore_wanted = Signal(Path)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._copies: tuple[VaultCopy, ...] = ()
        self._last_drill: RestoreDrill | None = None
        self.paper: PaperDialog | None = None
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.bar = MessageBar(desk.icons)
        around = column(margin=2)
        around.addWidget(self.bar)
        down.addLayout(around)
        self.grid = Grid(desk.theme, desk.icons, name=self.tr("Copies of this vault"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=5)
        self.grid.chosen.connect(self._on_chosen)
        self._empty = EmptyState(
            desk.icons,
            icon="vault",
            title=self.tr("No copy on this computer yet"),
            text=self.tr("One is made by itself after half an hour of work, and before every import. Or make one now."),
        )
        down.addWidget(self.grid, 1)
        down.addWidget(self._empty, 1)
        down.addWidget(self._build_foot())
        desk.workspace.locked.connect(self._on_locked)
        for name, slot in (("copies.make", self.make), ("copies.make_to", self._on_make_to)):
            desk.actions[name].triggered.connect(lambda _checked=False, slot=slot: slot())

    def refresh(self) -> None:
        """Look at the shelf again."""
        if not (self._desk.workspace.is_open and self.isVisible()):
            return
        vault = self._desk.workspace.vault
        self._desk.tasks.run(lambda: read_shelf(vault), context=self, then=self._on_shelf)

    def focus_content(self) -> None:
        """Put the cursor into the list."""
        self.grid.setFocus()

    def copies(self) -> tuple[VaultCopy, ...]:
        """What is listed."""
        return self._copies

    def make(self, to: Path | None = None) -> None:
        """A copy now, proven by a replay before it counts."""
        self._desk.workspace.go("copies")
        copies = self._desk.workspace.vault.copies

        def work(progress: Progress) -> VaultCopy:
            return copies.make(to=to, progress=progress)

        def made(copy: VaultCopy) -> None:
            said = self.tr("%1 entries, %2, replayed and found whole: %3").replace("%1", count_text(copy.entries))
            self.bar.say(
                self.tr("The copy is made."),
                said.replace("%2", size_text(copy.size)).replace("%3", str(copy.file)),
                tone="proven",
            )
            self._desk.workspace.renew()
            self.refresh()

        self._desk.tasks.run_long(work, label=self.tr("Making a copy"), context=self, then=made, failed=self._on_failed)

    def drill(self) -> DrillDialog | None:
        """Ask for the passphrase of the copy chosen, then try it out."""
        copy = self._chosen()
        if copy is None:
            return None
        dialog = DrillDialog(self._desk, self.window(), copy, self._on_drilled)
        dialog.open()
        return dialog

    def print_certificate(self) -> None:
        """Lay the newest drill's certificate out as a page, to be printed or saved."""
        drill, session = self._last_drill, self._desk.workspace.session
        if drill is None or session is None:
            return
        vault, by = self._desk.workspace.vault, session.name_of(drill.by)

        def work() -> bytes:
            entries = vault.register.log_window(LogFilter(act="record_drill", since=drill.at), offset=0, limit=50)
            entry = min((each.seq for each in entries), default=-1)
            return vault.papers.table_report(drill_certificate(drill, by=by, entry=entry))

        self._desk.tasks.run(work, context=self, then=self._on_paper, failed=self._on_failed)

    def _build_bar(self) -> QFrame:
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(self.tr("Copies"), type_="title"))
        across.addStretch(1)
        actions, icons = self._desk.actions, self._desk.icons
        across.addWidget(
            ActionButton(actions["copies.make_to"], icons, text=self.tr("Back up to a folder…"), icon="save")
        )
        across.addWidget(
            ActionButton(actions["copies.make"], icons, text=self.tr("Back up now"), icon="vault", primary=True)
        )
        return top

    def _build_foot(self) -> QFrame:
        foot = QFrame()
        set_look(foot, surface="foot")
        down = column(foot, margin=2, gap=1)
        ways = row(gap=2)
        icons = self._desk.icons
        self._try = button(self.tr("Try it out…"), self.drill, icons=icons, icon="verify")
        self._restore = button(self.tr("Restore to a new folder…"), self._on_restore, icons=icons, icon="reopen")
        for way in (self._try, self._restore):
            way.setEnabled(False)
            ways.addWidget(way)
        self._certificate = button(self.tr("Certificate…"), self.print_certificate, icons=icons, icon="print")
        self._certificate.setEnabled(False)
        ways.addWidget(self._certificate)
        self._drills = label(muted=True, type_="small", wrap=True)
        ways.addWidget(self._drills, 1)
        down.addLayout(ways)
        return foot

    def _chosen(self) -> VaultCopy | None:
        line = self._model.line(self.grid.currentIndex().row())
        return line if isinstance(line, VaultCopy) and not line.problem else None

    def _on_chosen(self, _index: QModelIndex) -> None:
        good = self._chosen() is not None
        for way in (self._try, self._restore):
            way.setEnabled(good)

    def _on_shelf(self, shelf: Shelf) -> None:
        self._copies = shelf.copies
        self._model.show_lines(shelf.copies)
        self.grid.setVisible(bool(shelf.copies))
        self._empty.setVisible(not shelf.copies)
        if shelf.copies:
            self.grid.choose_row(0)
        self._last_drill = shelf.drills[-1] if shelf.drills else None
        self._certificate.setEnabled(self._last_drill is not None)
        self._drills.setText(self._drill_words(shelf.drills))

    def _drill_words(self, drills: tuple[RestoreDrill, ...]) -> str:
        if not drills:
            return self.tr("No copy of this vault was ever tried out: a copy that nobody restored is a hope.")
        last, session = drills[-1], self._desk.workspace.session
        who = session.name_of(last.by) if session else last.by
        words = (
            self.tr("Last tried out on %1 by %2: restored, %3 entries replayed.")
            if last.outcome == "restored"
            else self.tr("Last tried out on %1 by %2: FAILED. %4")
        )
        for mark, text in (
            ("%1", moment_text(last.at)),
            ("%2", who),
            ("%3", count_text(last.entries)),
            ("%4", last.problem),
        ):
            words = words.replace(mark, text)
        return words

    def _on_drilled(self, certificate: RestoreDrill) -> None:
        self._desk.workspace.renew()
        self.refresh()
        if certificate.outcome == "restored":
            said = self.tr("%1 entries replayed, %2 files compared. The certificate is in the log.")
            self.bar.say(
                self.tr("The copy can be restored."),
                said.replace("%1", count_text(certificate.entries)).replace("%2", count_text(certificate.files)),
                tone="proven",
            )
        else:
            self.bar.say(self.tr("This copy cannot be relied on."), certificate.problem, tone="damaged")

    def _on_paper(self, data: bytes) -> None:
        title = self.tr("Certificate of a restore drill")
        self.paper = PaperDialog(
            self._desk, self.window(), data=data, title=title, kind="drill_certificate", name=f"{title}.pdf"
        )
        self.paper.open()

    def _on_make_to(self) -> None:
        ask_folder(self, title=self.tr("Put the copy into"), then=self.make)

    def _on_restore(self) -> None:
        copy = self._chosen()
        if copy is not None:
            self.restore_wanted.emit(copy.file)

    def _on_failed(self, problem: CountersignError) -> None:
        if isinstance(problem, Cancelled):
            self.bar.say(self.tr("Cancelled; no copy was made."), tone="done")
        else:
            self.bar.show_error(problem)

    def _on_locked(self) -> None:
        self._copies = ()
        self._last_drill = None
        self._certificate.setEnabled(False)
        self._model.show_lines(())
        self.bar.clear()

    def _columns(self) -> tuple[Column, ...]:
        def mark(copy: VaultCopy) -> Mark:
            if copy.problem:
                return Mark(word=self.tr("No good"), icon="damaged", tone="damaged")
            newest = bool(self._copies) and copy.file == self._copies[0].file
            if newest:
                return Mark(word=self.tr("Newest"), icon="closed", tone="proven")
            return Mark(word=self.tr("Kept"), icon="info", tone="done")

        return (
            Column(header=self.tr("Made"), text=lambda c: moment_text(c.made_at), width=152),
            Column(header=self.tr("State"), text=lambda c: mark(c).word, mark=mark, width=116),
            Column(header=self.tr("Why"), text=lambda c: c.problem or c.why, tip=lambda c: c.problem, width=216),
            Column(header=self.tr("Entries"), text=lambda c: count_text(c.entries), right=True, width=80),
            Column(header=self.tr("Size"), text=lambda c: size_text(c.size), right=True, width=88),
            Column(header=self.tr("File"), text=lambda c: c.file.name, tip=lambda c: str(c.file), stretch=True),
        )
