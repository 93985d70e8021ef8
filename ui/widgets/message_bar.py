"""A bar above the content: what happened, what to do. Never a pop-up, never colour alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget

from domain.errors import CountersignError
from domain.messages import message
from ui.icons import Icons
from ui.theme import set_appearance
from ui.tokens import Tone
from ui.widgets.buttons import button
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.words import Sentence, error_sentence

_ICON_OF: dict[Tone, str] = {
    "open": "info",
    "waiting": "waiting",
    "overdue": "overdue",
    "refused": "refused",
    "proven": "proven",
    "damaged": "damaged",
    "held": "hold",
    "done": "info",
}


class MessageBar(QFrame):
    """Hidden until there is something to say; stays until read."""

    dismissed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._picture = QLabel()
        self._title = label(type_="strong", wrap=True, select=True)
        self._text = label(wrap=True, select=True)
        self._close = QToolButton()
        self._close.setAccessibleName(message("Dismiss this message"))
        self._close.setToolTip(message("Dismiss this message"))
        self._close.clicked.connect(self.clear)
        icons.place(self._close, "close", "muted")
        across = row(self, margin=2, gap=2)
        across.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=0)
        words.addWidget(self._title)
        words.addWidget(self._text)
        self._transitions = column(gap=1)
        words.addLayout(self._transitions)
        across.addLayout(words, 1)
        across.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def announced(self) -> str:
        """All that is shown, as one text."""
        return "\n".join(part for part in (self._title.text(), self._text.text()) if part)

    def show_error(self, problem: CountersignError) -> None:
        """Say what went wrong, where, and what to do."""
        self.show_sentence(error_sentence(problem))

    def show_sentence(self, sentence: Sentence) -> None:
        """Say a prepared sentence."""
        text = "\n".join(part for part in (sentence.text, *(f"• {each}" for each in sentence.details)) if part)
        self.announce(sentence.title, text, tone=sentence.tone)

    def announce(self, title: str, text: str = "", *, tone: Tone = "done") -> None:
        """Show a title and text, and have a screen reader speak it."""
        self._forget_choices()
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._picture.setPixmap(self._icons.pixmap(_ICON_OF[tone], tone, 20, self.devicePixelRatioF()))
        set_appearance(self, tone=tone)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.announced))

    def offer(self, text: str, on_click: Callable[[], object]) -> QPushButton:
        """Put a way to go on below what is stated; it goes when something else is stated."""
        choice = button(text, on_click)
        self._transitions.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
        return choice

    @property
    def choices(self) -> tuple[QPushButton, ...]:
        """The ways on offer."""
        items = (self._transitions.itemAt(n) for n in range(self._transitions.count()))
        found = (item.widget() for item in items if item is not None)
        return tuple(choice for choice in found if isinstance(choice, QPushButton))

    def _forget_choices(self) -> None:
        while self._transitions.count():
            item = self._transitions.takeAt(0)
            choice = item.widget() if item is not None else None
            if choice is not None:
                choice.hide()
                choice.deleteLater()

    def clear(self) -> None:
        """Hide the bar."""
        self._forget_choices()
        if self.isVisible() or self._title.text():
            self._title.clear()
            self._text.clear()
            self.hide()
            self.dismissed.emit()
