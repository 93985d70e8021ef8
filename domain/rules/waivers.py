"""Waivers: a risk accepted by signature, by the role that carries it, for one rule and until a day."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.identity import iso
from domain.law.letters import is_blank
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, WaiverRule
from domain.records.governance import Waiver
from domain.rules.allowances import PASSABLE, standing
from domain.rules.facts import Facts
from domain.rules.fields import days_after, is_day
from domain.rules.passing import close_obstacles, move_obstacles
from domain.rules.rights import hats_of, needs_one_of, separation

_ASKED_LATER = "asked when it is taken"


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
    waives, process, item = facts.process.waiver, facts.process, facts.file.item
    if waives is None:
        return (_no(facts, "waiver.none", "No rule is waived here", "Cure what stands in the way."),)
    found = list(needs_one_of(facts, asking_roles(facts), "ask for a waiver"))
    found += [
        _no(facts, "reason.missing", f"A waiver states its {name}", "Say it in words.")
        for name, words in (("reason", reason), ("risk", risk))
        if is_blank(words)
    ]
    if rule not in waives.rules or rule not in PASSABLE:
        text = f"'{rule}' is not a rule that is waived here"
        found.append(_no(facts, "waiver.rule", text, f"Rules that can be: {', '.join(waives.rules) or 'none'}."))
    if gate and process.gate(gate) is None:
        ways = ", ".join(way.id for way in process.from_step(item.step))
        found.append(_no(facts, "waiver.gate", f"There is no gate '{gate}'", f"Gates ahead: {ways}."))
    return (*found, *_day(facts, waives, expires_on))


def asking_roles(facts: Facts) -> tuple[str, ...]:
    """Who may ask for a waiver: the owner first, then whoever may edit or move an item at some step."""
    rights = (right for right in facts.process.rights if right.verb in ("edit", "move"))
    return tuple(dict.fromkeys((OWNER, *(role for right in rights for role in right.roles))))


def _day(facts: Facts, rule: WaiverRule, day: str) -> tuple[Obstacle, ...]:
    today = facts.actor.at.date()
    last = days_after(today, rule.longest_days)
    if is_day(day) and today <= date.fromisoformat(day) <= last:
        return ()
    text = f"A risk is accepted for {rule.longest_days} days at most; '{day}' is not a day until then"
    return (_no(facts, "waiver.day", text, f"Name a last day from {today} to {last}."),)


def waiver_of(facts: Facts, waiver: str) -> Waiver | None:
    """The item's waiver of that id."""
    return next((each for each in facts.file.waivers if each.id == waiver), None)


def decide_obstacles(facts: Facts, waiver: str, *, accept: bool, reason: str) -> tuple[Obstacle, ...]:
    """May the actor sign for the risk that a waiver (its id) states?"""
    rule, wanted = facts.process.waiver, waiver_of(facts, waiver)
    if rule is None or wanted is None or wanted.state != "asked" or wanted.cycle != facts.file.item.cycle:
        text = f"Waiver '{waiver}' does not wait for a decision"
        return (_no(facts, "waiver.decided", text, "Choose one that does."),)
    doing = "accept this risk"
    found = list(needs_one_of(facts, rule.roles, doing))
    worn = hats_of(facts, rule.separate_from)
    if "asker" in rule.separate_from:
        worn["asker"] = frozenset({wanted.asked_by})
    out = frozenset(person for people in worn.values() for person in people)
    found += [
        separation(facts, hat, doing, rule.roles, out) for hat, people in worn.items() if facts.actor.person in people
    ]
    if accept:
        return (*found, *_day(facts, rule, wanted.expires_on))
    if not is_blank(reason):
        return tuple(found)
    return (*found, _no(facts, "reason.missing", "A refusal needs a reason", "Say why."))


def revoke_obstacles(facts: Facts, waiver: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor take back the risk accepted by a waiver (its id)?"""
    rule, wanted = facts.process.waiver, waiver_of(facts, waiver)
    today = iso(facts.actor.at)[:10]
    if rule is None or wanted is None or wanted.state != "in_force" or wanted.expires_on < today:
        text = f"Waiver '{waiver}' is not in force"
        return (_no(facts, "waiver.ended", text, "There is nothing to take back."),)
    found = needs_one_of(facts, rule.roles, "take an accepted risk back")
    if not is_blank(reason):
        return found
    return (*found, _no(facts, "reason.missing", "Taking it back needs a reason", "Say why."))


def waivable_ahead(facts: Facts) -> tuple[Waivable, ...]:
    """Every obstacle on the transitions out of the item's step for which a waiver can be asked."""
    rule, item, closure = facts.process.waiver, facts.file.item, facts.process.closure
    if rule is None or item.state != "open":
        return ()
    found = []
    for way in facts.process.from_step(item.step):
        if way.target == closure.step:
            judged = [standing(facts, way.id, close_obstacles(facts, each.outcome)) for each in closure.outcomes]
            obstacles = min(judged, key=len, default=())
        else:
            obstacles = standing(facts, way.id, move_obstacles(facts, way.target, _ASKED_LATER))
        found += [
            Waivable(rule=each.rule, about=each.about, gate=way.id, text=each.text)
            for each in obstacles
            if each.rule in rule.rules
        ]
    return tuple(dict.fromkeys(found))


def _no(facts: Facts, rule: str, text: str, cure: str) -> Obstacle:
    return Obstacle(
        rule=rule,
        text=f"{text} ({facts.process.name}).",
        cure=cure,
        who=facts.actor.name,
    )
