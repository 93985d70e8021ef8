"""Sign that work on an item ends without its outcome."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import Cancel
from domain.gates.facts import gather
from domain.gates.rights import hat_used
from domain.state import State
from domain.use_cases.life_changes import cancelled
from domain.use_cases.ruling import must_be_allowed, must_be_text


def cancel_item(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    reason: str,
    code: str = "",
    meaning: str = "",
) -> Act:
    """End the item for good: it stays readable, counted and printable, and refuses every further act.

    `code` is one of the process's cancellation reasons; the entry's reason holds it before the text. Items that wait
    for this one are told by a debt of their own. Where the process asks what becomes of things, or a request is on
    record, the request is decided instead (`decide_request`).

    Raises:
        Refused: no right, a separated hat, no reason, an unknown code, or the item is at rest already.
    """
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    must_be_allowed(Cancel(reason=reason, code=code), facts, "be cancelled")
    found, rule = facts.file.item, facts.process.cancel
    role, why = hat_used(facts, rule.roles), f"{code}: {reason}" if code else reason
    return Act(
        name="cancel_item",
        changes=cancelled(register, facts, new_id, reason=why, role=role),
        role=role,
        subject=found.id,
        process_version=found.process_version,
        reason=why,
        meaning=meaning.strip() or rule.meaning,
        ceremony=True,
    )
