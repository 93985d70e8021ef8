"""What may be chosen in a field: its own choices, and categories that came into being since."""

from __future__ import annotations

from collections.abc import Iterable

from domain.process.definition import FieldDefinition, ProcessVersion
from domain.records.governance import Category


def choices_of(process: ProcessVersion, field: FieldDefinition, categories: Iterable[Category]) -> tuple[str, ...]:
    """What may be chosen in a field: its own choices, and the categories of the process if it holds those."""
    rule = process.categories
    if rule is None or rule.field != field.id:
        return field.choices
    return (*field.choices, *(each.word for each in categories if each.word not in field.choices))
