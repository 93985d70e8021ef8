"""The inbox of alerts: the alerts raised for you and your roles, when it did, and whether that was shown late."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from domain.calendar.standing import AlertFilter
from domain.commands.alerts import MarkAlertSeen
from domain.messages import message
from domain.metrics.digest import AlertLine, alert_lines, alerts_for
from domain.session import Session
from ui.dialogs.choose_file import ask_target
from ui.dialogs.document_dialog import DocumentDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.forms import choice
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, moment_text

MOST_SHOWN = 2_000
DIGEST_FILES = ("ics", "eml", "txt")
"""What a digest can be saved as beside paper, by the ending of the file."""


class AlertsScreen(QWidget):
    """Enter opens the item an alert is about; what was seen leaves the list."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self.printout: DocumentDialog | None = None
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.grid = Grid(services.theme, services.icons, name=message("Alerts"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=3, spare=(4,))
        self.grid.opened.connect(self._on_opened)
        self.grid.chosen.connect(lambda _index: self._on_chosen())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._empty = EmptyState(
            services.icons,
            icon="alerts",
            title=message("Nothing to hear of"),
            text=message(
                "When a step runs out of time, a hold is to be reviewed or an obligation is due, it is listed here."
            ),
        )
        self._empty.add_button(ActionButton(services.actions["go.dashboard"], services.icons, icon="dashboard"))
        self._stack.addWidget(self._empty)
        down.addWidget(self._stack, 1)
        services.actions["alerts.seen"].triggered.connect(lambda _checked=False: self.mark_seen())
        services.actions["alerts.digest"].triggered.connect(lambda _checked=False: self.show_digest())
        services.workspace.session_changed.connect(self.refresh)
        self.refresh()

    @property
    def lines(self) -> tuple[AlertLine, ...]:
        """The alerts shown."""
        return self._model.lines

    def refresh(self) -> None:
        """Ask the store again."""
        workspace = self._services.workspace
        if not workspace.is_open:
            self._show(())
            return
        vault, shown = workspace.vault, self._which.currentData()
        workspace.tasks.run(lambda: _read(vault, shown), context=self, then=self._show)

    def focus_content(self) -> None:
        """Put the cursor into the list."""
        self.grid.setFocus()
        if self._model.rowCount() and not self.grid.currentIndex().isValid():
            self.grid.choose_row(0)

    def choose(self, shown: str) -> None:
        """Show "open", "seen" or "all" alerts."""
        self._which.setCurrentIndex(self._which.findData(shown))

    def mark_seen(self) -> None:
        """The alert under the cursor was seen."""
        line = self._model.line(self.grid.currentIndex().row())
        if isinstance(line, AlertLine) and not line.seen:
            self._mark((line.id,))

    def mark_all_seen(self) -> None:
        """Everything listed for this person was seen."""
        self._mark(tuple(each.id for each in self.lines if not each.seen))

    def show_digest(self) -> None:
        """The digest as pages, to be printed or saved."""
        if self._services.workspace.is_open:
            vault = self._services.workspace.vault
            self._services.tasks.run(lambda: vault.clocks.digest("pdf"), context=self, then=self._on_digest)

    def save_digest(self, out: Path) -> None:
        """Write the digest as calendar entries, a mail draft or text, by the ending of the name; on record."""
        kind = out.suffix.removeprefix(".").lower()
        if kind not in DIGEST_FILES:
            out, kind = out.with_name(f"{out.name}.ics"), "ics"
        vault = self._services.workspace.vault

        def work() -> bool:
            return vault.documents.give_out(
                vault.clocks.digest(kind), kind="digest", name=out.name, purpose="", out=out
            )

        def done(on_record: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            workspace = self._services.workspace
            workspace.renew()
            there = message("It is on record.") if on_record else message("Nothing is recorded in this vault now.")
            workspace.announce(message("Saved: {out}", out=out), there)

        self._services.tasks.run(work, context=self, then=done)

    def _build_bar(self) -> QWidget:
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(message("Alerts"), type_="title"))
        self._which: QComboBox = choice(
            (
                ("open", message("Mine, not seen")),
                ("seen", message("Mine, seen")),
                ("all", message("Everybody's, not seen")),
            )
        )
        self._which.setAccessibleName(message("Which alerts"))
        self._which.currentIndexChanged.connect(lambda _index: self.refresh())
        across.addWidget(self._which)
        across.addStretch(1)
        actions, icons = self._services.actions, self._services.icons
        save = button(message("Save digest…"), self._on_save, icons=icons, icon="save")
        across.addWidget(save)
        across.addWidget(ActionButton(actions["alerts.digest"], icons, text=message("Digest…"), icon="print"))
        self._all_seen = button(message("All seen"), self.mark_all_seen, icons=icons, icon="eye")
        across.addWidget(self._all_seen)
        self._seen = ActionButton(actions["alerts.seen"], icons, text=message("Seen"), icon="eye", primary=True)
        across.addWidget(self._seen)
        return top

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=message("When"), text=lambda each: moment_text(each.at), width=150),
            Column(
                header=message("State"), text=self._described, mark=self._mark_of, width=150, tip=self._description_tip
            ),
            Column(header=message("Item"), text=lambda each: each.subject, width=280),
            Column(header=message("What"), text=lambda each: each.text, width=320, stretch=True),
            Column(header=message("For"), text=self._addressed, width=150),
        )

    def _described(self, line: AlertLine) -> str:
        return self._mark_of(line).word

    def _mark_of(self, line: AlertLine) -> Mark:
        if line.seen:
            return Mark(word=message("Seen"), icon="eye", tone="done")
        if line.late:
            return Mark(word=message("Raised late"), icon="overdue", tone="overdue")
        return Mark(word=message("New"), icon="waiting", tone="waiting")

    def _description_tip(self, line: AlertLine) -> str:
        if not line.late:
            return moment_text(line.raised_at)
        return message(
            "Raised late, on {moment}: the program was closed when it came due.", moment=moment_text(line.raised_at)
        )

    def _addressed(self, line: AlertLine) -> str:
        session = self._services.workspace.session
        if line.mine:
            return message("You")
        return session.role_title(line.addressed) if session and line.by_role else line.addressed

    def _show(self, lines: tuple[AlertLine, ...]) -> None:
        here = self._model.line(self.grid.currentIndex().row())
        place = self.grid.currentIndex().row()
        self._model.show_lines(lines)
        self._stack.setCurrentIndex(0 if lines else 1)
        self._all_seen.setEnabled(bool(lines) and self._which.currentData() == "open")
        if lines:
            kept = next((n for n, each in enumerate(lines) if here is not None and each.id == here.id), None)
            self.grid.choose_row(kept if kept is not None else min(max(place, 0), len(lines) - 1))

    def _mark(self, ids: tuple[str, ...]) -> None:
        if ids:
            self._services.workspace.perform(MarkAlertSeen(alerts=ids), context=self)

    def _on_opened(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        if isinstance(line, AlertLine) and line.item:
            self._services.workspace.open_item(line.item)

    def _on_chosen(self) -> None:
        line = self._model.line(self.grid.currentIndex().row())
        if isinstance(line, AlertLine) and line.item and self.isVisible():
            self._services.workspace.select(line.item)

    def _on_save(self) -> None:
        patterns = message("Calendar, mail draft or text (*.ics *.eml *.txt)")
        ask_target(self, title=message("Save the digest"), name="digest.ics", patterns=patterns, then=self.save_digest)

    def _on_digest(self, data: bytes) -> None:
        title = message("Daily digest")
        self.printout = DocumentDialog(
            self._services, self.window(), data=data, title=title, kind="digest", name="digest.pdf"
        )
        self.printout.open()


def _read(vault: Session, shown: str) -> tuple[AlertLine, ...]:
    actor = vault.actor()
    wanted = alerts_for(actor, state="seen" if shown == "seen" else "open", limit=MOST_SHOWN)
    if shown == "all":
        wanted = msgspec.structs.replace(AlertFilter(state="open"), limit=MOST_SHOWN)
    return alert_lines(vault.register, vault.register.alerts(wanted), actor)
