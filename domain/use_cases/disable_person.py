"""End a person's work in the vault: no way in, no roles, no signature from now on."""

from __future__ import annotations

from collections.abc import Iterator

from domain.act import Act, Actor, Change
from domain.gates.attempt import DisablePerson
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, RecoverySheet
from domain.state import State
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed, must_be_text


def disable_person(register: State, *, by: Actor, person: str, reason: str, slots: str = "") -> Act:
    """Disable `person` (an id). Name and id stay theirs for ever; what they signed stays valid.

    `slots` is the hash of the key slot file that no longer has the person's slot. Their recovery sheet ends too.

    Raises:
        Refused: not an administrator, the actor's own account, the last administrator, or no reason.
    """
    must_be_text(reason)
    must_be_allowed(DisablePerson(person=person, reason=reason), gather_vault(register, by), "disable this person")
    now = iso(by.at)
    return Act(
        name="disable_person",
        changes=(
            Change("person", person, {"state": "active"}, {"state": "disabled"}),
            *revoked_keys(register, person, now),
            *(
                Change("person_role", held.id, {"valid_until": held.valid_until}, {"valid_until": now})
                for held in register.roles()
                if held.person == person and (not held.valid_until or now < held.valid_until)
            ),
            *ended_sheets(register, person, now),
            *slots_changes(register, slots),
        ),
        role=ADMINISTRATOR,
        subject=person,
        reason=reason,
    )


def revoked_keys(register: State, person: str, now: str) -> Iterator[Change]:
    """The changes that revoke every key of a person from now on."""
    certified = register.keys()
    for key in certified:
        if key.person == person and not key.revoked_from:
            yield Change("person_key", key.id, {"revoked_from": ""}, {"revoked_from": now})


def ended_sheets(register: State, person: str, now: str, *, state: str = "replaced") -> Iterator[Change]:
    """The changes that end every recovery sheet of a person that is in force."""
    for sheet in register.all_of(RecoverySheet):
        if sheet.person == person and sheet.state == "in_force":
            yield Change(
                "recovery_sheet",
                sheet.id,
                {"state": "in_force", "ended_at": ""},
                {"state": state, "ended_at": now},
            )
