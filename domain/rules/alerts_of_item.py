"""The alerts of one item, computed from what is on file about it: the same ones that a scan finds in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from domain.act import Actor
from domain.calendar import escalation
from domain.calendar.escalation import SLA, TrueAlert, ladder
from domain.calendar.sla import stops_of
from domain.calendar.standing import Standing
from domain.calendar.working_time import WorkingCalendar
from domain.days import is_day
from domain.identity import parse_iso
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.records.governance import Calendar, Mandate
from domain.records.item import ItemFile
from domain.rules.category_choices import process_for
from domain.rules.deadlines import level_deadlines
from domain.rules.facts import gather
from domain.rules.judged_alone import alone
from domain.rules.site_day import site_day
from domain.rules.versions_carried import visible_categories
from domain.state import State


class _Look(msgspec.Struct, frozen=True, kw_only=True):
    """An open or held item with what its alerts are computed from."""

    state: State
    by: Actor
    file: ItemFile
    process: ProcessVersion
    standing: Standing
    calendar: WorkingCalendar


def item_alerts(state: State, item: str, by: Actor, condition: str) -> Iterator[TrueAlert]:
    """Every alert of an item (an id) for one condition, each with its moment, whether that is past or not.

    Nothing comes of an item that is closed or cancelled, nor of a condition that there is not.

    Raises:
        UsageProblem: no such item.
    """
    file = state.item_file(item)
    found = file.item
    if found.state not in ("open", "on_hold") or condition not in _CONDITIONS:
        return
    look = _Look(
        state=state,
        by=by,
        file=file,
        process=_process(state, file, by),
        standing=Standing(
            item=found.id,
            number=found.number,
            process_version=found.process_version,
            step=found.step,
            state=found.state,
            cycle=found.cycle,
            since=found.step_since,
            due=found.due,
            owner=found.owner,
            created_by=found.created_by,
            created_at=found.created_at,
            hold=found.hold,
        ),
        calendar=_calendar(state),
    )
    yield from _CONDITIONS[condition](look)


def _process(state: State, file: ItemFile, by: Actor) -> ProcessVersion:
    """The process of the item, with what its category asks for."""
    version = decode_process(state.process_version(file.item.process_version).definition)
    return process_for(version, file.item, visible_categories(state, version, site_day(state, by.at)))


def mandate_alerts(state: State) -> Iterator[TrueAlert]:
    """The alerts of every mandate that is given, each with its moment, whether that is past or not."""
    for mandate in state.all_of(Mandate):
        if mandate.state == "given":
            yield from _alone(escalation.mandate_alerts, mandate, _calendar(state))


def ended_at(state: State, item: str, how: str) -> datetime:
    """When an item (an id) that is "closed" or "cancelled" became so."""
    file = state.item_file(item)
    if how == "closed" and file.closures:
        return parse_iso(file.closures[-1].closed_at)
    return parse_iso(state.header(state.entries_about(item)[-1]).at)


def _alone(judge: Callable[..., Iterator[TrueAlert]], *values: Any) -> tuple[TrueAlert, ...]:
    """The alerts of one record; none where its values are odd: then it is no reason not to raise those of others."""
    return alone(lambda: judge(*values), [], id_="")


def _calendar(state: State) -> WorkingCalendar:
    return WorkingCalendar.of(next(iter(state.all_of(Calendar)), None))


def _step(look: _Look) -> Iterator[TrueAlert]:
    step = look.process.step(look.standing.step)
    if step is None or step.id == look.process.closure.step:
        return
    escalation_levels = ladder(look.process, step, look.calendar)
    stops = stops_of(look.file)
    yield from escalation.step_alerts(look.standing, look.process, escalation_levels, stops, look.calendar)


def _due(look: _Look) -> Iterator[TrueAlert]:
    if look.standing.due:
        yield from escalation.due_alerts(look.standing, look.process, look.calendar)


def _cycle(look: _Look) -> Iterator[TrueAlert]:
    standing = look.standing
    if standing.cycle > 1:
        transition_records = look.file.transition_records
        began = min((each.at for each in transition_records if each.cycle == standing.cycle), default=standing.since)
        yield from escalation.cycle_alerts(standing, look.process, parse_iso(began))


def _hold(look: _Look) -> Iterator[TrueAlert]:
    yield from escalation.hold_alerts(look.standing, look.process, look.calendar)


def _exception(look: _Look) -> Iterator[TrueAlert]:
    step = look.process.step(look.standing.step)
    expires_on = look.file.item.values.get("expires_on")
    if step and step.effect == "exception" and isinstance(expires_on, str) and is_day(expires_on):
        yield from escalation.exception_alerts(look.standing, look.process, expires_on, look.calendar)


def _evidence(look: _Look) -> Iterator[TrueAlert]:
    days = {each.id: each.expires_after_days for each in look.process.evidence if each.expires_after_days}
    for each in look.file.evidence:
        if each.state == "accepted" and each.cycle == look.standing.cycle and each.requirement in days:
            values = (each.id, each.reviewed_at, days[each.requirement], look.standing, look.process)
            yield from _alone(escalation.evidence_alerts, *values)


def _approval(look: _Look) -> Iterator[TrueAlert]:
    for asked in level_deadlines(gather(look.state, look.standing.item, look.by)):
        yield from escalation.approval_alerts(
            look.standing,
            look.process,
            gate=asked.gate,
            level=asked.level,
            since=asked.since,
            deadline=asked.deadline,
        )


def _handoff(look: _Look) -> Iterator[TrueAlert]:
    standing, stops = look.standing, stops_of(look.file)
    for each in look.file.handoffs:
        if each.state == "offered" and each.step == standing.step and each.cycle == standing.cycle:
            yield from _alone(escalation.handoff_alerts, each, standing, look.process, stops, look.calendar)


def _obligation(look: _Look) -> Iterator[TrueAlert]:
    for each in look.file.obligations:
        if each.state == "open":
            yield from _alone(escalation.obligation_alerts, each, look.standing, look.process, look.calendar)


def _risk_acceptance(look: _Look) -> Iterator[TrueAlert]:
    for each in look.file.risk_acceptances:
        if each.state == "in_force":
            yield from _alone(escalation.risk_acceptance_alerts, each, look.standing, look.process, look.calendar)


def _question(look: _Look) -> Iterator[TrueAlert]:
    for each in look.file.questions:
        if not each.answered_at:
            yield from _alone(escalation.question_alerts, each, look.standing, look.process, look.calendar)


def _blocker(look: _Look) -> Iterator[TrueAlert]:
    for link in look.file.links:
        if link.kind != "blocked_by" or link.state != "in_force":
            continue
        how = look.state.item(link.other).state
        if how in ("closed", "cancelled"):
            ended = max(ended_at(look.state, link.other, how), parse_iso(link.created_at))
            yield from escalation.blocker_alerts(link.id, how, ended, look.standing, look.process)


_CONDITIONS: Final[dict[str, Callable[[_Look], Iterator[TrueAlert]]]] = {
    SLA: _step,
    "due": _due,
    "cycle": _cycle,
    "hold_review": _hold,
    "exception_ending": _exception,
    "evidence_ending": _evidence,
    "approval_late": _approval,
    "handoff_late": _handoff,
    "obligation_late": _obligation,
    "risk_acceptance_ending": _risk_acceptance,
    "question_open": _question,
    "unblocked": _blocker,
    "blocker_cancelled": _blocker,
}
"""What computes the alerts of a condition, by an alert's `when` or `sla`."""
