"""Items that wait for a better category: filed under "other" though one came into being since."""

from __future__ import annotations

from domain.ports import Register
from domain.process.definition import ProcessVersion
from domain.records.item import Item
from domain.state import ItemFilter


def unclassified(register: Register, process: ProcessVersion) -> tuple[Item, ...]:
    """Open items of a process whose category field says the word for none of them; () where it has no categories."""
    rule = process.categories
    if rule is None:
        return ()
    lines = [
        line for state in ("open", "on_hold") for line in register.items(ItemFilter(process=process.id, state=state))
    ]
    found = (register.item(line.id) for line in lines)
    return tuple(item for item in found if item.values.get(rule.field) == rule.other)
