"""Unlocking a vault: who, and the passphrase. In the same window, without a pop-up."""

from __future__ import annotations

from pathlib import Path

from domain.errors import CountersignError
from domain.identity import iso
from ui.desk import Desk
from ui.screens.outside import OutsidePage
from ui.settings import RecentVault
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow, PassphraseEdit, choice


class Unlock(OutsidePage):
    """Shown for one folder at a time."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, title=self.tr("Unlock the vault"), text="")
        self._folder = Path()
        self._people = choice(())
        self.passphrase = PassphraseEdit(desk.icons)
        self._who = FormRow(self.tr("&Person"), self._people)
        self._secret = FormRow(self.tr("Pass&phrase"), self.passphrase, required=True)
        self._button = button(self.tr("Unlock"), self.unlock, icons=desk.icons, icon="unlock", primary=True)
        for part in (self._who, self._secret, self._button):
            self.form.addWidget(part)
        self.passphrase.returned.connect(self.unlock)
        self.passphrase.edited.connect(self._secret.mark_right)

    def show_folder(self, folder: Path, *, name: str = "", person: str = "") -> None:
        """Ask for the people of a vault and put the cursor into the passphrase."""
        self._folder = folder
        self.bar.clear()
        self.passphrase.clear()
        self._people.clear()
        self.title.setText(self.tr("Unlock %1").replace("%1", name or folder.name.removesuffix(".vault")))
        self.text.setText(str(folder))
        self._set_ready(ready=False)
        building = self.desk.workspace.building

        def people_known(people: tuple[str, ...]) -> None:
            for each in people:
                self._people.addItem(each, each)
            self._people.setCurrentIndex(max(self._people.findData(person), 0))
            self._set_ready(ready=True)
            self.passphrase.setFocus()

        self.desk.tasks.run(
            lambda: building.people_of(folder), context=self, then=people_known, failed=self.bar.show_error
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
            self._secret.mark_wrong(self.tr("Type your passphrase."))
            return
        folder, person, passphrase = self._folder, self._people.currentData(), self.passphrase.take()
        self.bar.clear()
        self._set_ready(ready=False)
        building = self.desk.workspace.building
        self.desk.workspace.open(
            lambda: building.unlock(folder, person=person, passphrase=passphrase),
            context=self,
            then=self._on_unlocked,
            failed=self._on_failed,
        )

    def _on_unlocked(self) -> None:
        self._set_ready(ready=True)
        session = self.desk.workspace.session
        if session is not None:
            self.desk.settings.remember_vault(
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

    def _set_ready(self, *, ready: bool) -> None:
        self._button.setEnabled(ready)
        self._people.setEnabled(ready)
        self.passphrase.setEnabled(ready)
        self._button.setText(self.tr("Unlock") if ready else self.tr("Working…"))
