"""Layouts on the four-pixel grid."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLayoutItem, QScrollArea, QVBoxLayout, QWidget

from ui.theme import set_appearance

GRID = 4


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
