"""Which copies stay as they age: stated as properties, and run for a quarter of a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop.backups.retention import ALL_OF, DAILY_FOR, HOURLY_FOR, superfluous

NOW = datetime(2026, 11, 22, 19, 44, tzinfo=UTC)
moments = st.sets(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=60)  # noqa: DTZ001 (bounds without zone are what the strategy takes)


@given(moments)
def test_the_newest_copy_is_never_removed(every: set[datetime]) -> None:
    gone = superfluous(every, now=NOW)
    assert gone <= every
    assert not every or max(every) not in gone


@given(moments)
def test_every_hour_day_and_month_keeps_a_copy(every: set[datetime]) -> None:
    kept = every - superfluous(every, now=NOW)
    assert {m for m in every if NOW - m < ALL_OF} <= kept, "the last two hours and a wrong clock's future"
    day = {m for m in every if ALL_OF <= NOW - m < HOURLY_FOR}
    assert {(m.date(), m.hour) for m in day} == {(m.date(), m.hour) for m in day & kept}
    month = {m for m in every if HOURLY_FOR <= NOW - m < DAILY_FOR}
    assert {m.date() for m in month} == {m.date() for m in month & kept}
    older = {m for m in every if NOW - m >= DAILY_FOR}
    assert {(m.year, m.month) for m in older} == {(m.year, m.month) for m in older & kept}


@given(moments)
def test_retention_what_was_removed_removes_nothing_more(every: set[datetime]) -> None:
    kept = every - superfluous(every, now=NOW)
    assert superfluous(kept, now=NOW) == frozenset()


def test_a_quarter_of_half_hours_leaves_few_copies_and_no_gap() -> None:
    backup_folder: set[datetime] = set()
    at = NOW
    for _ in range(95 * 24 * 2):
        at += timedelta(minutes=30)
        backup_folder.add(at)
        backup_folder -= superfluous(backup_folder, now=at)
    assert len(backup_folder) < 70
    for hours in range(2, 24):
        assert any((at - timedelta(hours=hours)).hour == m.hour and at - m < timedelta(days=1) for m in backup_folder)
    for days in range(1, 31):
        assert any((at - timedelta(days=days)).date() == m.date() for m in backup_folder), days
    assert {(2026, 12), (2027, 1)} <= {(m.year, m.month) for m in backup_folder if at - m > DAILY_FOR}
