"""Begin a piece of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.act import Act, Actor
from domain.gates.attempt import CreateItem
from domain.gates.facts import gather_vault
from domain.gates.fields import EDITABLE_CORE
from domain.gates.rights import hat_used, roles_for
from domain.identity import iso
from domain.items.item import Item, Passage
from domain.process.decode import decode_process
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, new_record


def create_item(
    register: State, *, by: Actor, new_id: Callable[[], str], process: str, fields: Mapping[str, Any]
) -> Act:
    """Begin an item of a process at its first step, with values of core fields (`owner` is a person id) and of
    the process's own. Without `raised`, it is raised today (UTC).

    Raises:
        Refused: no right, no title, an unknown field, or a value not of its kind.
        UsageProblem: no such process in force.
    """
    facts = gather_vault(register, by, process=process)
    must_be_allowed(CreateItem(fields=dict(fields)), facts, f"create in '{process}'")
    record = register.in_force(process, by.at)
    version, at = decode_process(record.definition), iso(by.at)
    core = {name: str(fields.get(name) or "") for name in EDITABLE_CORE}
    owner = str(fields.get("owner") or "")
    number = register.next_number(process)
    item = Item(
        id=new_id(),
        number=number_text(register.vault().prefix, version.numbering.prefix, number, version.numbering.digits),
        process=process,
        process_version=record.id,
        title=core["title"],
        description=core["description"],
        step=version.first_step,
        state="open",
        owner=owner,
        owner_name=facts.names.get(owner, ""),
        due=core["due"],
        severity=core["severity"],
        priority=core["priority"],
        raised=core["raised"] or at[:10],
        closed="",
        cycle=1,
        values={name: value for name, value in fields.items() if name not in EDITABLE_CORE and name != "owner"},
        hold=None,
        legacy_status="",
        legacy=[],
        source=None,
        source_key="",
        source_fingerprint="",
        created_at=at,
        created_by=by.person,
        step_since=at,
    )
    passage = Passage(
        id=new_id(), item=item.id, cycle=1, from_step="", to_step=item.step, at=at, by=by.person, reason=""
    )
    return Act(
        name="create_item",
        changes=(new_record("item", item), new_record("passage", passage)),
        role=hat_used(facts, roles_for(version, "create", version.first_step)),
        subject=item.id,
        process_version=record.id,
    )


def number_text(vault_prefix: str, process_prefix: str, number: int, digits: int) -> str:
    """The human number of an item: unique across vaults by its first part, such as PLANT2-CAPA-0007."""
    return f"{vault_prefix}-{process_prefix}-{number:0{digits}d}"
