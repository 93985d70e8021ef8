"""Risk acceptances: a risk accepted by signature, by the role that carries it, for one rule and until a day."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.identity import iso
from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, RiskAcceptanceRule
from domain.records.governance import RiskAcceptance
from domain.rules.facts import Facts
from domain.rules.fields import days_after, is_day
from domain.rules.obstacles import obstacle
from domain.rules.passed_obstacles import PASSABLE, standing
from domain.rules.passing import close_obstacles, move_obstacles
from domain.rules.rights import needs_one_of, people_in_roles, separations

_ASKED_LATER = "…"


class Waivable(msgspec.Struct, frozen=True, kw_only=True):
    """An obstacle ahead whose risk may be accepted here: its rule, what it concerns, its gate, and its words."""

    rule: str
    about: str
    gate: str
    text: str


def request_obstacles(
    facts: Facts, *, gate: str, rule: str, reason: str, risk: str, expires_on: str
) -> tuple[Obstacle, ...]:
    """May the actor ask that this risk be accepted?"""
    waives, process, item = facts.process.risk_acceptance, facts.process, facts.file.item
    if waives is None:
        return (obstacle(facts, "risk_acceptance.none"),)
    found = list(needs_one_of(facts, asking_roles(facts), message("risk_acceptances.ask_for_a_risk")))
    found += [
        obstacle(facts, "reason.missing", "a_risk_acceptance", name=name)
        for name, words in (("reason", reason), ("risk", risk))
        if is_blank(words)
    ]
    if rule not in waives.rules or rule not in PASSABLE:
        found.append(
            obstacle(
                facts,
                "risk_acceptance.rule",
                rule=rule,
                rules=", ".join(waives.rules) or message("risk_acceptances.none"),
            )
        )
    if gate and process.gate(gate) is None:
        transitions = ", ".join(transition.id for transition in process.from_step(item.step))
        found.append(obstacle(facts, "risk_acceptance.gate", gate=gate, transitions=transitions))
    return (*found, *_day(facts, waives, expires_on))


def asking_roles(facts: Facts) -> tuple[str, ...]:
    """Who may ask for a risk acceptance: the owner first, then whoever may edit or move an item at some step."""
    rights = (right for right in facts.process.rights if right.verb in ("edit", "move"))
    return tuple(dict.fromkeys((OWNER, *(role for right in rights for role in right.roles))))


def _day(facts: Facts, rule: RiskAcceptanceRule, day: str) -> tuple[Obstacle, ...]:
    today = facts.actor.at.date()
    last = days_after(today, rule.longest_days)
    if is_day(day) and today <= date.fromisoformat(day) <= last:
        return ()
    return (obstacle(facts, "risk_acceptance.day", longest_days=rule.longest_days, day=day, today=today, last=last),)


def risk_acceptance_of(facts: Facts, risk_acceptance: str) -> RiskAcceptance | None:
    """The item's risk acceptance of that id."""
    return next((each for each in facts.file.risk_acceptances if each.id == risk_acceptance), None)


def decide_obstacles(facts: Facts, risk_acceptance: str, *, accept: bool, reason: str) -> tuple[Obstacle, ...]:
    """May the actor sign for the risk that a risk acceptance (its id) states?"""
    rule, wanted = facts.process.risk_acceptance, risk_acceptance_of(facts, risk_acceptance)
    if rule is None or wanted is None or wanted.state != "asked" or wanted.cycle != facts.file.item.cycle:
        return (obstacle(facts, "risk_acceptance.decided", risk_acceptance=risk_acceptance),)
    doing = message("risk_acceptances.accept_this_risk")
    found = list(needs_one_of(facts, rule.roles, doing))
    acting_as = people_in_roles(facts, rule.separate_from)
    if "asker" in rule.separate_from:
        acting_as["asker"] = frozenset({wanted.asked_by})
    found += separations(facts, acting_as, doing, rule.roles)
    if accept:
        return (*found, *_day(facts, rule, wanted.expires_on))
    if not is_blank(reason):
        return tuple(found)
    return (
        *found,
        obstacle(facts, "reason.missing", "a_refusal_needs"),
    )


def revoke_obstacles(facts: Facts, risk_acceptance: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor take back the risk accepted by a risk acceptance (its id)?"""
    rule, wanted = facts.process.risk_acceptance, risk_acceptance_of(facts, risk_acceptance)
    today = iso(facts.actor.at)[:10]
    if rule is None or wanted is None or wanted.state != "in_force" or wanted.expires_on < today:
        return (obstacle(facts, "risk_acceptance.ended", risk_acceptance=risk_acceptance),)
    found = needs_one_of(facts, rule.roles, message("risk_acceptances.take_an_accepted_risk"))
    if not is_blank(reason):
        return found
    return (
        *found,
        obstacle(facts, "reason.missing", "taking_it_back"),
    )


def acceptable_obstacles(facts: Facts) -> tuple[Waivable, ...]:
    """Every obstacle on the transitions out of the item's step for which a risk acceptance can be asked."""
    rule, item, closure = facts.process.risk_acceptance, facts.file.item, facts.process.closure
    if rule is None or item.state != "open":
        return ()
    found = []
    for transition in facts.process.from_step(item.step):
        if transition.target == closure.step:
            judged = [standing(facts, transition.id, close_obstacles(facts, each.outcome)) for each in closure.outcomes]
            obstacles = min(judged, key=len, default=())
        else:
            obstacles = standing(facts, transition.id, move_obstacles(facts, transition.target, _ASKED_LATER))
        found += [
            Waivable(rule=each.rule, about=each.about, gate=transition.id, text=each.text)
            for each in obstacles
            if each.rule in rule.rules
        ]
    return tuple(dict.fromkeys(found))
