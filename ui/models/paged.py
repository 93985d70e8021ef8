"""A table of any length in windows of 200 lines, read by the worker as they come into view.

Sorting, filtering and counting happen in the store. Until a window arrives its rows show a quiet mark.
"""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from domain.session import Session
from ui.models.columns import LINE_ROLE, Column, accessible_cell, cell
from ui.widgets.pill import MARK_ROLE
from ui.workspace import Workspace

WINDOW: Final = 200
KEPT_WINDOWS: Final = 40
NOT_YET: Final = "…"

Index = QModelIndex | QPersistentModelIndex
_ANSWERED: Final = frozenset(
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        LINE_ROLE,
        MARK_ROLE,
    )
)
"""A view asks each cell for eight things whenever it paints; to the others there is no answer, shown at once."""


class PagedModel(QAbstractTableModel):
    """Subclasses say how to count and how to read a window; both run on the worker.

    `loaded` is emitted when a count or a window has arrived.
    """

    loaded = Signal()

    def __init__(self, workspace: Workspace, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.columns = columns
        self._count = 0
        self._windows: dict[int, tuple[Any, ...]] = {}
        self._asked: set[int] = set()
        self._generation = 0
        self.is_loading = False

    def read_count(self, vault: Session, wanted: Any) -> int:
        """How many lines there are."""
        raise TypeError(f"{type(self).__name__} counts nothing: {vault} {wanted}")

    def read_window(self, vault: Session, wanted: Any, *, offset: int, limit: int, count: int) -> tuple[Any, ...]:
        """The lines of one window."""
        raise TypeError(f"{type(self).__name__} reads nothing: {vault} {wanted} {offset} {limit} {count}")

    def wanted(self) -> Any:
        """What is asked of the store, as a frozen value."""
        return None

    def reload(self) -> None:
        """Count again and read the first window, in one go on the worker."""
        if not self._workspace.is_open:
            self._put(0, {})
            return
        self._generation += 1
        generation, vault, wanted = self._generation, self._workspace.vault, self.wanted()
        self.is_loading = True

        def work() -> tuple[int, tuple[Any, ...]] | None:
            if generation != self._generation:
                return None
            count = self.read_count(vault, wanted)
            return count, self.read_window(vault, wanted, offset=0, limit=WINDOW, count=count)

        def arrived(answer: tuple[int, tuple[Any, ...]] | None) -> None:
            if answer is not None and generation == self._generation:
                self.is_loading = False
                self._put(answer[0], {0: answer[1]})

        self._workspace.tasks.run(work, context=self, then=arrived)

    def want_rows(self, first: int, last: int) -> None:
        """Have the windows of these rows read; called by the view when it scrolls."""
        if not self._workspace.is_open:
            return
        for window in range(max(first, 0) // WINDOW, max(last, 0) // WINDOW + 1):
            if window not in self._windows and window not in self._asked and window * WINDOW < self._count:
                self._ask(window)

    def line(self, row: int) -> Any | None:
        """The line of a row, None until it is loaded."""
        lines = self._windows.get(row // WINDOW)
        place = row % WINDOW
        return lines[place] if lines is not None and place < len(lines) else None

    def row_of(self, key: object, *, attribute: str = "id") -> int:
        """The row of a loaded line by its key, -1 when it is not loaded."""
        for window, lines in sorted(self._windows.items()):
            for place, line in enumerate(lines):
                if getattr(line, attribute) == key:
                    return window * WINDOW + place
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """All lines there are, loaded or not."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Columns of the table."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A look-up in the windows already here."""
        if role not in _ANSWERED or not index.isValid():
            return None
        line = self.line(index.row())
        column = self.columns[index.column()]
        if line is None:
            return NOT_YET if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        if role == MARK_ROLE:
            return column.mark(line) if column.mark else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(line) if column.tip else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return accessible_cell(column, line)
        return cell(column, line, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Column titles; rows have no titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].header
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _ask(self, window: int) -> None:
        self._asked.add(window)
        generation, vault, wanted, count = self._generation, self._workspace.vault, self.wanted(), self._count

        def work() -> tuple[Any, ...] | None:
            if generation != self._generation:
                return None
            return self.read_window(vault, wanted, offset=window * WINDOW, limit=WINDOW, count=count)

        def arrived(lines: tuple[Any, ...] | None) -> None:
            if lines is None or generation != self._generation:
                return
            self._asked.discard(window)
            self._windows[window] = lines
            while len(self._windows) > KEPT_WINDOWS:
                del self._windows[next(key for key in self._windows if key != window)]
            last = min((window + 1) * WINDOW, self._count) - 1
            self.dataChanged.emit(self.index(window * WINDOW, 0), self.index(last, len(self.columns) - 1))
            self.loaded.emit()

        self._workspace.tasks.run(work, context=self, then=arrived)

    def _put(self, count: int, windows: dict[int, tuple[Any, ...]]) -> None:
        self.beginResetModel()
        self._count = count
        self._windows = windows
        self._asked.clear()
        self.endResetModel()
        self.loaded.emit()


__all__ = ["LINE_ROLE", "NOT_YET", "WINDOW", "PagedModel"]
