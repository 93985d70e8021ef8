"""Giving a delegate a mandate, and ending it: the delegator gives a role held by right, for days, in a scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.identity import iso
from domain.law.letters import is_blank
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.fields import is_day
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
        obstacles.append(_no(facts, "mandate.self", "Nobody is their own delegate.", "Name another person."))
    if is_blank(reason):
        obstacles.append(_no(facts, "reason.missing", "A mandate needs a reason that is kept on record.", "Say why."))
    return tuple(obstacles)


def _role(facts: VaultFacts, role: str) -> tuple[Obstacle, ...]:
    person = facts.actor.person
    if role == ADMINISTRATOR:
        text = "Who administers the vault is granted, not delegated."
        return (_no(facts, "mandate.administrator", text, "Grant the role to another person."),)
    if person in facts.holders.get(role, ()):
        return ()
    today = iso(facts.actor.at)[:10]
    delegated = any(
        each.delegate == person and each.role == role and each.state == "given" and today <= each.last_day
        for each in facts.mandates
    )
    if delegated:
        text = f"{facts.actor.name} acts as '{role}' for somebody else, and a delegation is not handed on."
        return (_no(facts, "mandate.chain", text, "The delegator names another delegate.", who_can(facts, (role,))),)
    text = f"{facts.actor.name} does not hold '{role}' and cannot delegate it."
    return (_no(facts, "mandate.role", text, "Those who hold it name their delegates.", who_can(facts, (role,))),)


def _days(facts: VaultFacts, first: str, last: str) -> tuple[Obstacle, ...]:
    today = iso(facts.actor.at)[:10]
    if not (is_day(first) and is_day(last) and today <= first <= last):
        text = f"'{first}' to '{last}' are not days from today on, the first before the last."
        return (_no(facts, "mandate.days", text, f"Name days such as {today}; a mandate does not reach back."),)
    if (date.fromisoformat(last) - date.fromisoformat(first)).days >= LONGEST_DAYS:
        text = f"A mandate lasts {LONGEST_DAYS} days at most."
        return (_no(facts, "mandate.days", text, "Give a shorter one, or grant the role to the person."),)
    return ()


def _scope(facts: VaultFacts, process: str, severities: Sequence[str]) -> tuple[Obstacle, ...]:
    if process and process not in facts.in_force:
        known = ", ".join(sorted(facts.in_force))
        return (_no(facts, "mandate.scope", f"No process '{process}' is in force.", f"Use one of: {known}."),)
    known_here = facts.process.severities if facts.process else ()
    unknown = [each for each in severities if known_here and each not in known_here]
    if unknown:
        text = f"{', '.join(unknown)}: no severity of {process}."
        return (_no(facts, "mandate.scope", text, f"Use some of: {', '.join(known_here)}."),)
    return ()


def revoke_obstacles(facts: VaultFacts, *, mandate: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor end this mandate (an id)?"""
    found = next((each for each in facts.mandates if each.id == mandate), None)
    if found is None:
        return (_no(facts, "mandate.unknown", f"There is no mandate '{mandate}'.", "Choose another."),)
    obstacles = []
    # An administrator may end what somebody who is away cannot, but never gives one in their place.
    if facts.actor.person != found.delegator and facts.actor.person not in facts.holders.get(ADMINISTRATOR, ()):
        delegator = name_of(facts, found.delegator)
        obstacles.append(
            _no(facts, "mandate.not_yours", f"This mandate is {delegator}'s.", f"Ask {delegator}.", delegator)
        )
    if found.state != "given" or found.last_day < iso(facts.actor.at)[:10]:
        obstacles.append(_no(facts, "mandate.ended", "This mandate has ended already.", "There is nothing to end."))
    if is_blank(reason):
        obstacles.append(_no(facts, "reason.missing", "Ending a mandate needs a reason.", "Say why."))
    return tuple(obstacles)


def _no(facts: VaultFacts, rule: str, text: str, remedy: str, responsible: str = "") -> Obstacle:
    return Obstacle(rule=rule, text=text, remedy=remedy, responsible=responsible or facts.actor.name)
