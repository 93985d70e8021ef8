"""Working time: what hands can count, what daylight saving does, and what holds for every calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.machine.zone_offsets import zone_offsets
from domain.calendar.escalation import days_before
from domain.calendar.working_time import USUAL, WorkingCalendar
from domain.errors import Damaged, UsageProblem


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


offsets_of = cache(zone_offsets)


def calendar(*, zone: str = "UTC", **changes: object) -> WorkingCalendar:
    return WorkingCalendar.of(msgspec.structs.replace(USUAL, zone=zone, offsets=offsets_of(zone), **changes))


USUAL_WEEK = WorkingCalendar.of(None)
BERLIN = calendar(zone="Europe/Berlin", begins=8 * 60, ends=16 * 60)
ROUND_THE_CLOCK = calendar(zone="Europe/Berlin", weekdays=[1, 2, 3, 4, 5, 6, 7], begins=0, ends=1440)


@pytest.mark.parametrize(
    ("start", "days", "hours", "end"),
    [
        pytest.param("2026-03-02 09:00", 1, 0, "2026-03-02 17:00", id="a day from its beginning"),
        pytest.param("2026-03-02 10:00", 1, 0, "2026-03-03 10:00", id="a day from within"),
        pytest.param("2026-03-06 16:00", 0, 4, "2026-03-09 12:00", id="over a weekend"),
        pytest.param("2026-03-07 03:00", 0, 1, "2026-03-09 10:00", id="from a Saturday"),
        pytest.param("2026-03-02 20:00", 0, 8, "2026-03-03 17:00", id="from an evening"),
        pytest.param("2026-12-31 16:00", 0, 2, "2027-01-01 10:00", id="over the turn of the year"),
        pytest.param("2026-03-07 03:00", 0, 0, "2026-03-07 03:00", id="nothing is added"),
    ],
)
def test_the_usual_week_by_hand(start: str, days: int, hours: int, end: str) -> None:
    assert USUAL_WEEK.add(at(start), days=days, hours=hours) == at(end)


def test_holidays_are_skipped_and_worked_saturdays_count() -> None:
    week = calendar(free_days=[["2026-04-03", "Good Friday"]], extra_days=[["2026-04-04", "Stocktaking"]])
    assert week.add(at("2026-04-02 16:00"), hours=2) == at("2026-04-04 10:00")
    assert week.between(at("2026-04-03 00:00"), at("2026-04-04 00:00")) == 0


def test_working_hours_follow_the_clocks_of_the_site() -> None:
    assert BERLIN.add(at("2026-03-27 07:00"), days=1) == at("2026-03-27 15:00"), "winter time"
    assert BERLIN.add(at("2026-03-27 15:00"), hours=1) == at("2026-03-30 07:00"), "summer time from the Sunday on"
    assert BERLIN.day_of(at("2026-03-29 22:30")) == "2026-03-30"
    assert BERLIN.end_of("2026-03-29") - BERLIN.start_of("2026-03-29") == timedelta(hours=23)


def test_a_night_with_a_change_of_clocks_has_an_hour_less_or_more() -> None:
    def minutes_of(day: str) -> int:
        return ROUND_THE_CLOCK.between(ROUND_THE_CLOCK.start_of(day), ROUND_THE_CLOCK.end_of(day))

    assert [minutes_of(day) for day in ("2026-03-28", "2026-03-29", "2026-10-25")] == [24 * 60, 23 * 60, 25 * 60]


def test_a_window_inside_the_hour_left_out_is_no_working_time() -> None:
    short = calendar(zone="Europe/Berlin", weekdays=[7], begins=150, ends=180)
    assert short.between(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 0
    assert short.add(at("2026-03-29 00:00"), hours=1) == at("2026-04-12 01:00")


def test_a_calendar_without_working_time_is_shown_not_searched_for_ever() -> None:
    with pytest.raises(Damaged, match="no working time"):
        calendar(weekdays=[]).add(at("2026-03-02 09:00"), hours=1)


@pytest.mark.parametrize("zone", ["Nowhere/City", "../etc", "Europe", ""])
def test_a_zone_nobody_knows_is_shown(zone: str) -> None:
    with pytest.raises(UsageProblem, match="time zone"):
        zone_offsets(zone)


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata"]
)
def test_a_table_of_offsets_states_what_the_time_zone_database_states(zone: str) -> None:
    known, table = ZoneInfo(zone), calendar(zone=zone).zone
    changes = [datetime.fromisoformat(each.since) for each in offsets_of(zone)[1:]]
    near = [each + timedelta(minutes=30 * half) for each in changes for half in range(-6, 7)]
    for moment in (*near, at("2000-01-01"), at("2026-02-28 23:59"), at("2061-01-01") - timedelta(seconds=1)):
        shown = moment.replace(tzinfo=None)
        assert table.clock(moment) == moment.astimezone(known).replace(tzinfo=None)
        assert table.instant(shown) == shown.replace(tzinfo=known).astimezone(UTC)


def test_days_at_the_ends_of_time_have_a_beginning_and_an_end() -> None:
    east = calendar(zone="Pacific/Apia")
    assert east.start_of("0001-01-01").year == 1
    assert east.end_of("9999-12-31").year == 9999
    assert days_before("0001-01-03", 30, east) == east.start_of("0001-01-01")


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)
days = st.dates(datetime(2024, 1, 1).date(), datetime(2030, 1, 1).date()).map(lambda day: [day.isoformat(), ""])  # noqa: DTZ001


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    begins = draw(st.integers(0, 1439))
    return calendar(
        zone=draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])),
        weekdays=draw(st.lists(st.integers(1, 7), min_size=1, unique=True)),
        begins=begins,
        ends=draw(st.integers(begins + 1, 1440)),
        free_days=draw(st.lists(days, max_size=5)),
        extra_days=draw(st.lists(days, max_size=5)),
    )


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(0, 40), st.integers(0, 100))
def test_what_is_added_is_what_lies_between(week: WorkingCalendar, start: datetime, days: int, hours: int) -> None:
    end = week.add(start, days=days, hours=hours)
    assert week.between(start, end) == days * week.minutes_per_day + hours * 60
    if end > start:
        assert week.between(start, end - timedelta(microseconds=1)) < week.between(start, end), "the earliest such time"


@settings(max_examples=60, deadline=None)
@given(calendars(), st.lists(moments, min_size=3, max_size=3), st.integers(0, 5000))
def test_later_stays_later(week: WorkingCalendar, three: list[datetime], minutes: int) -> None:
    first, second, third = sorted(three)
    assert week.between(first, second) <= week.between(first, third)
    assert week.between(second, third) <= week.between(first, third)
    whole, parts = week.between(first, third), week.between(first, second) + week.between(second, third)
    assert whole - 1 <= parts <= whole, "parts add up, but for the minute that each rounds down"
    assert week.add_minutes(first, minutes) <= week.add_minutes(second, minutes)


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(1, 7_000))  # a minute a week: no more than are searched for
def test_looking_back_finds_the_latest_moment_with_so_much_time_since(
    week: WorkingCalendar, end: datetime, minutes: int
) -> None:
    start = week.before(end, minutes)
    assert week.between(start, end) == minutes
    assert week.between(start + timedelta(microseconds=1), end) < minutes
