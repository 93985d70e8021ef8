"""Ask for a later due day."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import RequestExtension
from domain.gates.rights import hat_used
from domain.state import State
from domain.use_cases.asking import asked_now
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def request_extension(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    due: str,
    reason: str,
    interim_risk: str,
) -> Act:
    """Ask for another due day (ISO) once it is locked, with the reason and the risk until then; others decide.

    Raises:
        Refused: no right to ask, no words, not locked, not a later day, or asked already.
    """
    must_be_text(reason, interim_risk)
    facts = gather(register, item, by)
    must_be_allowed(
        RequestExtension(due=due, reason=reason, interim_risk=interim_risk),
        facts,
        "be asked to be due later",
    )
    found = facts.file.item
    rule = facts.process.extension
    request = asked_now(
        facts,
        new_id,
        kind="extension",
        proposal={"due": [found.due, due]},
        code="",
        reason=reason,
        interim_risk=interim_risk,
    )
    return Act(
        name="request_extension",
        changes=(new_record("request", request),),
        role=hat_used(facts, rule.roles if rule else ()),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
