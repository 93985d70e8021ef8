"""A lost passphrase: back in with the code of a recovery sheet, under a new passphrase and with new keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from domain.errors import CountersignError
from domain.messages import message
from domain.services import SheetDraft
from domain.session import Session
from ui.queries import SessionView, read_session
from ui.screens.outside import OutsidePage
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow
from ui.widgets.new_passphrase import NewPassphrase
from ui.window_services import WindowServices

Recovered = tuple[Session, SessionView, SheetDraft]


class Recover(OutsidePage):
    """`recovered` carries the new sheet, which has taken the used one's place and only lacks its paper."""

    recovered = Signal(object)

    def __init__(self, services: WindowServices) -> None:
        super().__init__(
            services,
            title=message("Recover with a sheet"),
            text=message(
                "The code on the recovery sheet opens the vault once. You get new keys; what you signed before "
                "stays valid. Where other people work in the vault, one of them has to ask for your new key first."
            ),
        )
        self._folder = Path()
        self.code = QLineEdit()
        self.code.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self._code_row = FormRow(
            message("&Code of the sheet"),
            self.code,
            hint=message("Nine groups of four; spaces, hyphens and capitals do not matter."),
            required=True,
        )
        self.new = NewPassphrase(services, title=message("New &passphrase"), names=lambda: (self._folder.stem,))
        self._button = button(message("Recover"), self.recover, icons=services.icons, icon="unlock", primary=True)
        for part in (self._code_row, self.new, self._button):
            self.form.addWidget(part)
        self.new.again.returned.connect(self.recover)

    def show_folder(self, folder: Path) -> None:
        """Ask for the code of a vault's sheet."""
        self._folder = folder
        self.bar.clear()
        self.code.clear()
        self.new.take()
        self._set_ready(ready=True)
        self.code.setFocus()

    def recover(self) -> None:
        """Open the vault with the code off the window's thread."""
        if not self._button.isEnabled():
            return
        self._code_row.mark_right()
        complete = self.new.complete()
        if not self.code.text().strip():
            self._code_row.mark_wrong(message("Type the code from the sheet."))
            return
        if not complete:
            return
        folder, code, passphrase = self._folder, self.code.text(), self.new.take()
        application = self.services.workspace.application
        self._set_ready(ready=False)

        def work() -> Recovered:
            vault, draft = application.recover(folder, code=code, passphrase=passphrase)
            return vault, read_session(vault), draft

        self.services.tasks.run(work, context=self, then=self._on_recovered, failed=self._on_failed)

    def _on_recovered(self, answer: Recovered) -> None:
        vault, session, draft = answer
        self.code.clear()
        self._set_ready(ready=True)
        self.services.workspace.take(vault, session)
        self.recovered.emit(draft)

    def _on_failed(self, problem: CountersignError) -> None:
        self._set_ready(ready=True)
        self.bar.show_error(problem)
        self.code.setFocus()

    def _set_ready(self, *, ready: bool) -> None:
        for part in (self.code, self.new, self._button):
            part.setEnabled(ready)
        self._button.setText(message("Recover") if ready else message("Working…"))
