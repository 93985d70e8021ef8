"""The one place that reads this computer's clock. It is not trusted time; packs say so."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from domain.messages import message


def now() -> datetime:
    """This moment in UTC, to the millisecond that is stored."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def zone() -> str:
    """The local offset and where the time came from, such as "+01:00 system clock"."""
    offset = datetime.now().astimezone().strftime("%z")
    return message(
        "{offset}:{offset_2} system clock{jump_note}",
        offset=offset[:3],
        offset_2=offset[3:5],
        jump_note=jump_note(_SINCE_START),
    )


LARGEST_JUMP = timedelta(days=1)
"""By how much the clock may run ahead of the time that this computer has been awake or asleep since the start."""
_TICKING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC) if hasattr(time, "CLOCK_MONOTONIC") else None


class RunningTime:
    """The clock held against the time that passed, by the computer's own tick, since this object was made."""

    def __init__(self, *, clock: Callable[[], datetime], tick: Callable[[], float]) -> None:
        self._clock, self._tick = clock, tick
        self._start, self._first = clock(), tick()

    def ahead(self) -> timedelta:
        """How far the clock went ahead of the time that passed; it was set forwards by so much."""
        return self._clock() - self._start - timedelta(seconds=self._tick() - self._first)


def _tick() -> float:
    return time.monotonic() if _TICKING is None else time.clock_gettime(_TICKING)


_SINCE_START = RunningTime(clock=now, tick=_tick)


def jump_note(running: RunningTime) -> str:
    """What is added to the zone of entries made after the clock was set forwards by more than a day."""
    ahead = running.ahead()
    return (
        message("; set forwards {total_seconds:.0f} h while running", total_seconds=ahead.total_seconds() / 3600)
        if ahead > LARGEST_JUMP
        else ""
    )
