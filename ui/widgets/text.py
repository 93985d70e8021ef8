"""Labels of the type scale, and rules between parts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from ui.theme import set_appearance


def label(text: str = "", *, type_: str = "", muted: bool = False, wrap: bool = False, select: bool = False) -> QLabel:
    """A plain-text label. `type_` is small, title, display, strong or mono; `select` lets text be copied."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if select:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if type_:
        set_appearance(made, type=type_)
    if muted:
        set_appearance(made, muted=True)
    return made


def rule() -> QFrame:
    """A hair line."""
    line = QFrame()
    line.setFixedHeight(1)
    set_appearance(line, rule=True)
    return line
