"""Ask for a decision on the work as it stands, although changes were requested."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.approval_attempts import Resubmit
from domain.gates.approvals import gates_asked, judge_approvals
from domain.gates.facts import gather
from domain.gates.rights import hat_used, roles_for
from domain.identity import iso
from domain.items.governance import Resubmission
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def resubmit_item(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, reason: str, gate: str = ""
) -> Act:
    """Answer requested changes with a reason instead of a change; "" = the first gate that has some.

    Raises:
        Refused: no right, no reason, no request that stands, or it was the actor who asked for the changes.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    asked = [each for each in gates_asked(facts) if judge_approvals(facts, each).changes_requested]
    gate = gate or (asked[0] if asked else "")
    must_be_allowed(Resubmit(gate=gate, reason=reason), facts, "be resubmitted")
    found = facts.file.item
    record = Resubmission(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        gate=gate,
        answers=[each.id for each in judge_approvals(facts, gate).changes_requested],
        reason=reason,
        by=by.person,
        at=iso(by.at),
    )
    return Act(
        name="resubmit_item",
        changes=(new_record("resubmission", record),),
        role=hat_used(facts, roles_for(facts.process, "move", found.step)),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
