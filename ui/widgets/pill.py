"""Status pills: icon and word on a quiet wash, as a widget and inside grids."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.icons import Icons
from ui.theme import Theme
from ui.words import Mark

MARK_ROLE = Qt.ItemDataRole.UserRole + 10
"""Models give a `Mark` under this role for cells that are pills."""

_HEIGHT, _PAD, _ICON, _GAP = 20, 8, 14, 4


class Pill(QWidget):
    """One status, readable by eye and by screen reader."""

    def __init__(self, theme: Theme, icons: Icons, mark: Mark | None = None) -> None:
        super().__init__()
        self._theme, self._icons = theme, icons
        self._mark = mark
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        if mark is not None:
            self.show_mark(mark)

    @property
    def word(self) -> str:
        """The word shown."""
        return self._mark.word if self._mark else ""

    def show_mark(self, mark: Mark) -> None:
        """Show another status."""
        self._mark = mark
        self.setAccessibleName(mark.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon, word and padding."""
        return QSize(pill_width(self.fontMetrics(), self.word), max(_HEIGHT, self.fontMetrics().height() + 4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pill over the whole widget."""
        if self._mark is not None:
            painter = QPainter(self)
            paint_pill(painter, QRectF(self.rect()), self._mark, self._theme, self._icons)
            painter.end()


class PillDelegate(QStyledItemDelegate):
    """Paints cells that carry a `Mark`; other cells are painted as ever."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._icons = theme, icons

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The cell's background by style, then the pill on it."""
        mark = index.data(MARK_ROLE)
        if not isinstance(mark, Mark):
            super().paint(painter, option, index)
            return
        filled = QStyleOptionViewItem(option)
        self.initStyleOption(filled, index)
        filled.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, filled, painter, option.widget)
        metrics = QFontMetrics(option.font)
        height = max(_HEIGHT, metrics.height() + 2)
        width = min(pill_width(metrics, mark.word), option.rect.width() - 8)
        top = option.rect.top() + (option.rect.height() - height) / 2
        painter.setFont(option.font)
        paint_pill(painter, QRectF(option.rect.left() + 8, top, width, height), mark, self._theme, self._icons)


def pill_width(metrics: QFontMetrics, word: str) -> int:
    """How wide a pill with this word is."""
    return _PAD + _ICON + _GAP + metrics.horizontalAdvance(word) + _PAD + 2


def paint_pill(painter: QPainter, box: QRectF, mark: Mark, theme: Theme, icons: Icons) -> None:
    """Paint wash, icon and word; in high contrast an outline carries the shape."""
    pair = theme.tokens.tones[mark.tone]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = theme.tokens.name.startswith("contrast")
    painter.setPen(QPen(QColor(pair.ink)) if outline else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(pair.wash))
    shape = box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)
    ratio = painter.device().devicePixelRatio()
    picture = icons.pixmap(mark.icon, mark.tone, _ICON, ratio)
    painter.drawPixmap(int(box.left() + _PAD), int(box.center().y() - _ICON / 2), picture)
    painter.setPen(QColor(pair.ink))
    words = box.adjusted(_PAD + _ICON + _GAP, 0, -4, 0)
    text = painter.fontMetrics().elidedText(mark.word, Qt.TextElideMode.ElideRight, int(words.width()) + 1)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()
