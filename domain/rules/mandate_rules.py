"""Giving a delegate a mandate, and ending it: the delegator gives a role held by right, for days, in a scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.days import is_day
from domain.law.letters import is_blank
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import able, name_of, who_can
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
        obstacles.append(obstacle(facts, "mandate.self"))
    if is_blank(reason):
        obstacles.append(obstacle(facts, "reason.missing", "a_mandate_needs"))
    return tuple(obstacles)


def _role(facts: VaultFacts, role: str) -> tuple[Obstacle, ...]:
    person = facts.actor.person
    if role == ADMINISTRATOR:
        return (obstacle(facts, "mandate.administrator"),)
    if person in facts.holders.get(role, ()):
        return ()
    today = facts.today
    delegated = any(
        each.delegate == person and each.role == role and each.state == "given" and today <= each.last_day
        for each in facts.mandates
    )
    if delegated:
        return (obstacle(facts, "mandate.chain", responsible=who_can(facts, (role,)), role=role),)
    return (obstacle(facts, "mandate.role", responsible=who_can(facts, (role,)), role=role),)


def _days(facts: VaultFacts, first: str, last: str) -> tuple[Obstacle, ...]:
    today = facts.today
    if not (is_day(first) and is_day(last) and today <= first <= last):
        return (obstacle(facts, "mandate.days", first=first, last=last, today=today),)
    if (date.fromisoformat(last) - date.fromisoformat(first)).days >= LONGEST_DAYS:
        return (obstacle(facts, "mandate.days", "a_mandate_lasts", longest_days=LONGEST_DAYS),)
    return ()


def _scope(facts: VaultFacts, process: str, severities: Sequence[str]) -> tuple[Obstacle, ...]:
    if process and process not in facts.in_force:
        known = ", ".join(sorted(facts.in_force))
        return (obstacle(facts, "mandate.scope", process=process, known=known),)
    known_here = facts.process.severities if facts.process else ()
    unknown = [each for each in severities if known_here and each not in known_here]
    if unknown:
        return (
            obstacle(
                facts,
                "mandate.scope",
                "no_severity_of",
                unknown=", ".join(unknown),
                process=process,
                known_here=", ".join(known_here),
            ),
        )
    return ()


def revoke_obstacles(facts: VaultFacts, *, mandate: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor end this mandate (an id)?"""
    found = next((each for each in facts.mandates if each.id == mandate), None)
    if found is None:
        return (obstacle(facts, "mandate.unknown", mandate=mandate),)
    obstacles = []
    # An administrator may end what somebody who is away cannot, but never gives one in their place.
    if facts.actor.person != found.delegator and facts.actor.person not in facts.holders.get(ADMINISTRATOR, ()):
        delegator = name_of(facts, found.delegator)
        obstacles.append(
            obstacle(facts, "mandate.not_yours", responsible=able(facts, found.delegator), delegator=delegator)
        )
    if found.state != "given" or found.last_day < facts.today:
        obstacles.append(obstacle(facts, "mandate.ended"))
    if is_blank(reason):
        obstacles.append(obstacle(facts, "reason.missing", "ending_a_mandate"))
    return tuple(obstacles)
