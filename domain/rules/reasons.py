"""Which changes of an item say why: what is signed, promised, graded or planned, once it was set.

A change of such a record keeps the reason beside the old and the new value (EU GMP Annex 11, 9; 21 CFR 11.10(e)).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from domain.law.letters import is_blank
from domain.obstacle import Obstacle
from domain.process.definition import FieldDefinition
from domain.rules.approvals import overtaken_by
from domain.rules.facts import Facts
from domain.rules.fields import is_different, is_filled, value_of
from domain.rules.obstacles import obstacle

REASONED_CORE: Final = ("due", "severity")
"""Fields of every item whose change says why, once they have a value."""


def fields_with_reason(facts: Facts, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields, by id, whose change to these values needs a reason; () when none does."""
    item, process = facts.file.item, facts.process
    changed = [
        (name, before, value)
        for name, value in fields.items()
        if is_filled(before := value_of(item, name)) and is_different(before, value)
    ]
    found = tuple(
        name
        for name, before, value in changed
        if name in REASONED_CORE or ((own := process.field(name)) and _is_reasoned(own, before, value))
    )
    if not found and overtaken_by(facts, dict(fields)):
        return tuple(name for name, value in fields.items() if is_different(value_of(item, name), value))
    return found


def _is_reasoned(definition: FieldDefinition, before: Any, after: Any) -> bool:
    """Whether a field that had a value says why it gets this one: it is signed, or it is a plan."""
    if definition.kind != "table":
        return definition.signed or definition.kind == "date"
    signed = [each.id for each in definition.columns if each.signed and definition.signed]
    days = [each.id for each in definition.columns if each.kind == "date"]
    if [_row(row, signed) for row in before or ()] != [_row(row, signed) for row in after or ()]:
        return bool(signed)
    planned, planned_now = (Counter(day for row in rows or () for day in _row(row, days)) for rows in (before, after))
    return bool(planned - planned_now - Counter({"": planned[""]}))


def _row(row: Mapping[str, Any], columns: list[str]) -> tuple[str, ...]:
    return tuple(str(row.get(column) or "") for column in columns)


def unreasoned(facts: Facts, fields: Mapping[str, Any], reason: str) -> tuple[Obstacle, ...]:
    """An obstacle where these changes need a reason and none is given."""
    asking = fields_with_reason(facts, fields) if is_blank(reason) else ()
    if not asking:
        return ()
    titles = ", ".join(facts.process.title_of(each) for each in asking)
    return (obstacle(facts, "reason.missing", "changing_what_was_set", about=asking[0], titles=titles),)
