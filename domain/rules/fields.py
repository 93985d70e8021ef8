"""Values of fields: what is missing, and what is not of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from reprlib import repr as shortened
from typing import Any, Final

import msgspec

from domain.days import is_day
from domain.law.letters import fold, is_blank, trimmed
from domain.messages import Message, message
from domain.obstacle import Obstacle
from domain.process.definition import CORE_FIELDS, Column, EvidenceRequirement, FieldDefinition, ProcessVersion
from domain.records.item import Item
from domain.rules.category_choices import choices_of
from domain.rules.facts import Facts, VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, who_can
from domain.rules.rights import roles_for

LONGEST_TEXT: Final = 100_000
"""Characters in one text value."""
MOST_ROWS: Final = 1_000
"""Rows in one table value."""
EDITABLE_CORE: Final = tuple(field for field in CORE_FIELDS if field != "owner")

_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,15})?")
_MONEY: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,4})? [A-Z]{3}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def value_of(item: Item, field: str) -> Any:
    """The value on file, of a core field or of the process's own."""
    return getattr(item, field) if field in CORE_FIELDS else item.values.get(field)


def is_filled(value: Any) -> bool:
    """Whether there is anything: blank text and empty tables are nothing."""
    return not is_blank(value) if isinstance(value, str) else bool(value)


def missing_fields(facts: Facts, fields: Iterable[str], purpose: str) -> tuple[Obstacle, ...]:
    """An obstacle for each field without a value."""
    item, process = facts.file.item, facts.process
    found = []
    for field in fields:
        definition = process.field(field)
        if definition is not None and not demanded_now(definition, item):
            continue
        if is_filled(value_of(item, field)):
            found += _own_judge(facts, definition)
            continue
        if field == "owner":
            found.append(_ownerless(facts, purpose))
            continue
        title = process.title_of(field)
        found.append(
            obstacle(
                facts,
                "field.missing",
                responsible=who_can(facts, roles_for(process, "edit", item.step)),
                about=field,
                title=title,
                purpose=purpose,
            )
        )
    return tuple(found)


