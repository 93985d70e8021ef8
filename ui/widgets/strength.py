"""How strong a passphrase is, shown while it is typed: five steps, a word, and the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QWidget

from domain.messages import message
from domain.session import Strength
from ui.theme import set_appearance
from ui.tokens import Tone
from ui.widgets.forms import PassphraseEdit
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.window_services import WindowServices

STEPS: Final = 5
_PAUSE_MS: Final = 120
"""After the last key: judging takes some milliseconds and is done on the worker."""


class StrengthMeter(QWidget):
    """Watches one passphrase field. `names` gives the words a guesser would try first."""

    def __init__(self, services: WindowServices, field: PassphraseEdit, *, names: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._services, self._field, self._names = services, field, names
        self._asked = 0
        down = column(self, gap=1)
        across = row(gap=1)
        self._steps = [QFrame() for _ in range(STEPS)]
        for step in self._steps:
            step.setFixedHeight(6)
            across.addWidget(step, 1)
        down.addLayout(across)
        self._words = label(type_="small", wrap=True)
        self._words.setAccessibleName(message("Strength of the passphrase"))
        down.addWidget(self._words)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        field.edited.connect(self._pause.start)
        field.emptied.connect(self._on_emptied)
        self._on_emptied()

    @property
    def announced(self) -> str:
        """The judgement in words."""
        return self._words.text()

    @property
    def steps_lit(self) -> int:
        """How many of the five steps are filled."""
        return sum(1 for step in self._steps if step.property("fill") != "none")

    def _on_emptied(self) -> None:
        self._asked += 1
        self._pause.stop()
        self._show(0, "proven", message("At least 15 characters or five words that have nothing to do with you."))

    def _on_pause(self) -> None:
        if self._field.is_empty:
            self._on_emptied()
            return
        self._asked += 1
        asked, text, names = self._asked, self._field.peek(), tuple(self._names())
        application = self._services.workspace.application

        def judged(strength: Strength) -> None:
            if asked == self._asked:
                tone: Tone = "proven" if strength.enough else ("waiting" if strength.score > 1 else "overdue")
                self._show(strength.score + 1, tone, strength.reason)

        self._services.tasks.run(lambda: application.passphrase_strength(text, names), context=self, then=judged)

    def _show(self, lit: int, tone: Tone, words: str) -> None:
        for number, step in enumerate(self._steps):
            set_appearance(step, fill=tone if number < lit else "none")
        self._words.setText(words)
        set_appearance(self._words, ink=tone if lit else "", muted=not lit)
