"""What becomes of an urgency when its gate is passed, confirmed or left behind: changes that belong to such acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from domain.act import Change
from domain.calendar.working_time import WorkingCalendar
from domain.commands.changing import new_record, record_changed
from domain.identity import iso
from domain.records.governance import Obligation, Urgency
from domain.records.item import Approval
from domain.rules.approvals import judge_approvals
from domain.rules.facts import Facts
from domain.rules.signing import urgent_signature
from domain.rules.urgencies import marked_urgency, obligation_of, unconfirmed_at


def urgency_passing(facts: Facts, gate: str, *, new_id: Callable[[], str]) -> tuple[Change, ...]:
    """Moving on by this gate: an urgent signature that carries it becomes an obligation, with its deadline in working
    hours.

    An urgency that was not needed, because the ordinary signatures came or another way was taken, ends with it.
    """
    urgency, rule = marked_urgency(facts.file), facts.process.urgent
    if urgency is None or rule is None:
        return ()
    at = iso(facts.actor.at)
    if urgency.gate != gate or judge_approvals(facts, gate).given or urgent_signature(facts, gate) is None:
        return urgency_change(urgency, state="withdrawn", ended_at=at)
    state = judge_approvals(facts, gate).current
    assert state is not None, "a gate with every signature was not passed urgently"
    obligation = Obligation(
        id=new_id(),
        item=urgency.item,
        cycle=urgency.cycle,
        kind="confirm_urgent",
        about=urgency.id,
        gate=gate,
        text="",
        role=state.level.role,
        person="",
        due=iso(WorkingCalendar.of(facts.calendar).add(facts.actor.at, hours=rule.confirm_hours)),
        state="open",
        created_at=at,
        created_by=facts.actor.person,
        ended_at="",
        ended_by="",
        ended_reason="",
    )
    return (*urgency_change(urgency, state="passed"), new_record("obligation", obligation))


def urgency_confirming(facts: Facts, approval: Approval) -> tuple[Change, ...]:
    """With this signature at a gate that was passed urgently: the obligation is met when it was the last one wanted."""
    urgency = unconfirmed_at(facts.file, approval.gate)
    if urgency is None or approval.decision != "approved":
        return ()
    file = msgspec.structs.replace(facts.file, approvals=(*facts.file.approvals, approval))
    after = judge_approvals(msgspec.structs.replace(facts, file=file), approval.gate)
    return end_obligation(facts, urgency, confirmed=True, reason=approval.reason) if after.given else ()


def end_obligation(facts: Facts, urgency: Urgency, *, confirmed: bool, reason: str) -> tuple[Change, ...]:
    """The urgency and its obligation end."""
    at, obligation = iso(facts.actor.at), obligation_of(facts.file, urgency)
    ended = urgency_change(urgency, state="confirmed" if confirmed else "refused", ended_at=at)
    if obligation is None:
        return ended
    after = {
        "state": "met" if confirmed else "refused",
        "ended_at": at,
        "ended_by": facts.actor.person,
        "ended_reason": reason,
    }
    return (*ended, *_some(record_changed("obligation", obligation, **after)))


def urgency_change(urgency: Urgency, **after: Any) -> tuple[Change, ...]:
    """The change of an urgency to these values."""
    return _some(record_changed("urgency", urgency, **after))


def _some(*changes: Change | None) -> tuple[Change, ...]:
    return tuple(each for each in changes if each is not None)
