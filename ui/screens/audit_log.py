"""The audit log: every entry, one in full beside the grid, and the proof that the whole log holds."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from domain.errors import Cancelled, CountersignError
from domain.log.verdict import LogVerdict
from domain.ports import LogLine
from ui.desk import Desk
from ui.models.log_model import LogModel
from ui.reading import HistoryLine, read_entry
from ui.screens.entry_view import EntryView
from ui.widgets.buttons import ActionButton
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.words import count_text, local_text

MOST_FINDINGS = 8


class AuditLogScreen(QWidget):
    """Newest first. The banner says what the last full check proved, and when."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.model = LogModel(desk.workspace, self)
        down = column(self, gap=0)
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(self.tr("Audit log"), type_="title"))
        across.addStretch(1)
        verify = desk.actions["log.verify"]
        across.addWidget(
            ActionButton(verify, desk.icons, text=self.tr("Verify the whole log"), icon="verify", primary=True)
        )
        down.addWidget(top)
        self.banner = MessageBar(desk.icons)
        around = column(margin=2)
        around.addWidget(self.banner)
        down.addLayout(around)
        self.grid = Grid(desk.theme, desk.icons, name=self.tr("Entries of the log"))
        self.grid.setModel(self.model)
        columns = self.model.columns
        self.grid.size_columns(
            tuple(each.width for each in columns), stretch=next(n for n, each in enumerate(columns) if each.stretch)
        )
        self.grid.rows_shown.connect(self.model.want_rows)
        self.grid.chosen.connect(self._on_chosen)
        self._entry = EntryView(desk)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        split.addWidget(self._entry)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        down.addWidget(split, 1)
        desk.workspace.recorded.connect(lambda _entry: self.refresh())
        desk.workspace.locked.connect(self.banner.clear)
        self.model.loaded.connect(self._on_loaded)

    def refresh(self) -> None:
        """Read the log again, when it is looked at."""
        if self._desk.workspace.is_open and self.isVisible():
            self.model.reload()

    def focus_content(self) -> None:
        """Put the cursor into the grid."""
        self.refresh()
        self.grid.setFocus()

    def entry_title(self) -> str:
        """The heading of the entry shown beside the grid."""
        return self._entry.title()

    def verify(self) -> None:
        """Check every hash, every signature, every right, and the tables against the log."""
        if not self._desk.workspace.is_open:
            return
        vault = self._desk.workspace.vault
        self.banner.say(self.tr("Verifying the whole log…"), tone="open")
        self._desk.tasks.run_long(
            lambda progress: vault.verify(progress=progress),
            label=self.tr("Verifying the log"),
            context=self,
            then=self._on_verified,
            failed=self._on_failed,
        )

    def _on_verified(self, verdict: LogVerdict) -> None:
        at = local_text(self._desk.workspace.now())
        if verdict.intact:
            proven = self.tr("%1 entries, %2 changes, %3 rows and %4 files hold. Checked %5. Root %6.")
            for mark, text in (
                ("%1", count_text(verdict.entries)),
                ("%2", count_text(verdict.changes)),
                ("%3", count_text(verdict.rows)),
                ("%4", count_text(verdict.files)),
                ("%5", at),
                ("%6", verdict.root[:16]),
            ):
                proven = proven.replace(mark, text)
            self.banner.say(self.tr("The log is intact"), proven, tone="proven")
            return
        lines = [
            f"•  {each.text}"
            + (f" [{' '.join(part for part in (each.table, each.row, each.field) if part)}]" if each.table else "")
            for each in verdict.findings[:MOST_FINDINGS]
        ]
        more = len(verdict.findings) - len(lines)
        if more > 0:
            lines.append(self.tr("and %1 more").replace("%1", count_text(more)))
        title = self.tr("DAMAGED: %1 findings").replace("%1", count_text(len(verdict.findings)))
        self.banner.say(title, "\n".join(lines), tone="damaged")

    def _on_failed(self, problem: CountersignError) -> None:
        if isinstance(problem, Cancelled):
            self.banner.say(self.tr("The check was cancelled; it proves nothing."), tone="done")
        else:
            self.banner.show_error(problem)

    def _on_loaded(self) -> None:
        if self.model.rowCount() and not self.grid.currentIndex().isValid():
            self.grid.choose_row(0)

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if not isinstance(line, LogLine):
            return
        vault, seq = self._desk.workspace.vault, line.seq

        def arrived(entry: HistoryLine) -> None:
            current = self.model.line(self.grid.currentIndex().row())
            if isinstance(current, LogLine) and current.seq == seq:
                self._entry.show_entry(entry)

        self._desk.tasks.run(lambda: read_entry(vault, seq), context=self, then=arrived)
