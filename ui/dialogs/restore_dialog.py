"""Putting a copy in use: a new vault folder from one file, proven before it appears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

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
            title=self.tr("Restore %1").replace("%1", file.name),
            text=self.tr(
                "The copy is unpacked beside, its log is replayed, and only then does the new vault appear. "
                "Its first entry says that it was restored, and by whom."
            ),
            verb=self.tr("Restore"),
            icon="reopen",
        )
        self._file, self._restored = file, restored
        self.person = choice(())
        self.add_field(self.tr("&Person"), self.person)
        self.passphrase = PassphraseEdit(services.icons)
        secret = self.add_field(
            self.tr("Pass&phrase of that time"),
            self.passphrase,
            hint=self.tr("The backup opens with what was the passphrase when it was made."),
            required=True,
        )
        self.name = QLineEdit(file.stem)
        self.place = QLineEdit(str(Path.home()))
        named = self.add_field(self.tr("&Name of the new folder"), self.name, required=True)
        placed = self.add_field(self.tr("Kept in &folder"), self.place, required=True)
        placed.put_beside(button(self.tr("Choose…"), self._on_choose))
        self.reason = QLineEdit()
        self.add_field(
            self.tr("&Reason"),
            self.reason,
            hint=self.tr("Needed when this computer has seen newer entries: they are given up."),
        )
        self.demand(placed, lambda: Path(self.place.text()).expanduser().is_dir(), self.tr("No such folder."))
        self.demand(named, lambda: bool(self.name.text().strip()), self.tr("Give it a name."))
        self.demand(secret, lambda: not self.passphrase.is_empty, self.tr("Type the passphrase."))
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
        ask_folder(self, title=self.tr("Keep the vault in"), then=lambda path: self.place.setText(str(path)))

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

        self.services.tasks.run_long(work, label=self.tr("Restoring"), context=self, then=done, failed=failed)
