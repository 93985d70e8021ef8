"""The clock of an item's step, as `countersign item show` describes it."""

from __future__ import annotations

from typing import Any

from domain.calendar.sla import step_clock
from domain.calendar.working_time import WorkingCalendar
from domain.identity import iso
from domain.messages import message
from domain.metrics.reports import moment, working
from domain.records.item import ENDED
from domain.rules.facts import Facts


def clock_facts(facts: Facts) -> dict[str, Any]:
    """The clock of the item's step in working minutes; it stands for work that has ended."""
    calendar = WorkingCalendar.of(facts.calendar)
    ended = facts.file.item.state in ENDED
    clock = step_clock(facts.file, facts.process, calendar, facts.actor.at)
    return {
        "limit_minutes": 0 if ended else clock.limit,
        "used_minutes": 0 if ended else clock.used,
        "percent": 0 if ended else clock.percent,
        "late_by_minutes": 0 if ended else clock.late_by,
        "stopped": ended or clock.stopped,
        "due_at": iso(clock.due_at) if clock.due_at and not ended else "",
        "minutes_per_day": calendar.minutes_per_day,
    }


def clock_words(clock: dict[str, Any]) -> str:
    """The same in a line."""
    used, limit = (working(clock[each], clock["minutes_per_day"]) for each in ("used_minutes", "limit_minutes"))
    late = (
        message(", late by {working}", working=working(clock["late_by_minutes"], clock["minutes_per_day"]))
        if clock["late_by_minutes"]
        else ""
    )
    stands = message(", the clock stands") if clock["stopped"] else ""
    until = (
        message(", until {moment} UTC", moment=moment(clock["due_at"]))
        if clock["due_at"] and not clock["late_by_minutes"]
        else ""
    )
    return message(
        "{used} of {limit} used ({clock} %){late}{until}{stands}",
        used=used,
        limit=limit,
        clock=clock["percent"],
        late=late,
        until=until,
        stands=stands,
    )
