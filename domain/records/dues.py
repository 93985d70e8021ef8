"""The due days of an item, all of them: what was promised first and every day it was moved to, with who decided.

Measures of punctuality take the first and the last; nothing hides between them.
"""

from __future__ import annotations

import msgspec

from domain.records.item import ItemFile


class DueDay(msgspec.Struct, frozen=True, kw_only=True):
    """One due day: `nth` 0 is the first one promised; the others come from extensions that were granted."""

    nth: int
    day: str
    reason: str = ""
    interim_risk: str = ""
    decided_by: str = ""
    decided_at: str = ""


def due_days(file: ItemFile) -> tuple[DueDay, ...]:
    """Every due day in the order promised; the last one is in force. () for an item that never had one."""
    granted = [each for each in file.requests if each.kind == "extension" and each.state == "approved"]
    granted.sort(key=lambda each: each.nth)
    first = str(granted[0].proposal["due"][0]) if granted else file.item.due
    if not first:
        return ()
    return (
        DueDay(nth=0, day=first),
        *(
            DueDay(
                nth=nth,
                day=str(each.proposal["due"][1]),
                reason=each.reason,
                interim_risk=each.interim_risk,
                decided_by=each.decided_by,
                decided_at=each.decided_at,
            )
            for nth, each in enumerate(granted, start=1)
        ),
    )
