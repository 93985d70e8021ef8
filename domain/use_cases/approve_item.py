"""Sign at a gate: approve exactly what the item says now, or reject it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.gates.approvals import judge_approvals
from domain.gates.attempt import Approve, Reject
from domain.gates.content import content_hash
from domain.gates.facts import gather
from domain.gates.next_action import gate_to_sign
from domain.identity import iso
from domain.items.item import Approval
from domain.ports import Register
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def approve_item(
    register: Register,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    gate: str = "",
    decision: Literal["approved", "rejected"] = "approved",
    meaning: str = "",
    reason: str = "",
) -> Act:
    """Sign at a gate (21 CFR 11.50, 11.70: the meaning and a hash of the content are part of what is signed).

    An empty `gate` is the one ahead; an empty `meaning` is the one the process states for the level, and
    "Rejected" for a rejection.

    Raises:
        Refused: not asked, not ready, no role, a separated hat, or signed already.
        UsageProblem: the decision is neither approved nor rejected.
    """
    if decision not in ("approved", "rejected"):
        raise UsageProblem(f"{decision!r} is not a decision.", cure="Decide approved or rejected.")
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    gate = gate or gate_to_sign(facts)
    attempt = Approve(gate=gate) if decision == "approved" else Reject(gate=gate, reason=reason)
    must_be_allowed(attempt, facts, f"be {decision} like this")
    current = judge_approvals(facts, gate).current
    assert current is not None, "the judge refuses a gate that is complete"
    found, level = facts.file.item, current.level
    if not meaning.strip():
        meaning = level.meaning if decision == "approved" else "Rejected"
    approval = Approval(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        gate=gate,
        level=level.level,
        person=by.person,
        role=level.role,
        mandate="",
        decision=decision,
        meaning=meaning,
        reason=reason,
        content=content_hash(facts, gate),
        given_at=iso(by.at),
    )
    return Act(
        name="approve_item",
        changes=(new_record("approval", approval),),
        role=level.role,
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
        meaning=meaning,
        ceremony=True,
    )
