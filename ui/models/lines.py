"""A short list of frozen lines as a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.models.columns import Column, accessible_cell, cell
from ui.widgets.pill import MARK_ROLE

Index = QModelIndex | QPersistentModelIndex


class LinesModel(QAbstractTableModel):
    """For lists of at most a few thousand lines, all in memory."""

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self._lines: tuple[Any, ...] = ()

    def show_lines(self, lines: tuple[Any, ...]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    @property
    def lines(self) -> tuple[Any, ...]:
        """All lines, as shown."""
        return self._lines

    def line(self, row: int) -> Any | None:
        """The line of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """All lines."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Columns of the table."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A look-up."""
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        column = self.columns[index.column()]
        if role == MARK_ROLE:
            return column.mark(line) if column.mark else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(line) if column.tip else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return accessible_cell(column, line)
        return cell(column, line, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Column titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].header
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
