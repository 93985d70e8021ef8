"""Waivers: a risk accepted by signature, by the role that carries it, for one rule and until a day."""

from __future__ import annotations

from datetime import date, timedelta

from domain.gates.allowances import PASSABLE
from domain.gates.facts import Facts
from domain.gates.fields import is_day
from domain.gates.life_attempts import DecideWaiver, RequestWaiver, RevokeWaiver
from domain.gates.rights import hats_of, needs_one_of, separation
from domain.gates.verdict import Obstacle
from domain.identity import iso
from domain.items.governance import Waiver
from domain.law.letters import is_blank
from domain.process.definition import WaiverRule


def request_obstacles(facts: Facts, attempt: RequestWaiver) -> tuple[Obstacle, ...]:
    """May the actor ask that this risk be accepted?"""
    rule, process, item = facts.process.waiver, facts.process, facts.file.item
    if rule is None:
        return (_no(facts, "waiver.none", "No rule is waived here", "Cure what stands in the way."),)
    edit = tuple(role for right in process.rights if right.verb in ("edit", "move") for role in right.roles)
    found = list(needs_one_of(facts, tuple(dict.fromkeys(("owner", *edit))), "ask for a waiver"))
    found += [
        _no(facts, "reason.missing", f"A waiver states its {name}", "Say it in words.")
        for name in ("reason", "risk")
        if is_blank(getattr(attempt, name))
    ]
    if attempt.rule not in rule.rules or attempt.rule not in PASSABLE:
        text = f"'{attempt.rule}' is not a rule that is waived here"
        found.append(_no(facts, "waiver.rule", text, f"Rules that can be: {', '.join(rule.rules) or 'none'}."))
    if attempt.gate and process.gate(attempt.gate) is None:
        ways = ", ".join(way.id for way in process.from_step(item.step))
        found.append(_no(facts, "waiver.gate", f"There is no gate '{attempt.gate}'", f"Gates ahead: {ways}."))
    return (*found, *_day(facts, rule, attempt.expires_on))


def _day(facts: Facts, rule: WaiverRule, day: str) -> tuple[Obstacle, ...]:
    today = facts.actor.at.date()
    last = today + timedelta(days=rule.longest_days)
    if is_day(day) and today <= date.fromisoformat(day) <= last:
        return ()
    text = f"A risk is accepted for {rule.longest_days} days at most; '{day}' is not a day until then"
    return (_no(facts, "waiver.day", text, f"Name a last day from {today} to {last}."),)


def waiver_of(facts: Facts, waiver: str) -> Waiver | None:
    """The item's waiver of that id."""
    return next((each for each in facts.file.waivers if each.id == waiver), None)


def decide_obstacles(facts: Facts, attempt: DecideWaiver) -> tuple[Obstacle, ...]:
    """May the actor sign for this risk?"""
    rule, waiver = facts.process.waiver, waiver_of(facts, attempt.waiver)
    if rule is None or waiver is None or waiver.state != "asked" or waiver.cycle != facts.file.item.cycle:
        text = f"Waiver '{attempt.waiver}' does not wait for a decision"
        return (_no(facts, "waiver.decided", text, "Choose one that does."),)
    doing = "accept this risk"
    found = list(needs_one_of(facts, rule.roles, doing))
    worn = hats_of(facts, rule.separate_from)
    if "asker" in rule.separate_from:
        worn["asker"] = frozenset({waiver.asked_by})
    out = frozenset(person for people in worn.values() for person in people)
    found += [
        separation(facts, hat, doing, rule.roles, out) for hat, people in worn.items() if facts.actor.person in people
    ]
    if attempt.accept:
        return (*found, *_day(facts, rule, waiver.expires_on))
    if not is_blank(attempt.reason):
        return tuple(found)
    return (*found, _no(facts, "reason.missing", "A refusal needs a reason", "Say why."))


def revoke_obstacles(facts: Facts, attempt: RevokeWaiver) -> tuple[Obstacle, ...]:
    """May the actor take an accepted risk back?"""
    rule, waiver = facts.process.waiver, waiver_of(facts, attempt.waiver)
    today = iso(facts.actor.at)[:10]
    if rule is None or waiver is None or waiver.state != "in_force" or waiver.expires_on < today:
        text = f"Waiver '{attempt.waiver}' is not in force"
        return (_no(facts, "waiver.ended", text, "There is nothing to take back."),)
    found = needs_one_of(facts, rule.roles, "take an accepted risk back")
    if not is_blank(attempt.reason):
        return found
    return (*found, _no(facts, "reason.missing", "Taking it back needs a reason", "Say why."))


def _no(facts: Facts, rule: str, text: str, cure: str) -> Obstacle:
    return Obstacle(
        rule=rule,
        text=f"{text} ({facts.process.name}).",
        cure=cure,
        who=facts.actor.name,
    )
