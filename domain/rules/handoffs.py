"""Handing work over: whoever receives it at a step takes it, or sends it back; until then both stand for it."""

from __future__ import annotations

import msgspec

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, Step
from domain.records.governance import Handoff
from domain.rules.approvals import REQUEST_GATES, gates_asked, is_ready, judge_approvals
from domain.rules.facts import Facts
from domain.rules.obstacles import obstacle
from domain.rules.people import able, name_of, who_can
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
    to = able(facts, waiting.receiver) if is_for_one(waiting) else responsible
    sender = name_of(facts, waiting.sender)
    return AnswersFor(accountable=sender, responsible=sender, offered_to=to)


def is_for_one(handoff: Handoff) -> bool:
    """Whether ownership is handed over, which its receiver alone accepts."""
    return handoff.role == OWNER and bool(handoff.receiver)


def changes_owner(facts: Facts, handoff: Handoff) -> bool:
    """Whether accepting it makes its receiver the owner: work that was assigned and not accepted yet."""
    return is_for_one(handoff) and handoff.receiver != facts.file.item.owner


def must_accept(facts: Facts, person: str) -> bool:
    """Whether this person (an id) owns the item only after accepting it: while signatures are asked for or given here,
    and where a step's handoff to the owner wants acceptance. Whoever takes an item over by their own command accepts it
    by that.
    """
    item, step, waiting = facts.file.item, facts.process.step(facts.file.item.step), offered(facts)
    if not item.owner or person in (item.owner, facts.actor.person):
        return False
    if waiting is not None and waiting.role == OWNER and waiting.sender == person:
        return False  # it comes back to whoever still answers for it
    received = step is not None and step.handoff_accepted and step.responsible == OWNER
    return received or signatures_open(facts)


def signatures_open(facts: Facts) -> bool:
    """Whether a signature of this cycle was given, or is asked for, at a gate that the item did not pass yet."""
    for gate in gates_asked(facts):
        if gate in REQUEST_GATES:
            continue
        state = judge_approvals(facts, gate)
        if state.signers or (state.current is not None and is_ready(facts, gate)):
            return True
    return False


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
    one = is_for_one(waiting)
    return (
        obstacle(
            facts,
            "handoff.open",
            responsible=able(facts, waiting.receiver)
            if one
            else who_can(facts, (step.responsible,), without=frozenset({waiting.sender})),
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
    if is_for_one(waiting):
        if waiting.receiver == facts.actor.person:
            return ()
        receiver = name_of(facts, waiting.receiver)
        return (obstacle(facts, "handoff.not_yours", responsible=able(facts, waiting.receiver), receiver=receiver),)
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
