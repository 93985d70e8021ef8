"""Take back one's own signature before its gate is passed."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.approval_attempts import RevokeApproval
from domain.gates.facts import gather
from domain.identity import iso
from domain.items.governance import Revocation
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record

MEANING = "I take this signature back"


def revoke_approval(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, reason: str, approval: str = ""
) -> Act:
    """Take a signature back, signed: the record of it stays, and it counts no more. "" = the last one given here.

    Raises:
        Refused: somebody else's, taken back already, or its gate was passed.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    gone = {each.approval for each in facts.file.revocations}
    mine = [each.id for each in facts.file.approvals if each.person == by.person and each.id not in gone]
    approval = approval or (mine[-1] if mine else "")
    must_be_allowed(RevokeApproval(approval=approval, reason=reason), facts, "lose this signature")
    found = next(each for each in facts.file.approvals if each.id == approval)
    revocation = Revocation(
        id=new_id(), item=found.item, approval=found.id, person=by.person, reason=reason, at=iso(by.at)
    )
    return Act(
        name="revoke_approval",
        changes=(new_record("revocation", revocation),),
        role=found.role if found.role in by.roles else "",
        subject=found.item,
        process_version=facts.file.item.process_version,
        reason=reason,
        meaning=MEANING,
        ceremony=True,
    )
