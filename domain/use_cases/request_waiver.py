"""Ask that the risk of passing a gate in spite of an obstacle be accepted."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import RequestWaiver
from domain.gates.rights import hat_used, hats
from domain.identity import iso
from domain.items.governance import Waiver
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def request_waiver(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    rule: str,
    reason: str,
    risk: str,
    expires_on: str,
    gate: str = "",
    about: str = "",
    measure: str = "",
) -> Act:
    """Ask for a waiver of `rule` at `gate` ("" = every gate of the cycle), until the day `expires_on`, included.

    `about` narrows it to what the obstacle concerns: a link's id, a field, a requirement.

    Raises:
        Refused: no right, a rule that is not waived here, a day too far off, or no words.
    """
    must_be_text(reason, risk, measure, about)
    facts = gather(register, item, by)
    attempt = RequestWaiver(
        gate=gate, rule=rule, reason=reason, risk=risk, expires_on=expires_on, measure=measure, about=about
    )
    must_be_allowed(attempt, facts, "be asked a waiver for")
    found = facts.file.item
    waiver = Waiver(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        gate=gate,
        rule=rule,
        about=about,
        state="asked",
        reason=reason,
        risk=risk,
        measure=measure,
        asked_by=by.person,
        asked_at=iso(by.at),
        accepted_by="",
        accepted_at="",
        expires_on=expires_on,
        ended_at="",
        ended_by="",
        ended_reason="",
    )
    return Act(
        name="request_waiver",
        changes=(new_record("waiver", waiver),),
        role=hat_used(facts, sorted(hats(facts), key=lambda hat: hat != "owner")),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
