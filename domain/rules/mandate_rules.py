"""Giving a delegate a mandate, and ending it: the delegator gives a role held by right, for days, in a scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.days import is_day
from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.people import name_of, who_can
from domain.rules.people_rules import unknown_person

LONGEST_DAYS = 366
"""A delegation is for an absence; who stands in for longer is given the role."""


def give_obstacles(
    facts: VaultFacts,
    *,
    delegate: str,
    role: str,
    first_day: str,
    last_day: str,
    process: str,
    severities: Sequence[str],
    reason: str,
) -> tuple[Obstacle, ...]:
    """May the actor let `delegate` (a person id) sign in this role for them, on these days (ISO), in this scope?"""
    obstacles = [*_role(facts, role), *_days(facts, first_day, last_day), *_scope(facts, process, severities)]
    if delegate not in facts.active:
        obstacles.append(unknown_person(facts, delegate))
    if delegate == facts.actor.person:
        obstacles.append(_no(facts, "mandate.self", message("mandate.self.text"), message("mandate.self.remedy")))
    if is_blank(reason):
        obstacles.append(
            _no(
                facts,
                "reason.missing",
                message("reason.missing.text.a_mandate_needs"),
                message("reason.missing.remedy"),
            )
        )
    return tuple(obstacles)


def _role(facts: VaultFacts, role: str) -> tuple[Obstacle, ...]:
    person = facts.actor.person
    if role == ADMINISTRATOR:
        text = message("mandate.administrator.text")
        return (_no(facts, "mandate.administrator", text, message("mandate.administrator.remedy")),)
    if person in facts.holders.get(role, ()):
        return ()
    today = facts.today
    delegated = any(
        each.delegate == person and each.role == role and each.state == "given" and today <= each.last_day
        for each in facts.mandates
    )
    if delegated:
        text = message("mandate.chain.text", actor=facts.actor.name, role=role)
        return (_no(facts, "mandate.chain", text, message("mandate.chain.remedy"), who_can(facts, (role,))),)
    text = message("mandate.role.text", actor=facts.actor.name, role=role)
    return (_no(facts, "mandate.role", text, message("mandate.role.remedy"), who_can(facts, (role,))),)


def _days(facts: VaultFacts, first: str, last: str) -> tuple[Obstacle, ...]:
    today = facts.today
    if not (is_day(first) and is_day(last) and today <= first <= last):
        text = message("mandate.days.text", first=first, last=last)
        return (_no(facts, "mandate.days", text, message("mandate.days.remedy", today=today)),)
    if (date.fromisoformat(last) - date.fromisoformat(first)).days >= LONGEST_DAYS:
        text = message("mandate.days.text.a_mandate_lasts", longest_days=LONGEST_DAYS)
        return (_no(facts, "mandate.days", text, message("mandate.days.remedy.give_a_shorter")),)
    return ()


def _scope(facts: VaultFacts, process: str, severities: Sequence[str]) -> tuple[Obstacle, ...]:
    if process and process not in facts.in_force:
        known = ", ".join(sorted(facts.in_force))
        return (
            _no(
                facts,
                "mandate.scope",
                message("mandate.scope.text", process=process),
                message("mandate.scope.remedy", known=known),
            ),
        )
    known_here = facts.process.severities if facts.process else ()
    unknown = [each for each in severities if known_here and each not in known_here]
    if unknown:
        text = message("mandate.scope.text.no_severity_of", unknown=", ".join(unknown), process=process)
        return (
            _no(
                facts,
                "mandate.scope",
                text,
                message("mandate.scope.remedy.use_some_of", known_here=", ".join(known_here)),
            ),
        )
    return ()


def revoke_obstacles(facts: VaultFacts, *, mandate: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor end this mandate (an id)?"""
    found = next((each for each in facts.mandates if each.id == mandate), None)
    if found is None:
        return (
            _no(
                facts,
                "mandate.unknown",
                message("mandate.unknown.text", mandate=mandate),
                message("mandate.unknown.remedy"),
            ),
        )
    obstacles = []
    # An administrator may end what somebody who is away cannot, but never gives one in their place.
    if facts.actor.person != found.delegator and facts.actor.person not in facts.holders.get(ADMINISTRATOR, ()):
        delegator = name_of(facts, found.delegator)
        obstacles.append(
            _no(
                facts,
                "mandate.not_yours",
                message("mandate.not_yours.text", delegator=delegator),
                message("mandate.not_yours.remedy", delegator=delegator),
                delegator,
            )
        )
    if found.state != "given" or found.last_day < facts.today:
        obstacles.append(_no(facts, "mandate.ended", message("mandate.ended.text"), message("mandate.ended.remedy")))
    if is_blank(reason):
        obstacles.append(
            _no(
                facts,
                "reason.missing",
                message("reason.missing.text.ending_a_mandate"),
                message("reason.missing.remedy"),
            )
        )
    return tuple(obstacles)


def _no(facts: VaultFacts, rule: str, text: str, remedy: str, responsible: str = "") -> Obstacle:
    return Obstacle(rule=rule, text=text, remedy=remedy, responsible=responsible or facts.actor.name)
