"""Passing from step to step, and closing."""

from __future__ import annotations

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import Transition
from domain.rules.approvals import not_ready
from domain.rules.closure_demands import close_roles, closure_demands, demand_obstacles
from domain.rules.confirming import unconfirmed_before
from domain.rules.exception_signatures import unsigned_by_owner
from domain.rules.facts import Facts
from domain.rules.handoffs import not_taken_over
from domain.rules.links import blocking
from domain.rules.obstacles import obstacle
from domain.rules.people import who_can
from domain.rules.requests import undecided
from domain.rules.rights import needs_one_of, role_used, roles_for
from domain.rules.signing import approval_gaps


def move_roles(facts: Facts, transition: Transition) -> tuple[str, ...]:
    """Who may take a transition: its own roles, else whoever may move here."""
    return transition.roles or roles_for(facts.process, "move", facts.file.item.step)


def move_obstacles(facts: Facts, step: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor pass the item to this step?"""
    process, item = facts.process, facts.file.item
    transitions = process.from_step(item.step)
    transition = next((other for other in transitions if other.target == step), None)
    if step == process.closure.step:
        return (
            obstacle(
                facts, "close.only", responsible=who_can(facts, roles_for(process, "close", item.step)), step=step
            ),
        )
    if transition is None:
        listed = ", ".join(other.target for other in transitions) or "none"
        return (
            obstacle(
                facts,
                "transition.none",
                responsible=who_can(facts, roles_for(process, "move", item.step)),
                step=item.step,
                step_2=step,
                listed=listed,
            ),
        )
    obstacles = list(
        needs_one_of(facts, move_roles(facts, transition), message("passing.take", title=transition.title))
    )
    if transition.reason_required and is_blank(reason):
        obstacles.append(reason_missing(facts, f"'{transition.title}'"))
    if transition.new_cycle:
        obstacles += unconfirmed_before(facts)
    return (
        *obstacles,
        *not_taken_over(facts),
        *undecided(facts, ends=False),
        *blocking(facts, transition.id),
        *not_ready(facts, transition.id),
        *approval_gaps(facts, transition.id),
        *unsigned_by_owner(facts, transition.id),
    )


def reason_missing(facts: Facts, doing: str) -> Obstacle:
    """The obstacle of an act that wants to be explained."""
    return obstacle(facts, "reason.missing", "needs_a_reason_by", doing=doing)


def closing_transition(facts: Facts) -> Transition | None:
    """The transition from the item's step to the closed step."""
    transitions = facts.process.from_step(facts.file.item.step)
    return next((other for other in transitions if other.target == facts.process.closure.step), None)


def close_obstacles(facts: Facts, outcome: str) -> tuple[Obstacle, ...]:
    """Does the closure standard hold for this outcome, and may the actor sign it?"""
    process, item = facts.process, facts.file.item
    closure = process.closure
    transition = closing_transition(facts)
    if transition is None:
        before = ", ".join(other.source for other in process.transitions if other.target == closure.step)
        return (
            obstacle(
                facts,
                "close.step",
                responsible=who_can(facts, roles_for(process, "move", item.step)),
                before=before,
                step=item.step,
            ),
        )
    demands = closure_demands(process, gate=transition.id, outcome=outcome, severity=item.severity)
    return (
        *needs_one_of(facts, close_roles(facts, transition), message("passing.close_this_item")),
        *dict.fromkeys(obstacle for demand in demands for obstacle in demand_obstacles(demand, facts)),
    )


def role_for_move(facts: Facts, transition: Transition) -> str:
    """The role the entry of a move names."""
    return role_used(facts, move_roles(facts, transition))
