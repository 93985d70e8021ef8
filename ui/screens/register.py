"""The register: items of a process as a dense grid; steps with counts, search and order are asked of the store."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from domain.messages import message, plural_message
from domain.process.definition import ProcessVersion
from domain.records.item import CLOSED_BEFORE
from domain.state import ItemFilter, ItemLine
from ui.models.register_model import RegisterModel
from ui.screens.register_export import RegisterExport
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.forms import choice
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, clear, column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text

SEARCH_PAUSE_MS = 150
"""Typing is collected for this long before the store is asked."""


class RegisterScreen(QWidget):
    """Enter opens an item, Ctrl+F searches, a header click sorts."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._process = ""
        self._busiest = ""
        self._total = 0
        self.model = RegisterModel(services.workspace, self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self._stack = QStackedWidget()
        down.addWidget(self._stack, 1)
        self._build_grid()
        self._build_empty_states()
        down.addWidget(self._build_foot())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._on_search)
        self._search.textChanged.connect(lambda _text: self._pause.start())
        self.model.loaded.connect(self._on_loaded)
        services.workspace.session_changed.connect(self._on_session_changed)
        services.workspace.recorded.connect(lambda _entry: self.refresh())
        self.export = RegisterExport(services, self.model, self)
        services.actions["register.export"].triggered.connect(lambda _checked=False: self._on_export())
        self._on_session_changed()

    def refresh(self) -> None:
        """Ask the store again for counts and rows; the chosen item stays chosen."""
        if self._services.workspace.is_open and self._process:
            self._read_counts()
            self.model.reload()

    def steps(self) -> dict[str, str]:
        """The buttons shown above the grid, of the steps and beside them: title -> text with count."""
        shown = (chip for chip in self._chip_group.buttons() if not chip.isHidden())
        return {chip.property("words"): chip.text() for chip in shown}

    def choose_closed_before(self) -> None:
        """Show the items that were closed before they came into the vault."""
        for chip in self._chip_group.buttons():
            if chip.property("state"):
                chip.click()

    def choose_step(self, step: str) -> None:
        """Show the items of one step, "" for all."""
        for chip in self._chip_group.buttons():
            if chip.property("step") == step and not chip.property("state"):
                chip.click()

    def shown_sentence(self) -> str:
        """The title of the empty state shown, "" while items are shown."""
        page = self._stack.currentWidget()
        return page.title if isinstance(page, EmptyState) else ""

    def focus_filter(self) -> None:
        """Put the cursor into the search box."""
        self._search.setFocus()
        self._search.selectAll()

    def focus_content(self) -> None:
        """Put the cursor into the grid."""
        self.grid.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in the search box clears it and goes back to the grid; Down goes into the grid."""
        if event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
            self.grid.setFocus()
            return
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return} and self._search.hasFocus():
            self.grid.setFocus()
            self.grid.choose_row(max(self.grid.currentIndex().row(), 0))
            return
        super().keyPressEvent(event)

    def _build_bar(self) -> QWidget:
        top = bar()
        down = column(top, margin=3, gap=2)
        first = row(gap=3)
        self._title = label(type_="title")
        self._processes: QComboBox = choice(())
        self._processes.setAccessibleName(message("Process"))
        self._processes.currentIndexChanged.connect(self._on_process_chosen)
        self._search = QLineEdit()
        self._search.setPlaceholderText(message("Search number, title, description, owner"))
        self._search.setAccessibleName(message("Search the register"))
        self._search.setClearButtonEnabled(True)
        for inner in self._search.findChildren(QToolButton):
            inner.setAccessibleName(message("Clear the search"))
            inner.setToolTip(message("Clear the search"))
        self._search.setFixedWidth(320)
        actions, icons = self._services.actions, self._services.icons
        first.addWidget(self._title)
        first.addWidget(self._processes)
        first.addStretch(1)
        first.addWidget(self._search)
        first.addWidget(ActionButton(actions["go.import"], icons, text=message("Import…"), icon="import"))
        first.addWidget(ActionButton(actions["register.export"], icons, text=message("Export…"), icon="save"))
        first.addWidget(ActionButton(actions["item.new"], icons, text=message("New item"), icon="new", primary=True))
        self._chips: QHBoxLayout = row(gap=1)
        self._chip_group = QButtonGroup(self)
        self._chip_group.setExclusive(True)
        self._chip_group.buttonClicked.connect(self._on_step_chosen)
        down.addLayout(first)
        down.addLayout(self._chips)
        return top

    def _build_grid(self) -> None:
        services = self._services
        self.grid = Grid(services.theme, services.icons, name=message("Items"))
        self.grid.setModel(self.model)
        columns = self.model.columns
        self.grid.size_columns(
            tuple(each.width for each in columns),
            stretch=next(n for n, c in enumerate(columns) if c.stretch),
            spare=(len(columns) - 1, len(columns) - 2),  # the tracker's status, then the day it was raised
        )
        self.grid.setSortingEnabled(True)
        self.grid.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.grid.horizontalHeader().setSortIndicatorClearable(False)
        self.grid.rows_shown.connect(self.model.want_rows)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.opened.connect(self._on_opened)
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for name in ("item.open", "item.move", "item.approve", "item.add_evidence", "item.assign", "item.hold"):
            self.grid.addAction(services.actions[name])
        self._stack.addWidget(self.grid)

    def _build_empty_states(self) -> None:
        services = self._services
        self._nothing = EmptyState(
            services.icons,
            icon="register",
            title=message("Nothing in this register yet"),
            text=message("Bring in the spreadsheet you work with today, or begin with a single item."),
        )
        self._nothing.add_button(ActionButton(services.actions["go.import"], services.icons, icon="import"))
        self._nothing.add_button(ActionButton(services.actions["item.new"], services.icons, icon="new"))
        self._no_match = EmptyState(services.icons, icon="search", title=message("No item matches"), text="")
        self._no_match.add_button(button(message("Clear the filter"), self._on_clear))
        self._no_process = EmptyState(
            services.icons,
            icon="info",
            title=message("No process is in force"),
            text=message("Items run through a process version. An administrator publishes one first."),
        )
        for page in (self._nothing, self._no_match, self._no_process):
            self._stack.addWidget(page)

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        set_appearance(foot, surface="plain")
        across = row(foot, gap=2)
        across.setContentsMargins(12, 4, 12, 4)
        self._shown = label(muted=True, type_="small")
        self._hint = label(message("Enter opens, Ctrl+F searches, Ctrl+K lists commands"), muted=True, type_="small")
        across.addWidget(self._shown)
        across.addStretch(1)
        across.addWidget(self._hint)
        return foot

    def _on_session_changed(self) -> None:
        session = self._services.workspace.session
        if session is None:
            self._process = ""
            self._processes.clear()
            self.model.reload()
            return
        known = [self._processes.itemData(n) for n in range(self._processes.count())]
        if known != [each.id for each in session.processes]:
            self._processes.blockSignals(True)
            self._processes.clear()
            for each in session.processes:
                self._processes.addItem(each.title, each.id)
            self._processes.setCurrentIndex(max(self._processes.findData(self._process or session.busiest), 0))
            self._processes.blockSignals(False)
            self._on_process_chosen(self._processes.currentIndex())
        elif session.busiest != self._busiest and not self.model.rowCount():
            # work has come into another process while this one shows nothing
            self._processes.setCurrentIndex(self._processes.findData(session.busiest))
        self._busiest = session.busiest
        self._processes.setVisible(len(session.processes) > 1)
        if not session.processes:
            self._stack.setCurrentWidget(self._no_process)

    def _on_process_chosen(self, _index: int) -> None:
        process = self._in_force()
        if process is None:
            return
        self._process = process.id
        self._title.setText(process.title)
        self._search.clear()
        self._show_chips(process)
        self._read_counts()
        self.model.show_filter(process=process.id, step="", state="", search="")

    def _in_force(self) -> ProcessVersion | None:
        session = self._services.workspace.session
        return session.process(self._processes.currentData() or "") if session else None

    def _show_chips(self, process: ProcessVersion) -> None:
        for old in self._chip_group.buttons():
            self._chip_group.removeButton(old)
        clear(self._chips)
        steps = [(each.id, "", each.title) for each in process.steps]
        for step, state, title in (("", "", message("All")), *steps, ("", CLOSED_BEFORE, message("Closed before"))):
            chip = QPushButton(title)
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setProperty("step", step)
            chip.setProperty("state", state)
            chip.setProperty("words", title)
            set_appearance(chip, chip=True)
            chip.setChecked(not step and not state)
            self._chip_group.addButton(chip)
            self._chips.addWidget(chip)
            if state:
                chip.hide()  # until there are such items
        self._chips.addStretch(1)

    def _read_counts(self) -> None:
        vault, process = self._services.workspace.vault, self._process

        def counted() -> tuple[dict[str, int], int]:
            before = vault.register.count(ItemFilter(process=process, state=CLOSED_BEFORE))
            return vault.register.counts_by_step(process), before

        self._services.tasks.run(counted, context=self, then=self._on_counts_known)

    def _on_counts_known(self, counted: tuple[dict[str, int], int]) -> None:
        counts, before = counted
        self._total = sum(counts.values()) + before
        for chip in self._chip_group.buttons():
            step, state = chip.property("step"), chip.property("state")
            number = before if state else counts.get(step, 0) if step else self._total
            chip.setText(f"{chip.property('words')}  {count_text(number)}")
            if state:
                chip.setVisible(before > 0 or chip.isChecked())
        self._on_loaded()

    def _on_step_chosen(self, chip: QPushButton) -> None:
        self.model.show_filter(step=chip.property("step"), state=chip.property("state"))

    def _on_search(self) -> None:
        text = self._search.text().strip()
        if text != self.model.wanted().search:
            self.model.show_filter(search=text)

    def _on_export(self) -> None:
        self._services.workspace.go("register")
        self.export.begin()

    def _on_clear(self) -> None:
        self._search.clear()
        for chip in self._chip_group.buttons():
            chip.setChecked(not chip.property("step") and not chip.property("state"))
        self.model.show_filter(step="", state="", search="")
        self.grid.setFocus()

    def _on_loaded(self) -> None:
        if not self._process:
            return
        shown, total = self.model.rowCount(), self._total
        counted = plural_message(
            "{shown} of {count} item",
            "{shown} of {count} items",
            total,
            count=count_text(total),
            shown=count_text(shown),
        )
        self._shown.setText(counted)
        if shown:
            self._stack.setCurrentWidget(self.grid)
            focus = self._services.workspace.focus
            if not self.grid.currentIndex().isValid() and focus is not None:
                self.grid.choose_row(self.model.row_of(focus.facts.file.item.id))
            elif not self.grid.currentIndex().isValid() and self.isVisible():
                self.grid.choose_row(0)
        elif any((self.model.wanted().step, self.model.wanted().state, self.model.wanted().search)):
            none = plural_message(
                "The search and step chosen match none of {count} item.",
                "The search and step chosen match none of {count} items.",
                total,
                count=count_text(total),
            )
            self._no_match.announce(message("No item matches"), none)
            self._stack.setCurrentWidget(self._no_match)
        else:
            self._stack.setCurrentWidget(self._nothing)

    def _line(self, index: QModelIndex) -> ItemLine | None:
        line = self.model.line(index.row())
        return line if isinstance(line, ItemLine) else None

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self._line(index)
        if line is not None:
            self._services.workspace.select(line.id)

    def _on_opened(self, index: QModelIndex) -> None:
        line = self._line(index)
        if line is not None:
            self._services.workspace.open_item(line.id)
