"""Which alerts have are raised: for each condition a pure function of one standing item or one record.

An alert's key names what it is about and never the moment of looking: computed again it is the same alert. Its time
is when it was raised, whenever that is found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from domain.calendar.alert_words import DELEGATE, DELEGATOR, MANDATE_ENDING
from domain.calendar.sla import limit_of, moment_of
from domain.calendar.standing import Standing, Stop
from domain.calendar.working_time import WorkingCalendar
from domain.identity import parse_iso
from domain.process.definition import CREATOR, OWNER, Alert, ProcessVersion, Step
from domain.records.governance import Handoff, Mandate, Obligation, Question, RiskAcceptance
from domain.records.item import FINISHED

SLA: Final = "sla"
MANDATE_DAYS: Final = 1
"""Delegator and delegate hear of a mandate's end when its last day begins."""


class TrueAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that is true, with the moment at which it was raised; `person` where the role is a place in the item."""

    key: str
    item: str
    condition: str
    escalation_level: str
    role: str
    person: str
    text: str
    at: datetime


class ReachedLevel(msgspec.Struct, frozen=True, kw_only=True):
    """One escalation level of a step's ladder: after how many working minutes who hears."""

    id: str
    minutes: int
    role: str
    text: str

    @property
    def key(self) -> str:
        """The beginning of the keys of alerts from this escalation level."""
        return alert_key(SLA, self.id, self.role)


def alert_key(condition: str, escalation_level: str, role: str, *rest: object) -> str:
    """The key of an alert: condition, escalation level and role; then what it is about."""
    return "|".join((condition, escalation_level, role, *map(str, rest)))


