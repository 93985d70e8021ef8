"""Take an accepted risk back before its last day."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import RevokeWaiver
from domain.gates.rights import hat_used
from domain.gates.waivers import waiver_of
from domain.identity import iso
from domain.state import State
from domain.use_cases.life_changes import record_changed
from domain.use_cases.ruling import must_be_allowed, must_be_text


def revoke_waiver(register: State, *, by: Actor, item: str, waiver: str, reason: str, meaning: str = "") -> Act:
    """End a waiver (its id): the obstacle it passed stands again.

    Raises:
        Refused: no right, not in force, or no reason.
    """
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    must_be_allowed(RevokeWaiver(waiver=waiver, reason=reason), facts, "have its waiver taken back")
    found, wanted, rule = facts.file.item, waiver_of(facts, waiver), facts.process.waiver
    assert wanted is not None, "the judge refuses a waiver that is not on record"
    assert rule is not None, "the judge refuses waivers where no rule knows them"
    return Act(
        name="revoke_waiver",
        changes=record_changed(
            "waiver", wanted, state="revoked", ended_at=iso(by.at), ended_by=by.person, ended_reason=reason
        ),
        role=hat_used(facts, rule.roles),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
        meaning=meaning.strip() or "I no longer accept this risk.",
        ceremony=True,
    )