def holds(item: Item, wanted: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether each of these fields of the item holds one of its values."""
    return all(value_of(item, field) in values for field, values in wanted.items())


def demanded_now(definition: FieldDefinition | EvidenceRequirement, item: Item) -> bool:
    """Whether it is asked of this item today: some are only while fields hold certain values."""
    return holds(item, definition.required_when)


def is_different(before: Any, after: Any) -> bool:
    """Whether two field values differ: nothing and empty are the same."""
    return before != after and (is_filled(before) or is_filled(after))


def _own_judge(facts: Facts, definition: FieldDefinition | None) -> list[Obstacle]:
    """An obstacle where a person is named who must be another one than the owner."""
    item, process = facts.file.item, facts.process
    if definition is None or not definition.not_owner or value_of(item, definition.id) != item.owner:
        return []
    return [
        obstacle(
            facts,
            "field.owner",
            responsible=who_can(facts, roles_for(process, "edit", item.step)),
            about=definition.id,
            title=definition.title,
            owner=name_of(facts, item.owner),
        )
    ]


def _ownerless(facts: Facts, purpose: str) -> Obstacle:
    item = facts.file.item
    known = message("fields.only_as_written_in", owner_name=item.owner_name) if item.owner_name else "nobody"
    return obstacle(
        facts,
        "owner.missing",
        responsible=who_can(facts, roles_for(facts.process, "assign", item.step)),
        known=known,
        purpose=purpose,
    )


def wrong_values(facts: Facts | VaultFacts, process: ProcessVersion, fields: Mapping[str, Any]) -> tuple[Obstacle, ...]:
    """An obstacle for each value that is unknown to the process or not of its field's kind."""
    found = []
    for field, value in fields.items():
        definition = process.field(field)
        if definition is not None:
            choices = choices_of(process, definition, facts.categories)
            wrong = _wrong(msgspec.structs.replace(definition, choices=choices), value, facts.active)
        elif field in EDITABLE_CORE:
            wrong = _wrong_core(field, value, process)
        elif field == "owner":
            wrong = message("fields.the_owner_is_assigned")
        else:
            known = ", ".join((*EDITABLE_CORE, *(each.id for each in process.fields)))
            wrong = message("fields.the_process_has_no", known=known)
        if wrong:
            found.append(obstacle(facts, "field.kind", title=process.title_of(field), wrong=wrong))
    return tuple(found)


def unknown_choices(facts: Facts) -> tuple[Obstacle, ...]:
    """An obstacle for each choice on file that the process version does not know, by whatever way it came in.

    Categories come into being and end apart from the version, and were judged when the value was given.
    """
    item, process, categories = facts.file.item, facts.process, facts.process.categories
    found = {"severity": _wrong_core("severity", item.severity, process)}
    for definition in process.fields:
        value, held = item.values.get(definition.id), categories is not None and categories.field == definition.id
        if definition.kind == "choice" and not held and value not in ("", None, *definition.choices):
            found[definition.id] = _wrong_text("choice", value, definition.choices)
        elif definition.kind == "table":
            columns = {each.id: each for each in definition.columns if each.kind == "choice"}
            cells = ((column, row.get(name, "")) for row in value or () for name, column in columns.items())
            wrong = [_wrong_text("choice", cell, column.choices) for column, cell in cells]
            found[definition.id] = next((each for each in wrong if each), "")
    able = who_can(facts, roles_for(process, "edit", item.step))
    return tuple(
        obstacle(facts, "field.choice", responsible=able, about=field, title=process.title_of(field), wrong=wrong)
        for field, wrong in found.items()
        if wrong
    )


def emptied(facts: Facts, fields: Mapping[str, Any]) -> tuple[Obstacle, ...]:
    """An obstacle for each field that would lose a value which the item's step demands."""
    item, process = facts.file.item, facts.process
    return tuple(
        obstacle(facts, "field.emptied", title=process.title_of(field), step=item.step)
        for field, value in fields.items()
        if not is_filled(value)
        and is_filled(value_of(item, field))
        and (definition := process.field(field))
        and item.step in definition.required_at
    )


def _wrong_core(field: str, value: Any, process: ProcessVersion) -> str:
    if field in ("due", "raised"):
        return _wrong_text("date", value)
    if field == "severity" and process.severities and value not in ("", *process.severities):
        return message("fields.is_not_one_of", shortened=shortened(value), list=", ".join(process.severities))
    if field == "title" and not is_filled(value):
        return message("fields.an_item_needs_a")
    return _wrong_text("text", value)


def _wrong(definition: FieldDefinition, value: Any, active: frozenset[str]) -> str:
    if value is None:
        return ""
    if definition.kind != "table":
        return _wrong_text(definition.kind, value, definition.choices, active) or _no_answer(definition, value)
    if not isinstance(value, list | tuple) or not all(isinstance(row, dict) for row in value):
        return message("fields.a_table_is_a")
    if len(value) > MOST_ROWS:
        return message("fields.rows_are_more_than", count=len(value), most_rows=MOST_ROWS)
    columns = {column.id: column for column in definition.columns}
    for number, row in enumerate(value, 1):
        wrong = _wrong_row(columns, row, active)
        if wrong:
            return message("fields.row", number=number, wrong=wrong)
    return ""


def _no_answer(definition: FieldDefinition, value: str) -> str:
    opened = any(fold(trimmed(value)).startswith(fold(answer)) for answer in definition.answers)
    if opened or not definition.answers or is_blank(value):
        return ""
    return message("fields.the_answer_begins_with", answers=" or ".join(repr(answer) for answer in definition.answers))


def _wrong_row(columns: Mapping[str, Column], row: Mapping[str, Any], active: frozenset[str]) -> str:
    for name, cell in row.items():
        column = columns.get(name)
        if column is None:
            return message("fields.there_is_no_column", shortened=shortened(name), columns=", ".join(columns))
        wrong = _wrong_text(column.kind, cell, column.choices, active)
        if wrong:
            return f"'{column.title}': {wrong}"
    for name, column in columns.items():
        if column.required and not is_filled(row.get(name)):
            return message("fields.has_no_value", title=column.title)
    return ""


def _wrong_text(kind: str, value: Any, choices: tuple[str, ...] = (), active: frozenset[str] = frozenset()) -> str:
    if not isinstance(value, str):
        return message("fields.is_not_text_numbers", shortened=shortened(value))
    if len(value) > LONGEST_TEXT or _CONTROL.search(value):
        return message("fields.the_text_is_longer")
    if value == "":
        return ""
    if kind == "choice":
        return (
            ""
            if value in choices
            else message("fields.is_not_one_of", shortened=shortened(value), list=", ".join(choices))
        )
    if kind == "person":
        return "" if value in active else message("fields.is_not_an_active", shortened=shortened(value))
    fits, words = _FORMS.get(kind, _ANY)
    return "" if fits(value) else message("fields.is_not", shortened=shortened(value), words=words)


_FORMS: Final[Mapping[str, tuple[Callable[[str], object], Message]]] = {
    "number": (_NUMBER.fullmatch, Message("fields.a_decimal_number_such")),
    "money": (_MONEY.fullmatch, Message("fields.an_amount_with_its")),
    "date": (is_day, Message("fields.a_day_such_as")),
}
_ANY: Final[tuple[Callable[[str], object], Message]] = (lambda _: True, Message("fields.text"))
