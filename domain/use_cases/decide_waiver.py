"""Sign that a risk is accepted until a day, or that it is not."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import DecideWaiver
from domain.gates.rights import hat_used
from domain.gates.waivers import waiver_of
from domain.identity import iso
from domain.state import State
from domain.use_cases.life_changes import record_changed
from domain.use_cases.ruling import must_be_allowed, must_be_text


def decide_waiver(
    register: State, *, by: Actor, item: str, waiver: str, accept: bool, reason: str = "", meaning: str = ""
) -> Act:
    """Accept the risk that a waiver (its id) states, or refuse it with a reason.

    Raises:
        Refused: no right, a separated hat, the day has gone by, or decided already.
    """
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    must_be_allowed(DecideWaiver(waiver=waiver, accept=accept, reason=reason), facts, "have its waiver decided")
    found, wanted, rule = facts.file.item, waiver_of(facts, waiver), facts.process.waiver
    assert wanted is not None, "the judge refuses a waiver that is not on record"
    assert rule is not None, "the judge refuses waivers where no rule knows them"
    at = iso(by.at)
    ended = {} if accept else {"ended_at": at, "ended_by": by.person, "ended_reason": reason}
    state = "in_force" if accept else "rejected"
    accepted = {"accepted_by": by.person, "accepted_at": at} if accept else {}
    return Act(
        name="decide_waiver",
        changes=record_changed("waiver", wanted, state=state, **accepted, **ended),
        role=hat_used(facts, rule.roles),
        subject=found.id,
        process_version=found.process_version,
        reason=reason or wanted.reason,
        meaning=meaning.strip() or (rule.meaning if accept else "Rejected"),
        ceremony=True,
    )
