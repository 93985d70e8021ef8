"""Passing from step to step, and closing."""

from __future__ import annotations

from domain.law.letters import is_blank
from domain.obstacle import Obstacle
from domain.process.definition import APPROVERS, OutcomeRule, Transition
from domain.rules.approvals import judge_approvals, not_ready
from domain.rules.facts import Facts
from domain.rules.fields import missing_fields, unmet_conditions
from domain.rules.handoffs import not_taken_over
from domain.rules.links import blocking, roles_to
from domain.rules.obligations import obligation_words
from domain.rules.people import name_of, who_can
from domain.rules.requests import undecided
from domain.rules.rights import hat_used, hats_of, needs_one_of, roles_for, separation
from domain.rules.signing import approval_gaps
from domain.rules.urgencies import open_obligations


def move_roles(facts: Facts, transition: Transition) -> tuple[str, ...]:
    """Who may take a transition: its own roles, else whoever may move here."""
    return transition.roles or roles_for(facts.process, "move", facts.file.item.step)


def move_obstacles(facts: Facts, step: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor pass the item to this step?"""
    process, item = facts.process, facts.file.item
    ways = process.from_step(item.step)
    transition = next((way for way in ways if way.target == step), None)
    if step == process.closure.step:
        return (
            Obstacle(
                rule="close.only",
                text=f"An item comes to '{step}' only by closing it, by {process.name}.",
                cure="Close it with an outcome.",
                who=who_can(facts, roles_for(process, "close", item.step)),
            ),
        )
    if transition is None:
        listed = ", ".join(way.target for way in ways) or "none"
        return (
            Obstacle(
                rule="transition.none",
                text=f"{process.name} has no way from '{item.step}' to '{step}'.",
                cure=f"From here it goes to: {listed}.",
                who=who_can(facts, roles_for(process, "move", item.step)),
            ),
        )
    obstacles = list(needs_one_of(facts, move_roles(facts, transition), f"take '{transition.title}'"))
    if transition.reason_required and is_blank(reason):
        obstacles.append(reason_missing(facts, f"'{transition.title}'"))
    return (
        *obstacles,
        *not_taken_over(facts),
        *undecided(facts, ends=False),
        *blocking(facts, transition.id),
        *not_ready(facts, transition.id),
        *approval_gaps(facts, transition.id),
    )


def reason_missing(facts: Facts, doing: str) -> Obstacle:
    """The obstacle of an act that wants to be explained."""
    return Obstacle(
        rule="reason.missing",
        text=f"{doing} needs a reason, by {facts.process.name}.",
        cure="Say why.",
        who=name_of(facts, facts.actor.person),
    )


def closing_transition(facts: Facts) -> Transition | None:
    """The way from the item's step to the closed step."""
    ways = facts.process.from_step(facts.file.item.step)
    return next((way for way in ways if way.target == facts.process.closure.step), None)


def close_obstacles(facts: Facts, outcome: str) -> tuple[Obstacle, ...]:
    """Does the closure standard hold for this outcome, and may the actor sign it?"""
    process, item = facts.process, facts.file.item
    closure = process.closure
    transition = closing_transition(facts)
    if transition is None:
        before = ", ".join(way.source for way in process.transitions if way.target == closure.step)
        return (
            Obstacle(
                rule="close.step",
                text=f"{process.name} closes from '{before}', not from '{item.step}'.",
                cure=f"Bring the item to '{before}' first.",
                who=who_can(facts, roles_for(process, "move", item.step)),
            ),
        )
    roles = close_roles(facts, transition)
    obstacles = list(needs_one_of(facts, roles, "close this item"))
    rule = next((each for each in closure.outcomes if each.outcome == outcome), None)
    obstacles += (*not_taken_over(facts), *undecided(facts, ends=True), *_owed(facts))
    obstacles += blocking(facts, transition.id)
    obstacles += not_ready(facts, transition.id)
    obstacles += _outcome_obstacles(facts, rule, outcome)
    obstacles += approval_gaps(facts, transition.id)
    worn = hats_of(facts, closure.separate_from)
    if APPROVERS in closure.separate_from:
        worn[APPROVERS] = judge_approvals(facts, transition.id).signers
    excluded = frozenset(person for people in worn.values() for person in people)
    obstacles += [
        separation(facts, hat, "close it", roles, excluded)
        for hat, people in worn.items()
        if facts.actor.person in people
    ]
    return tuple(obstacles)


def close_roles(facts: Facts, transition: Transition) -> tuple[str, ...]:
    """Who may sign the closing."""
    return transition.roles or roles_for(facts.process, "close", facts.file.item.step)


def _outcome_obstacles(facts: Facts, rule: OutcomeRule | None, outcome: str) -> tuple[Obstacle, ...]:
    process = facts.process
    if rule is None:
        allowed = ", ".join(each.outcome for each in process.closure.outcomes)
        return (
            Obstacle(
                rule="close.outcome",
                text=f"{process.name} does not close with the outcome '{outcome}'.",
                cure=f"Close with: {allowed}; or send the work back.",
                who=who_can(facts, roles_for(process, "close", facts.file.item.step)),
            ),
        )
    return (
        *missing_fields(facts, rule.fields, f"close with '{rule.title}'"),
        *unmet_conditions(facts, rule.conditions),
        *_not_followed_up(facts, rule),
    )


def _not_followed_up(facts: Facts, rule: OutcomeRule) -> tuple[Obstacle, ...]:
    if not rule.follow_up_item or facts.follow_ups:
        return ()
    number = facts.file.item.number
    return (
        Obstacle(
            rule="close.follow_up",
            text=f"'{rule.title}' needs an item that carries what remains, by {facts.process.name}.",
            cure=f"Begin that item and link it as a follow-up of {number}.",
            who=who_can(facts, roles_to(facts, "link")),
        ),
    )


def _until(due: str) -> str:
    """An instant as a part of a sentence; "" when there is none."""
    return f", until {due[:16].replace('T', ' ')} UTC" if due else ""


def _owed(facts: Facts) -> tuple[Obstacle, ...]:
    """No debt lets an item close, whatever it comes from."""
    return tuple(
        Obstacle(
            rule="obligation.open",
            text=f"{facts.file.item.number} owes: {obligation_words(facts, each).removesuffix('.')}{_until(each.due)} "
            f"({facts.process.name}).",
            cure="Have it met first.",
            who=name_of(facts, each.person) if each.person else who_can(facts, (each.role,) if each.role else ()),
            about=each.id,
        )
        for each in open_obligations(facts.file)
    )


def role_for_move(facts: Facts, transition: Transition) -> str:
    """The role the entry of a move names."""
    return hat_used(facts, move_roles(facts, transition))
