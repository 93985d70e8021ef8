"""The offsets of a time zone, from the time zone database, as a calendar keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.records.governance import ZoneOffset

FIRST_YEAR = 2000
LAST_YEAR = 2060
_STEP = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def zone_offsets(zone: str) -> list[ZoneOffset]:
    """The offsets of a zone (IANA name), from its first change of clocks in 2000 to its last in 2060; [] for UTC.

    Raises:
        UsageProblem: this computer knows no zone of that name.
    """
    if zone == "UTC":
        return []
    try:
        known = ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as problem:  # ValueError: not even a name; OSError: a folder of zones
        raise UsageProblem(
            message("This computer knows no time zone {zone!r}.", zone=zone),
            where="zone",
            remedy=message("Name one as in Europe/Berlin or UTC."),
        ) from problem
    at, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    found = [ZoneOffset(iso(at), _minutes(known, at))]
    while at < end:
        if _minutes(known, at + _STEP) != found[-1].minutes:
            begins = _change(known, at, at + _STEP)
            found.append(ZoneOffset(iso(begins), _minutes(known, begins)))
        at += _STEP
    return found


def _minutes(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset() or timedelta(0)
    return offset // timedelta(minutes=1)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second at which the offset is no longer that of `before`; it has changed at `after`."""
    old = _minutes(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        before, after = (middle, after) if _minutes(zone, middle) == old else (before, middle)
    return after
