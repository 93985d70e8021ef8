"""Random days in one vault: people, acts, locks, crashes, copies, restores, new keys, imports; and a model of it all.

After every step the register must be what the model says, and at the end of a day the whole log must hold, every
command decided again. A step that the gates refuse changes nothing but the record of the refusal.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from crash_acts import PASSPHRASE, application

from desktop.session.unlocked_session import UnlockedSession
from domain.commands.command import Command
from domain.commands.items import AssignItem, CreateItem, EditItem, HoldItem, MoveItem, ResumeItem
from domain.errors import Refused
from domain.state import ItemFilter

PEOPLE = {
    "Ada Admin": "administrator",
    "Quinn QA": "quality",
    "Ivan Import": "quality",
    "Priya Process": "process_owner",
}
_ROWS = 6


class Days:
    """One vault and what the model knows of it: the title of every item by its number, and how many entries there are.

    `folder` holds the vault and the installation's memory, `home` of the process must point there.
    """

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.place = folder / "days.vault"
        self.copies = folder / "copies"
        self.copies.mkdir(parents=True)
        self.chance = random.Random(seed)
        self.titles: dict[str, str] = {}
        self.steps: list[str] = []
        self.imports = 0
        vault = application().create_vault(self.place, name="Days", person="Ada Admin", passphrase=PASSPHRASE)
        for name, role in PEOPLE.items():
            if name != "Ada Admin":
                vault.add_person(name=name, roles=(role,), identity_checked="Passport seen", passphrase=PASSPHRASE)
        vault.lock()
        self.vault = self._enter("Quinn QA")
        self.size = self.vault.register.log_size()
        self.backups: list[tuple[Path, dict[str, str], int]] = []

    def _enter(self, name: str) -> UnlockedSession:
        return application().unlock(self.place, person=name, passphrase=PASSPHRASE)

    def step(self) -> None:
        """Do one random thing, then hold register and model together."""
        name = self.chance.choice(sorted(_STEPS))
        self.steps.append(name)
        before = self.size
        _STEPS[name](self)
        shown = {line.number: line.title for line in self.vault.register.items(ItemFilter())}
        assert shown == self.titles, f"after {self.steps}"
        self.size = self.vault.register.log_size()
        assert name == "restore" or self.size >= before, f"entries were lost after {self.steps}"

    def end(self) -> int:
        """The whole log must hold, every command decided again; how many entries there are."""
        try:
            verdict = self.vault.verify()
            assert verdict.findings == (), (self.steps, verdict.findings[:3])
            return verdict.entries
        finally:
            self.vault.lock()

    def _some(self) -> str:
        return self.chance.choice(sorted(self.titles)) if self.titles else ""

    def _try(self, command: Command) -> bool:
        try:
            self.vault.perform(command)
        except Refused:
            return False
        return True

    def create(self) -> None:
        title = f"Finding {self.chance.randrange(10**6)}"
        if self._try(CreateItem(process="capa", fields={"title": title, "severity": "minor"})):
            newest = self.vault.register.page(ItemFilter(sort="number", descending=True), offset=0, limit=1)[0]
            self.titles[newest.number] = title

    def edit(self) -> None:
        item, title = self._some(), f"Edited {self.chance.randrange(10**6)}"
        if item and self._try(EditItem(item=item, fields={"title": title})):
            self.titles[item] = title

    def assign(self) -> None:
        item, people = self._some(), self.vault.register.people()
        person = self.chance.choice(people).id
        if item and self.vault.register.item(item).owner != person:
            self._try(AssignItem(item=item, person=person))

    def move(self) -> None:
        item = self._some()
        if item:
            self._try(MoveItem(item=item, step=self.chance.choice(("containment", "cause", "closed", "plan"))))

    def rest(self) -> None:
        item = self._some()
        if item:
            self._try(HoldItem(item=item, reason="Waiting", review_on="2999-01-01"))

    def resume(self) -> None:
        item = self._some()
        if item and self.vault.register.item(item).state == "on_hold":
            self._try(ResumeItem(item=item, reason="Going on"))

    def bring_in(self) -> None:
        self.imports += 1
        file = self.copies / f"list-{self.imports}.csv"
        rows = "".join(f"{self.imports}-{n};Imported {self.imports}-{n};2026-11-{n + 1:02}\r\n" for n in range(_ROWS))
        file.write_bytes(f"Number;Title;Raised\r\n{rows}".encode())
        known = {line.number for line in self.vault.register.items(ItemFilter())}
        try:
            self.vault.run_import(self.vault.plan_import(file, process="capa"), file, process="capa")
        except Refused:
            return
        for line in self.vault.register.items(ItemFilter()):
            if line.number not in known:
                assert line.title.startswith(f"Imported {self.imports}-"), line
                self.titles[line.number] = line.title

    def change_seats(self) -> None:
        self.vault.lock()
        self.vault = self._enter(self.chance.choice(sorted(PEOPLE)))

    def crash(self) -> None:
        self.vault.discard()
        self.vault = self._enter(self.chance.choice(sorted(PEOPLE)))

    def back_up(self) -> None:
        made = self.vault.backups.make(to=self.copies / f"copy-{len(self.steps)}.countersign")
        self.backups.append((made.file, dict(self.titles), self.vault.register.log_size()))

    def new_key(self) -> None:
        self.vault.lock()
        self.vault = self._enter("Ada Admin")
        self.vault.people_service.rotate(reason="Random days")

    def restore(self) -> None:
        if not self.backups:
            return
        file, titles, _ = self.chance.choice(self.backups)
        self.vault.lock()
        shutil.rmtree(self.place)
        self.vault = application().restore(
            file, self.place, person="Quinn QA", passphrase=PASSPHRASE, reason="The stick was lost."
        )
        self.titles = dict(titles)


_STEPS: dict[str, Callable[[Days], None]] = {
    "create": Days.create,
    "create more": Days.create,
    "edit": Days.edit,
    "edit more": Days.edit,
    "assign": Days.assign,
    "move": Days.move,
    "move more": Days.move,
    "rest": Days.rest,
    "resume": Days.resume,
    "import": Days.bring_in,
    "change seats": Days.change_seats,
    "crash": Days.crash,
    "back up": Days.back_up,
    "new key": Days.new_key,
    "restore": Days.restore,
}
