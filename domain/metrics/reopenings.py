"""How much closed work came back: reopened in a new cycle, or begun anew as a follow-up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from domain.calendar.working_time import WorkingCalendar
from domain.days import days_after
from domain.identity import parse_iso
from domain.records.governance import Link
from domain.records.item import ItemFile


class ReopenRate(msgspec.Struct, frozen=True, kw_only=True):
    """Closings in a period and how many of them did not hold. `percent` is decimal text with one place, "" for none.

    `again` names them: (number, closed on, came back on).
    """

    first_day: str
    last_day: str
    closed: int
    reopened: int
    percent: str
    again: tuple[tuple[str, str, str], ...]


def reopen_rate(
    files: Iterable[tuple[ItemFile, tuple[Link, ...]]],
    *,
    first_day: str,
    last_day: str,
    calendar: WorkingCalendar,
    within_days: int = 365,
) -> ReopenRate:
    """The rate over items, each with the links about it, for closings from `first_day` to `last_day` (ISO days of the
    site, by its `calendar`).

    A closing did not hold when the item's next cycle, or an item linked as its follow-up, began within so many
    calendar days of it.
    """
    closed, again = 0, []
    for file, links in files:
        for closure in file.closures:
            day = calendar.day_of(parse_iso(closure.closed_at))
            if closure.outcome == "cancelled" or not first_day <= day <= last_day:
                continue
            closed += 1
            back = _came_back(file, links, closure.cycle, closure.closed_at, calendar)
            if back and date.fromisoformat(back) <= days_after(date.fromisoformat(day), within_days):
                again.append((file.item.number, day, back))
    return ReopenRate(
        first_day=first_day,
        last_day=last_day,
        closed=closed,
        reopened=len(again),
        percent=_percent(len(again), closed),
        again=tuple(again),
    )


def _came_back(file: ItemFile, links: tuple[Link, ...], cycle: int, closed_at: str, calendar: WorkingCalendar) -> str:
    """The day on which what was closed then came back; "" when it did not."""
    days = [each.at for each in file.transition_records if each.cycle > cycle and each.at >= closed_at]
    days += [
        each.created_at
        for each in links
        if each.kind == "continuation_of" and each.other == file.item.id and each.created_at >= closed_at
    ]
    return calendar.day_of(parse_iso(min(days))) if days else ""


def _percent(part: int, whole: int) -> str:
    if not whole:
        return ""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"
