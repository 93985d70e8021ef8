"""Rules about new keys for people who had one, recovery sheets, the data key, and what installations report."""

from __future__ import annotations

from domain.identity import iso, parse_iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import able, anybody_else, name_of, who_can
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
        *administration(facts, message("key_rules.change_the_data_key")),
        *reason_obstacles(facts, reason, message("key_rules.change_the_data_key")),
    ]
    if facts.rotating:
        obstacles.append(obstacle(facts, "rotation.begun"))
    return tuple(obstacles)


def ask_reset_obstacles(facts: VaultFacts, *, person: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor ask for a new key for this person (an id)?"""
    obstacles = [*reason_obstacles(facts, reason, message("key_rules.ask_for_a_new"))]
    if person not in facts.active:
        obstacles.append(unknown_person(facts, person))
    if person == facts.actor.person:
        obstacles.append(obstacle(facts, "person.self"))
    if any(each.person == person and each.state == "asked" for each in facts.resets):
        obstacles.append(
            obstacle(
                facts,
                "reset.asked",
                responsible=who_can(facts, (ADMINISTRATOR,), without=frozenset({person})),
                person=name_of(facts, person),
            )
        )
    return tuple(obstacles)


def give_reset_obstacles(facts: VaultFacts, *, reset: str, key: str) -> tuple[Obstacle, ...]:
    """May the actor give the new key (its id) that this request asks for? It takes another person than asked."""
    asked = next((each for each in facts.resets if each.id == reset and each.state == "asked"), None)
    obstacles = [*administration(facts, message("key_rules.give_a_person_a")), *used_key_obstacles(facts, key)]
    if asked is None:
        return (*obstacles, _not_asked(facts))
    if asked.person not in facts.active:
        obstacles.append(unknown_person(facts, asked.person))
    if facts.actor.person in (asked.asked_by, asked.person):
        whose = (
            message("key_rules.asked_for_this_new")
            if facts.actor.person == asked.asked_by
            else message("key_rules.would_receive_this_new")
        )
        obstacles.append(
            obstacle(
                facts,
                "reset.two_persons",
                responsible=who_can(facts, (ADMINISTRATOR,), without=frozenset({asked.asked_by, asked.person})),
                whose=whose,
            )
        )
    return tuple(obstacles)


def _not_asked(facts: VaultFacts) -> Obstacle:
    return obstacle(
        facts,
        "reset.not_asked",
        responsible=anybody_else(facts, facts.actor.person),
    )


def withdraw_reset_obstacles(facts: VaultFacts, *, reset: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor withdraw this request for a new key?"""
    asked = next((each for each in facts.resets if each.id == reset and each.state == "asked"), None)
    if asked is None:
        return (obstacle(facts, "reset.not_open"),)
    obstacles = [*reason_obstacles(facts, reason, message("key_rules.withdraw_a_request_for"))]
    if facts.actor.person not in (asked.asked_by, asked.person):
        who = able(facts, *sorted({asked.asked_by, asked.person}, key=lambda each: name_of(facts, each)))
        obstacles.append(obstacle(facts, "reset.not_yours", responsible=who))
    return tuple(obstacles)


def recover_obstacles(facts: VaultFacts, *, sheet: str, key: str) -> tuple[Obstacle, ...]:
    """May the actor take a new key (its id) with this sheet? Where others are active, one of them has asked."""
    found = next((each for each in facts.sheets if each.id == sheet), None)
    obstacles = [*used_key_obstacles(facts, key)]
    if found is None or found.state != "in_force" or found.person != facts.actor.person:
        obstacles.append(
            obstacle(
                facts,
                "sheet.not_in_force",
                responsible=who_can(facts, (ADMINISTRATOR,), without=frozenset({facts.actor.person})),
            )
        )
    if facts.active - {facts.actor.person} and open_request(facts, facts.actor.person) is None:
        obstacles.append(_not_asked(facts))
    return tuple(obstacles)


def sheet_obstacles(facts: VaultFacts) -> tuple[Obstacle, ...]:
    """May the actor print a recovery sheet?"""
    return administration(facts, message("key_rules.print_a_recovery_sheet"))


def new_sheet_obstacles(facts: VaultFacts, sheet: str) -> tuple[Obstacle, ...]:
    """An obstacle unless the id on the new sheet is a new one."""
    if all(each.id != sheet for each in facts.sheets):
        return id_obstacles(facts, sheet)
    return (obstacle(facts, "sheet.id_used"),)


def failed_unlock_obstacles(
    facts: VaultFacts, *, person: str, count: int, first_at: str, last_at: str
) -> tuple[Obstacle, ...]:
    """May this alarm be put on record? It is about somebody enrolled (an id), or about a name unknown here ("")."""
    obstacles = () if not person or person in facts.names else (unknown_person(facts, person),)
    if count > 0 and _is_instant(first_at) and _is_instant(last_at) and first_at <= last_at:
        return obstacles
    return (
        *obstacles,
        obstacle(facts, "failed_unlock_report.malformed"),
    )


def _is_instant(text: str) -> bool:
    try:
        return iso(parse_iso(text)) == text
    except (ValueError, OverflowError):
        return False
