"""Take up work on an item that was on hold."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.attempt import Resume
from domain.gates.facts import gather
from domain.gates.rights import hat_used
from domain.ports import Register
from domain.use_cases.life_changes import rest_ends
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text


def resume_item(register: Register, *, by: Actor, item: str, reason: str) -> Act:
    """Take the work up again at the step where it stood.

    Raises:
        Refused: no right, no reason, or the item is not on hold.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(Resume(reason=reason), facts, "be resumed")
    found = facts.file.item
    return Act(
        name="resume_item",
        changes=(*item_changes(found, state="open", hold=None), *rest_ends(facts)),
        role=hat_used(facts, facts.process.hold.roles),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
