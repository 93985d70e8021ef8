"""Every alert that is true and not on record: a scan that looks only at what a clock can have reached.

The register is asked for the standing items behind each escalation level's latest possible moment, and for the records
that wait for something; what comes back is a small part of the register, and only that is computed exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from domain.act import Actor
from domain.calendar import escalation
from domain.calendar.escalation import TrueAlert, alert_key, ladder, watches
from domain.calendar.standing import Standing, StandingFilter, Stop
from domain.calendar.working_time import WorkingCalendar
from domain.days import days_after, is_day
from domain.errors import UsageProblem
from domain.identity import iso, parse_iso
from domain.ports import Register
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.records.governance import Calendar, Handoff, Link, Mandate, Obligation, Question, RiskAcceptance
from domain.rules.alerts_of_item import ended_at
from domain.rules.category_choices import with_category
from domain.rules.deadlines import level_deadlines
from domain.rules.facts import gather
from domain.rules.judged_alone import Unjudged, alone
from domain.rules.versions_carried import visible_categories


class NothingToRaise(UsageProblem):
    """Nothing is due that is not on record."""


class Scan:
    """One look at the whole register at the actor's moment."""

    def __init__(self, register: Register, by: Actor) -> None:
        self._register = register
        self._by = by
        self._now = by.at
        self._calendar = WorkingCalendar.of(next(iter(register.all_of(Calendar)), None))
        self._versions = {each.id: decode_process(each.definition) for each in register.process_versions()}
        self._stops = register.stops()
        self._failed: list[Unjudged] = []

    @property
    def unjudged(self) -> tuple[Unjudged, ...]:
        """What the last look could not judge, each once; everything else was judged."""
        return tuple(self._failed)

    def alerts(self) -> tuple[TrueAlert, ...]:
        """Alerts that have are raised and are not on record, the earliest first."""
        self._failed.clear()
        found = {each.key: each for each in self._all() if each.at <= self._now}
        known = self._register.known_alerts(tuple(found))
        new = [each for key, each in found.items() if key not in known]
        return tuple(sorted(new, key=lambda each: (each.at, each.key)))

    def _all(self) -> Iterator[TrueAlert]:
        for version, process in self._versions.items():
            for look in (self._steps, self._days, self._cycles, self._exceptions, self._evidence, self._approvals):
                # a process whose own numbers are odd is named by its version
                yield from alone(partial(look, version, process), self._failed, id_=version, number=process.name)
        yield from self._holds()
        yield from self._records()
        for mandate in self._register.all_of(Mandate):
            if mandate.state == "given":
                judged = partial(escalation.mandate_alerts, mandate, self._calendar)
                yield from alone(judged, self._failed, id_=mandate.id)

    def _alone(
        self, standing: Standing, judge: Callable[..., Iterator[TrueAlert]], *values: Any, **named: Any
    ) -> tuple[TrueAlert, ...]:
        """The alerts of one item, judged by itself."""
        return alone(partial(judge, *values, **named), self._failed, id_=standing.item, number=standing.number)

    def _stops_of(self, standing: Standing) -> tuple[Stop, ...]:
        return self._stops.get(standing.item, ())

    def _steps(self, version: str, process: ProcessVersion) -> Iterator[TrueAlert]:
        found = visible_categories(self._register, process, self._calendar.day_of(self._now))
        timed = {each.word: with_category(process, each) for each in found if each.sla_days}
        for step in process.steps:
            if step.id == process.closure.step:
                continue
            yield from self._step(version, process, step.id, (), frozenset(timed))
            for word, own in timed.items():
                yield from self._step(version, own, step.id, (word,), frozenset(timed))

    def _step(
        self, version: str, process: ProcessVersion, at: str, only: tuple[str, ...], timed: frozenset[str]
    ) -> Iterator[TrueAlert]:
        """The escalation of a step's time: for items of the category in `only`, () = those of none that is `timed`."""
        step = process.step(at)
        for escalation_level in ladder(process, step, self._calendar) if step else ():
            # a stop only delays, so nothing that came later than this can have used the escalation level's time
            latest = self._calendar.before(self._now, escalation_level.minutes)
            wanted = StandingFilter(
                process_version=version,
                step=at,
                since_until=iso(latest),
                unraised=escalation_level.key,
                moment="since",
            )
            for standing in self._register.standing(wanted):
                if timed and self._timed(process, standing.item, timed) != only:
                    continue
                values = (standing, process, (escalation_level,), self._stops_of(standing), self._calendar)
                yield from self._alone(standing, escalation.step_alerts, *values)

    def _timed(self, process: ProcessVersion, item: str, timed: frozenset[str]) -> tuple[str, ...]:
        """The category with a time of its own that an item is filed under; () = none."""
        field = process.categories.field if process.categories else ""
        word = self._register.item(item).values.get(field)
        return (word,) if isinstance(word, str) and word in timed else ()

    def _days(self, version: str, process: ProcessVersion) -> Iterator[TrueAlert]:
        for watch in watches(process, "due"):
            last = days_after(date.fromisoformat(self._calendar.day_of(self._now)), watch.number)
            wanted = StandingFilter(
                process_version=version,
                due_until=last.isoformat(),
                unraised=alert_key("due", "", watch.role),
                moment="due",
            )
            for standing in self._register.standing(wanted):
                yield from self._alone(standing, escalation.due_alerts, standing, process, self._calendar)

    def _cycles(self, version: str, process: ProcessVersion) -> Iterator[TrueAlert]:
        for watch in watches(process, "cycle"):
            wanted = StandingFilter(
                process_version=version,
                cycle_from=max(watch.number, 2),
                unraised=alert_key("cycle", "", watch.role),
                moment="cycle",
            )
            for standing in self._register.standing(wanted):
                yield from self._alone(standing, self._cycle, standing, process)

    def _cycle(self, standing: Standing, process: ProcessVersion) -> Iterator[TrueAlert]:
        transition_records = self._register.item_file(standing.item).transition_records
        began = min((each.at for each in transition_records if each.cycle == standing.cycle), default=standing.since)
        yield from escalation.cycle_alerts(standing, process, parse_iso(began))

    def _exceptions(self, version: str, process: ProcessVersion) -> Iterator[TrueAlert]:
        if not watches(process, "exception_ending"):
            return
        for step in process.steps:
            if step.effect == "exception":
                for standing in self._register.standing(StandingFilter(process_version=version, step=step.id)):
                    expires_on = self._register.item(standing.item).values.get("expires_on")
                    if isinstance(expires_on, str) and is_day(expires_on):
                        yield from self._alone(
                            standing, escalation.exception_alerts, standing, process, expires_on, self._calendar
                        )

    def _evidence(self, version: str, process: ProcessVersion) -> Iterator[TrueAlert]:
        for watch in watches(process, "evidence_ending"):
            for requirement in process.evidence:
                days = requirement.expires_after_days
                if not days:
                    continue
                until = iso(self._now - timedelta(days=max(days - watch.number, 0)))
                accepted = self._register.accepted_evidence(version, requirement.id, until)
                for each, standing in self._with_standing(accepted):
                    if each.cycle == standing.cycle:
                        yield from self._alone(
                            standing, escalation.evidence_alerts, each.id, each.reviewed_at, days, standing, process
                        )

    def _approvals(self, version: str, process: ProcessVersion) -> Iterator[TrueAlert]:
        if not watches(process, "approval_late"):
            return
        for step in process.steps:
            days = [
                level.deadline_days
                for transition in process.from_step(step.id)
                if (gate := process.gate(transition.id))
                for level in gate.approvals
                if level.deadline_days
            ]
            if not days:
                continue
            latest = self._calendar.before(self._now, min(days) * self._calendar.minutes_per_day)
            wanted = StandingFilter(process_version=version, step=step.id, state="open", since_until=iso(latest))
            for standing in self._register.standing(wanted):
                yield from self._alone(standing, self._levels, standing, process)

    def _levels(self, standing: Standing, process: ProcessVersion) -> Iterator[TrueAlert]:
        for asked in level_deadlines(gather(self._register, standing.item, self._by)):
            yield from escalation.approval_alerts(
                standing, process, gate=asked.gate, level=asked.level, since=asked.since, deadline=asked.deadline
            )

    def _holds(self) -> Iterator[TrueAlert]:
        for standing in self._register.standing(StandingFilter(state="on_hold")):
            process = self._versions[standing.process_version]
            yield from self._alone(standing, escalation.hold_alerts, standing, process, self._calendar)

    def _records(self) -> Iterator[TrueAlert]:
        calendar = self._calendar
        for handoff, standing in self._with_standing(self._register.waiting(Handoff)):
            process = self._versions[standing.process_version]
            if handoff.step == standing.step and handoff.cycle == standing.cycle:
                values = (handoff, standing, process, self._stops_of(standing), calendar)
                yield from self._alone(standing, escalation.handoff_alerts, *values)
        yield from self._each(Obligation, escalation.obligation_alerts)
        yield from self._each(RiskAcceptance, escalation.risk_acceptance_alerts)
        yield from self._each(Question, escalation.question_alerts)
        for link, state in self._register.ended_blockers():
            for standing in self._register.standing(StandingFilter(items=(link.item,))):
                yield from self._alone(standing, self._blocked, link, state, standing)

    def _blocked(self, link: Link, state: str, standing: Standing) -> Iterator[TrueAlert]:
        ended = max(ended_at(self._register, link.other, state), parse_iso(link.created_at))
        process = self._versions[standing.process_version]
        yield from escalation.blocker_alerts(link.id, state, ended, standing, process)

    def _each(self, kind: type[Any], judge: Callable[..., Iterator[TrueAlert]]) -> Iterator[TrueAlert]:
        for record, standing in self._with_standing(self._register.waiting(kind)):
            process = self._versions[standing.process_version]
            yield from self._alone(standing, judge, record, standing, process, self._calendar)

    def _with_standing(self, records: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        """Records with the item they hang on; those of ended items are left out."""
        if not records:
            return
        items = tuple(dict.fromkeys(each.item for each in records))
        standing = {each.item: each for each in self._register.standing(StandingFilter(items=items))}
        for each in records:
            if each.item in standing:
                yield each, standing[each.item]
