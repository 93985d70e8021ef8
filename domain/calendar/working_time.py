"""Working time: from the site's calendar record to "three working days later" and "minutes worked between".

Working minutes are real minutes inside the daily window of the site's zone, so a window over a change to or from
daylight saving time is an hour shorter or longer, as it is for the people in it. What the clocks of the zone show is on
record too. Years are laid out once each and then looked up by bisection: the same cost for an hour and for ten years of
waiting.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

import msgspec

from domain.errors import Damaged
from domain.identity import parse_iso
from domain.messages import message
from domain.records.governance import Calendar

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_SEARCH_YEARS: Final = 150
"""A calendar without working time for so long has none."""
USUAL: Final = Calendar(
    id="site",
    zone="UTC",
    offsets=[],
    weekdays=[1, 2, 3, 4, 5],
    begins=9 * 60,
    ends=17 * 60,
    country="",
    subdivision="",
    free_days=[],
    extra_days=[],
    set_at="",
    set_by="",
)
"""What holds while a site has set nothing: Monday to Friday, 9:00 to 17:00, UTC."""
_TICK: Final = timedelta(microseconds=1)
_MINUTE: Final = 60_000_000
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class _Year(msgspec.Struct, frozen=True, gc=False):
    """The windows of one local year in microseconds since 1970; `before[i]` is worked before window i begins."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int


class Zone(msgspec.Struct, frozen=True):
    """The clocks of a zone: minutes ahead of UTC, each from its instant on (microseconds since 1970, on UTC's clock
    and on the zone's) until the next; `offsets` has one more, the first, which holds before all of them.
    """

    offsets: tuple[int, ...]
    instants: tuple[int, ...]
    walls: tuple[int, ...]

    @classmethod
    def of(cls, record: Calendar) -> Zone:
        """The zone of a calendar's record; without offsets it is UTC."""
        offsets = tuple(each.minutes for each in record.offsets) or (0,)
        instants = tuple(_micro(parse_iso(each.since)) for each in record.offsets[1:])
        # A time on the clock that is skipped or comes twice is read by the offset before (PEP 495, fold=0).
        walls = tuple(at + max(offsets[n], offsets[n + 1]) * _MINUTE for n, at in enumerate(instants))
        return cls(offsets, instants, walls)

    def clock(self, at: datetime) -> datetime:
        """What the clocks of the zone show at an instant: a naive time."""
        found = at.astimezone(UTC)
        minutes = self.offsets[bisect_right(self.instants, _micro(found))]
        return _moved(found, minutes).replace(tzinfo=None)

    def instant(self, clock: datetime) -> datetime:
        """The instant (UTC) at which the clocks of the zone show a naive time."""
        shown = clock.replace(tzinfo=UTC)
        return _moved(shown, -self.offsets[bisect_right(self.walls, _micro(shown))])


def _moved(at: datetime, minutes: int) -> datetime:
    """An instant moved by minutes; it stops at the first and the last that can be written."""
    by = timedelta(minutes=minutes)
    if by > _LAST - at:
        return _LAST
    return _FIRST if -by > at - _FIRST else at + by