def ladder(process: ProcessVersion, step: Step, calendar: WorkingCalendar) -> tuple[ReachedLevel, ...]:
    """The escalation levels of a step's working time; none without a limit.

    The step's own contact, or whoever is accountable for it, hears when the time is used up, ahead of the process's
    ladder; where the ladder asks the same role at that moment there is one alert, not two.
    """
    limit = limit_of(step, calendar)
    if not limit:
        return ()
    found = [
        ReachedLevel(
            id=f"{escalation_level.at_percent}+{escalation_level.days_after}"
            if escalation_level.days_after
            else str(escalation_level.at_percent),
            minutes=-(-limit * escalation_level.at_percent // 100)
            + escalation_level.days_after * calendar.minutes_per_day,
            role=escalation_level.role,
            text=escalation_level.text,
        )
        for escalation_level in process.escalation
    ]
    contact = step.escalation_contact or step.accountable
    if not any(escalation_level.id == "100" and escalation_level.role == contact for escalation_level in found):
        found.append(ReachedLevel(id="100", minutes=limit, role=contact, text=""))
    return tuple(sorted(found, key=lambda each: each.minutes))


def watches(process: ProcessVersion, condition: str) -> tuple[Alert, ...]:
    """The alerts of a process version that watch this condition."""
    return tuple(each for each in process.alerts if each.when == condition)


def person_of(role: str, standing: Standing) -> str:
    """The person meant by a place in the item; "" where a role is asked, and where there is no owner."""
    return {OWNER: standing.owner, CREATOR: standing.created_by}.get(role, "")


def _alert(
    watch: Alert, process: ProcessVersion, standing: Standing, at: datetime, *about: object, escalation_level: str = ""
) -> TrueAlert:
    """An alert at an item. An owner nobody has named is spoken for by whoever is accountable for the step."""
    role, person = addressee(watch.role, process, standing)
    return TrueAlert(
        key=alert_key(watch.when, escalation_level, watch.role, *about),
        item=standing.item,
        condition=watch.when,
        escalation_level=escalation_level,
        role=role,
        person=person,
        text=watch.text,
        at=at,
    )


def addressee(role: str, process: ProcessVersion, standing: Standing) -> tuple[str, str]:
    """The role and, for a place in the item, the person to inform."""
    person = person_of(role, standing)
    step = process.step(standing.step)
    if role == OWNER and not person and step:
        return step.accountable, person_of(step.accountable, standing)
    return role, person


def step_alerts(
    standing: Standing,
    process: ProcessVersion,
    escalation_levels: Sequence[ReachedLevel],
    stops: Sequence[Stop],
    calendar: WorkingCalendar,
) -> Iterator[TrueAlert]:
    """The escalation levels of the present step, each at its moment; whether that is past the caller sees."""
    since = parse_iso(standing.since)
    for escalation_level in escalation_levels:
        at = moment_of(calendar, since, stops, escalation_level.minutes)
        if at is not None:
            role, person = addressee(escalation_level.role, process, standing)
            yield TrueAlert(
                key=f"{escalation_level.key}|{standing.item}|{standing.cycle}|{standing.since}",
                item=standing.item,
                condition=SLA,
                escalation_level=escalation_level.id,
                role=role,
                person=person,
                text=escalation_level.text,
                at=at,
            )


def due_alerts(standing: Standing, process: ProcessVersion, calendar: WorkingCalendar) -> Iterator[TrueAlert]:
    """The due day comes near; for work that was due before it came here, on the day it came."""
    for watch in watches(process, "due"):
        at = max(days_before(standing.due, watch.number, calendar), parse_iso(standing.created_at))
        yield _alert(watch, process, standing, at, standing.item, standing.cycle, standing.due)


def hold_alerts(standing: Standing, process: ProcessVersion, calendar: WorkingCalendar) -> Iterator[TrueAlert]:
    """The review day of a hold has come."""
    hold = standing.hold or {}
    if standing.state == "on_hold" and hold.get("review_on"):
        for watch in watches(process, "hold_review"):
            at = calendar.start_of(hold["review_on"])
            yield _alert(watch, process, standing, at, standing.item, hold.get("since", ""), hold["review_on"])


def cycle_alerts(standing: Standing, process: ProcessVersion, began: datetime) -> Iterator[TrueAlert]:
    """The item is in a late cycle; `began` is when that cycle did."""
    for watch in watches(process, "cycle"):
        if standing.cycle >= watch.number:
            yield _alert(watch, process, standing, began, standing.item, standing.cycle, standing.cycle)


def handoff_alerts(
    handoff: Handoff, standing: Standing, process: ProcessVersion, stops: Sequence[Stop], calendar: WorkingCalendar
) -> Iterator[TrueAlert]:
    """Work that was offered is not taken over in time."""
    step = process.step(handoff.step)
    if step is None or not step.handoff_hours:
        return
    at = moment_of(calendar, parse_iso(handoff.offered_at), stops, step.handoff_hours * 60)
    if at is not None:
        for watch in watches(process, "handoff_late"):
            yield _alert(watch, process, standing, at, handoff.id)


def obligation_alerts(
    obligation: Obligation, standing: Standing, process: ProcessVersion, calendar: WorkingCalendar
) -> Iterator[TrueAlert]:
    """An obligation is overdue: at its deadline, or when the last day given for it is over.

    The ladder goes on from there: escalation levels that lie days after a step's time are climbed by overdue
    obligations too.
    """
    at = deadline_of(obligation.due, calendar)
    if at is None:
        return
    for watch in watches(process, "obligation_late"):
        yield _alert(watch, process, standing, at, obligation.id)
        for escalation_level in process.escalation:
            if escalation_level.days_after:
                later = calendar.add(at, days=escalation_level.days_after)
                higher = msgspec.structs.replace(watch, role=escalation_level.role)
                yield _alert(
                    higher, process, standing, later, obligation.id, escalation_level=f"+{escalation_level.days_after}"
                )


def risk_acceptance_alerts(
    risk_acceptance: RiskAcceptance, standing: Standing, process: ProcessVersion, calendar: WorkingCalendar
) -> Iterator[TrueAlert]:
    """An accepted risk ends soon."""
    for watch in watches(process, "risk_acceptance_ending"):
        at = max(
            days_before(risk_acceptance.expires_on, watch.number, calendar), parse_iso(risk_acceptance.accepted_at)
        )
        yield _alert(watch, process, standing, at, risk_acceptance.id, risk_acceptance.expires_on)


def exception_alerts(
    standing: Standing, process: ProcessVersion, expires_on: str, calendar: WorkingCalendar
) -> Iterator[TrueAlert]:
    """An exception in force ends soon."""
    for watch in watches(process, "exception_ending"):
        at = max(days_before(expires_on, watch.number, calendar), parse_iso(standing.since))
        yield _alert(watch, process, standing, at, standing.item, standing.cycle, expires_on)


def evidence_alerts(
    evidence: str, reviewed_at: str, days: int, standing: Standing, process: ProcessVersion
) -> Iterator[TrueAlert]:
    """Accepted evidence stops counting soon; `days` is how long it counts from its acceptance."""
    accepted = parse_iso(reviewed_at)
    for watch in watches(process, "evidence_ending"):
        at = max(accepted + timedelta(days=days - watch.number), accepted)
        yield _alert(watch, process, standing, at, evidence)


def question_alerts(
    question: Question, standing: Standing, process: ProcessVersion, calendar: WorkingCalendar
) -> Iterator[TrueAlert]:
    """A question has had no answer for as many working days as the alert says."""
    for watch in watches(process, "question_open"):
        at = calendar.add(parse_iso(question.asked_at), days=watch.number)
        yield _alert(watch, process, standing, at, question.id)


def blocker_alerts(
    link: str, state: str, ended: datetime, standing: Standing, process: ProcessVersion
) -> Iterator[TrueAlert]:
    """What the item waited for is done, or was cancelled."""
    for watch in watches(process, "unblocked" if state in FINISHED else "blocker_cancelled"):
        yield _alert(watch, process, standing, ended, link, state)


def approval_alerts(
    standing: Standing, process: ProcessVersion, *, gate: str, level: int, since: datetime, deadline: datetime
) -> Iterator[TrueAlert]:
    """A level of a gate was asked and has not been signed in time."""
    for watch in watches(process, "approval_late"):
        yield _alert(
            watch,
            process,
            standing,
            deadline,
            standing.item,
            standing.cycle,
            gate,
            f"{since:%Y%m%dT%H%M%S}",
            escalation_level=str(level),
        )


def mandate_alerts(mandate: Mandate, calendar: WorkingCalendar) -> Iterator[TrueAlert]:
    """A delegation is in its last day: delegator and delegate hear of it."""
    at = max(days_before(mandate.last_day, MANDATE_DAYS - 1, calendar), parse_iso(mandate.given_at))
    for person, side in ((mandate.delegator, DELEGATOR), (mandate.delegate, DELEGATE)):
        yield TrueAlert(
            key=alert_key(MANDATE_ENDING, "", person, mandate.id, mandate.last_day),
            item="",
            condition=MANDATE_ENDING,
            escalation_level=side,
            role=mandate.role,
            person=person,
            text="",
            at=at,
        )


def days_before(day: str, days: int, calendar: WorkingCalendar) -> datetime:
    """The beginning of the day that lies so many calendar days before."""
    return calendar.start_of(date.fromordinal(max(date.fromisoformat(day).toordinal() - days, 1)).isoformat())


def deadline_of(text: str, calendar: WorkingCalendar) -> datetime | None:
    """A deadline on record: an instant, or the end of a day; None when there is none."""
    if not text:
        return None
    return parse_iso(text) if "T" in text else calendar.end_of(text)
