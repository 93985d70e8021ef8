"""Commands that are not about an item on file nor about people: creating, importing, processes."""

from __future__ import annotations

from typing import Any

from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, ProcessVersion
from domain.records.people import ADMINISTRATOR
from domain.rules.exception_rules import wrong_exception
from domain.rules.facts import VaultFacts
from domain.rules.field_rights import obstacles_to_new
from domain.rules.fields import wrong_values
from domain.rules.obstacles import obstacle
from domain.rules.people_rules import unknown_person
from domain.rules.rights import needs_one_of, roles_for


def _process(facts: VaultFacts) -> ProcessVersion:
    if facts.process is None:
        raise ValueError("this attempt is judged by a process version")
    return facts.process


def create_obstacles(facts: VaultFacts, fields: dict[str, Any]) -> tuple[Obstacle, ...]:
    """May the actor begin an item with these values?"""
    process = _process(facts)
    obstacles = needs_one_of(
        facts, roles_for(process, "create", process.first_step), message("vault_rules.create_in", title=process.title)
    )
    owner = fields.get(OWNER, "")
    if owner and owner not in facts.active:
        obstacles += (unknown_person(facts, str(owner)),)
    values = {name: value for name, value in fields.items() if name != OWNER}
    obstacles += obstacles_to_new(facts, process, fields)
    return obstacles + wrong_values(facts, process, {"title": "", **values}) + wrong_exception(facts, values)


def import_obstacles(facts: VaultFacts) -> tuple[Obstacle, ...]:
    """May the actor bring a tracker in?"""
    process = _process(facts)
    return needs_one_of(
        facts, roles_for(process, "import", process.first_step), message("vault_rules.import_into", title=process.title)
    )


def publish_obstacles(facts: VaultFacts, process: str) -> tuple[Obstacle, ...]:
    """May the actor put this shipped process in force? Only where none of its versions is yet."""
    obstacles = needs_one_of(facts, (ADMINISTRATOR,), message("vault_rules.put_a_shipped_process"))
    if process in facts.known_processes:
        how = message("vault_rules.is_in_force") if process in facts.in_force else message("vault_rules.is_known")
        obstacles += (obstacle(facts, "process.in_force", process=process, how=how),)
    return obstacles
