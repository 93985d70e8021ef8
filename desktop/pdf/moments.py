"""Instants as a pack prints them: UTC first, then the wall clock of the place where it was signed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from domain.identity import parse_iso
from domain.messages import Message, message

_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})\b")
_MONTHS = (
    Message("Jan"),
    Message("Feb"),
    Message("Mar"),
    Message("Apr"),
    Message("May"),
    Message("Jun"),
    Message("Jul"),
    Message("Aug"),
    Message("Sep"),
    Message("Oct"),
    Message("Nov"),
    Message("Dec"),
)


def utc(at: str) -> str:
    """`22 Nov 2026 19:44:58` of ISO UTC text; the text itself when it is not an instant."""
    moment = _moment(at)
    return _words(moment) if moment else at


def utc_and_local(at: str, zone: str) -> str:
    """`22 Nov 2026 19:44:58 UTC (20:44:58 +01:00)`. The zone text comes from the entry that was signed."""
    moment = _moment(at)
    if moment is None:
        return at
    offset = _OFFSET.search(zone)
    if offset is None or offset[0] in {"+00:00", "-00:00"}:
        return message("{value} UTC", value=_words(moment)) + (
            f" ({zone})" if zone and zone not in {"UTC", "Z"} and not offset else ""
        )
    sign = 1 if offset[1] == "+" else -1
    there = moment + sign * timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    clock = f"{there:%H:%M:%S}" if there.date() == moment.date() else _words(there)
    return message("{value} UTC ({clock} {zone})", value=_words(moment), clock=clock, zone=zone)


def day(text: str) -> str:
    """`22 Nov 2026` of an ISO day or instant; the text itself when it is neither."""
    try:
        found = datetime.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def _moment(at: str) -> datetime | None:
    try:
        return parse_iso(at)
    except ValueError:
        return None


def _words(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M:%S}"
