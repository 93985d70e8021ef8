"""Sign the decision on a request: cancelling, a later due day, changed content."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor, Change
from domain.gates.facts import Facts, gather
from domain.gates.fields import EDITABLE_CORE
from domain.gates.life_attempts import DecideRequest
from domain.gates.requests import decider_of, request_of
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.items.governance import Request
from domain.state import State
from domain.use_cases.life_changes import cancelled, record_changed
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text


def decide_request(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    request: str,
    approve: bool,
    reason: str = "",
    meaning: str = "",
    bulk: bool = False,
) -> Act:
    """Grant or refuse a request (its id). What is granted is done in the same act; what is refused changes nothing.

    `bulk`: it is signed together with others, which only extensions are.

    Raises:
        Refused: no right, a separated hat (who asked among them), overtaken by another change, or decided already.
    """
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    doing = "have its request granted" if approve else "have its request refused"
    must_be_allowed(DecideRequest(request=request, approve=approve, reason=reason, bulk=bulk), facts, doing)
    found, wanted = facts.file.item, request_of(facts, request)
    rule = decider_of(facts, wanted) if wanted else None
    assert wanted is not None, "the judge refuses a request that is not on record"
    assert rule is not None, "the judge refuses a request that no rule decides"
    role = hat_used(facts, rule.roles)
    decided = record_changed(
        "request",
        wanted,
        state="approved" if approve else "rejected",
        decided_by=by.person,
        decided_at=iso(by.at),
        decision_reason=reason,
    )
    return Act(
        name="decide_request",
        changes=(*decided, *(_granted(register, facts, wanted, new_id, role) if approve else ())),
        role=role,
        subject=found.id,
        process_version=found.process_version,
        reason=reason or wanted.reason,
        meaning=meaning.strip() or (rule.meaning if approve else "Rejected"),
        ceremony=True,
    )


def _granted(
    register: State, facts: Facts, request: Request, new_id: Callable[[], str], role: str
) -> tuple[Change, ...]:
    if request.kind == "cancellation":
        why = f"{request.code}: {request.reason}" if request.code else request.reason
        return cancelled(register, facts, new_id, reason=why, role=role)
    found = facts.file.item
    after = {name: pair[1] for name, pair in request.proposal.items()}
    core = {name: value or "" for name, value in after.items() if name in EDITABLE_CORE}
    own = {name: value for name, value in after.items() if name not in EDITABLE_CORE}
    return item_changes(found, **core, values={**found.values, **own})
