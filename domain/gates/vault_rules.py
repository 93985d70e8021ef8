"""Attempts that are not about an item on file: creating, importing, people, roles, processes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.gates.facts import VaultFacts
from domain.gates.fields import wrong_values
from domain.gates.people import name_of, who_can
from domain.gates.rights import needs_one_of, roles_for
from domain.gates.verdict import Obstacle
from domain.items.people import ADMINISTRATOR
from domain.process.definition import OWNER, ProcessVersion

LONGEST_NAME = 200
"""Characters in a person's name."""


def _process(facts: VaultFacts) -> ProcessVersion:
    if facts.process is None:
        raise ValueError("this attempt is judged by a process version")
    return facts.process


def create_obstacles(facts: VaultFacts, fields: dict[str, Any]) -> tuple[Obstacle, ...]:
    """May the actor begin an item with these values?"""
    process = _process(facts)
    obstacles = needs_one_of(facts, roles_for(process, "create", process.first_step), f"create in {process.title}")
    owner = fields.get(OWNER, "")
    if owner and owner not in facts.active:
        obstacles += (_unknown_person(facts, str(owner)),)
    values = {name: value for name, value in fields.items() if name != OWNER}
    return obstacles + wrong_values(facts, process, {"title": "", **values})


def _unknown_person(facts: VaultFacts, person: str) -> Obstacle:
    known = ", ".join(sorted(facts.names[each] for each in facts.active))
    return Obstacle(
        rule="person.unknown",
        text=f"'{facts.names.get(person, person)}' is not an active person of this vault.",
        cure=f"Choose one of: {known}.",
        who=facts.actor.name,
    )


def import_obstacles(facts: VaultFacts) -> tuple[Obstacle, ...]:
    """May the actor bring a tracker in?"""
    process = _process(facts)
    return needs_one_of(facts, roles_for(process, "import", process.first_step), f"import into {process.title}")


def _administration(facts: VaultFacts, doing: str) -> tuple[Obstacle, ...]:
    return needs_one_of(facts, (ADMINISTRATOR,), doing)


def enrol_obstacles(facts: VaultFacts, name: str, roles: Iterable[str]) -> tuple[Obstacle, ...]:
    """May the actor take this person in?"""
    obstacles = list(_administration(facts, "enrol people"))
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        obstacles.append(
            Obstacle(
                rule="person.name",
                text=f"{name!r} is not a name that can be shown and printed.",
                cure=f"Use 1 to {LONGEST_NAME} visible characters without spaces at the ends.",
                who=facts.actor.name,
            )
        )
    if name.casefold() in {known.casefold() for known in facts.names.values()}:
        obstacles.append(
            Obstacle(
                rule="person.taken",
                text=f"'{name}' is enrolled here already; names tell people apart on paper.",
                cure="Add what distinguishes them, such as a middle name or department.",
                who=facts.actor.name,
            )
        )
    return (*obstacles, *(obstacle for role in roles for obstacle in _unknown_role(facts, role)))


def _unknown_role(facts: VaultFacts, role: str) -> tuple[Obstacle, ...]:
    if role in facts.declared:
        return ()
    return (
        Obstacle(
            rule="role.unknown",
            text=f"No process in force knows the role '{role}'.",
            cure=f"Use one of: {', '.join(sorted(facts.declared))}.",
            who=facts.actor.name,
        ),
    )


def grant_obstacles(facts: VaultFacts, person: str, role: str) -> tuple[Obstacle, ...]:
    """May the actor give this person this role?"""
    obstacles = [*_administration(facts, "grant roles"), *_unknown_role(facts, role)]
    if person not in facts.active:
        obstacles.append(_unknown_person(facts, person))
    if person in facts.holders.get(role, ()):
        obstacles.append(
            Obstacle(
                rule="role.held",
                text=f"{name_of(facts, person)} holds '{role}' already.",
                cure="There is nothing to grant.",
                who=facts.actor.name,
            )
        )
    return tuple(obstacles)


def revoke_obstacles(facts: VaultFacts, person: str, role: str) -> tuple[Obstacle, ...]:
    """May the actor end this role of this person?"""
    obstacles = list(_administration(facts, "revoke roles"))
    holders = facts.holders.get(role, ())
    if person not in holders:
        obstacles.append(
            Obstacle(
                rule="role.not_held",
                text=f"{name_of(facts, person)} does not hold '{role}'.",
                cure=f"It is held by: {who_can(facts, (role,))}.",
                who=facts.actor.name,
            )
        )
    elif role == ADMINISTRATOR and len(holders) == 1:
        obstacles.append(
            Obstacle(
                rule="role.last_administrator",
                text=f"{name_of(facts, person)} is the last administrator; nobody could grant a role any more.",
                cure="Make another person administrator first.",
                who=who_can(facts, (ADMINISTRATOR,)),
            )
        )
    return tuple(obstacles)


def publish_obstacles(facts: VaultFacts, process: str) -> tuple[Obstacle, ...]:
    """May the actor put this shipped process in force? Only where none of its versions is yet."""
    obstacles = _administration(facts, "put a shipped process in force")
    if process in facts.in_force:
        obstacles += (
            Obstacle(
                rule="process.in_force",
                text=f"The process '{process}' is in force here already; a shipped template does not replace it.",
                cure="Work with the version in force.",
                who=facts.actor.name,
            ),
        )
    return obstacles
