"""How a new process is called."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from domain.messages import message
from ui.dialogs.form_dialog import FormDialog
from ui.window_services import WindowServices

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")


class NewProcessDialog(FormDialog):
    """Asks for title, prefix of numbers and first role; `named` carries them."""

    named = Signal(str, str, str)

    def __init__(self, services: WindowServices, parent: QWidget) -> None:
        super().__init__(
            services,
            parent,
            title=message("New process"),
            text=message("It begins with one open step and one role that may do everything; go on from there."),
            verb=message("Begin the draft"),
            icon="new",
        )
        self._title, self._prefix, self._role = QLineEdit(), QLineEdit(), QLineEdit()
        title = self.add_field(message("&Title"), self._title, required=True)
        prefix = self.add_field(
            message("&Prefix of its numbers"), self._prefix, hint=message("Up to 8 capitals."), required=True
        )
        role = self.add_field(message("&First role"), self._role, required=True)
        self.demand(title, lambda: bool(self._title.text().strip()), message("A process has a title."))
        self.demand(
            prefix,
            lambda: _PREFIX.fullmatch(self._prefix.text().strip()) is not None,
            message("Capitals and digits, such as LAB."),
        )
        self.demand(role, lambda: bool(self._role.text().strip()), message("Somebody has to do it."))
        self.on_submit(self._describe)

    def _describe(self, then: Any, _failed: Any) -> None:
        self.named.emit(self._title.text().strip(), self._prefix.text().strip(), self._role.text().strip())
        then(None)
