"""Tie an item to another one."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.facts import gather_with
from domain.gates.life_attempts import LinkItems
from domain.gates.links import roles_to
from domain.gates.rights import hat_used
from domain.state import State
from domain.use_cases.life_changes import new_link
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def link_items(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    other: str,
    kind: str = "blocked_by",
    reason: str = "",
) -> Act:
    """Record that the item is blocked by, follows up, recurs from, is merged into or is related to another.

    Both are named by id or number; they may belong to different processes.

    Raises:
        Refused: no right, not a kind people make, tied already, over already, or it would wait for itself.
        UsageProblem: no such item.
    """
    must_be_text(reason)
    facts = gather_with(register, item, other, by)
    assert facts.other is not None, "gathered with the other item"
    attempt = LinkItems(other=facts.other.id, kind=kind, reason=reason)
    must_be_allowed(attempt, facts, f"be tied to {facts.other.number} as {kind}")
    found = facts.file.item
    tie = new_link(found.id, facts.other.id, kind, by=by, id_=new_id(), reason=reason, number=facts.other.number)
    return Act(
        name="link_items",
        changes=(new_record("link", tie),),
        role=hat_used(facts, roles_to(facts, "link")),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
