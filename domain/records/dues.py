"""The due days of an item, all of them: what was promised first and every day it was moved to, by whom and why.

Measures of punctuality take the first and the last; nothing hides between them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.records.item import ItemFile


class DueDay(msgspec.Struct, frozen=True, kw_only=True):
    """One due day: `nth` 0 is the first one promised, by whoever and whatever brought the item in.

    `how` it took the place of the day before: by an `extension` that was granted (`request` is its id), or by another
    `change`: an edit, a request, a tracker that was read again.
    """

    nth: int
    day: str
    how: Literal["promised", "extension", "change"] = "promised"
    reason: str = ""
    interim_risk: str = ""
    decided_by: str = ""
    decided_at: str = ""
    request: str = ""


def due_days(file: ItemFile) -> tuple[DueDay, ...]:
    """Every due day in the order promised; the last one is in force. () for an item that never had one."""
    earlier, granted = (
        file.item.earlier_dues,
        {each.decided_at: each for each in file.requests if each.kind == "extension" and each.state == "approved"},
    )
    days = [*(each[0] if each else "" for each in earlier), file.item.due]
    found = [DueDay(nth=0, day=days[0])]
    for day, (_, at, by, reason) in zip(days[1:], ([*each, "", "", "", ""][:4] for each in earlier), strict=True):
        extension = granted.get(at)
        found.append(
            DueDay(
                nth=len(found),
                day=day,
                how="extension" if extension else "change",
                reason=reason,
                interim_risk=extension.interim_risk if extension else "",
                decided_by=by,
                decided_at=at,
                request=extension.id if extension else "",
            )
        )
    return tuple(found) if earlier or file.item.due else ()
