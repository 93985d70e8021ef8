"""Sign at a gate: approve exactly what the item says now, reject it, ask for changes, or abstain."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.gates.approval_attempts import Abstain, RequestChanges
from domain.gates.approvals import judge_approvals
from domain.gates.attempt import Approve, Attempt, Reject
from domain.gates.content import content_hash
from domain.gates.facts import Facts, gather
from domain.gates.next_action import gate_to_sign
from domain.gates.signing import Decision, signing_mandate
from domain.identity import iso
from domain.items.item import Approval
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record
from domain.use_cases.urgent_debt import urgency_confirming

_MEANINGS = {"rejected": "Rejected", "changes_requested": "Changes requested", "abstained": "Abstained"}


def approve_item(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    gate: str = "",
    decision: Decision = "approved",
    meaning: str = "",
    reason: str = "",
    bulk: bool = False,
) -> Act:
    """Sign at a gate (21 CFR 11.50, 11.70: the meaning and a hash of the content are part of what is signed).

    An empty `gate` is the one ahead; an empty `meaning` is the one the process states for the level, or the word
    of the decision. Who does not hold the role signs in the own name under a mandate, where one lends it. `bulk`:
    the signature is given together with others. The last signature at a gate that was passed urgently confirms that.

    Raises:
        Refused: not asked, not ready, no role, a separated hat, signed already, or not to be signed in bulk.
        UsageProblem: not a decision's word.
    """
    if decision not in get_args(Decision):
        known = ", ".join(get_args(Decision))
        raise UsageProblem(f"{decision!r} is not a decision.", cure=f"Decide one of: {known}.")
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    gate = gate or gate_to_sign(facts)
    must_be_allowed(_attempt(gate, decision, reason, bulk=bulk), facts, f"be {decision.replace('_', ' ')} like this")
    approval = signature(facts, gate, decision=decision, meaning=meaning, reason=reason, id_=new_id())
    return Act(
        name="approve_item",
        changes=(new_record("approval", approval), *urgency_confirming(facts, approval)),
        role=approval.role,
        mandate=approval.mandate,
        subject=facts.file.item.id,
        process_version=facts.file.item.process_version,
        reason=reason,
        meaning=approval.meaning,
        ceremony=True,
    )


def _attempt(gate: str, decision: Decision, reason: str, *, bulk: bool) -> Attempt:
    match decision:
        case "approved":
            return Approve(gate=gate, bulk=bulk)
        case "rejected":
            return Reject(gate=gate, reason=reason)
        case "changes_requested":
            return RequestChanges(gate=gate, reason=reason)
        case "abstained":
            return Abstain(gate=gate, reason=reason)


def signature(facts: Facts, gate: str, *, decision: Decision, meaning: str, reason: str, id_: str) -> Approval:
    """The actor's signature at the level asked now, under the mandate that lends the role if they do not hold it."""
    current = judge_approvals(facts, gate).current
    assert current is not None, "the judge refuses a gate that is complete"
    item, level, mandate = facts.file.item, current.level, signing_mandate(facts, current)
    if not meaning.strip():
        meaning = _MEANINGS.get(decision, level.meaning)
    return Approval(
        id=id_,
        item=item.id,
        cycle=item.cycle,
        gate=gate,
        level=level.level,
        person=facts.actor.person,
        role=level.role,
        mandate=mandate.id if mandate else "",
        decision=decision,
        meaning=meaning,
        reason=reason,
        content=content_hash(facts, gate),
        given_at=iso(facts.actor.at),
    )
