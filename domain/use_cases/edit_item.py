"""Change values of an item: core fields and the process's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.act import Act, Actor
from domain.gates.attempt import EditFields
from domain.gates.facts import gather
from domain.gates.fields import EDITABLE_CORE
from domain.gates.rights import hat_used, roles_for
from domain.state import State
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, something_changes


def edit_item(register: State, *, by: Actor, item: str, fields: Mapping[str, Any], reason: str = "") -> Act:
    """Give fields new values. Approvals that covered other values no longer count, by their content hash.

    Raises:
        Refused: no right, an unknown field, a value not of its kind, or emptying what a past gate demanded.
        UsageProblem: nothing would change.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(EditFields(fields=dict(fields)), facts, "be edited like this")
    found = facts.file.item
    core = {name: value or "" for name, value in fields.items() if name in EDITABLE_CORE}
    own = {name: value for name, value in fields.items() if name not in EDITABLE_CORE}
    changes = item_changes(found, **core, values={**found.values, **own})
    return Act(
        name="edit_item",
        changes=something_changes(changes, found.number),
        role=hat_used(facts, roles_for(facts.process, "edit", found.step)),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
