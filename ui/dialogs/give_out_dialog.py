"""For whom something leaves the vault as a file, and why: it goes on record with the file's hash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from domain.messages import message
from ui.dialogs.form_dialog import FormDialog
from ui.tasks import Failed
from ui.window_services import WindowServices


class GiveOutDialog(FormDialog):
    """Asks for the purpose, then hands it on."""

    def __init__(
        self, services: WindowServices, parent: QWidget, *, title: str, text: str, give_out: Callable[[str], None]
    ) -> None:
        super().__init__(services, parent, title=title, text=text, verb=message("Choose the file…"), icon="save")
        self.purpose = QLineEdit()
        row_ = self.add_field(message("For &whom, and why"), self.purpose, required=True)
        self.demand(row_, lambda: bool(self.purpose.text().strip()), message("Say for whom and why."))
        self.purpose.returnPressed.connect(self.submit)

        def go_on(then: Callable[[Any], None], _failed: Failed) -> None:
            then(None)
            give_out(self.purpose.text().strip())

        self.on_submit(go_on)
        self.purpose.setFocus()
