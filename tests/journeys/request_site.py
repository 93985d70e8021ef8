"""A site with a small process of its own beside the shipped ones, worked in by command, on a clock that tests set."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from command_line import CommandOutput, command, secret_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "domain"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "domain" / "requests"))

from process_site import definition

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.process_versions import PublishProcess

FIRST_ADMIN = "Ada Admin"
PEOPLE = {
    "Olga": ("worker", "auditee"),
    "Wim": ("worker", "auditor"),
    "Lea": ("lead", "lead_auditor"),
    "Leo": ("lead",),
    "Rita": ("risk", "keeper"),
    "Bo": ("board",),
    "Ruth": ("rule_owner", "keeper"),
    "Rex": ("requester",),
    "Ron": ("risk_owner",),
    "Quinn": ("quality",),
}
WORDS = "throw-away words for a test vault"
FIRST_DAY = "2027-03-01T06:00Z"
DAY_1 = "2027-03-01T09:00Z"


def make_site(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """A vault with its people and the process "work", made once and copied for each test."""
    patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
    with time_machine.travel(FIRST_DAY, tick=False):
        application = CountersignApplication(cost=MINIMUM_COST)
        vault = application.create_vault(folder / "L.vault", name="Site L", person=FIRST_ADMIN, passphrase=WORDS)
        vault.perform(PublishProcess(definition=definition()))
        for name, roles in PEOPLE.items():
            vault.add_person(name=name, roles=roles, identity_checked="Passport seen", passphrase=WORDS)
        vault.lock()


class RequestSite:
    """One vault; `at` is the moment of the next command."""

    def __init__(self, made: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
        shutil.copytree(made / "home", folder / "home")
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        self.folder = folder
        self.vault = Path(shutil.copytree(made / "L.vault", folder / "L.vault"))
        self.secret = secret_file(folder, WORDS)
        self.at = DAY_1
        self._typed = 0

    def typed(self, name: str, words: str, *more: object) -> CommandOutput:
        self._typed += 1  # a minute goes by between commands
        with time_machine.travel(datetime.fromisoformat(self.at) + timedelta(minutes=self._typed), tick=True):
            who = ("--as", name, "--passphrase-file", self.secret, "--json")
            return command(*words.split(), self.vault, *more, *who)

    def type(self, name: str, words: str, *more: object) -> Any:
        output = self.typed(name, words, *more)
        assert output.code == 0, output
        return output.answer()

    def refused(self, name: str, words: str, *more: object) -> set[str]:
        """The rules that refuse a command, each with version, remedy and who; the command is in the log. Left out is
        the declaration, which the first signature that nothing else stands in the way of gives by itself.
        """
        before = self.type(name, "item show", more[0])
        output = self.typed(name, words, *more)
        assert output.code == 5, output
        found = output.error()["obstacles"]
        assert all(one["text"] and one["remedy"] for one in found)
        assert self.type(name, "item history", more[0])[-1]["act"] == "record_refusal"
        after = self.type(name, "item show", more[0])
        changed = {key for key in before if before[key] != after[key]} - {"entries", "clock"}
        assert not changed, f"a refusal changes nothing but the log: {changed}"
        return {str(one["rule"]) for one in found} - {"declaration.missing"}

    def new(self, title: str, *, owner: str = "Olga", due: str = "2027-04-01") -> str:
        fields = (f"title={title}", "description=It leaks.", "severity=low", f"due={due}", "plan=New seal")
        number = str(self.type("Wim", "item new", "--process", "work", *fields)["number"])
        self.type("Lea", "item assign", number, owner)
        return number

    def begun(self, title: str, **more: str) -> str:
        number = self.new(title, **more)
        self.type("Lea", "approve", number)
        self.type("Olga", "item move", number, "doing")
        return number

    def proven(self, item: str) -> None:
        proof = self.folder / f"proof {item} {self.at[:10]}.txt"
        proof.write_text(f"A photo of {item} on {self.at}\n", encoding="utf-8")
        self.type("Wim", "evidence add", item, proof, "--requirement", "proof")
        self.type("Lea", "evidence review", item, proof.name, "--accept")

    def submitted(self, item: str) -> None:
        self.type("Olga", "item move", item, "checking")
        self.type("Lea", "item accept", item)

    def verified(self, printout: Path, *, holds: bool = True) -> Any:
        output = command("pack", "verify", printout, "--json")
        assert output.code == (0 if holds else 1), output
        return output.json()

    def intact(self) -> None:
        assert self.type(FIRST_ADMIN, "log verify")["intact"]
