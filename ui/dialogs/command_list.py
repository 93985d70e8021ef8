"""Every command by name: type a few letters, Enter runs it. Disabled ones stay visible and say why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from domain.messages import message
from ui.actions import ActionSet, plain_text, why_not
from ui.widgets.layout import column
from ui.widgets.text import label

_ACTION = Qt.ItemDataRole.UserRole


class CommandList(QDialog):
    """The same table as menus and tool bar, searchable; with `run=False` it is the list of keys."""

    def __init__(self, actions: ActionSet, parent: QWidget, *, run: bool = True) -> None:
        super().__init__(parent)
        self._actions, self._run = actions, run
        self.setWindowTitle(message("Commands") if run else message("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 480)
        down = column(self, margin=4, gap=2)
        self.search = QLineEdit()
        self.search.setPlaceholderText(message("Type a few letters of a command"))
        self.search.setAccessibleName(message("Search commands"))
        self.list = QTableWidget(0, 2)
        self.list.setAccessibleName(message("Commands"))
        self.list.setHorizontalHeaderLabels([message("Command"), message("Keys")])
        self.list.verticalHeader().hide()
        self.list.verticalHeader().setDefaultSectionSize(28)
        self.list.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setColumnWidth(1, 176)
        self.list.setShowGrid(False)
        self.list.setTabKeyNavigation(False)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._why = label(muted=True, wrap=True)
        down.addWidget(self.search)
        down.addWidget(self.list, 1)
        down.addWidget(self._why)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list.itemDoubleClicked.connect(lambda _item: self._on_chosen())
        self.list.currentCellChanged.connect(lambda *_places: self._explain())
        self._fill("")
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down walk the list while typing goes on."""
        typed = watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if typed and isinstance(event, QKeyEvent) and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentCell(min(max(self.list.currentRow() + step, 0), self.list.rowCount() - 1), 0)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter runs the chosen command; Esc closes."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_chosen()
            return
        super().keyPressEvent(event)

    def explained_why(self) -> str:
        """Why the command under the cursor cannot be used, "" when it can."""
        return self._why.text()

    def _fill(self, text: str) -> None:
        letters = text.casefold().split()
        self.list.setRowCount(0)
        for _spec, action in self._actions.all():
            name = plain_text(action)
            if all(part in name.casefold() for part in letters):
                place = self.list.rowCount()
                self.list.insertRow(place)
                shown = QTableWidgetItem(action.icon(), name)
                shown.setData(_ACTION, action)
                keys = ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
                key_cell = QTableWidgetItem(keys)
                for item in (shown, key_cell):
                    item.setToolTip(action.toolTip())
                    if not action.isEnabled() and self._run:
                        item.setForeground(self.palette().placeholderText())
                self.list.setItem(place, 0, shown)
                self.list.setItem(place, 1, key_cell)
        if self.list.rowCount():
            self.list.setCurrentCell(0, 0)
        self._explain()

    def _chosen(self) -> QAction | None:
        item = self.list.item(self.list.currentRow(), 0)
        found = item.data(_ACTION) if item is not None else None
        return found if isinstance(found, QAction) else None

    def _explain(self) -> None:
        action = self._chosen()
        self._why.setText(why_not(action) if action is not None and not action.isEnabled() else "")

    def _on_chosen(self) -> None:
        action = self._chosen()
        if action is not None and action.isEnabled() and self._run:
            self.accept()
            action.trigger()
