"""Since when a level of signatures is asked, and by when it should have signed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.calendar.sla import moment_of, stops_of
from domain.calendar.working_time import WorkingCalendar
from domain.identity import parse_iso
from domain.rules.approvals import REQUEST_GATES, gates_asked, is_ready, judge_approvals
from domain.rules.facts import Facts


class LevelAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A level that is asked now, since when, and by when at the latest (None = its version sets no deadline).

    `candidates` are people by id.
    """

    gate: str
    level: int
    role: str
    candidates: tuple[str, ...]
    since: datetime
    deadline: datetime | None


class LevelDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """By when the level that a gate asks now should have signed."""

    gate: str
    level: int
    since: datetime
    deadline: datetime


def level_deadlines(facts: Facts) -> tuple[LevelDeadline, ...]:
    """The levels that are asked now and have a deadline."""
    return tuple(
        LevelDeadline(gate=each.gate, level=each.level, since=each.since, deadline=each.deadline)
        for each in levels_asked(facts)
        if each.deadline is not None
    )


def levels_asked(facts: Facts) -> tuple[LevelAsked, ...]:
    """The levels that are asked now; none while the item is on hold.

    A level is asked from the moment the item came to its step, the level below was complete, what it lacked was
    accepted or the work was resubmitted, whichever is last. What stops the step's clock stops its deadline.
    """
    if facts.file.item.state != "open":
        return ()
    calendar = WorkingCalendar.of(facts.calendar)
    stops = stops_of(facts.file)
    found = []
    for gate in gates_asked(facts):
        if gate in REQUEST_GATES:
            continue
        state = judge_approvals(facts, gate)
        current = state.current
        if current is None or state.stopped or not is_ready(facts, gate):
            continue
        lower = [each.given_at for done in state.levels[: state.levels.index(current)] for each in done.counted]
        since = parse_iso(max((_ready_since(facts, gate), *lower)))
        days = current.level.deadline_days
        found.append(
            LevelAsked(
                gate=gate,
                level=current.level.level,
                role=current.level.role,
                candidates=current.candidates,
                since=since,
                deadline=moment_of(calendar, since, stops, days * calendar.minutes_per_day) if days else None,
            )
        )
    return tuple(found)


def _ready_since(facts: Facts, gate: str) -> str:
    """When the gate was ready to be judged, as far as records with a time of their own tell."""
    item = facts.file.item
    wanted = facts.process.gate(gate)
    requirements = wanted.evidence if wanted else ()
    accepted = [
        each.reviewed_at
        for each in facts.file.evidence
        if each.state == "accepted" and each.cycle == item.cycle and each.requirement in requirements
    ]
    resubmitted = [each.at for each in facts.file.resubmissions if each.gate == gate and each.cycle == item.cycle]
    return max((item.step_since, *accepted, *resubmitted))
