"""How much working time work has used where it stands, and when it will have used it up.

A clock runs from the moment an item came to its step, or a handoff was offered, and stands while a hold or a question
stops it. Coming back to a step, also by reopening, starts the step's clock anew; the stay before stays on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from domain.calendar.standing import Stop
from domain.calendar.working_time import WorkingCalendar
from domain.identity import parse_iso
from domain.process.definition import ProcessVersion, Step
from domain.records.item import ItemFile


class WorkClock(msgspec.Struct, frozen=True, kw_only=True):
    """One clock as it stands at a moment, in working minutes. `limit` 0 = there is none.

    `due_at` is when the limit is, or was, used up if nothing stops the clock from now on; None without a limit, and
    while the clock stands before that.
    """

    since: datetime
    limit: int
    used: int
    stopped: bool
    due_at: datetime | None

    @property
    def percent(self) -> int:
        """How much of the limit is used, rounded down; 0 without a limit."""
        return self.used * 100 // self.limit if self.limit else 0

    @property
    def late_by(self) -> int:
        """Working minutes beyond the limit; 0 = in time."""
        return max(self.used - self.limit, 0) if self.limit else 0


def limit_of(step: Step | None, calendar: WorkingCalendar) -> int:
    """The working minutes that a step has; 0 = no limit."""
    return step.sla_days * calendar.minutes_per_day + step.sla_hours * 60 if step else 0


def running(since: datetime, stops: Iterable[Stop], until: datetime | None) -> Iterator[tuple[datetime, datetime]]:
    """The times between `since` and `until` at which no stop holds, in order; `until` None = open-ended.

    The last one ends at `datetime.max` when it is open-ended.
    """
    end = until or datetime.max.replace(tzinfo=since.tzinfo)
    begin = since
    for stop in sorted(stops, key=lambda each: each.since):
        stops_at, goes_on = parse_iso(stop.since), parse_iso(stop.until) if stop.until else end
        if stops_at >= end:
            break
        if stops_at > begin:
            yield begin, stops_at
        begin = max(begin, goes_on)
    if begin < end:
        yield begin, end


def worked(calendar: WorkingCalendar, since: datetime, stops: Iterable[Stop], until: datetime) -> int:
    """Whole working minutes from `since` to `until` without the stops."""
    times = (calendar.time_between(begin, end) for begin, end in running(since, stops, until))
    return sum(times, timedelta(0)) // timedelta(minutes=1)


def moment_of(calendar: WorkingCalendar, since: datetime, stops: Sequence[Stop], minutes: int) -> datetime | None:
    """When a clock that began at `since` has run this many working minutes.

    None while it stands at a stop without an end.
    """
    left = timedelta(minutes=minutes)
    last = datetime.max.replace(tzinfo=since.tzinfo)
    for begin, end in running(since, stops, None):
        if end == last:
            return calendar.after(begin, left)
        here = calendar.time_between(begin, end)
        if here >= left:
            return calendar.after(begin, left)
        left -= here
    return None


def clock(calendar: WorkingCalendar, *, since: datetime, stops: Sequence[Stop], limit: int, at: datetime) -> WorkClock:
    """The clock that began at `since`, at the moment `at`. Stops later than `at` are none yet."""
    past = [stop for stop in stops if parse_iso(stop.since) <= at]
    return WorkClock(
        since=since,
        limit=limit,
        used=worked(calendar, since, past, at),
        stopped=any(not stop.until or parse_iso(stop.until) > at for stop in past),
        due_at=moment_of(calendar, since, past, limit) if limit else None,
    )


def step_clock(file: ItemFile, process: ProcessVersion, calendar: WorkingCalendar, at: datetime) -> WorkClock:
    """The clock of an item's present step."""
    item = file.item
    return clock(
        calendar,
        since=parse_iso(item.step_since),
        stops=stops_of(file),
        limit=limit_of(process.step(item.step), calendar),
        at=at,
    )


def stops_of(file: ItemFile) -> tuple[Stop, ...]:
    """What stopped and stops the item's clock in its present cycle: holds, and questions of levels that say so."""
    item = file.item
    found = [
        Stop(item=item.id, since=each.since, until=each.until)
        for each in file.holds
        if each.stops_clock == "yes" and each.cycle == item.cycle
    ]
    found += [
        Stop(item=item.id, since=each.asked_at, until=each.answered_at)
        for each in file.questions
        if each.stops_clock == "yes" and each.cycle == item.cycle
    ]
    return tuple(found)
