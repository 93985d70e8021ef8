"""Take back a request that nobody has decided yet."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import WithdrawRequest
from domain.gates.requests import request_of
from domain.identity import iso
from domain.state import State
from domain.use_cases.life_changes import record_changed
from domain.use_cases.ruling import must_be_allowed, must_be_text


def withdraw_request(register: State, *, by: Actor, item: str, request: str, reason: str) -> Act:
    """Withdraw one's own request (its id); it stays on record as withdrawn.

    Raises:
        Refused: somebody else asked for it, it is decided, or there is no reason.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(WithdrawRequest(request=request, reason=reason), facts, "have its request withdrawn")
    found, wanted = facts.file.item, request_of(facts, request)
    assert wanted is not None, "the judge refuses a request that is not on record"
    return Act(
        name="withdraw_request",
        changes=record_changed("request", wanted, state="withdrawn", decided_at=iso(by.at), decision_reason=reason),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
