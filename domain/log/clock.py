"""A clock that goes back. An entry recorded while it does carries the time it should have passed.

The log's order is the order of its numbers; times are what computers claimed. `behind` of a header is the latest time
that the log claimed, where the clock was behind that, by however little, and "" otherwise: so each entry carries the
high water mark on, and many small steps back do not wear it down. Only beyond the tolerance does a signature wait.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.identity import iso
from domain.messages import message

TOLERANCE = timedelta(minutes=2)
ACKNOWLEDGE = "acknowledge_clock"
"""The act by which a person says that the clock is right although the log is ahead of it."""
_LENGTH = len("2026-11-22T08:00:00.000Z")


def high_water(at: str, behind: str) -> str:
    """The latest time that the log claims, shown by its newest entry: its own, or the one it was behind."""
    return max(at, behind)


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


def behind_of(at: datetime, *, latest: str, act: str) -> str:
    """What the header of a new entry says: the time it is behind, until a person acknowledges that; else ""."""
    moment = _instant(latest)
    return latest if act != ACKNOWLEDGE and moment is not None and at < moment else ""


def went_back(*, at: str, latest: str) -> bool:
    """Whether an entry of that time stands behind the time that the log had claimed before it: a fact, no fault."""
    return bool(latest) and at < latest


def hides_a_jump(*, at: str, behind: str, act: str, latest: str) -> bool:
    """Whether an entry goes back in time without saying so, says so without need, or has no time at all."""
    moment = _instant(at)
    return moment is None or behind != behind_of(moment, latest=latest, act=act)


def jump_in_words(*, at: datetime, latest: str) -> str:
    """For people: this computer's clock against the log."""
    return message("clock.this_computer_s_clock", at=iso(at), latest=latest)
