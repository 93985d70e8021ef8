"""Ask for the urgent path: one signature now, confirmation afterwards."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.approval_attempts import MarkUrgent
from domain.gates.facts import gather
from domain.gates.passing import move_roles
from domain.gates.rights import hat_used
from domain.gates.urgent_rules import urgent_gates
from domain.identity import iso
from domain.items.governance import Urgency
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def mark_urgent(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, code: str, reason: str, gate: str = ""
) -> Act:
    """Ask that a gate ("" = the first ahead that has an urgent path) be passed urgently. Nothing is passed yet.

    Raises:
        Refused: the process has no urgent path here, no right, no known code, no reason, or it is marked already.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    found = facts.file.item
    gates = urgent_gates(facts.process, found.step)
    gate = gate or (gates[0] if gates else "")
    must_be_allowed(MarkUrgent(gate=gate, code=code, reason=reason), facts, "be marked urgent")
    way = facts.process.transition(gate)
    assert way is not None, "the judge refuses what is no gate"
    urgency = Urgency(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        gate=gate,
        from_step=found.step,
        state="marked",
        code=code,
        reason=reason,
        marked_by=by.person,
        marked_at=iso(by.at),
        signed_by="",
        signed_at="",
        mandate="",
        meaning="",
        content="",
        ended_at="",
    )
    return Act(
        name="mark_urgent",
        changes=(new_record("urgency", urgency),),
        role=hat_used(facts, move_roles(facts, way)),
        subject=found.id,
        process_version=found.process_version,
        reason=f"{code}: {reason}" if code else reason,
    )
