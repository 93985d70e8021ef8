"""End a mandate before its last day: what waits for the deputy waits for the giver again."""

from __future__ import annotations

from domain.act import Act, Actor, changed
from domain.gates.approval_attempts import RevokeMandate
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text

MEANING = "I end this mandate"


def revoke_mandate(register: State, *, by: Actor, mandate: str, reason: str) -> Act:
    """End a mandate (its id) now. Signatures given under it stay.

    Raises:
        Refused: somebody else's (administrators may end any), ended already, or without a reason.
    """
    must_be_text(reason)
    facts = gather_vault(register, by)
    must_be_allowed(RevokeMandate(mandate=mandate, reason=reason), facts, "end this mandate")
    found = next(each for each in facts.mandates if each.id == mandate)
    change = changed(
        "mandate",
        found.id,
        {"state": found.state, "revoked_at": "", "revoked_by": ""},
        {"state": "revoked", "revoked_at": iso(by.at), "revoked_by": by.person},
    )
    assert change is not None, "the judge refuses a mandate that has ended"
    holds = found.role in by.roles
    return Act(
        name="revoke_mandate",
        changes=(change,),
        role="" if found.giver == by.person and not holds else found.role if holds else ADMINISTRATOR,
        subject=found.id,
        reason=reason,
        meaning=MEANING,
        ceremony=True,
    )
