"""Which automatic copies may go as they age: dense for today, one a day for a month, one a month for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

ALL_OF = timedelta(hours=2)
HOURLY_FOR = timedelta(days=1)
DAILY_FOR = timedelta(days=31)


def superfluous(moments: Iterable[datetime], *, now: datetime) -> frozenset[datetime]:
    """The moments whose copies may be removed. The newest of all is never among them.

    Everything of the last two hours stays, then the newest of each hour for a day, of each day for 31 days,
    of each month for ever; hours, days and months are those of UTC. What lies in the future (a clock was
    wrong) stays. Retention often or seldom ends in the same copies, since the periods nest.
    """
    kept: dict[tuple[object, ...], datetime] = {}
    every = frozenset(moments)
    for moment in every:
        period = _period(now - moment)(moment)
        kept[period] = max(moment, kept.get(period, moment))
    return every - frozenset(kept.values()) - {max(every, default=now)}


def _period(age: timedelta) -> Callable[[datetime], tuple[object, ...]]:
    if age < ALL_OF:
        return lambda moment: ("all", moment)
    if age < HOURLY_FOR:
        return lambda moment: ("hour", moment.date(), moment.hour)
    if age < DAILY_FOR:
        return lambda moment: ("day", moment.date())
    return lambda moment: ("month", moment.year, moment.month)
