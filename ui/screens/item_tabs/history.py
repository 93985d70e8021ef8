"""Every signed entry about the item, newest first, with what it changed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from domain.commands.act_words import act_word
from domain.messages import message
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import HistoryLine, ItemInFocus, read_history
from ui.screens.entry_view import EntryView
from ui.widgets.grid import Grid
from ui.widgets.layout import column
from ui.window_services import WindowServices
from ui.words import count_text, moment_text, reason_text


class HistoryTab(QWidget):
    """Read when the tab is looked at, not with every item."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._item = ""
        self._model = LinesModel(self._columns(), self)
        self.grid = Grid(services.theme, services.icons, name=message("Entries about this item"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=4)
        self._entry = EntryView(services)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        split.addWidget(self._entry)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        column(self).addWidget(split)
        self.grid.chosen.connect(self._on_chosen)

    def show_item(self, focus: ItemInFocus) -> None:
        """Read the entries about the item."""
        item, vault = focus.facts.file.item.id, self._services.workspace.vault
        self._item = item

        def arrived(lines: tuple[HistoryLine, ...]) -> None:
            if self._item == item:
                self._model.show_lines(lines)
                self.grid.choose_row(0 if lines else -1)

        self._services.tasks.run(lambda: read_history(vault, item), context=self, then=arrived)

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        if isinstance(line, HistoryLine):
            self._entry.show_entry(line)

    def _columns(self) -> tuple[Column, ...]:
        session = self._services.workspace

        def person(line: HistoryLine) -> str:
            by = line.entry.header.by
            return session.session.name_of(by) if session.session else by

        def reason(line: HistoryLine) -> str:
            return reason_text(line.entry.header.act, line.entry.header.reason)

        return (
            Column(header=message("No."), text=lambda i: count_text(i.entry.header.seq), right=True, width=64),
            Column(header=message("Time"), text=lambda i: moment_text(i.entry.header.at), width=144),
            Column(header=message("Person"), text=person, width=144),
            Column(header=message("What was done"), text=lambda i: act_word(i.entry.header.act), width=168),
            Column(header=message("Reason"), text=reason, width=160),
        )
