"""Which day it is at the site: every "until day" ends at its midnight, whatever UTC or a computer says."""

from __future__ import annotations

from datetime import datetime

from domain.calendar.working_time import WorkingCalendar
from domain.records.governance import Calendar
from domain.state import State

_QUESTION = "site_calendar"


def site_calendar(state: State) -> WorkingCalendar:
    """The site's calendar on record, or the usual week."""
    return state.remembered(
        ("calendar",), _QUESTION, lambda: WorkingCalendar.of(next(iter(state.all_of(Calendar)), None))
    )


def site_day(state: State, at: datetime) -> str:
    """The ISO day that it is at the site at this instant."""
    return site_calendar(state).day_of(at)
