"""The dashboard: how much work is late and why; each figure opens into the items behind it, and into paper."""

from __future__ import annotations

from functools import partial

import msgspec
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QStackedWidget, QWidget

from domain.calendar.working_time import WorkingCalendar
from domain.commands.settings import calendar_on_record
from domain.identity import iso
from domain.messages import message
from domain.metrics.breaches import breaches
from domain.metrics.causes import CAUSES, Cause, LateItem, Lateness, lateness
from domain.metrics.reports import breach_report, late_report, working
from domain.session import Session
from domain.state import ItemFilter
from ui.dialogs.calendar_dialog import CalendarDialog, CalendarFacts, read_calendar
from ui.dialogs.document_dialog import DocumentDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.forms import choice
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, clear, column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text, date_text, moment_text


class _Figures(msgspec.Struct, frozen=True, kw_only=True):
    found: Lateness
    day: int
    total: int


class DashboardScreen(QWidget):
    """Tiles with counts; a tile lists its items below, Enter opens one."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self.printout: DocumentDialog | None = None
        self.calendar: CalendarDialog | None = None
        self._figures: _Figures | None = None
        self._cause: Cause | None = None
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self._tiles = QWidget()
        self._tile_row = row(self._tiles, margin=3, gap=2)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        down.addWidget(self._tiles)
        self.grid = Grid(services.theme, services.icons, name=message("Late work"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=6, spare=(2, 5))
        self.grid.opened.connect(self._on_opened)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        empty = EmptyState(
            services.icons,
            icon="proven",
            title=message("Nothing is late"),
            text=message("Every open item is within its step's time and its due day."),
        )
        empty.add_button(ActionButton(services.actions["go.register"], services.icons, icon="register"))
        self._stack.addWidget(empty)
        down.addWidget(self._stack, 1)
        foot = QWidget()
        set_appearance(foot, surface="plain")
        across = row(foot, margin=2)
        self._foot = label(muted=True, type_="small")
        across.addWidget(self._foot, 1)
        down.addWidget(foot)
        for name, slot in (
            ("dashboard.print", self.print_late),
            ("dashboard.breaches", self.print_breaches),
            ("calendar.set", self.set_calendar),
        ):
            services.actions[name].triggered.connect(lambda _checked=False, slot=slot: slot())
        services.workspace.session_changed.connect(self._on_session_changed)
        self._on_session_changed()

    @property
    def lines(self) -> tuple[LateItem, ...]:
        """The late items listed."""
        return self._model.lines

    def tiles(self) -> dict[str, str]:
        """The tiles: cause ("" = all) and text."""
        return {each.property("cause"): each.text() for each in self._group.buttons()}

    def choose_cause(self, cause: str) -> None:
        """Open a tile, "" for all."""
        for each in self._group.buttons():
            if each.property("cause") == cause:
                each.click()

    def refresh(self) -> None:
        """Count anew, as of now."""
        workspace = self._services.workspace
        if not workspace.is_open:
            self._figures = None
            self._show_tiles()
            return
        vault, process = workspace.vault, self._processes.currentData() or ""
        workspace.tasks.run(lambda: _read(vault, process), context=self, then=self._on_read)

    def focus_content(self) -> None:
        """Put the cursor into the list."""
        self.grid.setFocus()

    def print_late(self) -> None:
        """Lay what is shown out as pages: filter, time and the chain's head are on them."""
        figures = self._figures
        if figures is None:
            return
        vault, process, cause = self._services.workspace.vault, self._processes.currentData() or "", self._cause or ""
        self._services.tasks.run(
            lambda: vault.documents.table_report(
                late_report(figures.found, day=figures.day, process=process, cause=cause)
            ),
            context=self,
            then=partial(self._on_printout, message("Late work by cause"), "late_work"),
        )

    def print_breaches(self) -> None:
        """Lay the breaches of step times out as pages."""
        if self._services.workspace.is_open:
            vault = self._services.workspace.vault
            self._services.tasks.run(
                lambda: _print_breaches(vault),
                context=self,
                then=partial(self._on_printout, message("Breaches of step times"), "breaches"),
            )

    def set_calendar(self) -> None:
        """Ask for the working time of the site, signed."""
        if self._services.workspace.is_open:
            vault = self._services.workspace.vault
            self._services.tasks.run(lambda: read_calendar(vault), context=self, then=self._on_calendar)

    def _build_bar(self) -> QWidget:
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(message("Late work"), type_="title"))
        self._processes: QComboBox = choice(())
        self._processes.setAccessibleName(message("Process"))
        self._processes.currentIndexChanged.connect(lambda _index: self.refresh())
        across.addWidget(self._processes)
        across.addStretch(1)
        actions, icons = self._services.actions, self._services.icons
        for name, text, icon in (
            ("calendar.set", message("Calendar…"), "calendar"),
            ("dashboard.breaches", message("Breaches…"), "overdue"),
            ("dashboard.print", message("Print…"), "print"),
        ):
            across.addWidget(ActionButton(actions[name], icons, text=text, icon=icon))
        return top

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=message("Item"), text=lambda each: f"{each.number}  {each.title}", width=270),
            Column(header=message("Late by"), text=lambda each: self._time(each.late_by), width=90, right=True),
            Column(header=message("Step"), text=lambda each: each.step, width=130),
            Column(header=message("Owner"), text=lambda each: each.owner or message("Nobody"), width=130),
            Column(header=message("Waiting for"), text=lambda each: each.who, width=150, tip=lambda each: each.who),
            Column(header=message("For"), text=lambda each: self._time(each.age), width=80, right=True),
            Column(
                header=message("Why"), text=lambda each: each.what, width=300, stretch=True, tip=lambda each: each.what
            ),
            Column(header=message("Due"), text=lambda each: date_text(each.due), width=112),
        )

    def _time(self, minutes: int) -> str:
        return working(minutes, self._figures.day if self._figures else 480)

    def _words(self) -> dict[Cause, str]:
        return {
            "on_hold": message("On hold"),
            "blocked": message("Blocked"),
            "handoff": message("Not accepted"),
            "no_owner": message("No owner"),
            "approval": message("Waiting for a signature"),
            "evidence": message("Evidence missing"),
            "work": message("Work not finished"),
        }

    def _on_session_changed(self) -> None:
        session = self._services.workspace.session
        known = [self._processes.itemData(n) for n in range(1, self._processes.count())]
        wanted = [each.id for each in session.processes] if session else []
        if known != wanted or not self._processes.count():
            self._processes.blockSignals(True)
            self._processes.clear()
            self._processes.addItem(message("All processes"), "")
            for each in session.processes if session else ():
                self._processes.addItem(each.title, each.id)
            self._processes.blockSignals(False)
        if session is None or self.isVisible():
            self.refresh()

    def _on_read(self, figures: _Figures) -> None:
        self._figures = figures
        self._show_tiles()

    def _show_tiles(self) -> None:
        for old in self._group.buttons():
            self._group.removeButton(old)
        clear(self._tile_row)
        figures = self._figures
        counts = dict(figures.found.counts()) if figures else {}
        if self._cause not in counts:
            self._cause = None
        if figures is not None:
            self._add_tile("", message("Late"), len(figures.found.items))
            words = self._words()
            for cause in CAUSES:
                if cause in counts:
                    self._add_tile(cause, words[cause], counts[cause])
        self._tile_row.addStretch(1)
        self._show_items()

    def _add_tile(self, cause: str, text: str, count: int) -> None:
        tile = QPushButton(message("{count}  {text}", text=text, count=count_text(count)))
        set_appearance(tile, chip=True)
        tile.setCheckable(True)
        tile.setAutoDefault(False)
        tile.setProperty("cause", cause)
        tile.setChecked((self._cause or "") == cause)
        tile.clicked.connect(partial(self._on_tile, cause))
        self._group.addButton(tile)
        self._tile_row.addWidget(tile)

    def _on_tile(self, cause: str, _checked: object = None) -> None:
        self._cause = next((each for each in CAUSES if each == cause), None)
        self._show_items()

    def _show_items(self) -> None:
        figures = self._figures
        items = () if figures is None else figures.found.of(self._cause) if self._cause else figures.found.items
        self._model.show_lines(items)
        self._stack.setCurrentIndex(0 if items else 1)
        if figures is None:
            self._foot.setText("")
            return
        self._foot.setText(
            message(
                "Late: {late} of {total} open and held items, as of {moment}. Times are working time of this site.",
                total=count_text(figures.total),
                late=count_text(len(figures.found.items)),
                moment=moment_text(figures.found.at),
            )
        )
        if items:
            self.grid.choose_row(0)

    def _on_opened(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        if isinstance(line, LateItem):
            self._services.workspace.open_item(line.item)

    def _on_printout(self, title: str, kind: str, data: bytes) -> None:
        self.printout = DocumentDialog(
            self._services, self.window(), data=data, title=title, kind="report", name=f"{kind}.pdf"
        )
        self.printout.open()

    def _on_calendar(self, found: CalendarFacts) -> None:
        self.calendar = CalendarDialog(self._services, self.window(), found)
        self.calendar.open()


def _read(vault: Session, process: str) -> _Figures:
    register = vault.register
    found = lateness(register, by=vault.actor(), process=process)
    alive = sum(register.count(ItemFilter(process=process, state=state)) for state in ("open", "on_hold"))
    day = WorkingCalendar.of(calendar_on_record(register)).minutes_per_day
    return _Figures(found=found, day=day, total=alive)


def _print_breaches(vault: Session) -> bytes:
    vault.clocks.raise_alerts()
    at = vault.actor().at
    day = WorkingCalendar.of(calendar_on_record(vault.register)).minutes_per_day
    return vault.documents.table_report(breach_report(breaches(vault.register, at=at), day=day, at=iso(at)))
