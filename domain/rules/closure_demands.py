"""What a closure standard demands, demand by demand: one list for the gate, the closing page and the closure pack.

`closure_demands` lists what a process version asks before an item closes (ISO 9001 10.2.1 d and 10.2.2: the action is
reviewed for its effect, and that is documented); `meets` judges one demand on the facts. The gate refuses what a demand
of this list refuses, and nothing else but a missing right to close.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from domain.messages import message
from domain.obstacle import Obstacle, Passed
from domain.process.definition import APPROVERS, Condition, OutcomeRule, ProcessVersion, Transition
from domain.rules.approvals import effects_missing, gate_title, judge_approvals
from domain.rules.conditions import unmet_conditions
from domain.rules.confirming import who_ends
from domain.rules.evidence import missing_of
from domain.rules.facts import Facts
from domain.rules.fields import missing_fields, unknown_choices
from domain.rules.handoffs import not_taken_over
from domain.rules.links import blocking, roles_to
from domain.rules.obligations import obligation_words
from domain.rules.obstacles import obstacle
from domain.rules.passed_obstacles import allowed_through
from domain.rules.people import who_can
from domain.rules.requests import undecided
from domain.rules.rights import people_in_roles, roles_for, separations
from domain.rules.signing import level_gaps
from domain.rules.urgencies import open_obligations

Kind = Literal[
    "handoff",
    "requests",
    "obligations",
    "unblocked",
    "choices",
    "field",
    "condition",
    "evidence",
    "effect",
    "outcome",
    "outcome_field",
    "outcome_condition",
    "follow_up",
    "approval",
    "separation",
]


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must hold before an item closes.

    `gate` is the transition by which it closes, `outcome` the outcome it closes with ("" = none chosen). `about` is a
    field, a requirement, or, of a signature, the gate where it is given; `level` is that signature's level.
    """

    kind: Kind
    gate: str
    outcome: str = ""
    about: str = ""
    level: int = 0


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """How a demand is met: nothing stands against it, or something does; `passed` is let through visibly."""

    obstacles: tuple[Obstacle, ...] = ()
    passed: tuple[Passed, ...] = ()

    @property
    def met(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles


def closure_demands(
    process: ProcessVersion, *, gate: str = "", outcome: str = "", severity: str = ""
) -> tuple[Demand, ...]:
    """Every demand of the closure standard, in the order in which the gate names what is missing.

    `gate` is the closing transition's id ("" = the first that closes), `outcome` the outcome that is asked about. Of
    the levels of signatures, those asked for an item of this severity ("" = all).
    """
    transitions = [each.id for each in process.transitions if each.target == process.closure.step]
    gate = gate or next(iter(transitions), "")
    found = process.gate(gate)
    if found is None:
        return ()

    def demand(kind: Kind, about: str = "", level: int = 0) -> Demand:
        return Demand(kind=kind, gate=gate, outcome=outcome, about=about, level=level)

    rule = _outcome_rule(process, outcome)
    return (
        demand("handoff"),
        demand("requests"),
        demand("obligations"),
        *((demand("unblocked"),) if found.unblocked else ()),
        demand("choices"),
        *(demand("field", each) for each in process.required_fields(gate)),
        *(demand("condition", each) for each in _looked_at(found.conditions)),
        *(demand("evidence", each) for each in found.evidence),
        *((demand("effect"),) if (transition := process.transition(gate)) and transition.effect else ()),
        demand("outcome"),
        *(demand("outcome_field", each) for each in (rule.fields if rule else ())),
        *(demand("outcome_condition", each) for each in _looked_at(rule.conditions if rule else ())),
        *((demand("follow_up"),) if rule and rule.follow_up_item else ()),
        *(
            demand("approval", name, level.level)
            for name in (*found.still_approved, gate)
            for level in process.levels_for(name, severity)
        ),
        *((demand("separation"),) if process.closure.separate_from else ()),
    )


def _looked_at(conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    """The fields that conditions are about, each once."""
    return tuple(dict.fromkeys(each.field for each in conditions))


def meets(demand: Demand, facts: Facts) -> Meeting:
    """Whether the facts meet a demand; what an exception or an accepted risk passes does not stand."""
    standing, passed = allowed_through(facts, demand.gate, demand_obstacles(demand, facts))
    return Meeting(obstacles=standing, passed=passed)


def demand_obstacles(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    """What stands against a demand, before anything passes it."""
    return _JUDGES[demand.kind](demand, facts)


def _outcome_rule(process: ProcessVersion, outcome: str) -> OutcomeRule | None:
    return next((each for each in process.closure.outcomes if each.outcome == outcome), None)


def _field(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    return missing_fields(facts, (demand.about,), message("closure_demands.pass", gate=gate_title(facts, demand.gate)))


def _condition(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    gate = facts.process.gate(demand.gate)
    return unmet_conditions(facts, (each for each in (gate.conditions if gate else ()) if each.field == demand.about))


def _evidence(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    requirement = facts.process.requirement(demand.about)
    return missing_of(facts, requirement, demand.gate) if requirement else ()


def _outcome(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    process = facts.process
    if _outcome_rule(process, demand.outcome) is not None:
        return ()
    allowed = ", ".join(each.outcome for each in process.closure.outcomes)
    return (
        obstacle(
            facts,
            "close.outcome",
            responsible=who_can(facts, roles_for(process, "close", facts.file.item.step)),
            outcome=demand.outcome,
            allowed=allowed,
        ),
    )


def _outcome_field(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    rule = _outcome_rule(facts.process, demand.outcome)
    return (
        missing_fields(facts, (demand.about,), message("closure_demands.close_with", title=rule.title)) if rule else ()
    )


def _outcome_condition(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    rule = _outcome_rule(facts.process, demand.outcome)
    asked = (each for each in (rule.conditions if rule else ()) if each.field == demand.about)
    # What an outcome demands judges the work, whatever the version calls it.
    return unmet_conditions(facts, (msgspec.structs.replace(each, readiness=False) for each in asked))


def _follow_up(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    rule = _outcome_rule(facts.process, demand.outcome)
    if rule is None or not rule.follow_up_item or facts.follow_ups:
        return ()
    return (obstacle(facts, "close.follow_up", responsible=who_can(facts, roles_to(facts, "link")), title=rule.title),)


def _until(due: str) -> str:
    """An instant as a part of a sentence; "" when there is none."""
    return message("closure_demands.until_utc", due=due[:16].replace("T", " ")) if due else ""


def _outstanding(_demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    """No obligation lets an item close, whatever it comes from."""
    return tuple(
        obstacle(
            facts,
            "obligation.open",
            responsible=who_ends(facts, each),
            about=each.id,
            obligation=obligation_words(facts, each).removesuffix("."),
            until=_until(each.due),
        )
        for each in open_obligations(facts.file)
    )


def close_roles(facts: Facts, transition: Transition) -> tuple[str, ...]:
    """Who may sign the closing."""
    return transition.roles or roles_for(facts.process, "close", facts.file.item.step)


def _separation(demand: Demand, facts: Facts) -> tuple[Obstacle, ...]:
    """Who closes is none of the excluded persons (21 CFR 11.10(g): authority checks)."""
    closure, transition = facts.process.closure, facts.process.transition(demand.gate)
    acting_as = people_in_roles(facts, closure.separate_from)
    if APPROVERS in closure.separate_from:
        acting_as[APPROVERS] = judge_approvals(facts, demand.gate).signers
    roles = close_roles(facts, transition) if transition else ()
    return separations(facts, acting_as, message("closure_demands.close_it"), roles)


_JUDGES: dict[Kind, Callable[[Demand, Facts], tuple[Obstacle, ...]]] = {
    "handoff": lambda _demand, facts: tuple(not_taken_over(facts)),
    "requests": lambda _demand, facts: tuple(undecided(facts, ends=True)),
    "obligations": _outstanding,
    "unblocked": lambda demand, facts: blocking(facts, demand.gate),
    "choices": lambda _demand, facts: unknown_choices(facts),
    "field": _field,
    "condition": _condition,
    "evidence": _evidence,
    "effect": lambda demand, facts: effects_missing(facts, demand.gate),
    "outcome": _outcome,
    "outcome_field": _outcome_field,
    "outcome_condition": _outcome_condition,
    "follow_up": _follow_up,
    "approval": lambda demand, facts: level_gaps(facts, demand.about, demand.level),
    "separation": _separation,
}
