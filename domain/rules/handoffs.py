"""Handing work over: whoever receives it at a step takes it, or sends it back; until then both stand for it."""

from __future__ import annotations

import msgspec

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, Step
from domain.records.governance import Handoff
from domain.rules.facts import Facts
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, who_can
from domain.rules.rights import needs_one_of, separation


class AnswersFor(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for an item now, in names: `accountable` always; `offered_to` while a handoff is not accepted."""

    accountable: str
    responsible: str
    offered_to: str = ""


def offered(facts: Facts) -> Handoff | None:
    """The handoff of the item's present stay that nobody has accepted or returned yet."""
    item = facts.file.item
    return next(
        (
            each
            for each in reversed(facts.file.handoffs)
            if each.state == "offered" and each.cycle == item.cycle and each.step == item.step
        ),
        None,
    )


def answers_for(facts: Facts) -> AnswersFor:
    """Who answers for the item: the roles of its step, or the sender of a handoff that is not accepted yet."""
    step = facts.process.step(facts.file.item.step)
    if step is None:
        return AnswersFor(accountable="", responsible="")
    waiting = offered(facts)
    responsible = who_can(facts, (step.responsible,))
    if waiting is None:
        return AnswersFor(accountable=who_can(facts, (step.accountable,)), responsible=responsible)
    sender = name_of(facts, waiting.sender)
    return AnswersFor(accountable=sender, responsible=sender, offered_to=responsible)


def receivers(facts: Facts, step: Step, sender: str) -> tuple[str, ...]:
    """The people who could take work over at a step from its sender."""
    people = facts.holders.get(step.responsible, ())
    if step.responsible == OWNER:
        people = tuple(person for person in (facts.file.item.owner,) if person in facts.active)
    return tuple(person for person in people if person != sender)


def not_taken_over(facts: Facts) -> tuple[Obstacle, ...]:
    """Work that was handed over goes on only when it was taken."""
    waiting, step = offered(facts), facts.process.step(facts.file.item.step)
    if waiting is None or step is None:
        return ()
    return (
        obstacle(
            facts,
            "handoff.open",
            responsible=who_can(facts, (step.responsible,), without=frozenset({waiting.sender})),
            about=waiting.id,
            sender=name_of(facts, waiting.sender),
            title=step.title,
        ),
    )


def accept_obstacles(facts: Facts) -> tuple[Obstacle, ...]:
    """May the actor take the work over?"""
    waiting, step = offered(facts), facts.process.step(facts.file.item.step)
    if waiting is None or step is None:
        return (obstacle(facts, "handoff.none", step=facts.file.item.step),)
    roles = (step.responsible,)
    found = needs_one_of(facts, roles, message("handoffs.take_this_item_over"))
    if waiting.sender == facts.actor.person:
        found += (separation(facts, "sender", message("handoffs.take_it_over"), roles, frozenset({waiting.sender})),)
    return found


def return_obstacles(facts: Facts, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor send the work back to where it came from?"""
    found = accept_obstacles(facts)
    if not is_blank(reason):
        return found
    return (
        *found,
        obstacle(facts, "reason.missing", "returning_work_needs"),
    )
