"""Calendar days as they are kept: ISO 8601 text, between 1900 and 2200, so that no entrance lets in what counting with
days cannot bear.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 12, 31)
_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_in(text: object) -> date | None:
    """The day that a text such as 2026-11-22 names, or None: another form, no such day, before 1900 or after 2200."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def is_day(text: object) -> bool:
    """Whether the text is a day as it is kept, such as 2026-11-22."""
    return day_in(text) is not None


def days_after(day: date, days: int) -> date:
    """The day so many calendar days after another one (before it, if negative), within the days that are kept."""
    if days > (LAST_DAY - day).days:
        return LAST_DAY
    return FIRST_DAY if days < (FIRST_DAY - day).days else day + timedelta(days=days)
