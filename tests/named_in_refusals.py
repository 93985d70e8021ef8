"""What a refusal must hold to: whoever it names is active and is not kept from it by the rule that names them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.act import Actor
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import ItemCommand
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import AssignItem, EditItem, MoveItem
from domain.commands.requests import DecideRequest
from domain.commands.risk_acceptance import DecideRiskAcceptance
from domain.commands.urgency import ConfirmUrgent
from domain.errors import UsageProblem
from domain.identity import iso
from domain.obstacle import Obstacle
from domain.records.item import Item
from domain.registry import COMMANDS
from domain.replay.state import MemoryState
from domain.rules.facts import Facts, gather
from domain.rules.urgencies import unconfirmed

ITEM_COMMANDS = tuple(kind for kind in COMMANDS.values() if issubclass(kind, ItemCommand))
NOBODY = ("nobody", "Nobody")
_EMPTY = re.compile(r"''|\"\"|\(\)|\(, |\{|\}|: \.|  ")
_OF_RIGHTS = ("right.", "separation.", "mandate.", "person.disabled")


def actors(state: MemoryState, at: Actor) -> dict[str, Actor]:
    """Everybody who may act, by id, at the moment of an actor."""
    moment = iso(at.at)
    found = {}
    for person in state.people():
        if person.state == "active":
            roles = frozenset(
                each.role
                for each in state.roles()
                if each.person == person.id
                and each.valid_from <= moment
                and (not each.valid_until or moment < each.valid_until)
            )
            found[person.id] = Actor(person=person.id, name=person.name, roles=roles, at=at.at)
    return found


def complaints(state: MemoryState, at: Actor) -> Iterator[str]:
    """What is wrong with the refusals of every command that makes sense at any item of a state, for everybody."""
    people = actors(state, at)
    for item in state.all_of(Item):
        facts = {person: gather(state, item.id, actor) for person, actor in people.items()}
        for person in people:
            for command in (*tried(facts[person]), *further(facts[person])):
                yield from of_command(command, facts, person)


def tried(facts: Facts) -> Iterator[ItemCommand]:
    """What a screen asks about at an item."""
    return (command for kind in ITEM_COMMANDS for command in kind.possible(facts))


def further(facts: Facts) -> Iterator[ItemCommand]:
    """What is chosen with its details: ways on, outcomes, decisions, evidence, requests, risks."""
    file, process, item = facts.file, facts.process, facts.file.item.id
    for transition in process.transitions:
        if transition.source == file.item.step:
            yield MoveItem(item=item, step=transition.target, reason="x")
            yield MoveItem(item=item, step=transition.target)
        if process.levels_for(transition.id, file.item.severity):
            yield ApproveItem(item=item, gate=transition.id)
            yield ApproveItem(item=item, gate=transition.id, decision="rejected")
    yield from (CloseItem(item=item, outcome=each.outcome) for each in process.closure.outcomes)
    yield from (ConfirmUrgent(item=item, gate=each.gate) for each in unconfirmed(file))
    yield from (DecideRequest(item=item, request=each.id, approve=True) for each in file.requests)
    yield from (DecideRiskAcceptance(item=item, risk_acceptance=each.id, accept=True) for each in file.risk_acceptances)
    yield from (ReviewEvidence(item=item, evidence=each.id, accept=False) for each in file.evidence)
    for requirement in process.evidence:
        yield AddEvidence(item=item, requirement=requirement.id, file="0" * 64, size=1, file_name="a.txt")
    yield EditItem(item=item, fields={"title": "", "due": "2027-03-01"})
    yield from (AssignItem(item=item, person=each) for each in sorted(facts.active))


def of_command(command: ItemCommand, facts: dict[str, Facts], person: str) -> Iterator[str]:
    """What is wrong with one command's refusal, where it is refused."""
    try:
        found = command.judge_by(facts[person]).obstacles
    except UsageProblem:
        return
    number = facts[person].file.item.number
    for each in found:
        for what in of_obstacle(each, command, facts, person):
            yield f"{number} {command.word} by {person}: {each.rule}: {what}: {each.text} | {each.responsible}"
    late = [each.rule for each in found if each.rule.startswith(_OF_RIGHTS[:2])]
    if late and not found[0].rule.startswith(("right.", "separation.", "person.")):
        first = found[0].rule
        if not first.endswith((".role", ".not_yours")):
            yield f"{number} {command.word} by {person}: {late} behind {first}"


def of_obstacle(obstacle: Obstacle, command: ItemCommand, facts: dict[str, Facts], person: str) -> Iterator[str]:
    """What is wrong with one obstacle."""
    for part in (obstacle.text, obstacle.remedy, obstacle.responsible):
        if not part.strip() or _EMPTY.search(part):
            yield f"empty words in {part!r}"
    if obstacle.responsible.startswith(NOBODY):
        return
    ids = {each.actor.name: one for one, each in facts.items()}
    for name in obstacle.responsible.split(", "):
        who = ids.get(name.partition(" for ")[0])
        if who is None:
            yield f"{name} is nobody who may act"
        else:
            yield from _unable(obstacle, command, facts[who], is_actor=who == person)


def _unable(obstacle: Obstacle, command: ItemCommand, facts: Facts, *, is_actor: bool) -> Iterator[str]:
    """Why somebody who is named can do nothing about it."""
    rule, name = obstacle.rule, facts.actor.name
    itself = rule.startswith(_OF_RIGHTS[:2]) or rule.endswith((".role", ".not_yours"))
    if itself:
        if is_actor:
            yield f"names {name}, whom it refuses"
        stands = [each.rule for each in command.judge_by(facts).obstacles if each.rule == rule]
        if stands:
            yield f"{name} is refused by the same rule"
        return
    for helping in _helps(obstacle, facts):
        against = [each.rule for each in helping.judge_by(facts).obstacles if each.rule.startswith(_OF_RIGHTS)]
        against += [each.rule for each in helping.judge_by(facts).obstacles if each.rule.endswith(".role")]
        if against:
            yield f"{name} cannot {helping.word}: {against}"


def _helps(obstacle: Obstacle, facts: Facts) -> Iterator[ItemCommand]:
    """The command that an obstacle asks of whoever it names, where that is one command."""
    item, rule = facts.file.item.id, obstacle.rule
    if rule == "evidence.unreviewed":
        waiting = [
            each
            for each in facts.file.evidence
            if (each.requirement, each.state) == (obstacle.about, "submitted")
            and each.file_name in obstacle.text
            and each.cycle == facts.file.item.cycle
        ]
        if len(waiting) == 1:
            yield ReviewEvidence(item=item, evidence=waiting[0].id, accept=True)
    if rule == "handoff.open":
        yield AcceptHandoff(item=item)
    if rule == "request.open" and obstacle.about:
        yield DecideRequest(item=item, request=obstacle.about, approve=True)
    if rule == "urgent.unconfirmed":
        yield ConfirmUrgent(item=item)
    if rule in ("approval.missing", "approval.overtaken", "approval.expired"):
        gates = [
            each.id
            for each in facts.process.transitions
            if f"'{each.title}'" in obstacle.text and facts.process.levels_for(each.id, facts.file.item.severity)
        ]
        if len(gates) == 1 and facts.file.item.step == gates[0].partition("->")[0]:
            yield ApproveItem(item=item, gate=gates[0])
