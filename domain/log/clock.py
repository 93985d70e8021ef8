"""A clock that goes back. An entry recorded while it does carries the time it should have passed, in its zone.

The log's order is the order of its numbers; times are what computers claimed. `zone` of a header is the local
offset and the source, and behind a semicolon what was odd about the clock then.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.identity import iso

TOLERANCE = timedelta(minutes=2)
ACKNOWLEDGE = "acknowledge_clock"
"""The act by which a person says that the clock is right although the log is ahead of it."""
_BEHIND = "; behind "
_LENGTH = len("2026-11-22T08:00:00.000Z")


def high_water(at: str, zone: str) -> str:
    """The latest time that the log claims, told by its newest entry: its own, or the one it was behind."""
    _, found, behind = zone.partition(_BEHIND)
    return max(at, behind) if found else at


def _instant(text: str) -> datetime | None:
    """The instant that `iso` wrote, or None. A million entries pass here, so nothing slower is used."""
    if len(text) != _LENGTH or not text.endswith("Z"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def is_behind(at: datetime, latest: str) -> bool:
    """Whether this moment lies before what the log claims already, beyond what clocks differ by.

    A time that is none says nothing of the clock: then this is no.
    """
    moment = _instant(latest)
    return moment is not None and at < moment - TOLERANCE


def zone_for(zone: str, *, at: datetime, latest: str, act: str) -> str:
    """The zone text of a new entry: it keeps saying that the clock is behind until a person acknowledges that."""
    if act == ACKNOWLEDGE or not is_behind(at, latest):
        return zone
    return f"{zone}{_BEHIND}{latest}"


def hides_a_jump(*, at: str, zone: str, act: str, latest: str) -> bool:
    """Whether an entry goes back in time without saying so, or has no time at all."""
    moment = _instant(at)
    if moment is None:
        return True
    if at >= latest:
        return False
    return act != ACKNOWLEDGE and is_behind(moment, latest) and high_water(at, zone) < latest


def jump_in_words(*, at: datetime, latest: str) -> str:
    """For people: this computer's clock against the log."""
    return f"This computer's clock says {iso(at)}, earlier than the last entry at {latest}."
