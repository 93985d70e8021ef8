"""Working time that work has used: holds and questions stop it, late is reported in minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.sla import clock, moment_of, running, worked
from domain.calendar.standing import Stop
from domain.calendar.working_time import WorkingCalendar
from domain.identity import iso

WEEK = WorkingCalendar.of(None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stop(since: str, until: str = "") -> Stop:
    return Stop(item="i", since=iso(at(since)), until=iso(at(until)) if until else "")


@pytest.mark.parametrize(
    ("stops", "used", "due"),
    [
        pytest.param((), 16 * 60, "2026-03-03 17:00", id="never stopped"),
        pytest.param((stop("2026-03-02 11:00", "2026-03-02 13:00"),), 14 * 60, "2026-03-04 11:00", id="a hold"),
        pytest.param(
            (stop("2026-03-02 11:00", "2026-03-02 13:00"), stop("2026-03-02 12:00", "2026-03-02 15:00")),
            12 * 60,
            "2026-03-04 13:00",
            id="a question within and beyond a hold is not counted twice",
        ),
        pytest.param((stop("2026-03-03 09:00"),), 8 * 60, None, id="stopped still"),
        pytest.param((stop("2026-02-20 09:00", "2026-03-02 10:00"),), 15 * 60, "2026-03-04 10:00", id="from before"),
        pytest.param((stop("2026-03-09 09:00"),), 16 * 60, "2026-03-03 17:00", id="a stop to come is none yet"),
    ],
)
def test_a_two_day_step_looked_at_on_the_second_evening(stops: tuple[Stop, ...], used: int, due: str | None) -> None:
    found = clock(WEEK, since=at("2026-03-02 09:00"), stops=stops, limit=16 * 60, at=at("2026-03-03 20:00"))
    assert (found.used, found.due_at) == (used, at(due) if due else None)
    assert found.percent == used * 100 // 960
    assert found.late_by == 0


def test_late_is_shown_in_working_minutes() -> None:
    found = clock(WEEK, since=at("2026-03-02 09:00"), stops=(), limit=60, at=at("2026-03-03 10:00"))
    assert (found.late_by, found.percent, found.stopped) == (8 * 60, 900, False)


def test_without_a_limit_nothing_is_due() -> None:
    found = clock(WEEK, since=at("2026-03-02 09:00"), stops=(), limit=0, at=at("2026-03-03 10:00"))
    assert (found.due_at, found.percent, found.late_by) == (None, 0, 0)


hours = st.integers(0, 24 * 40)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(hours, hours), max_size=5), st.integers(1, 5000))
def test_a_clock_reaches_its_minutes_at_its_moment(stops: list[tuple[int, int]], minutes: int) -> None:
    start = at("2026-03-02 09:00")
    made = [
        Stop(item="i", since=iso(start.fromtimestamp(start.timestamp() + 3600 * min(pair), UTC)),
             until=iso(start.fromtimestamp(start.timestamp() + 3600 * max(pair), UTC)))
        for pair in stops
    ]  # fmt: skip
    moment = moment_of(WEEK, start, made, minutes)
    assert moment is not None
    assert worked(WEEK, start, made, moment) == minutes
    assert moment >= WEEK.add_minutes(start, minutes), "stops only delay"
    pieces = list(running(start, made, moment))
    assert all(begin < end for begin, end in pieces)
    assert all(first[1] <= second[0] for first, second in pairwise(pieces))
