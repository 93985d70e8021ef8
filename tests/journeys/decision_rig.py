"""A site whose process asks two levels to sign, with an urgent path, worked in by command on a clock that tests set."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from command_line import CommandOutput, command, secret_file

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.process_versions import PublishProcess

FIRST_ADMIN = "Ada Admin"
PEOPLE = {
    "Olga Owner": ("worker",),
    "Wim Worker": ("worker",),
    "Quinn QA": ("quality",),
    "Quentin QA": ("quality",),
    "Mia Manager": ("manager",),
    "Max Manager": ("manager",),
    "Dora Duty": ("duty",),
    "Dan Director": ("director",),
    "Nora New": (),
}
WORDS = "throw-away words for a test vault"
FIRST_DAY = "2027-03-01T06:00Z"
DAY_1 = "2027-03-01T08:00Z"
"""A Monday, an hour before the working day begins."""
GATE = "planned->doing"
URGENT_MEANING = "I release this urgently; it is confirmed afterwards."


def definition() -> str:
    """The process "fix": planned, doing, done."""
    return json.dumps(_fix())


def calm_definition() -> str:
    """The same without an urgent path."""
    calm = {**_fix(), "id": "calm", "title": "Calm", "numbering": {"prefix": "CALM"}}
    calm.pop("urgent")
    return json.dumps(calm)


def _fix() -> dict[str, Any]:
    levels = [
        {
            "level": 1,
            "role": "quality",
            "meaning": "I have reviewed the plan.",
            "deadline_days": 2,
            "single_severities": ["major"],
        },
        {"level": 2, "role": "manager", "meaning": "I approve the plan and its means.", "deadline_days": 2},
    ]
    return {
        "id": "fix",
        "version": 1,
        "title": "Fix",
        "objective": "Put things right.",
        "scope": "Everything that breaks.",
        "owner_role": "quality",
        "severities": ["minor", "major", "critical"],
        "roles": [
            {"id": each, "title": each.capitalize()} for each in ("worker", "quality", "manager", "duty", "director")
        ],
        "fields": [
            {"id": "cause", "title": "Cause", "kind": "text", "signed": True, "required_at": ["doing", "done"]},
            {"id": "comment", "title": "Comment", "kind": "text"},
        ],
        "evidence": [{"id": "proof", "title": "Proof", "reviewer_role": "quality"}],
        "steps": [
            {"id": "planned", "title": "Planned", "responsible": "owner", "accountable": "manager"},
            {"id": "doing", "title": "Doing", "responsible": "owner", "accountable": "manager"},
            {"id": "done", "title": "Done", "responsible": "quality", "accountable": "quality"},
        ],
        "transitions": [
            {
                "from": "planned",
                "to": "doing",
                "title": "Release",
                "gate": {"fields": ["owner"], "approvals": levels},
            },
            {"from": "doing", "to": "done", "title": "Close"},
            {"from": "doing", "to": "planned", "title": "Plan again", "reason_required": True},
        ],
        "rights": [
            {"verb": "create", "roles": ["worker", "quality"]},
            {"verb": "edit", "roles": ["owner", "worker", "quality"]},
            {"verb": "assign", "roles": ["worker", "quality", "manager"]},
            {"verb": "move", "roles": ["owner", "quality"]},
            {"verb": "add_evidence", "roles": ["owner", "worker"]},
            {"verb": "close", "roles": ["quality"]},
        ],
        "hold": {"roles": ["quality"]},
        "cancel": {"roles": ["quality"], "meaning": "I confirm that this ends."},
        "reopen": {"roles": ["quality"], "meaning": "I reopen this.", "step": "planned"},
        "closure": {
            "step": "done",
            "meaning": "I declare this fixed.",
            "outcomes": [{"outcome": "reached", "title": "Fixed"}],
            "gate": {"fields": ["owner"], "still_approved": [GATE]},
        },
        "numbering": {"prefix": "FIX"},
        "urgent": {
            "role": "duty",
            "meaning": URGENT_MEANING,
            "confirm_hours": 8,
            "reasons": ["safety", "line_down"],
            "again_role": "director",
        },
        "extension": {
            "locked_from": "doing",
            "roles": ["owner"],
            "decided_by": ["manager"],
            "meaning": "I accept the later day.",
            "single_severities": ["major", "critical"],
        },
    }


def make_site(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """A vault with its people and the process "fix", made once and copied for each test."""
    patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
    with time_machine.travel(FIRST_DAY, tick=False):
        application = CountersignApplication(cost=MINIMUM_COST)
        vault = application.create_vault(folder / "D.vault", name="Site D", person=FIRST_ADMIN, passphrase=WORDS)
        vault.perform(PublishProcess(definition=definition()))
        vault.perform(PublishProcess(definition=calm_definition()))
        for name, roles in PEOPLE.items():
            vault.add_person(name=name, roles=roles, identity_checked="Passport seen", passphrase=WORDS)
        vault.lock()


class DecisionSite:
    """One vault; `at` is the moment of the next command, and goes on with each."""

    def __init__(self, made: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
        shutil.copytree(made / "home", folder / "home")
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        self.folder = folder
        self.vault = Path(shutil.copytree(made / "D.vault", folder / "D.vault"))
        self.secret = secret_file(folder, WORDS)
        self.at: str | datetime = DAY_1

    def typed(self, name: str, words: str, *more: object) -> CommandOutput:
        """Type `words` with the vault and `more` behind them, as a person."""
        with time_machine.travel(self.at, tick=True):
            who = ("--as", name, "--passphrase-file", self.secret, "--json")
            output = command(*words.split(), self.vault, *more, *who)
            self.at = datetime.now(UTC)
        return output

    def type(self, name: str, words: str, *more: object) -> Any:
        """As `typed`; it has to succeed, and what was shown as JSON comes back."""
        output = self.typed(name, words, *more)
        assert output.code == 0, output
        return output.answer()

    def refused(self, name: str, words: str, *more: object) -> list[str]:
        """The rules that refuse a command, each with remedy and text; the command is in the log. Left out is the
        declaration, which the first signature that nothing else stands in the way of gives by itself.
        """
        before = self.type(FIRST_ADMIN, "log checkpoint")["size"]
        output = self.typed(name, words, *more)
        assert output.code == 5, output
        found = output.error()["obstacles"]
        assert all(one["text"] and one["remedy"] for one in found)
        assert self.type(FIRST_ADMIN, "log checkpoint")["size"] == before + 1
        return [rule for rule in dict.fromkeys(str(one["rule"]) for one in found) if rule != "declaration.missing"]

    def by(self, name: str, work: Callable[[UnlockedSession], None]) -> None:
        """Prepare something without typing it, as a person."""
        with time_machine.travel(self.at, tick=True):
            vault = CountersignApplication(cost=MINIMUM_COST).unlock(self.vault, person=name, passphrase=WORDS)
            try:
                work(vault)
            finally:
                vault.lock()
            self.at = datetime.now(UTC)

    def new(self, title: str, *, severity: str = "minor", owner: str = "Olga Owner") -> str:
        """An item that waits for its signatures."""
        fields = (
            f"title={title}",
            "description=It leaks.",
            f"severity={severity}",
            "due=2027-04-01",
            "cause=Worn seal",
        )
        number = str(self.type("Wim Worker", "item new", "--process", "fix", *fields)["number"])
        self.type("Wim Worker", "item assign", number, owner)
        return number

    def waiting(self, name: str) -> list[tuple[str, str]]:
        """What waits for a person: number and for whom."""
        return [(one["number"], one["in_place_of"]) for one in self.type(name, "approval waiting")]

    def intact(self) -> None:
        """The whole log and every table hold, and the judge allows every entry again."""
        verdict = self.type(FIRST_ADMIN, "log verify", "--full")
        assert verdict["intact"], verdict
