"""Put an item on hold."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import Hold
from domain.gates.facts import gather
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.state import State
from domain.use_cases.life_changes import decided_again, rest_begins
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text


def hold_item(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    reason: str,
    review_on: str = "",
    waiting_for: str = "",
) -> Act:
    """Stop work until it is looked at again on `review_on` (ISO day). `waiting_for` says in words what it waits for.

    Putting work on hold is one of the decisions that a cancelled blocker asks for.

    Raises:
        Refused: no right, no reason, no review day, or the item is not open.
    """
    must_be_text(reason, waiting_for)
    facts = gather(register, item, by)
    must_be_allowed(Hold(reason=reason, review_on=review_on, waiting_for=waiting_for), facts, "be put on hold")
    found = facts.file.item
    hold = {"reason": reason, "review_on": review_on, "since": iso(by.at), "by": by.person}
    return Act(
        name="hold_item",
        changes=(
            *item_changes(found, state="on_hold", hold=hold),
            rest_begins(facts, new_id, reason=reason, review_on=review_on, waiting_for=waiting_for),
            *decided_again(facts, reason),
        ),
        role=hat_used(facts, facts.process.hold.roles),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
