"""Putting a copy in use: a new vault folder from one file, proven before it appears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from domain.messages import message
from domain.services import Progress
from domain.session import Session
from ui.dialogs.choose_file import ask_folder
from ui.dialogs.form_dialog import FormDialog
from ui.queries import SessionView, read_session
from ui.tasks import Failed
from ui.widgets.buttons import button
from ui.widgets.forms import PassphraseEdit, choice
from ui.window_services import WindowServices

Restored = Callable[[Path, Session, SessionView], None]


class RestoreDialog(FormDialog):
    """Nothing is ever written over: the folder is new. The vault that is open stays as it is until it is done."""

    def __init__(self, services: WindowServices, parent: QWidget, file: Path, restored: Restored) -> None:
        super().__init__(
            services,
            parent,
            title=message("Restore {file}", file=file.name),
            text=message(
                "The copy is unpacked beside, its log is replayed, and only then does the new vault appear. Its "
                "first entry says that it was restored, and by whom."
            ),
            verb=message("Restore"),
            icon="reopen",
        )
        self._file, self._restored = file, restored
        self.person = choice(())
        self.add_field(message("&Person"), self.person)
        self.passphrase = PassphraseEdit(services.icons)
        secret = self.add_field(
            message("Pass&phrase of that time"),
            self.passphrase,
            hint=message("The backup opens with what was the passphrase when it was made."),
            required=True,
        )
        self.name = QLineEdit(file.stem)
        self.place = QLineEdit(str(Path.home()))
        named = self.add_field(message("&Name of the new folder"), self.name, required=True)
        placed = self.add_field(message("Kept in &folder"), self.place, required=True)
        placed.put_beside(button(message("Choose…"), self._on_choose))
        self.reason = QLineEdit()
        self.add_field(
            message("&Reason"),
            self.reason,
            hint=message("Needed when this computer has seen newer entries: they are given up."),
        )
        self.demand(placed, lambda: Path(self.place.text()).expanduser().is_dir(), message("No such folder."))
        self.demand(named, lambda: bool(self.name.text().strip()), message("Give it a name."))
        self.demand(secret, lambda: not self.passphrase.is_empty, message("Type the passphrase."))
        self.passphrase.returned.connect(self.submit)
        self.on_submit(self._restore)
        application = services.workspace.application
        services.tasks.run(
            lambda: application.people_of(file), context=self, then=self._on_people, failed=self.bar.show_error
        )

    def _on_people(self, people: tuple[str, ...]) -> None:
        for each in people:
            self.person.addItem(each, each)
        session = self.services.workspace.session
        if session is not None:
            self.person.setCurrentIndex(max(self.person.findData(session.person.name), 0))
        self.passphrase.setFocus()

    def _on_choose(self) -> None:
        ask_folder(self, title=message("Keep the vault in"), then=lambda path: self.place.setText(str(path)))

    def _restore(self, then: Callable[[Any], None], failed: Failed) -> None:
        folder = Path(self.place.text()).expanduser() / f"{self.name.text().strip().removesuffix('.vault')}.vault"
        application, file, passphrase = self.services.workspace.application, self._file, self.passphrase.take()
        person, reason = self.person.currentData() or "", self.reason.text().strip()

        def work(progress: Progress) -> tuple[Session, SessionView]:
            vault = application.restore(
                file, folder, person=person, passphrase=passphrase, reason=reason, progress=progress
            )
            return vault, read_session(vault)

        def done(opened: tuple[Session, SessionView]) -> None:
            then(None)
            self._restored(folder, *opened)

        self.services.tasks.run_long(work, label=message("Restoring"), context=self, then=done, failed=failed)
