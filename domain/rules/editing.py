"""Editing values and assigning an owner."""

from __future__ import annotations

from typing import Any

from domain.messages import message
from domain.obstacle import Obstacle
from domain.rules.approvals import overtaken_by
from domain.rules.content import with_values
from domain.rules.exception_rules import granted_as_signed, wrong_exception
from domain.rules.facts import Facts
from domain.rules.field_rights import setting_obstacles
from domain.rules.fields import demanded_now, emptied, is_filled, value_of, wrong_values
from domain.rules.obstacles import obstacle
from domain.rules.people import who_can
from domain.rules.reasons import unreasoned
from domain.rules.requests import locked_due
from domain.rules.rights import needs_one_of, roles_for


def edit_obstacles(facts: Facts, fields: dict[str, Any], reason: str) -> tuple[Obstacle, ...]:
    """May the actor give these fields these values? What a past gate demanded cannot be emptied again, and what was
    set before changes with a reason only.
    """
    process, item = facts.process, facts.file.item
    obstacles = needs_one_of(facts, roles_for(process, "edit", item.step), message("editing.edit_this_item_here"))
    wrong = wrong_values(facts, process, fields)
    return (
        *obstacles,
        *wrong,
        *setting_obstacles(facts, fields),
        *locked_due(facts, fields),
        *_by_request_only(facts, fields),
        *emptied(facts, fields),
        *wrong_exception(facts, fields),
        *granted_as_signed(facts, fields),
        *_newly_demanded(facts, fields),
        *unreasoned(facts, fields, reason),
    )


def _newly_demanded(facts: Facts, fields: dict[str, Any]) -> tuple[Obstacle, ...]:
    """An obstacle for each field without a value that the item's step would demand after this edit and did not before:
    an answer is not changed behind a gate to one that the gate would have asked more for.
    """
    item, after = facts.file.item, with_values(facts, fields).file.item
    return tuple(
        obstacle(facts, "field.demanded", about=each.id, title=each.title, step=item.step)
        for each in facts.process.fields
        if item.step in each.required_at
        and not demanded_now(each, item)
        and demanded_now(each, after)
        and not is_filled(value_of(after, each.id))
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
