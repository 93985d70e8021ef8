"""Make a person the owner of an item."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.attempt import AssignOwner
from domain.gates.facts import gather
from domain.gates.rights import hat_used, roles_for
from domain.state import State
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, something_changes


def assign_item(register: State, *, by: Actor, item: str, person: str, reason: str = "") -> Act:
    """Make `person` (an id) the owner. Approvals by the new owner stop counting where owners may not sign.

    Raises:
        Refused: no right, or not an active person.
        UsageProblem: the person owns the item already.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(AssignOwner(person=person), facts, "be assigned like this")
    found = facts.file.item
    return Act(
        name="assign_item",
        changes=something_changes(item_changes(found, owner=person, owner_name=facts.names[person]), found.number),
        role=hat_used(facts, roles_for(facts.process, "assign", found.step)),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
