"""Put an item on hold."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.attempt import Hold
from domain.gates.facts import gather
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.ports import Register
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text


def hold_item(register: Register, *, by: Actor, item: str, reason: str, review_on: str = "") -> Act:
    """Stop work until it is looked at again on `review_on` (ISO day).

    Raises:
        Refused: no right, no reason, no review day, or the item is not open.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(Hold(reason=reason, review_on=review_on), facts, "be put on hold")
    found = facts.file.item
    hold = {"reason": reason, "review_on": review_on, "since": iso(by.at), "by": by.person}
    return Act(
        name="hold_item",
        changes=item_changes(found, state="on_hold", hold=hold),
        role=hat_used(facts, facts.process.hold.roles),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
