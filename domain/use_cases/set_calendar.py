"""Set the working time of the site."""

from __future__ import annotations

import msgspec

from domain.act import Act, Actor, Change, changed
from domain.clocks.calendar import USUAL
from domain.gates.clock_attempts import SetCalendar
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.governance import Calendar
from domain.items.people import ADMINISTRATOR
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record, something_changes


def calendar_on_record(register: State) -> Calendar:
    """The calendar of the site: the one on record, or the usual week."""
    return next(iter(register.all_of(Calendar)), USUAL)


def set_calendar(register: State, *, by: Actor, calendar: Calendar, reason: str = "") -> Act:
    """From now on deadlines go by this calendar, signed. Deadlines that were written down already stay.

    Who set it and when is said here, whatever the value given says.

    Raises:
        Refused: not an administrator, or no calendar can be like this.
        UsageProblem: it is what is on record already.
    """
    must_be_text(reason)
    wanted = msgspec.structs.replace(
        calendar,
        id=USUAL.id,
        free_days=sorted(calendar.free_days),
        extra_days=sorted(calendar.extra_days),
        weekdays=sorted(calendar.weekdays),
        set_at=iso(by.at),
        set_by=by.person,
    )
    must_be_allowed(SetCalendar(calendar=wanted), gather_vault(register, by), "set the calendar of the site")
    before = calendar_on_record(register)
    if msgspec.structs.replace(before, set_at="", set_by="") == msgspec.structs.replace(wanted, set_at="", set_by=""):
        something_changes((), "calendar")
    change: Change | None
    if not before.set_at:
        change = new_record("calendar", wanted)
    else:
        change = changed("calendar", wanted.id, msgspec.to_builtins(before), msgspec.to_builtins(wanted))
    return Act(
        name="set_calendar",
        changes=() if change is None else (change,),
        role=ADMINISTRATOR,
        subject=register.vault().id,
        reason=reason,
        meaning="I set the working calendar of this site",
        ceremony=True,
    )
