"""Everything on file about one item, as rows: the piece in which a state in memory keeps, and may put aside, items."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from domain.records.item import Item, ItemFile
from domain.records.registry import ITEM_FILE, RECORDS

Row = dict[str, Any]

_MEMBERS: dict[str, str] = {
    "transition_records": "transition_record",
    "approvals": "approval",
    "evidence": "evidence",
    "closures": "closure",
    "packs": "pack",
    **ITEM_FILE,
}
_MEMBER_OF = {record: member for member, record in _MEMBERS.items()}
_TIME_OF = {
    "transition_record": "at",
    "approval": "given_at",
    "evidence": "added_at",
    "closure": "closed_at",
    "pack": "made_at",
}
"""Records shown in the order of their time; all others in that of their ids."""
_NOTHING: dict[str, tuple[Any, ...]] = dict.fromkeys(_MEMBERS, ())


class ItemRows(msgspec.Struct):
    """One item's rows: its own, those of records that hang on it, by kind and id, links from other items to it, and
    the numbers of the entries about it.
    """

    item: Row
    records: dict[str, dict[str, Row]] = msgspec.field(default_factory=dict)
    linked_from: dict[str, str] = msgspec.field(default_factory=dict)
    about: list[int] = msgspec.field(default_factory=list)

    def file(self) -> ItemFile:
        """The rows as values: records shown in the order of their time, then of their ids."""
        parts = dict(_NOTHING)
        for record, rows in self.records.items():
            kind, time = RECORDS[record], _TIME_OF.get(record, "id")
            ordered = sorted(rows.values(), key=lambda row: (row[time], row["id"])) if len(rows) > 1 else rows.values()
            parts[_MEMBER_OF[record]] = tuple(msgspec.convert(row, kind) for row in ordered)
        return ItemFile(item=msgspec.convert(self.item, Item), **cast("Any", parts))
