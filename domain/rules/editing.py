"""Editing values and assigning an owner."""

from __future__ import annotations

from typing import Any

from domain.messages import message
from domain.obstacle import Obstacle
from domain.rules.approvals import overtaken_by
from domain.rules.exception_rules import granted_as_signed, wrong_exception
from domain.rules.facts import Facts
from domain.rules.fields import emptied, wrong_values
from domain.rules.obstacles import obstacle
from domain.rules.people import who_can
from domain.rules.requests import locked_due
from domain.rules.rights import needs_one_of, roles_for


def edit_obstacles(facts: Facts, fields: dict[str, Any]) -> tuple[Obstacle, ...]:
    """May the actor give these fields these values? What a past gate demanded cannot be emptied again."""
    process, item = facts.process, facts.file.item
    obstacles = needs_one_of(facts, roles_for(process, "edit", item.step), message("editing.edit_this_item_here"))
    wrong = wrong_values(facts, process, fields)
    return (
        *obstacles,
        *wrong,
        *locked_due(facts, fields),
        *_by_request_only(facts, fields),
        *emptied(facts, fields),
        *wrong_exception(facts, fields),
        *granted_as_signed(facts, fields),
    )


def _by_request_only(facts: Facts, fields: dict[str, Any]) -> tuple[Obstacle, ...]:
    """Where the process says so, what signatures cover changes by a request that somebody else signs."""
    rule = facts.process.change
    if rule is None or not rule.required or not overtaken_by(facts, fields):
        return ()
    return (obstacle(facts, "change.request_first", responsible=who_can(facts, rule.roles)),)


def assign_obstacles(facts: Facts, person: str) -> tuple[Obstacle, ...]:
    """May the actor make this person the owner?"""
    process, item = facts.process, facts.file.item
    obstacles = needs_one_of(facts, roles_for(process, "assign", item.step), message("editing.assign_an_owner_here"))
    if person in facts.active:
        return obstacles
    known = ", ".join(sorted(facts.names[each] for each in facts.active))
    return (
        *obstacles,
        obstacle(facts, "person.unknown", "is_not_an", name=facts.names.get(person, person), known=known),
    )
