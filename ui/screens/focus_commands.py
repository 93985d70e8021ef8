"""What commands about the item in focus have in common: each opens its question, with a signature or without."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from domain.messages import message
from ui.dialogs.ask_dialog import AskDialog, Asking, Field, MakesCommand, Question, signed_dialog
from ui.dialogs.sign import SignDialog
from ui.queries import ItemInFocus
from ui.widgets.forms import choice, text_area
from ui.window_services import WindowServices

Made = QDialog | None
Slots = Mapping[str, Callable[[ItemInFocus], Made]]


class FocusCommands(QObject):
    """Connects commands to questions; each question also stands alone, for whoever walks them all."""

    def __init__(self, services: WindowServices, window: QWidget) -> None:
        super().__init__(window)
        self.services, self.window = services, window

    def connect_all(self, slots: Slots) -> None:
        """Each command asks its question about the item in focus, if there is one."""
        for name, slot in slots.items():
            self.services.actions[name].triggered.connect(lambda _checked=False, slot=slot: self._on(slot))

    def _on(self, slot: Callable[[ItemInFocus], Made]) -> None:
        focus = self.services.workspace.focus
        if focus is not None:
            slot(focus)

    def reason(self) -> Field:
        """The reason that most acts ask for."""
        return Field(name="reason", label=message("&Reason"), widget=text_area(rows=3), missing=message("Say why."))

    def ask(self, focus: ItemInFocus, asking: Asking) -> QDialog:
        """Open a question without a signature."""
        dialog = AskDialog(self.services, self.window, focus, asking)
        dialog.open()
        return dialog

    def ask_about_one(
        self,
        focus: ItemInFocus,
        question: Question,
        command: MakesCommand,
        *fields: Field,
        name: str,
        label: str,
        among: Sequence[tuple[str, str]],
    ) -> Made:
        """Ask which record (`among` ids with words), then the rest; where there is none, nothing is asked."""
        if not among:
            return None
        which = Field(name=name, label=label, widget=choice(tuple(among)))
        return self.ask(focus, Asking(question=question, command=command, fields=(which, *fields)))

    def sign(self, focus: ItemInFocus, asking: Asking) -> SignDialog:
        """Open a signing; the window says when it is signed."""
        dialog = signed_dialog(self.services, self.window, focus, asking)
        dialog.accepted.connect(lambda: self.services.workspace.announce(message("Signed."), dialog.meaning.text()))
        dialog.open()
        return dialog
