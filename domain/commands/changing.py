"""Changes of records, made from values: what every command's `decide` is written with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from domain.act import Actor, Change, changed, created
from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.records.item import Item


def new_record(record: str, value: msgspec.Struct) -> Change:
    """The change that brings a record into being; its `id` becomes the change's."""
    values = msgspec.to_builtins(value)
    return created(record, values.pop("id"), values)


def record_changed(record: str, value: msgspec.Struct, /, **after: Any) -> Change | None:
    """The change of a record to these values; None when they are what is on file."""
    before = {name: msgspec.to_builtins(getattr(value, name)) for name in after}
    return changed(record, str(getattr(value, "id", "")), before, after)


def item_changed(item: Item, **after: Any) -> Change | None:
    """The change of an item's record to these values; None when they are what is on file."""
    return record_changed("item", item, **after)


def due_replaced(item: Item, due: str, *, by: Actor, reason: str) -> dict[str, Any]:
    """What an item's record keeps besides when another due day takes the place of one: which day, when, who and why."""
    if due == item.due or not (item.due or item.earlier_dues):
        return {}
    return {"earlier_dues": [*item.earlier_dues, [item.due, iso(by.at), by.person, reason]]}


def must_change(changes: Iterable[Change | None], place: str) -> tuple[Change, ...]:
    """The changes there are.

    Raises:
        UsageProblem: nothing would change; an entry without a change proves nothing.
    """
    found = tuple(each for each in changes if each is not None)
    if not found:
        raise UsageProblem(
            message("changing.nothing_would_change"), where=place, remedy=message("changing.give_a_value_that")
        )
    return found
