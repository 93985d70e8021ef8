"""A new passphrase, typed twice, with its strength shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from domain.messages import message
from ui.widgets.forms import FormRow, PassphraseEdit
from ui.widgets.layout import column
from ui.widgets.strength import StrengthMeter
from ui.window_services import WindowServices


class NewPassphrase(QWidget):
    """`complete()` marks what is missing and says whether the passphrase can be taken."""

    def __init__(self, services: WindowServices, *, title: str, names: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self.first, self.again = PassphraseEdit(services.icons), PassphraseEdit(services.icons)
        self._first_row = FormRow(title, self.first, required=True)
        self._again_row = FormRow(message("The same a&gain"), self.again, required=True)
        self.meter = StrengthMeter(services, self.first, names=names)
        self._first_row.put_below(self.meter)
        down = column(self, gap=3)
        down.addWidget(self._first_row)
        down.addWidget(self._again_row)
        self.setFocusProxy(self.first)

    def complete(self) -> bool:
        """Whether both fields hold the same text; strength is judged by the rules when it is used."""
        self._first_row.mark_right()
        self._again_row.mark_right()
        if not self.again.peek_equal(self.first):
            self._again_row.mark_wrong(message("The two are not the same."))
            return False
        if self.first.is_empty:
            self._first_row.mark_wrong(message("A passphrase is needed."))
            return False
        return True

    def take(self) -> str:
        """The passphrase; both fields are emptied."""
        self.again.clear()
        return self.first.take()

    def type_in(self, text: str) -> None:
        """Type the same into both fields."""
        self.first.type_in(text)
        self.again.type_in(text)
