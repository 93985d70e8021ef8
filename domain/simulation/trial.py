"""Trying a version: an invented item is taken through it with the real engine, and the trial can become a scenario."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from domain.errors import CountersignError, Refused
from domain.messages import message
from domain.process.definition import Check, FieldDefinition, Move, ProcessVersion
from domain.process.drafting import Document, word_of
from domain.records.governance import Alert
from domain.rules.approvals import gates_asked, judge_approvals
from domain.rules.facts import gather
from domain.rules.next_action import next_actions
from domain.simulation.checks import look_for_alerts
from domain.simulation.simulation import Simulation
from domain.simulation.words import Describer

BEGINS = "2026-03-02 09:00"
ITEM = "Item A"
LATE = "10 working days"
"""How long a trial waits at a time."""


class Trial:
    """A trial of a version: its people, one for each role and one more, its moves, and what was stated."""

    def __init__(self, version: ProcessVersion) -> None:
        self.version = version
        self.people = people_of(version)
        self.moves: list[Move] = []
        self.described: list[str] = []
        self._simulation = Simulation(version=version, also=(), people=self.people, begins=BEGINS)
        self._describer = Describer(version, self.people, {})

    @property
    def begun(self) -> bool:
        """Whether the item is there."""
        return ITEM in self._simulation.items

    @property
    def tomorrow(self) -> str:
        """The day after the one the trial has come to (ISO)."""
        return (self._simulation.now + timedelta(days=1)).date().isoformat()

    def do(self, move: Move) -> None:
        """Do a move; a refusal is reported with its remedies and kept as a refused move."""
        try:
            act = self._simulation.act(move.who, move.does, move.item, move.args)
            self._simulation.take(move.who, act, move.item if move.does == "create_item" else "")
        except Refused as refusal:
            self.moves.append(msgspec.structs.replace(move, refused=refusal.obstacles[0].rule))
            self.described.append(f"✗ {self._describer.move(move)}")
            self.described += [
                f"    {each.rule}: {each.text} {each.remedy} ({each.responsible})" for each in refusal.obstacles
            ]
        except CountersignError as problem:
            self.described.append(f"✗ {self._describer.move(move)}: {problem.what}")
        else:
            self.moves.append(move)
            self.described.append(f"✓ {self._describer.move(move)}")

    def wait(self, text: str) -> None:
        """Let time go by, such as "10 working days"; alerts raised then are kept as what must be raised.

        Raises:
            UsageProblem: not a time to wait.
        """
        before = {each.id for each in self._simulation.register.all_of(Alert)}
        self._simulation.wait(text)
        look_for_alerts(self._simulation)
        item = self._simulation.items[ITEM]
        raised = dict.fromkeys(
            (each.condition, each.role)
            for each in self._simulation.register.all_of(Alert)
            if each.item == item and each.id not in before
        )
        then = tuple(Check(item=ITEM, alert=condition, role=role) for condition, role in raised)
        move = Move(wait=text, then=then)
        self.moves.append(move)
        self.described.append(f"✓ {self._describer.move(move)}")
        self.described += [f"    {self._describer.check(each)}" for each in then]

    def transitions(self) -> tuple[tuple[str, str], ...]:
        """(step, words) of every transition out of where the item stands, with how many obstacles are in it."""
        if not self.begun:
            return ()
        facts = gather(
            self._simulation.register, self._simulation.items[ITEM], self._simulation.actor(next(iter(self.people)))
        )
        return tuple((each.to_step, each.title) for each in next_actions(facts))

    def stands(self) -> str:
        """The step the item stands at."""
        return self._simulation.register.item(self._simulation.items[ITEM]).step if self.begun else ""

    def wanted(self) -> dict[str, Any]:
        """Values for the fields that the gates ahead demand and that are empty."""
        item = self._simulation.register.item(self._simulation.items[ITEM])
        found: dict[str, Any] = {}
        for transition in self.version.from_step(item.step):
            for name in self.version.required_fields(transition.id):
                field = self.version.field(name)
                empty = not (item.values.get(name) if field else getattr(item, name, ""))
                if empty and name != "owner":
                    found[name] = invented(field, next(iter(self.people))) if field else core_value(name, self.version)
        return found

    def evidence_wanted(self) -> tuple[str, ...]:
        """The evidence that the gates ahead demand and that is not on file."""
        file = self._simulation.register.item_file(self._simulation.items[ITEM])
        there = {each.requirement for each in file.evidence if each.state in ("accepted", "submitted")}
        gates = (self.version.gate(transition.id) for transition in self.version.from_step(file.item.step))
        return tuple(dict.fromkeys(name for gate in gates if gate for name in gate.evidence if name not in there))

    def signers(self) -> tuple[str, ...]:
        """The people who can sign what is asked now."""
        facts = gather(
            self._simulation.register, self._simulation.items[ITEM], self._simulation.actor(next(iter(self.people)))
        )
        names = {person: name for name, person in self._simulation.people.items()}
        found: dict[str, None] = {}
        for gate in gates_asked(facts):
            current = judge_approvals(facts, gate).current
            found |= dict.fromkeys(names[each] for each in (current.candidates if current else ()))
        return tuple(found)

    def scenario(self, title: str) -> Document:
        """The trial as a scenario, with where the item stands at its end."""
        taken = frozenset(each.id for each in self.version.scenarios)
        item = self._simulation.register.item(self._simulation.items[ITEM])
        return {
            "id": word_of(title, taken),
            "title": title,
            "kind": self._kind(),
            "people": {name: list(roles) for name, roles in self.people.items()},
            "when": [_described_only(msgspec.to_builtins(each)) for each in self.moves],
            "then": [{"item": ITEM, "step": item.step, "state": item.state}],
        }

    def _kind(self) -> str:
        """What the trial shows: that late work raises an alert, that something is refused, or another story."""
        if any(check.alert for each in self.moves for check in each.then):
            return "late"
        return "refused" if any(each.refused for each in self.moves) else "other"


def people_of(version: ProcessVersion) -> dict[str, tuple[str, ...]]:
    """Two invented people for each role, so that four eyes can be tried."""
    return {f"{role.title} {letter}": (role.id,) for role in version.roles for letter in ("A", "B")}


def invented(field: FieldDefinition, person: str) -> Any:
    """A value that fits a field."""
    if field.kind == "table":
        rows = {each.id: invented_cell(each.kind, each.choices, person) for each in field.columns}
        return [rows]
    text = invented_cell(field.kind, field.choices, person)
    return message("trial.it_is_invented", answers=field.answers[0]) if field.answers else text


def invented_cell(kind: str, choices: tuple[str, ...], person: str) -> str:
    """A value of a kind."""
    values = {"number": "1", "money": "100.00 EUR", "date": "2026-04-01", "person": person}
    return choices[0] if choices else values.get(kind, message("trial.invented"))


def core_value(name: str, version: ProcessVersion) -> str:
    """A value of a field every item has."""
    known = {"due": "2026-04-30", "raised": "2026-03-02", "severity": (version.severities or ("normal",))[0]}
    return known.get(name, message("trial.invented"))


def _described_only(move: Document) -> Document:
    return {name: value for name, value in move.items() if value}