class WorkingCalendar(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Working time of a site. Instants in and out are aware; results are UTC."""

    zone: Zone
    weekdays: frozenset[int]
    begins: int
    ends: int
    free: frozenset[str]
    extra: frozenset[str]
    _years: dict[int, _Year] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, record: Calendar | None) -> WorkingCalendar:
        """The calendar of a record, laid out once per record; None = the usual week."""
        return _laid_out(msgspec.msgpack.encode(record or USUAL))

    @property
    def minutes_per_day(self) -> int:
        """What "one working day" means in minutes."""
        return self.ends - self.begins

    def add(self, at: datetime, *, days: int = 0, hours: int = 0) -> datetime:
        """The instant at which so much working time has gone by after `at`, counted in full days and hours.

        Time ends with the window it fills: a working day after Friday 9:00 is Friday 17:00, not Monday 9:00.

        Raises:
            Damaged: the calendar has no working time.
        """
        return self.add_minutes(at, days * self.minutes_per_day + hours * 60)

    def add_minutes(self, at: datetime, minutes: int) -> datetime:
        """As `add`, in working minutes; none or less = `at` itself."""
        return self.after(at, timedelta(minutes=minutes))

    def after(self, at: datetime, working: timedelta) -> datetime:
        """As `add`, for any working time; none or less = `at` itself."""
        if working <= timedelta(0):
            return at.astimezone(UTC)
        number = self.zone.clock(at).year
        left = self._worked(number, _micro(at)) + working // _TICK
        for _ in range(LONGEST_SEARCH_YEARS):
            year = self._year(number)
            if left <= year.total:
                window = bisect_left(year.before, left) - 1
                return EPOCH + (year.begins[window] + left - year.before[window]) * _TICK
            left -= year.total
            number += 1
        raise self._never()

    def between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from `start` to `end`; 0 when `end` is not later."""
        return self.time_between(start, end) // timedelta(minutes=1)

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; none when `end` is not later."""
        if end <= start:
            return timedelta(0)
        first, last = self.zone.clock(start).year, self.zone.clock(end).year
        whole = sum(self._year(number).total for number in range(first, last))
        return (whole + self._worked(last, _micro(end)) - self._worked(first, _micro(start))) * _TICK

    def before(self, at: datetime, minutes: int) -> datetime:
        """The latest instant from which so many working minutes have gone by at `at`.

        Raises:
            Damaged: the calendar has no working time.
        """
        if minutes <= 0:
            return at.astimezone(UTC)
        number = self.zone.clock(at).year
        left = minutes * _MINUTE - self._worked(number, _micro(at))
        for _ in range(LONGEST_SEARCH_YEARS):
            year = self._year(number)
            if left <= 0 and year.begins:  # so much is worked of this year before the instant looked for
                window = bisect_right(year.before, -left) - 1
                return EPOCH + (year.begins[window] - left - year.before[window]) * _TICK
            number -= 1
            left -= self._year(number).total
        raise self._never()

    def start_of(self, day: str) -> datetime:
        """When an ISO day begins at the site: its midnight."""
        return self._at(date.fromisoformat(day), 0)

    def end_of(self, day: str) -> datetime:
        """When an ISO day is over at the site."""
        return self._at(date.fromisoformat(day), 24 * 60)

    def day_of(self, at: datetime) -> str:
        """The ISO day that it is at the site."""
        return self.zone.clock(at).date().isoformat()

    def works_on(self, day: date) -> bool:
        """Whether a day is worked."""
        iso = day.isoformat()
        return iso in self.extra or (day.isoweekday() in self.weekdays and iso not in self.free)

    def _never(self) -> Damaged:
        return Damaged(
            message("working_time.the_working_calendar_has"),
            where="calendar",
            remedy=message("working_time.let_an_administrator_set"),
        )

    def _at(self, day: date, minutes: int) -> datetime:
        shown = _moved(datetime.combine(day, time(), UTC), minutes)
        return self.zone.instant(shown.replace(tzinfo=None))

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._lay_out(number)
        return year

    def _lay_out(self, number: int) -> _Year:
        begins, ends, before, total = [], [], [], 0
        if not date.min.year <= number <= date.max.year:
            return _Year((), (), (), 0)
        for ordinal in range(date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self.works_on(day):
                begin, end = _micro(self._at(day, self.begins)), _micro(self._at(day, self.ends))
                if end > begin:  # a short window may fall into the hour that a change of the clocks leaves out
                    begins.append(begin)
                    ends.append(end)
                    before.append(total)
                    total += end - begin
        return _Year(tuple(begins), tuple(ends), tuple(before), total)

    def _worked(self, number: int, at: int) -> int:
        """What is worked in the year before the instant."""
        year = self._year(number)
        window = bisect_right(year.begins, at) - 1
        return 0 if window < 0 else year.before[window] + min(at, year.ends[window]) - year.begins[window]


def _micro(at: datetime) -> int:
    return (at - EPOCH) // _TICK


@lru_cache(maxsize=16)
def _laid_out(encoded: bytes) -> WorkingCalendar:
    record = msgspec.msgpack.decode(encoded, type=Calendar)
    return WorkingCalendar(
        zone=Zone.of(record),
        weekdays=frozenset(record.weekdays),
        begins=record.begins,
        ends=record.ends,
        free=frozenset(day for day, *_ in record.free_days),
        extra=frozenset(day for day, *_ in record.extra_days),
    )
