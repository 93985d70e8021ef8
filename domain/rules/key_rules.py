"""Rules about new keys for people who had one, recovery sheets, the data key, and what installations report."""

from __future__ import annotations

from domain.identity import iso, parse_iso
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.people import name_of, who_can
from domain.rules.people_rules import (
    administration,
    id_obstacles,
    open_request,
    reason_obstacles,
    unknown_person,
    used_key_obstacles,
)


def begin_rotation_obstacles(facts: VaultFacts, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor begin to change the data key?"""
    obstacles = [
        *administration(facts, "change the data key"),
        *reason_obstacles(facts, reason, "change the data key"),
    ]
    if facts.rotating:
        obstacles.append(
            Obstacle(
                rule="rotation.begun",
                text="The data key is being changed already.",
                remedy="Lock and unlock the vault: the change that was begun is finished first.",
                responsible=facts.actor.name,
            )
        )
    return tuple(obstacles)


def ask_reset_obstacles(facts: VaultFacts, *, person: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor ask for a new key for this person (an id)?"""
    obstacles = [*reason_obstacles(facts, reason, "ask for a new key")]
    if person not in facts.active:
        obstacles.append(unknown_person(facts, person))
    if person == facts.actor.person:
        obstacles.append(
            Obstacle(
                rule="person.self",
                text=f"{facts.actor.name} can unlock and needs no new key.",
                remedy="Change the passphrase instead.",
                responsible=facts.actor.name,
            )
        )
    if any(each.person == person and each.state == "asked" for each in facts.resets):
        obstacles.append(
            Obstacle(
                rule="reset.asked",
                text=f"A new key for {name_of(facts, person)} is asked for already.",
                remedy="Another person, who is an administrator, can give it.",
                responsible=who_can(facts, (ADMINISTRATOR,), without=frozenset({person})),
            )
        )
    return tuple(obstacles)


def give_reset_obstacles(facts: VaultFacts, *, reset: str, key: str) -> tuple[Obstacle, ...]:
    """May the actor give the new key (its id) that this request asks for? It takes another person than asked."""
    asked = next((each for each in facts.resets if each.id == reset and each.state == "asked"), None)
    obstacles = [*administration(facts, "give a person a new key"), *used_key_obstacles(facts, key)]
    if asked is None:
        return (*obstacles, _not_asked(facts))
    if asked.person not in facts.active:
        obstacles.append(unknown_person(facts, asked.person))
    if facts.actor.person in (asked.asked_by, asked.person):
        whose = "asked for this new key" if facts.actor.person == asked.asked_by else "would receive this new key"
        obstacles.append(
            Obstacle(
                rule="reset.two_persons",
                text=f"{facts.actor.name} {whose} and may not also give it: a reset takes two persons.",
                remedy="Another administrator has to give it.",
                responsible=who_can(facts, (ADMINISTRATOR,), without=frozenset({asked.asked_by, asked.person})),
            )
        )
    return tuple(obstacles)


def _not_asked(facts: VaultFacts) -> Obstacle:
    return Obstacle(
        rule="reset.not_asked",
        text="Nobody else has asked for this new key: a reset takes two persons.",
        remedy="Another active person asks for it first.",
        responsible=", ".join(sorted(facts.names[each] for each in facts.active - {facts.actor.person})),
    )


def withdraw_reset_obstacles(facts: VaultFacts, *, reset: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor withdraw this request for a new key?"""
    asked = next((each for each in facts.resets if each.id == reset and each.state == "asked"), None)
    if asked is None:
        return (
            Obstacle(
                rule="reset.not_open",
                text="This request for a new key is not open: it was given, withdrawn, or never made.",
                remedy="There is nothing to withdraw.",
                responsible=facts.actor.name,
            ),
        )
    obstacles = [*reason_obstacles(facts, reason, "withdraw a request for a new key")]
    if facts.actor.person not in (asked.asked_by, asked.person):
        names = sorted({name_of(facts, asked.asked_by), name_of(facts, asked.person)})
        obstacles.append(
            Obstacle(
                rule="reset.not_yours",
                text=f"{facts.actor.name} neither asked for this new key nor would get it.",
                remedy="Whoever asked for it, or the person it is for, withdraws it.",
                responsible=", ".join(names),
            )
        )
    return tuple(obstacles)


def recover_obstacles(facts: VaultFacts, *, sheet: str, key: str) -> tuple[Obstacle, ...]:
    """May the actor take a new key (its id) with this sheet? Where others are active, one of them has asked."""
    found = next((each for each in facts.sheets if each.id == sheet), None)
    obstacles = [*used_key_obstacles(facts, key)]
    if found is None or found.state != "in_force" or found.person != facts.actor.person:
        obstacles.append(
            Obstacle(
                rule="sheet.not_in_force",
                text="This recovery sheet is not in force: it was used, replaced, or belongs to somebody else.",
                remedy="Use the sheet printed last, or have two persons reset the key.",
                responsible=who_can(facts, (ADMINISTRATOR,), without=frozenset({facts.actor.person})),
            )
        )
    if facts.active - {facts.actor.person} and open_request(facts, facts.actor.person) is None:
        obstacles.append(_not_asked(facts))
    return tuple(obstacles)


def sheet_obstacles(facts: VaultFacts) -> tuple[Obstacle, ...]:
    """May the actor print a recovery sheet?"""
    return administration(facts, "print a recovery sheet, which holds the vault's root key,")


def new_sheet_obstacles(facts: VaultFacts, sheet: str) -> tuple[Obstacle, ...]:
    """An obstacle unless the id on the new sheet is a new one."""
    if all(each.id != sheet for each in facts.sheets):
        return id_obstacles(facts, sheet)
    return (
        Obstacle(
            rule="sheet.id_used",
            text="A recovery sheet with this id is on record already.",
            remedy="Print a new sheet.",
            responsible=facts.actor.name,
        ),
    )


def failed_unlock_obstacles(
    facts: VaultFacts, *, person: str, count: int, first_at: str, last_at: str
) -> tuple[Obstacle, ...]:
    """May this alarm be put on record? It is about somebody enrolled (an id), or about a name unknown here ("")."""
    obstacles = () if not person or person in facts.names else (unknown_person(facts, person),)
    if count > 0 and _is_instant(first_at) and _is_instant(last_at) and first_at <= last_at:
        return obstacles
    return (
        *obstacles,
        Obstacle(
            rule="failed_unlock_report.malformed",
            text="A failed unlock report says how often something happened, from when until when.",
            remedy="Report it as the installation counted it.",
            responsible=facts.actor.name,
        ),
    )


def _is_instant(text: str) -> bool:
    try:
        return iso(parse_iso(text)) == text
    except (ValueError, OverflowError):
        return False
