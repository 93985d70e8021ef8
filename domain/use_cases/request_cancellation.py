"""Ask that work end without its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.life_attempts import RequestCancellation
from domain.gates.rights import hat_used
from domain.state import State
from domain.use_cases.asking import asked_now
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def request_cancellation(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    reason: str,
    code: str = "",
    fates: Mapping[str, str] | None = None,
) -> Act:
    """Ask for the cancellation of an item, saying what becomes of what hangs on it (`fates`, by the process's ids).

    Work goes on nowhere until somebody else decides; rejected, the item stays as it is.

    Raises:
        Refused: no right to ask, no reason, an unknown code, a question unanswered, or asked already.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(
        RequestCancellation(reason=reason, code=code, fates=dict(fates or {})),
        facts,
        "be asked to be cancelled",
    )
    found = facts.file.item
    request = asked_now(
        facts, new_id, kind="cancellation", proposal=dict(fates or {}), code=code, reason=reason, interim_risk=""
    )
    return Act(
        name="request_cancellation",
        changes=(new_record("request", request),),
        role=hat_used(facts, facts.process.cancel.requested_by),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
