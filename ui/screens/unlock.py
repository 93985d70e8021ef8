"""Unlocking a vault: who, and the passphrase. In the same window, without a pop-up."""

from __future__ import annotations

import math
import time
from pathlib import Path

from PySide6.QtCore import QTimer, Signal

from domain.errors import CountersignError, Damaged, InUse, LockedOut, WrongPassphrase
from domain.identity import iso
from domain.messages import message
from domain.services import BackupInfo
from ui.screens.outside import OutsidePage
from ui.settings import RecentVault
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow, PassphraseEdit, choice
from ui.window_services import WindowServices
from ui.words import moment_text


class Unlock(OutsidePage):
    """Shown for one folder, or one copy, at a time. `recover_wanted` carries the folder of a lost passphrase."""

    recover_wanted = Signal(Path)
    restore_wanted = Signal()

    def __init__(self, services: WindowServices) -> None:
        super().__init__(services, title=message("Unlock the vault"), text="")
        self._folder = Path()
        self._people = choice(())
        self.passphrase = PassphraseEdit(services.icons)
        self._who = FormRow(message("&Person"), self._people)
        self._secret = FormRow(message("Pass&phrase"), self.passphrase, required=True)
        self._button = button(message("Unlock"), self.unlock, icons=services.icons, icon="unlock", primary=True)
        self._lost = button(message("I lost my passphrase…"), self._on_lost, quiet=True)
        for part in (self._who, self._secret, self._button, self._lost):
            self.form.addWidget(part)
        self._inspect = False
        self._until = 0.0
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)
        self.passphrase.returned.connect(self.unlock)
        self.passphrase.edited.connect(self._secret.mark_right)

    def show_folder(self, folder: Path, *, name: str = "", person: str = "", inspect: bool = False) -> None:
        """Ask for the people of a vault and put the cursor into the passphrase; `inspect` opens it to look only."""
        self._folder, self._inspect = folder, inspect
        self._stop_waiting()
        self._lost.setVisible(folder.is_dir() and not inspect)
        self.bar.clear()
        self.passphrase.clear()
        self._people.clear()
        vault = name or folder.name.removesuffix(".vault")
        self.title.setText(
            message("Look into {vault}, read only", vault=vault)
            if inspect or folder.is_file()
            else message("Unlock {vault}", vault=vault)
        )
        self.text.setText(str(folder))
        self._set_ready(ready=False)
        application = self.services.workspace.application

        def people_known(people: tuple[str, ...]) -> None:
            for each in people:
                self._people.addItem(each, each)
            self._people.setCurrentIndex(max(self._people.findData(person), 0))
            self._set_ready(ready=True)
            self.passphrase.setFocus()

        self.services.tasks.run(
            lambda: application.people_of(folder), context=self, then=people_known, failed=self.bar.show_error
        )

    @property
    def person(self) -> str:
        """Who is about to unlock."""
        return str(self._people.currentData() or "")

    def people(self) -> tuple[str, ...]:
        """Who can unlock this vault."""
        return tuple(self._people.itemData(n) for n in range(self._people.count()))

    def unlock(self) -> None:
        """Derive the key off the window's thread and open the vault."""
        if not self._button.isEnabled():
            return
        if self.passphrase.is_empty:
            self._secret.mark_wrong(message("Type your passphrase."))
            return
        folder, person, passphrase = self._folder, self._people.currentData(), self.passphrase.take()
        self.bar.clear()
        self._set_ready(ready=False)
        application = self.services.workspace.application
        enter = application.inspect if self._inspect else application.unlock
        self.services.workspace.open(
            lambda: enter(folder, person=person, passphrase=passphrase),
            context=self,
            then=self._on_unlocked,
            failed=self._on_failed,
        )

    def _on_unlocked(self) -> None:
        self._set_ready(ready=True)
        session = self.services.workspace.session
        if session is not None and not session.log.read_only:
            self.services.settings.remember_vault(
                RecentVault(
                    folder=str(self._folder),
                    name=session.vault.name,
                    opened=iso(session.opened_at),
                    person=session.person.name,
                )
            )

    def _on_failed(self, problem: CountersignError) -> None:
        self._set_ready(ready=True)
        self.bar.show_error(problem)
        self.passphrase.setFocus()
        folder, application = self._folder, self.services.workspace.application
        if isinstance(problem, LockedOut):
            self.bar.offer(message("Use a recovery sheet…"), self._on_lost)
        elif isinstance(problem, WrongPassphrase):
            person = self.person
            self.services.tasks.run(
                lambda: application.wait_left(folder, person=person), context=self, then=self._wait, failed=_unasked
            )
        elif isinstance(problem, InUse):
            self.bar.offer(message("Try again"), self.passphrase.setFocus)
            self._offer_newest()
        elif isinstance(problem, Damaged):
            self.bar.offer(message("Open for inspection…"), lambda: self._show_again(inspect=True))
            self._offer_newest()
            self.bar.offer(message("Restore a backup…"), self.restore_wanted.emit)

    def _offer_newest(self) -> None:
        """The newest copy of this vault can be looked into while the vault itself cannot be opened."""
        folder, application = self._folder, self.services.workspace.application

        def found(copy: BackupInfo | None) -> None:
            if copy is not None and self._folder == folder:
                words = message("Look into the backup of {moment}", moment=moment_text(copy.made_at))
                self.bar.offer(words, lambda: self.show_folder(copy.file, person=self.person))

        self.services.tasks.run(lambda: application.newest_backup(folder), context=self, then=found, failed=_unasked)

    def _show_again(self, *, inspect: bool) -> None:
        self.show_folder(self._folder, person=self.person, inspect=inspect)

    def _on_lost(self) -> None:
        self.recover_wanted.emit(self._folder)

    def _wait(self, seconds: float) -> None:
        """Say how long the next try waits, and count it down."""
        if seconds > 0:
            self._until = time.monotonic() + seconds
            self._second.start()
            self._on_second()

    def _on_second(self) -> None:
        left = math.ceil(self._until - time.monotonic())
        self._button.setEnabled(left <= 0)
        if left <= 0:
            self._stop_waiting()
            return
        self._button.setText(message("The next try waits {left} s", left=left))

    def _stop_waiting(self) -> None:
        self._second.stop()
        self._button.setText(message("Unlock"))

    @property
    def waits(self) -> bool:
        """Whether the next try has to wait."""
        return self._second.isActive()

    def _set_ready(self, *, ready: bool) -> None:
        self._button.setEnabled(ready)
        self._people.setEnabled(ready)
        self.passphrase.setEnabled(ready)
        self._button.setText(message("Unlock") if ready else message("Working…"))


def _unasked(_problem: CountersignError) -> None:
    """A further way out that cannot be offered is not a second error."""
