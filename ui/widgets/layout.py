"""Layouts on the four-pixel grid."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import set_appearance

GRID = 4
FRAME = 40
"""Pixels that the system's frame takes of a screen's height, at most."""


def column(parent: QWidget | None = None, *, margin: int = 0, gap: int = 2) -> QVBoxLayout:
    """A vertical layout; margin and gap in grid units."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    layout.setContentsMargins(margin * GRID, margin * GRID, margin * GRID, margin * GRID)
    layout.setSpacing(gap * GRID)
    return layout


def row(parent: QWidget | None = None, *, margin: int = 0, gap: int = 2) -> QHBoxLayout:
    """A horizontal layout; margin and gap in grid units."""
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    layout.setContentsMargins(margin * GRID, margin * GRID, margin * GRID, margin * GRID)
    layout.setSpacing(gap * GRID)
    return layout


def card() -> QFrame:
    """A surface with a hair line around it. Cards are never put into cards."""
    frame = QFrame()
    set_appearance(frame, surface="card")
    return frame


def bar() -> QFrame:
    """The strip at the top of a screen."""
    frame = QFrame()
    set_appearance(frame, surface="bar")
    return frame


def scrolled(inner: QWidget) -> QScrollArea:
    """A page that scrolls when the window is small. The area itself takes no focus."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area


def fitting(size: QSize, widget: QWidget) -> QSize:
    """A size for a window, cut to what the screen of `widget` has beside panels and the frame of a window."""
    return size.boundedTo(widget.screen().availableGeometry().size() - QSize(0, FRAME))


class Fields(QWidget):
    """What a `TallForm` scrolls: as high as its texts are at the width they have, never as at the smallest."""

    def minimumSizeHint(self) -> QSize:
        """No height of its own."""
        return QSize(super().minimumSizeHint().width(), 0)


class TallForm(QScrollArea):
    """Fields that ask for all their height, and scroll where it is not to be had."""

    def __init__(self, inner: Fields) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self._inner = inner
        self.setWidget(inner)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Wrapped texts are taller when narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of everything inside at this width."""
        layout = self._inner.layout()
        return layout.totalHeightForWidth(width) if layout is not None and layout.hasHeightForWidth() else self._whole()

    def sizeHint(self) -> QSize:
        """The size of everything inside."""
        return QSize(self._inner.sizeHint().width(), self._whole())

    def minimumSizeHint(self) -> QSize:
        """As wide as what is inside; a few lines high."""
        return QSize(self._inner.minimumSizeHint().width(), min(self._whole(), 24 * GRID))

    def event(self, event: QEvent) -> bool:
        """What is inside has another height: whoever holds this asks again."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def _whole(self) -> int:
        return self._inner.sizeHint().height()


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while layout.count():
        item: QLayoutItem | None = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        inner = item.layout() if item is not None else None
        if inner is not None:
            clear(inner)
