"""Making a vault: a name, a place, the first person and a passphrase. The sample vault uses the same form."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from domain.errors import CountersignError
from domain.identity import iso
from domain.messages import message
from domain.services import Progress
from domain.session import Session
from ui.dialogs.choose_file import ask_folder
from ui.queries import SessionView, read_session
from ui.screens.outside import OutsidePage
from ui.settings import RecentVault
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow, PassphraseEdit, choice
from ui.widgets.strength import StrengthMeter
from ui.widgets.text import label
from ui.window_services import WindowServices


class NewVault(OutsidePage):
    """`begin(sample=...)` shows the form for a new vault or for the sample."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__(services, title="", text="")
        self._sample = False
        self._name, self._person = QLineEdit(), QLineEdit()
        self._folder = QLineEdit()
        self._folder.setAccessibleName(message("Folder"))
        self._passphrase, self._again = PassphraseEdit(services.icons), PassphraseEdit(services.icons)
        self._name_row = FormRow(message("&Name of the vault"), self._name, required=True)
        self._person_row = FormRow(
            message("&Your name"),
            self._person,
            hint=message("You become its administrator. Signatures show this name."),
            required=True,
        )
        self._folder_row = FormRow(
            message("Kept in &folder"),
            self._folder,
            hint=message("Not in a synchronised cloud folder: two copies would part ways."),
            required=True,
        )
        choose = button(message("Choose…"), self._on_choose)
        self._sets = {each.id: each for each in services.workspace.application.process_sets()}
        entries = ((each.id, each.title) for each in self._sets.values())
        self._set = choice((*entries, ("", message("All processes"))))
        self._set_row = FormRow(
            message("P&rocesses"),
            self._set,
            hint=message("A process that is not taken now can be put in force later."),
            required=True,
        )
        self._set_words = label(type_="small", muted=True, wrap=True)
        self._set_row.put_below(self._set_words)
        self._set.currentIndexChanged.connect(self._on_set)
        self._secret_row = FormRow(
            message("&Passphrase"),
            self._passphrase,
            required=True,
        )
        self.meter = StrengthMeter(services, self._passphrase, names=lambda: (self._person.text(), self._name.text()))
        self._secret_row.put_below(self.meter)
        self._again_row = FormRow(message("Passphrase &again"), self._again, required=True)
        self._button = button(message("Make the vault"), self.make, icons=services.icons, icon="vault", primary=True)
        self._folder_row.put_beside(choose)
        self._rows = (
            self._name_row,
            self._folder_row,
            self._person_row,
            self._set_row,
            self._secret_row,
            self._again_row,
        )
        for part in (*self._rows, self._button):
            self.form.addWidget(part)
        self._again.returned.connect(self.make)

    def begin(self, *, sample: bool) -> None:
        """Empty the form and put the cursor into its first field."""
        self._sample = sample
        self.bar.clear()
        self._name.setText(message("Sample") if sample else "")
        self._folder.setText(str(Path.home()))
        for field in (self._passphrase, self._again):
            field.clear()
        self._person.clear()
        self._person_row.setVisible(not sample)
        self._set_row.setVisible(not sample)
        self._set.setCurrentIndex(0)
        self._on_set()
        self.title.setText(message("Open the sample vault") if sample else message("New vault"))
        self.text.setText(
            message("Makes a vault with sample people and an imported tracker; all of them use this passphrase.")
            if sample
            else message("One encrypted folder that you can copy, back up and carry on a stick.")
        )
        self._button.setText(message("Make the sample vault") if sample else message("Make the vault"))
        self._set_ready(ready=True)
        (self._passphrase if sample else self._name).setFocus()

    def make(self) -> None:
        """Check the form, then make the vault off the window's thread."""
        if not self._button.isEnabled() or not self._complete():
            return
        folder = Path(self._folder.text()).expanduser() / f"{self._name.text().strip()}.vault"
        name, person, passphrase = self._name.text().strip(), self._person.text().strip(), self._passphrase.take()
        self._again.clear()
        self.bar.clear()
        self._set_ready(ready=False)
        application = self.services.workspace.application
        process_set = self._set.currentData()

        def work(progress: Progress) -> tuple[Session, SessionView]:
            if self._sample:
                vault = application.sample(folder, passphrase=passphrase, progress=progress)
            else:
                vault = application.create_vault(
                    folder, name=name, person=person, passphrase=passphrase, process_set=process_set
                )
            return vault, read_session(vault)

        self.services.tasks.run_long(
            work,
            label=message("Making the vault"),
            context=self,
            then=partial(self._on_made, folder),
            failed=self._on_failed,
        )

    def fill(
        self, *, name: str = "", folder: str = "", person: str = "", passphrase: str = "", again: str = ""
    ) -> None:
        """Type into the form; what is not given stays."""
        for line, text in ((self._name, name), (self._folder, folder), (self._person, person)):
            if text:
                line.setText(text)
        self._passphrase.type_in(passphrase)
        self._again.type_in(again)

    def choose_set(self, process_set: str) -> None:
        """Choose the set of that id; "" = all processes."""
        self._set.setCurrentIndex(self._set.findData(process_set))

    @property
    def set_text(self) -> str:
        """What is read below the chosen set."""
        return self._set_words.text()

    @property
    def asks_for_a_set(self) -> bool:
        """Whether the form asks for a set: not for the sample."""
        return not self._set_row.isHidden()

    def gaps(self) -> tuple[str, ...]:
        """The fields that are marked wrong."""
        return tuple(each.title for each in self._rows if each.is_wrong)

    def _complete(self) -> bool:
        for each in self._rows:
            each.mark_right()
        person_missing = not self._sample and not self._person.text().strip()
        for wrong, where, reason in (
            (not self._again.peek_equal(self._passphrase), self._again_row, message("The two are not the same.")),
            (self._passphrase.is_empty, self._secret_row, message("Choose a passphrase.")),
            (person_missing, self._person_row, message("Type your name.")),
            (not Path(self._folder.text()).expanduser().is_dir(), self._folder_row, message("No such folder.")),
            (not self._name.text().strip(), self._name_row, message("Give the vault a name.")),
        ):
            if wrong:
                where.mark_wrong(reason)
        return not self.gaps()

    def _on_set(self) -> None:
        """Say which processes the chosen set has."""
        chosen = self._sets.get(self._set.currentData())
        text = (
            message("{description} Processes: {list}.", description=chosen.description, list=", ".join(chosen.titles))
            if chosen
            else message("Every process that is shipped with this program.")
        )
        self._set_words.setText(text)
        self._set.setAccessibleDescription(text)

    def _on_choose(self) -> None:
        ask_folder(self, title=message("Keep the vault in"), then=lambda path: self._folder.setText(str(path)))

    def _on_made(self, folder: Path, made: tuple[Session, SessionView]) -> None:
        vault, session = made
        self._set_ready(ready=True)
        self.services.settings.remember_vault(
            RecentVault(
                folder=str(folder),
                name=session.vault.name,
                opened=iso(session.opened_at),
                person=session.person.name,
            )
        )
        self.services.workspace.take(vault, session)
        if not self._sample:
            self.services.workspace.go("recovery")

    def _on_failed(self, problem: CountersignError) -> None:
        self._set_ready(ready=True)
        self.bar.show_error(problem)
        self._passphrase.setFocus()

    def _set_ready(self, *, ready: bool) -> None:
        self._button.setEnabled(ready)
