"""Give a person a role."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import GrantRole
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR
from domain.state import State
from domain.use_cases.enrol_person import role_record
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def grant_role(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    person: str,
    role: str,
    reason: str = "",
    slots: str = "",
) -> Act:
    """Let `person` (an id) hold `role` from now on.

    `slots` is the hash of the key slot file, where the role brings the root key with it.

    Raises:
        Refused: not an administrator, no such role or active person, or the role is held already.
    """
    must_be_text(reason)
    must_be_allowed(GrantRole(person=person, role=role), gather_vault(register, by), f"grant '{role}'")
    record = role_record(id_=new_id(), person=person, role=role, at=iso(by.at), by=by.person)
    return Act(
        name="grant_role",
        changes=(new_record("person_role", record), *slots_changes(register, slots)),
        role=ADMINISTRATOR,
        subject=person,
        reason=reason,
    )
