"""Refuse, as an ordinary approver, to confirm what was passed urgently: the item goes back, the work done is kept."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor, Change
from domain.gates.approval_attempts import RefuseUrgent
from domain.gates.approvals import gate_title
from domain.gates.facts import Facts, gather
from domain.gates.urgencies import unconfirmed, unconfirmed_at
from domain.identity import iso
from domain.items.governance import Alert, Urgency
from domain.items.item import Passage
from domain.state import State
from domain.use_cases.approve_item import signature
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, new_record
from domain.use_cases.urgent_debt import end_debt


def refuse_urgent(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    reason: str,
    gate: str = "",
    meaning: str = "",
) -> Act:
    """Sign that the passage is not confirmed. The item returns to the step before the gate, later urgent passages
    fall with this one, and the owner and the owner of the process hear of it.

    Evidence and passages of the time between stay on record (`domain.gates.urgencies.done_meanwhile` tells them);
    evidence from then does not stand for a gate that is come to anew.

    Raises:
        Refused: nothing waits, no right, the one who asked or passed it, or without a reason.
    """
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    owed = unconfirmed(facts.file)
    gate = gate or (owed[0].gate if owed else "")
    must_be_allowed(RefuseUrgent(gate=gate, reason=reason), facts, "be refused like this")
    urgency = unconfirmed_at(facts.file, gate)
    assert urgency is not None, "the judge refuses what does not wait"
    approval = signature(facts, gate, decision="rejected", meaning=meaning, reason=reason, id_=new_id())
    found, at = facts.file.item, iso(by.at)
    passage = Passage(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        from_step=found.step,
        to_step=urgency.from_step,
        at=at,
        by=by.person,
        reason=f"Urgent approval refused: {reason}",
    )
    fallen = [urgency, *(each for each in owed if each.signed_at > urgency.signed_at)]
    return Act(
        name="refuse_urgent",
        changes=(
            new_record("approval", approval),
            *(change for each in fallen for change in end_debt(facts, each, confirmed=False, reason=reason)),
            *item_changes(found, step=urgency.from_step, step_since=at),
            new_record("passage", passage),
            *_alerts(facts, urgency, reason, new_id),
        ),
        role=approval.role,
        mandate=approval.mandate,
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
        meaning=approval.meaning,
        ceremony=True,
    )


def _alerts(facts: Facts, urgency: Urgency, reason: str, new_id: Callable[[], str]) -> tuple[Change, ...]:
    item, at = facts.file.item, iso(facts.actor.at)
    text = f"{item.number}: the urgent passage of '{gate_title(facts, urgency.gate)}' was refused: {reason}"
    hear = [(facts.process.owner_role, "")] + ([("", item.owner)] if item.owner else [])
    return tuple(
        new_record(
            "alert",
            Alert(
                id=new_id(),
                key=f"urgent_refused:{urgency.id}:{role or person}",
                item=item.id,
                condition="urgent_refused",
                rung="",
                role=role,
                person=person,
                text=text,
                due_at=at,
                raised_at=at,
                late="no",
                state="open",
                seen_by="",
                seen_at="",
            ),
        )
        for role, person in hear
    )
