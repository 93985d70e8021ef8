"""The grid of the window: whole rows, 28 px, Tab leaves it, Enter opens."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.icons import Icons
from ui.theme import Theme
from ui.widgets.pill import PillDelegate

ROW_HEIGHT = 28
LEAST_STRETCH = 240
"""What the column that takes the room left keeps before columns that can be spared are hidden."""


class Grid(QTableView):
    """A table view with the window's manners. `opened` carries the index of the row to open."""

    opened = Signal(QModelIndex)
    chosen = Signal(QModelIndex)
    rows_shown = Signal(int, int)

    def __init__(self, theme: Theme, icons: Icons, *, name: str) -> None:
        super().__init__()
        self._widths: tuple[int, ...] = ()
        self._spare: tuple[int, ...] = ()
        self._stretch = -1
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._pills = PillDelegate(theme, icons, self)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(ROW_HEIGHT, self.fontMetrics().height() + 10))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setResizeContentsPrecision(50)
        header.setMinimumSectionSize(48)
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().valueChanged.connect(self._announce_rows)
        self.doubleClicked.connect(self.opened)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Take a model; choices are announced by `chosen`."""
        super().setModel(model)
        if model is not None:
            self._paint_pills(model)
            self.selectionModel().currentRowChanged.connect(self._on_row_changed)
            model.modelReset.connect(self._announce_rows)

    def _paint_pills(self, model: QAbstractItemModel) -> None:
        """Only columns with marks are painted by us: every call into Python costs a part of a frame."""
        columns = getattr(model, "columns", None)
        if columns is None:
            self.setItemDelegate(self._pills)
            return
        for number, column in enumerate(columns):
            if column.mark is not None:
                self.setItemDelegateForColumn(number, self._pills)

    def size_columns(self, widths: tuple[int, ...], *, stretch: int = -1, spare: tuple[int, ...] = ()) -> None:
        """Set the first widths; one column takes the room that is left.

        `spare` columns are hidden, the first named first, while a narrow view leaves that column too little.
        """
        header = self.horizontalHeader()
        self._widths, self._stretch, self._spare = widths, stretch, spare
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        if stretch >= 0:
            header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        self._fit_columns()

    def choose_row(self, row: int) -> None:
        """Put the cursor on a row without opening it."""
        if row >= 0 and self.model() is not None:
            index = self.model().index(row, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row under the cursor. Letters are commands of the screen, never a search in the rows."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            return
        if event.text().strip() and event.text().isprintable():
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More rows may have come into view."""
        super().resizeEvent(event)
        self._fit_columns()
        self._announce_rows()

    def _fit_columns(self) -> None:
        taken = sum(width for column, width in enumerate(self._widths) if column != self._stretch)
        lacking = taken + LEAST_STRETCH - self.viewport().width()
        for column in self._spare:
            self.setColumnHidden(column, lacking > 0)
            lacking -= self._widths[column]

    def _on_row_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current)

    def _announce_rows(self) -> None:
        first = self.rowAt(0)
        if first >= 0:
            below = self.rowAt(self.viewport().height())
            last = below if below >= 0 else first + self.viewport().height() // ROW_HEIGHT + 1
            self.rows_shown.emit(first, last)
