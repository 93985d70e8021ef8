"""Give the one signature of the urgent path."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.approval_attempts import ApproveUrgent
from domain.gates.content import content_hash
from domain.gates.facts import gather
from domain.gates.urgencies import marked_urgency
from domain.gates.urgent_rules import urgent_mandate, urgent_role
from domain.identity import iso
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text
from domain.use_cases.urgent_debt import urgency_change


def approve_urgent(register: State, *, by: Actor, item: str, meaning: str = "", reason: str = "") -> Act:
    """Sign that the item may pass the gate it is marked for now, for exactly what it says now.

    Raises:
        Refused: not marked, not ready, not the named role nor its deputy, or the one who asked.
    """
    must_be_text(meaning, reason)
    facts = gather(register, item, by)
    must_be_allowed(ApproveUrgent(), facts, "be approved urgently")
    rule, urgency, mandate = facts.process.urgent, marked_urgency(facts.file), urgent_mandate(facts)
    assert rule is not None, "the judge refuses where no urgent path is"
    assert urgency is not None, "the judge refuses what nobody marked"
    meaning = meaning.strip() or rule.meaning
    return Act(
        name="approve_urgent",
        changes=urgency_change(
            urgency,
            state="signed",
            signed_by=by.person,
            signed_at=iso(by.at),
            mandate=mandate.id if mandate else "",
            meaning=meaning,
            content=content_hash(facts, urgency.gate),
        ),
        role=urgent_role(facts, rule),
        mandate=mandate.id if mandate else "",
        subject=urgency.item,
        process_version=facts.file.item.process_version,
        reason=reason,
        meaning=meaning,
        ceremony=True,
    )
