"""What changing the values of fields means: whether they differ, and what part in the work it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.process.definition import ProcessVersion
from domain.records.item import Item
from domain.rules.fields import is_different, value_of
from domain.rules.work_done import parts_in, with_part


def after_editing(item: Item, process: ProcessVersion, person: str, fields: Mapping[str, Any]) -> list[list[Any]]:
    """The item's `took_part` once a person gave these fields these values."""
    changed = [name for name, value in fields.items() if is_different(value_of(item, name), value)]
    return with_part(item.took_part, item.cycle, person, *parts_in(process, changed))
