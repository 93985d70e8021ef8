"""The audit log: every entry, one in full beside the grid, and the proof that the whole log holds."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from domain.commands.act_words import act_word
from domain.errors import Cancelled, CountersignError
from domain.log.anchors import AnchorVerdict
from domain.log.verdict import LogVerdict
from domain.messages import message
from domain.metrics.oversight_reports import MOST_PRINTED, log_extract
from domain.ports import LogFilter, LogLine
from domain.services import Progress
from ui.dialogs.choose_file import ask_target
from ui.dialogs.document_dialog import DocumentDialog
from ui.dialogs.log_dialogs import CompareDialog, ExportPurposeDialog, ReviewLogDialog
from ui.models.log_model import LogModel
from ui.queries import HistoryLine, read_entry
from ui.screens.entry_view import EntryView
from ui.screens.log_filter import LogFilterBar
from ui.screens.log_verdicts import anchor_sentence, state_sentence, verdict_sentence
from ui.widgets.buttons import ActionButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.window_services import WindowServices


class AuditLogScreen(QWidget):
    """Newest first. The banner says how far the log is proven, until something is checked anew."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self.printout: DocumentDialog | None = None
        self._judged = False
        self._opened: set[int] = set()
        self._wanted = -1
        self._jump_to = -1
        self.model = LogModel(services.workspace, self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.banner = MessageBar(services.icons)
        around = column(margin=2)
        around.addWidget(self.banner)
        down.addLayout(around)
        down.addWidget(self._build_entries(), 1)
        services.workspace.recorded.connect(lambda _entry: self.refresh())
        services.workspace.session_changed.connect(self._on_session_changed)
        services.workspace.locked.connect(self._on_locked)
        self.banner.dismissed.connect(self._on_dismissed)
        self.model.loaded.connect(self._on_loaded)
        for name, slot in (
            ("log.verify_new", partial(self.verify, whole=False)),
            ("log.compare", self.compare),
            ("log.export", self.export),
            ("log.print", self.print_shown),
            ("log.review", self.review),
        ):
            services.actions[name].triggered.connect(lambda _checked=False, slot=slot: self._at_work(slot))
        self._on_session_changed()

    def refresh(self) -> None:
        """Read the log again, when it is looked at."""
        if self._services.workspace.is_open and self.isVisible():
            self.model.reload()

    def focus_content(self) -> None:
        """Put the cursor into the grid."""
        self.grid.setFocus()

    def focus_filter(self) -> None:
        """Put the cursor into what the entries are about."""
        self.filter.about.setFocus()
        self.filter.about.selectAll()

    def entry_title(self) -> str:
        """The heading of the entry shown beside the grid."""
        return self._entry.title()

    def show_entry(self, seq: int) -> None:
        """Bring one entry onto the screen, whatever the filter hides now."""
        self.filter.show_all()
        self._jump_to = seq
        self._read(seq)
        self.model.reload()

    def verify(self, *, whole: bool = True) -> None:
        """Check every hash, every signature, every right, and the tables against the log; or only what is new."""
        if not self._services.workspace.is_open:
            return
        vault = self._services.workspace.vault
        self._judged = True
        self.banner.announce(
            message("Verifying the whole log…") if whole else message("Verifying what is new…"),
            tone="open",
        )

        def work(progress: Progress) -> LogVerdict:
            return vault.verify(progress=progress) if whole else vault.log.verify_new(progress=progress)

        self._services.tasks.run_long(
            work,
            label=message("Verifying the log"),
            context=self,
            then=self._on_verified,
            failed=self._on_failed,
        )

    def compare(self) -> CompareDialog:
        """Ask for a checkpoint that was kept elsewhere."""
        dialog = CompareDialog(self._services, self.window(), self._on_compared)
        dialog.open()
        return dialog

    def export(self) -> ExportPurposeDialog:
        """Ask for whom, then where to."""
        dialog = ExportPurposeDialog(self._services, self.window(), self._on_purpose)
        dialog.open()
        return dialog

    def export_to(self, out: Path, purpose: str) -> None:
        """Write the log as JSON lines; it goes on record."""
        log = self._services.workspace.vault.log

        def written(sha256: str) -> None:
            self._services.workspace.renew()
            self.refresh()
            session = self._services.workspace.session
            on_hold = session is not None and session.log.read_only
            announced = (
                message(
                    "{file}, SHA-256 {sha256}. It is not on record: nothing is recorded in this vault now.",
                    file=out,
                    sha256=sha256,
                )
                if on_hold
                else message("{file}, SHA-256 {sha256}. That it was made is on record.", file=out, sha256=sha256)
            )
            self._announce(message("The log is exported."), announced)

        self._services.tasks.run_long(
            lambda progress: log.export(out, purpose=purpose, progress=progress),
            label=message("Exporting the log"),
            context=self,
            then=written,
            failed=self._on_failed,
        )

    def print_shown(self) -> None:
        """Lay the entries that the filter shows out as pages, to be printed or saved."""
        session = self._services.workspace.session
        if session is None:
            return
        vault, wanted = self._services.workspace.vault, self.model.wanted()
        subjects = {session.vault.id: session.vault.name, **{each.id: each.name for each in session.people}}

        def work() -> bytes:
            report = log_extract(
                vault.register.log_window(wanted, offset=0, limit=MOST_PRINTED),
                wanted=wanted,
                count=vault.register.log_count(wanted),
                words=act_word,
                subjects=subjects,
            )
            return vault.documents.table_report(report)

        self._services.tasks.run(work, context=self, then=self._on_printout, failed=self._on_failed)

    def review(self) -> ReviewLogDialog | None:
        """The signing for a stretch of the log; by default what came since the whole log was proven before."""
        session = self._services.workspace.session
        if session is None:
            return None
        dialog = ReviewLogDialog(
            self._services, self.window(), first=0, size=session.log_size, opened=frozenset(self._opened)
        )
        dialog.accepted.connect(lambda: self._services.workspace.announce(message("The review is signed.")))
        dialog.open()
        return dialog

    def _build_bar(self) -> QFrame:
        top = bar()
        down = column(top, margin=3, gap=2)
        across = row(gap=3)
        actions, icons = self._services.actions, self._services.icons
        across.addWidget(label(message("Audit log"), type_="title"))
        across.addStretch(1)
        for name, text, icon in (
            ("log.compare", message("Compare…"), "proven"),
            ("log.print", message("Print…"), "print"),
            ("log.export", message("Export…"), "save"),
            ("log.review", message("Sign a review…"), "sign"),
            ("log.verify_new", message("Verify what is new"), "verify"),
        ):
            across.addWidget(ActionButton(actions[name], icons, text=text, icon=icon))
        whole = message("Verify the whole log")
        across.addWidget(ActionButton(actions["log.verify"], icons, text=whole, icon="verify", primary=True))
        down.addLayout(across)
        self.filter = LogFilterBar()
        self.filter.changed.connect(lambda: self.model.show_filter(self.filter.wanted()))
        down.addWidget(self.filter)
        return top

    def _build_entries(self) -> QSplitter:
        services = self._services
        self.grid = Grid(services.theme, services.icons, name=message("Entries of the log"))
        self.grid.setModel(self.model)
        columns = self.model.columns
        self.grid.size_columns(
            tuple(each.width for each in columns),
            stretch=next(n for n, each in enumerate(columns) if each.stretch),
            spare=(len(columns) - 1,),  # the leaf hash stands beside the grid too
        )
        self.grid.rows_shown.connect(self.model.want_rows)
        self.grid.chosen.connect(self._on_chosen)
        self._none = EmptyState(
            services.icons,
            icon="search",
            title=message("No entry matches"),
            text=message("Nothing of this kind is in the log. Show all takes the filter away."),
        )
        left = QWidget()
        inside = column(left, gap=0)
        inside.addWidget(self.grid, 1)
        inside.addWidget(self._none, 1)
        self._none.hide()
        self._entry = EntryView(services)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self._entry)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        return split

    def _at_work(self, slot: object) -> None:
        self._services.workspace.go("log")
        if callable(slot):
            slot()

    def _announce(self, title: str, text: str) -> None:
        self._judged = True
        self.banner.announce(title, text, tone="proven")

    def _on_session_changed(self) -> None:
        session = self._services.workspace.session
        if session is None:
            return
        self.filter.show_people(session)
        if not self._judged:
            now = self._services.workspace.now()
            self.banner.show_sentence(state_sentence(session.log, entries=session.log_size, at=now))

    def _on_locked(self) -> None:
        self._judged = False
        self._opened.clear()
        self.filter.show_all()
        self.banner.clear()

    def _on_dismissed(self) -> None:
        """A verdict that was read gives way to the state of the proof."""
        self._judged = False
        self._on_session_changed()

    def _on_verified(self, verdict: LogVerdict) -> None:
        self.banner.show_sentence(verdict_sentence(verdict, at=self._services.workspace.now()))
        self._services.workspace.renew()

    def _on_compared(self, verdict: AnchorVerdict) -> None:
        self._judged = True
        self.banner.show_sentence(anchor_sentence(verdict))

    def _on_purpose(self, purpose: str) -> None:
        session = self._services.workspace.session
        name = session.vault.name if session else "log"
        ask_target(
            self,
            title=message("Export the log to"),
            name=f"{name} log.jsonl",
            patterns=message("JSON lines (*.jsonl)"),
            then=lambda out: self.export_to(out, purpose),
        )

    def _on_printout(self, data: bytes) -> None:
        session = self._services.workspace.session
        title = message("Extract of the audit trail of {vault}", vault=session.vault.name if session else "")
        self.printout = DocumentDialog(
            self._services, self.window(), data=data, title=title, kind="log_extract", name=f"{title}.pdf"
        )
        self.printout.open()

    def _on_failed(self, problem: CountersignError) -> None:
        self._judged = True
        if isinstance(problem, Cancelled):
            self.banner.announce(message("Cancelled; nothing is proven and nothing was written."), tone="done")
        else:
            self.banner.show_error(problem)

    def _on_loaded(self) -> None:
        found = self.model.rowCount()
        self.grid.setVisible(bool(found))
        self._none.setVisible(not found)
        if found and self._jump_to >= 0 and self.model.wanted() == LogFilter():
            seq, self._jump_to = self._jump_to, -1
            self.grid.choose_row(found - 1 - seq)  # newest first, and no entry is ever missing
        elif found and not self.grid.currentIndex().isValid():
            self.grid.choose_row(0)

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if isinstance(line, LogLine):
            self._read(line.seq)

    def _read(self, seq: int) -> None:
        vault = self._services.workspace.vault
        self._wanted = seq

        def arrived(entry: HistoryLine) -> None:
            if self._wanted == seq and self._services.workspace.is_open:
                self._opened.add(seq)
                self._entry.show_entry(entry)

        self._services.tasks.run(lambda: read_entry(vault, seq), context=self, then=arrived)
