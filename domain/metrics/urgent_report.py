"""How the urgent path is used: how often, by whom, how fast it is confirmed, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from domain.calendar.working_time import WorkingCalendar
from domain.identity import iso, parse_iso
from domain.ports import Register
from domain.process.decode import decode_process
from domain.records.governance import Obligation, Urgency
from domain.rules.site_day import site_calendar

Transitions = Mapping[tuple[str, str, str], int]
"""(process version, from step, to step) -> how often items passed there."""


class UrgentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One urgent transition. `hours` are working hours until it was confirmed or refused, decimal text, "" while open.

    `requester` and `approver` are person ids, instants are ISO, `late` is whether the answer came, or is, after `due`.
    """

    item: str
    gate: str
    code: str
    reason: str
    requester: str
    approver: str
    mandate: str
    passed_at: str
    due: str
    state: str
    ended_at: str
    hours: str
    late: bool


class UrgentUse(msgspec.Struct, frozen=True, kw_only=True):
    """What one person had to do with urgent transitions."""

    person: str
    passed: int
    confirmed: int
    refused: int
    open: int


class UrgentReport(msgspec.Struct, frozen=True, kw_only=True):
    """Urgent transitions from one ISO day to another, both included.

    `gates_passed` counts all transition records of gates that ask for approvals, `share` is what of them was urgent, in
    percent as decimal text with one place ("" = none were passed). `mean_hours` are working hours until a confirmation.
    """

    first_day: str
    last_day: str
    gates_passed: int
    urgent: int
    share: str
    confirmed: int
    refused: int
    open: int
    late: int
    mean_hours: str
    by_requester: tuple[UrgentUse, ...]
    by_approver: tuple[UrgentUse, ...]
    lines: tuple[UrgentLine, ...]


def urgent_report(register: Register, *, at: datetime, first_day: str, last_day: str) -> UrgentReport:
    """The report from the register as it stands at `at`."""
    calendar = site_calendar(register)
    since, before = iso(calendar.start_of(first_day)), iso(calendar.end_of(last_day))
    transitions = register.transition_counts(since=since, before=before)
    urgencies = {each.id: each for each in register.all_of(Urgency)}
    outstanding = [
        each
        for each in register.all_of(Obligation)
        if each.kind == "confirm_urgent" and since <= each.created_at < before and each.about in urgencies
    ]
    lines = [_line(urgencies[each.about], each, calendar, iso(at)) for each in outstanding]
    approving = _approving(register)
    total = sum(
        count for (version, source, target), count in transitions.items() if (version, source, target) in approving
    )
    hours = [float(each.hours) for each in lines if each.state == "confirmed"]
    return UrgentReport(
        first_day=first_day,
        last_day=last_day,
        gates_passed=total,
        urgent=len(lines),
        share=f"{100 * len(lines) / total:.1f}" if total else "",
        confirmed=sum(each.state == "confirmed" for each in lines),
        refused=sum(each.state == "refused" for each in lines),
        open=sum(each.state == "open" for each in lines),
        late=sum(each.late for each in lines),
        mean_hours=f"{sum(hours) / len(hours):.1f}" if hours else "",
        by_requester=_uses(lines, lambda line: line.requester),
        by_approver=_uses(lines, lambda line: line.approver),
        lines=tuple(msgspec.structs.replace(line, item=register.item(line.item).number) for line in lines),
    )


def _approving(register: Register) -> set[tuple[str, str, str]]:
    return {
        (record.id, transition.source, transition.target)
        for record in register.process_versions()
        for version in [decode_process(record.definition)]
        for transition in version.transitions
        if (gate := version.gate(transition.id)) is not None and gate.approvals
    }


def _line(urgency: Urgency, obligation: Obligation, calendar: WorkingCalendar, now: str) -> UrgentLine:
    state = {"open": "open", "met": "confirmed", "refused": "refused"}[obligation.state]
    minutes = (
        calendar.between(parse_iso(obligation.created_at), parse_iso(obligation.ended_at)) if obligation.ended_at else 0
    )
    return UrgentLine(
        item=urgency.item,
        gate=urgency.gate,
        code=urgency.code,
        reason=urgency.reason,
        requester=urgency.marked_by,
        approver=urgency.signed_by,
        mandate=urgency.mandate,
        passed_at=obligation.created_at,
        due=obligation.due,
        state=state,
        ended_at=obligation.ended_at,
        hours=f"{minutes / 60:.1f}" if obligation.ended_at else "",
        late=(obligation.ended_at or now) > obligation.due,
    )


def _uses(lines: Iterable[UrgentLine], who: Callable[[UrgentLine], str]) -> tuple[UrgentUse, ...]:
    by: dict[str, list[UrgentLine]] = {}
    for line in lines:
        by.setdefault(who(line), []).append(line)
    return tuple(
        UrgentUse(
            person=person,
            passed=len(theirs),
            confirmed=sum(each.state == "confirmed" for each in theirs),
            refused=sum(each.state == "refused" for each in theirs),
            open=sum(each.state == "open" for each in theirs),
        )
        for person, theirs in sorted(by.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )
