"""Risk acceptances: a risk accepted by signature, by the role that carries it, for one rule and until a day."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.days import days_after, is_day
from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, RiskAcceptanceRule
from domain.process.passable import PASSABLE, is_passable
from domain.records.governance import RiskAcceptance
from domain.rules.facts import Facts
from domain.rules.granted_exceptions import day_after
from domain.rules.obstacles import obstacle
from domain.rules.passed_obstacles import standing
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
    facts: Facts, *, gate: str, rule: str, reason: str, risk: str, expires_on: str, about: str = ""
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
    found += _passable(facts, waives, rule, about)
    if gate and process.gate(gate) is None:
        transitions = ", ".join(transition.id for transition in process.from_step(item.step))
        found.append(obstacle(facts, "risk_acceptance.gate", gate=gate, transitions=transitions))
    found += _day(facts, waives, expires_on)
    return (*found, *_prolonged(facts, waives, (rule, gate, about), expires_on))


def asking_roles(facts: Facts) -> tuple[str, ...]:
    """Who may ask for a risk acceptance: the owner first, then whoever may edit or move an item at some step."""
    rights = (right for right in facts.process.rights if right.verb in ("edit", "move"))
    return tuple(dict.fromkeys((OWNER, *(role for right in rights for role in right.roles))))


def _day(facts: Facts, rule: RiskAcceptanceRule, day: str) -> tuple[Obstacle, ...]:
    today = date.fromisoformat(facts.today)
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
    asked = signatures_missing(facts, wanted) if accept else deciding_roles(facts)
    found = list(needs_one_of(facts, asked, doing))
    found += separations(facts, kept_out(facts, rule, wanted), doing, asked)
    if accept:
        return (*found, *_passable(facts, rule, wanted.rule, wanted.about), *_day(facts, rule, wanted.expires_on))
    if not is_blank(reason):
        return tuple(found)
    return (
        *found,
        obstacle(facts, "reason.missing", "a_refusal_needs"),
    )


def deciding_roles(facts: Facts) -> tuple[str, ...]:
    """Who decides about risks: who carries them, and who owns the process; a delegate of neither does."""
    rule = facts.process.risk_acceptance
    return tuple(dict.fromkeys((*(rule.roles if rule else ()), facts.process.owner_role)))


def signatures_missing(facts: Facts, wanted: RiskAcceptance) -> tuple[str, ...]:
    """The roles that have not signed yet for a risk."""
    rule = facts.process.risk_acceptance
    carries = rule.roles if rule and not wanted.accepted_by else ()
    return tuple(dict.fromkeys((*carries, *(() if wanted.owner_signed_by else (facts.process.owner_role,)))))


def kept_out(facts: Facts, rule: RiskAcceptanceRule, wanted: RiskAcceptance) -> dict[str, frozenset[str]]:
    """The people who may not sign for a risk, by the role that keeps them from it: a delegate counts with the
    delegator.
    """
    acting_as = people_in_roles(facts, rule.separate_from)
    if "asker" in rule.separate_from:
        acting_as["asker"] = frozenset({wanted.asked_by})
    return {role: people | _delegates(facts, people) for role, people in acting_as.items()}


def _delegates(facts: Facts, people: frozenset[str]) -> frozenset[str]:
    here = ("", facts.process.id)
    return frozenset(each.delegate for each in facts.mandates if each.delegator in people and each.process in here)


def _passable(facts: Facts, rule: RiskAcceptanceRule, asked: str, about: str) -> tuple[Obstacle, ...]:
    if asked in rule.rules and is_passable(facts.process, asked, about):
        return ()
    allowed = ", ".join(each for each in rule.rules if each in PASSABLE) or message("risk_acceptances.none")
    return (obstacle(facts, "risk_acceptance.rule", rule=asked, rules=allowed),)


def _prolonged(facts: Facts, rule: RiskAcceptanceRule, wanted: tuple[str, str, str], day: str) -> tuple[Obstacle, ...]:
    """Acceptances of one risk together last no longer than one may, and nobody follows up one that they asked for."""
    today, found = facts.today, []
    for each in facts.file.risk_acceptances:
        theirs = (each.rule, each.gate, each.about)
        same = each.rule == wanted[0] and all(
            "" in pair or pair[0] == pair[1] for pair in zip(theirs, wanted, strict=True)
        )
        if not same or each.state not in ("in_force", "revoked") or not each.accepted_at:
            continue
        last = each.ended_at[:10] if each.state == "revoked" else each.expires_on
        if day_after(last, rule.longest_days) < today:
            continue
        longest = day_after(each.accepted_at[:10], rule.longest_days)
        if each.asked_by == facts.actor.person or day > longest:
            found.append(
                obstacle(facts, "risk_acceptance.prolonged", last=last, longest=longest, longest_days=rule.longest_days)
            )
    return tuple(found)


def revoke_obstacles(facts: Facts, risk_acceptance: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor take back the risk accepted by a risk acceptance (its id)?"""
    rule, wanted = facts.process.risk_acceptance, risk_acceptance_of(facts, risk_acceptance)
    today = facts.today
    if rule is None or wanted is None or wanted.state != "in_force" or wanted.expires_on < today:
        return (obstacle(facts, "risk_acceptance.ended", risk_acceptance=risk_acceptance),)
    found = needs_one_of(facts, deciding_roles(facts), message("risk_acceptances.take_an_accepted_risk"))
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
            if each.rule in rule.rules and is_passable(facts.process, each.rule, each.about)
        ]
    return tuple(dict.fromkeys(found))
