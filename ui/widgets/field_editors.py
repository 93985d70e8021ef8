"""Editors for the kinds of field a process can have. Each shows and gives the value as it is recorded."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from domain.messages import message
from domain.process.definition import Column
from ui.widgets.day_edit import DayEdit
from ui.widgets.forms import choice, text_area
from ui.widgets.layout import column, row

People = tuple[tuple[str, str], ...]


class FieldEditor(QWidget):
    """One value. `edited` is emitted when a person changed it, not when it is shown."""

    edited = Signal()

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner = inner
        across = row(self)
        across.addWidget(inner)
        self.setFocusProxy(inner)

    def value(self) -> Any:
        """The value as recorded: text, or a list of rows."""
        raise TypeError(f"{type(self).__name__} holds no value")

    def show_value(self, value: Any) -> None:
        """Show a recorded value; None is nothing."""
        raise TypeError(f"{type(self).__name__} shows no value: {value!r}")

    def set_locked(self, *, locked: bool) -> None:
        """Only read, or edit."""
        self._inner.setEnabled(not locked)

    def setAccessibleName(self, name: str) -> None:
        """The name belongs to what takes the focus."""
        super().setAccessibleName(name)
        self._inner.setAccessibleName(name)

    def setAccessibleDescription(self, text: str) -> None:
        """As for the name."""
        super().setAccessibleDescription(text)
        self._inner.setAccessibleDescription(text)


class LineEditor(FieldEditor):
    """One line of text, a number, or an amount with its currency."""

    def __init__(self, *, example: str = "") -> None:
        self._line = QLineEdit()
        super().__init__(self._line)
        self._line.setPlaceholderText(example)
        self._line.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> str:
        """The text without blanks around it."""
        return self._line.text().strip()

    def show_value(self, value: Any) -> None:
        """Show text from its beginning."""
        self._line.setText(value or "")
        self._line.setCursorPosition(0)

    def set_locked(self, *, locked: bool) -> None:
        """Locked text can still be read and copied."""
        self._line.setReadOnly(locked)


class AreaEditor(FieldEditor):
    """Text of several lines."""

    def __init__(self, *, rows: int = 3) -> None:
        self._area: QPlainTextEdit = text_area(rows=rows)
        super().__init__(self._area)
        self._showing = False
        self._area.textChanged.connect(self._on_text_changed)

    def value(self) -> str:
        """The text without blanks around it."""
        return self._area.toPlainText().strip()

    def show_value(self, value: Any) -> None:
        """Show text."""
        self._showing = True
        self._area.setPlainText(value or "")
        self._showing = False

    def set_locked(self, *, locked: bool) -> None:
        """Locked text can still be read and copied."""
        self._area.setReadOnly(locked)

    def _on_text_changed(self) -> None:
        if not self._showing:
            self.edited.emit()


class ChoiceEditor(FieldEditor):
    """One of some words, or of some people. A recorded value outside the list is kept and shown."""

    def __init__(self, entries: People) -> None:
        self._box: QComboBox = choice((("", ""), *entries))
        super().__init__(self._box)
        self._box.activated.connect(lambda _index: self.edited.emit())

    def value(self) -> str:
        """The key chosen, "" for none."""
        return str(self._box.currentData() or "")

    def show_value(self, value: Any) -> None:
        """Choose a key."""
        if value and self._box.findData(value) < 0:
            self._box.addItem(str(value), value)
        self._box.setCurrentIndex(max(self._box.findData(value or ""), 0))


class DayEditor(FieldEditor):
    """A day, or none."""

    def __init__(self) -> None:
        self._day = DayEdit()
        super().__init__(self._day)
        self._day.edited.connect(self.edited)

    def value(self) -> str:
        """The ISO day, "" for none; a text that names no day as it is, for the rules to refuse."""
        return self._day.day()

    def show_value(self, value: Any) -> None:
        """Show an ISO day."""
        self._day.show_day(value or "")


class TableEditor(FieldEditor):
    """Rows of text cells; choices are checked by the rules when saved."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self._table = QTableWidget(0, len(columns))
        super().__init__(QWidget())
        self._columns = columns
        self._showing = False
        self._table.setHorizontalHeaderLabels([each.title for each in columns])
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(28)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setTabKeyNavigation(False)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self._table.setMinimumHeight(116)
        self._table.itemChanged.connect(self._on_item_changed)
        self._more, self._less = QPushButton(message("Add a row")), QPushButton(message("Remove the row"))
        down = column(self._inner, gap=1)
        down.addWidget(self._table)
        across = row(gap=2)
        for each, slot in ((self._more, self._on_more), (self._less, self._on_less)):
            each.setAutoDefault(False)
            each.clicked.connect(slot)
            across.addWidget(each)
        across.addStretch(1)
        down.addLayout(across)
        self.setFocusProxy(self._table)

    def value(self) -> list[dict[str, str]]:
        """Rows that hold anything, each cell by its column id."""
        rows = []
        for place in range(self._table.rowCount()):
            cells = {
                each.id: item.text().strip()
                for n, each in enumerate(self._columns)
                if (item := self._table.item(place, n)) is not None and item.text().strip()
            }
            if cells:
                rows.append(cells)
        return rows

    def show_value(self, value: Any) -> None:
        """Show recorded rows."""
        self._showing = True
        self._table.setRowCount(0)
        for cells in value or ():
            self._put_row(cells)
        self._showing = False

    def set_locked(self, *, locked: bool) -> None:
        """Locked cells can still be read."""
        trigger = QAbstractItemView.EditTrigger
        self._table.setEditTriggers(trigger.NoEditTriggers if locked else trigger.AllEditTriggers)
        self._more.setEnabled(not locked)
        self._less.setEnabled(not locked)

    def setAccessibleName(self, name: str) -> None:
        """Table and buttons say which field they belong to."""
        super().setAccessibleName(name)
        self._table.setAccessibleName(name)
        self._more.setAccessibleName(message("Add a row to {name}", name=name))
        self._less.setAccessibleName(message("Remove the row from {name}", name=name))

    def _put_row(self, cells: dict[str, str]) -> None:
        place = self._table.rowCount()
        self._table.insertRow(place)
        for n, each in enumerate(self._columns):
            self._table.setItem(place, n, QTableWidgetItem(cells.get(each.id, "")))

    def _on_more(self) -> None:
        self._showing = True
        self._put_row({})
        self._showing = False
        self._table.setCurrentCell(self._table.rowCount() - 1, 0)
        self._table.setFocus()

    def _on_less(self) -> None:
        if self._table.currentRow() >= 0:
            self._table.removeRow(self._table.currentRow())
            self.edited.emit()

    def _on_item_changed(self) -> None:
        if not self._showing:
            self.edited.emit()
