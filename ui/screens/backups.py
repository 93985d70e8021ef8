"""Copies of the vault on this computer: which there are, whether they are any good, and trying one out."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QFrame, QWidget

from domain.errors import Cancelled, CountersignError
from domain.messages import message, plural_message
from domain.metrics.oversight_reports import restore_test_certificate
from domain.ports import LogFilter
from domain.records.backup_records import RestoreTest
from domain.services import BackupInfo, Progress
from domain.session import Session
from ui.dialogs.choose_file import ask_folder
from ui.dialogs.document_dialog import DocumentDialog
from ui.dialogs.restore_test_dialog import RestoreTestDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, count_text, moment_text, size_text


class BackupList(msgspec.Struct, frozen=True, kw_only=True):
    """The copies there are and the restore tests on record."""

    backups: tuple[BackupInfo, ...]
    restore_tests: tuple[RestoreTest, ...]


def read_backups(vault: Session) -> BackupList:
    """Look at every copy's outer form."""
    return BackupList(backups=vault.backups.all(), restore_tests=vault.backups.restore_tests())


class BackupsScreen(QWidget):
    """`restore_wanted` carries the file of a copy that shall be put in use."""

    restore_wanted = Signal(Path)

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._backups: tuple[BackupInfo, ...] = ()
        self._last_restore_test: RestoreTest | None = None
        self.printout: DocumentDialog | None = None
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.bar = MessageBar(services.icons)
        around = column(margin=2)
        around.addWidget(self.bar)
        down.addLayout(around)
        self.grid = Grid(services.theme, services.icons, name=message("Backups of this vault"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=5)
        self.grid.chosen.connect(self._on_chosen)
        self._empty = EmptyState(
            services.icons,
            icon="vault",
            title=message("No backup on this computer yet"),
            text=message("One is made by itself after half an hour of work, and before every import. Or make one now."),
        )
        down.addWidget(self.grid, 1)
        down.addWidget(self._empty, 1)
        down.addWidget(self._build_foot())
        services.workspace.locked.connect(self._on_locked)
        for name, slot in (("backups.make", self.make), ("backups.make_to", self._on_make_to)):
            services.actions[name].triggered.connect(lambda _checked=False, slot=slot: slot())

    def refresh(self) -> None:
        """Look at the backup folder again."""
        if not (self._services.workspace.is_open and self.isVisible()):
            return
        vault = self._services.workspace.vault
        self._services.tasks.run(lambda: read_backups(vault), context=self, then=self._on_backups)

    def focus_content(self) -> None:
        """Put the cursor into the list."""
        self.grid.setFocus()

    def backups(self) -> tuple[BackupInfo, ...]:
        """What is listed."""
        return self._backups

    def make(self, to: Path | None = None) -> None:
        """A backup now, proven by a replay before it counts."""
        self._services.workspace.go("backups")
        backups = self._services.workspace.vault.backups

        def work(progress: Progress) -> BackupInfo:
            return backups.make(to=to, progress=progress)

        def made(copy: BackupInfo) -> None:
            self.bar.announce(
                message("The backup is made."),
                plural_message(
                    "{count} entry, {size}, replayed and found whole: {file}",
                    "{count} entries, {size}, replayed and found whole: {file}",
                    copy.entries,
                    count=count_text(copy.entries),
                    size=size_text(copy.size),
                    file=copy.file,
                ),
                tone="proven",
            )
            self._services.workspace.renew()
            self.refresh()

        self._services.tasks.run_long(
            work, label=message("Making a backup"), context=self, then=made, failed=self._on_failed
        )

    def restore_test(self) -> RestoreTestDialog | None:
        """Ask for the passphrase of the backup chosen, then run the restore test."""
        copy = self._chosen()
        if copy is None:
            return None
        dialog = RestoreTestDialog(self._services, self.window(), copy, self._on_restore_tested)
        dialog.open()
        return dialog

    def print_certificate(self) -> None:
        """Lay the newest restore test's certificate out as a page, to be printed or saved."""
        restore_test, session = self._last_restore_test, self._services.workspace.session
        if restore_test is None or session is None:
            return
        vault, by = self._services.workspace.vault, session.name_of(restore_test.by)

        def work() -> bytes:
            entries = vault.register.log_window(
                LogFilter(act="record_restore_test", since=restore_test.at), offset=0, limit=50
            )
            entry = min((each.seq for each in entries), default=-1)
            return vault.documents.table_report(restore_test_certificate(restore_test, by=by, entry=entry))

        self._services.tasks.run(work, context=self, then=self._on_printout, failed=self._on_failed)

    def _build_bar(self) -> QFrame:
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(message("Backups"), type_="title"))
        across.addStretch(1)
        actions, icons = self._services.actions, self._services.icons
        across.addWidget(
            ActionButton(actions["backups.make_to"], icons, text=message("Back up to a folder…"), icon="save")
        )
        across.addWidget(
            ActionButton(actions["backups.make"], icons, text=message("Back up now"), icon="vault", primary=True)
        )
        return top

    def _build_foot(self) -> QFrame:
        foot = QFrame()
        set_appearance(foot, surface="foot")
        down = column(foot, margin=2, gap=1)
        transitions = row(gap=2)
        icons = self._services.icons
        self._try = button(message("Restore test…"), self.restore_test, icons=icons, icon="verify")
        self._restore = button(message("Restore to a new folder…"), self._on_restore, icons=icons, icon="reopen")
        for transition in (self._try, self._restore):
            transition.setEnabled(False)
            transitions.addWidget(transition)
        self._certificate = button(message("Certificate…"), self.print_certificate, icons=icons, icon="print")
        self._certificate.setEnabled(False)
        transitions.addWidget(self._certificate)
        self._restore_tests = label(muted=True, type_="small", wrap=True)
        transitions.addWidget(self._restore_tests, 1)
        down.addLayout(transitions)
        return foot

    def _chosen(self) -> BackupInfo | None:
        line = self._model.line(self.grid.currentIndex().row())
        return line if isinstance(line, BackupInfo) and not line.problem else None

    def _on_chosen(self, _index: QModelIndex) -> None:
        good = self._chosen() is not None
        for transition in (self._try, self._restore):
            transition.setEnabled(good)

    def _on_backups(self, backup_folder: BackupList) -> None:
        self._backups = backup_folder.backups
        self._model.show_lines(backup_folder.backups)
        self.grid.setVisible(bool(backup_folder.backups))
        self._empty.setVisible(not backup_folder.backups)
        if backup_folder.backups:
            self.grid.choose_row(0)
        self._last_restore_test = backup_folder.restore_tests[-1] if backup_folder.restore_tests else None
        self._certificate.setEnabled(self._last_restore_test is not None)
        self._restore_tests.setText(self._restore_test_words(backup_folder.restore_tests))

    def _restore_test_words(self, restore_tests: tuple[RestoreTest, ...]) -> str:
        if not restore_tests:
            return message(
                "No backup of this vault has passed a restore test yet. Only a restore test shows that a backup can "
                "be used."
            )
        last, session = restore_tests[-1], self._services.workspace.session
        who = session.name_of(last.by) if session else last.by
        if last.outcome != "restored":
            return message(
                "Last restore test on {moment} by {person}: FAILED. {problem}",
                moment=moment_text(last.at),
                person=who,
                problem=last.problem,
            )
        return plural_message(
            "Last restore test on {moment} by {person}: restored, {count} entry replayed.",
            "Last restore test on {moment} by {person}: restored, {count} entries replayed.",
            last.entries,
            moment=moment_text(last.at),
            person=who,
            count=count_text(last.entries),
        )

    def _on_restore_tested(self, certificate: RestoreTest) -> None:
        self._services.workspace.renew()
        self.refresh()
        if certificate.outcome == "restored":
            entries, files = certificate.entries, certificate.files
            self.bar.announce(
                message("The backup can be restored."),
                message(
                    "Replayed: {entries}; compared: {files}. The certificate is in the log.",
                    entries=plural_message("{count} entry", "{count} entries", entries, count=count_text(entries)),
                    files=plural_message("{count} file", "{count} files", files, count=count_text(files)),
                ),
                tone="proven",
            )
        else:
            self.bar.announce(message("This backup cannot be relied on."), certificate.problem, tone="damaged")

    def _on_printout(self, data: bytes) -> None:
        title = message("Certificate of a restore test")
        self.printout = DocumentDialog(
            self._services, self.window(), data=data, title=title, kind="restore_test_certificate", name=f"{title}.pdf"
        )
        self.printout.open()

    def _on_make_to(self) -> None:
        ask_folder(self, title=message("Put the backup into"), then=self.make)

    def _on_restore(self) -> None:
        copy = self._chosen()
        if copy is not None:
            self.restore_wanted.emit(copy.file)

    def _on_failed(self, problem: CountersignError) -> None:
        if isinstance(problem, Cancelled):
            self.bar.announce(message("Cancelled; no backup was made."), tone="done")
        else:
            self.bar.show_error(problem)

    def _on_locked(self) -> None:
        self._backups = ()
        self._last_restore_test = None
        self._certificate.setEnabled(False)
        self._model.show_lines(())
        self.bar.clear()

    def _columns(self) -> tuple[Column, ...]:
        def mark(copy: BackupInfo) -> Mark:
            if copy.problem:
                return Mark(word=message("No good"), icon="damaged", tone="damaged")
            newest = bool(self._backups) and copy.file == self._backups[0].file
            if newest:
                return Mark(word=message("Newest"), icon="closed", tone="proven")
            return Mark(word=message("Kept"), icon="info", tone="done")

        return (
            Column(header=message("Made"), text=lambda c: moment_text(c.made_at), width=152),
            Column(header=message("State"), text=lambda c: mark(c).word, mark=mark, width=116),
            Column(header=message("Why"), text=lambda c: c.problem or c.why, tip=lambda c: c.problem, width=216),
            Column(header=message("Entries"), text=lambda c: count_text(c.entries), right=True, width=80),
            Column(header=message("Size"), text=lambda c: size_text(c.size), right=True, width=88),
            Column(header=message("File"), text=lambda c: c.file.name, tip=lambda c: str(c.file), stretch=True),
        )
