"""Give the urgent path up before the gate is passed."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.approval_attempts import WithdrawUrgent
from domain.gates.facts import gather
from domain.gates.urgencies import marked_urgency
from domain.identity import iso
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text
from domain.use_cases.urgent_debt import urgency_change


def withdraw_urgent(register: State, *, by: Actor, item: str, reason: str) -> Act:
    """End one's own urgency: the ordinary approvals are asked again.

    Raises:
        Refused: not marked, not one's own, or without a reason.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(WithdrawUrgent(reason=reason), facts, "lose its urgency")
    urgency = marked_urgency(facts.file)
    assert urgency is not None, "the judge refuses what nobody marked"
    return Act(
        name="withdraw_urgent",
        changes=urgency_change(urgency, state="withdrawn", ended_at=iso(by.at)),
        subject=urgency.item,
        process_version=facts.file.item.process_version,
        reason=reason,
    )
