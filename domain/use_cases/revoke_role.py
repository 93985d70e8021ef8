"""End a role that a person holds."""

from __future__ import annotations

from domain.act import Act, Actor, Change
from domain.gates.attempt import RevokeRole
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR
from domain.state import State
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed, must_be_text


def revoke_role(register: State, *, by: Actor, person: str, role: str, reason: str = "", slots: str = "") -> Act:
    """End every grant of `role` that `person` (an id) holds now; what was signed under it stays valid.

    `slots` is the hash of the key slot file, where the role took the root key with it.

    Raises:
        Refused: not an administrator, the role is not held, or it is the last administrator's.
    """
    must_be_text(reason)
    must_be_allowed(RevokeRole(person=person, role=role), gather_vault(register, by), f"revoke '{role}'")
    now = iso(by.at)
    return Act(
        name="revoke_role",
        changes=(
            *(
                Change("person_role", each.id, {"valid_until": each.valid_until}, {"valid_until": now})
                for each in register.roles()
                if each.person == person and each.role == role and (not each.valid_until or now < each.valid_until)
            ),
            *slots_changes(register, slots),
        ),
        role=ADMINISTRATOR,
        subject=person,
        reason=reason,
    )
