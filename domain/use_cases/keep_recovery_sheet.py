"""Put a printed recovery sheet on record: its public half, and whether it was rehearsed."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.attempt import MakeSheet
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, RecoverySheet
from domain.state import State
from domain.use_cases.disable_person import ended_sheets
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed, new_record


def keep_recovery_sheet(
    register: State, *, by: Actor, sheet: str, public: str, rehearsed: bool, slots: str = ""
) -> Act:
    """The actor's new sheet `sheet` (a new id) is in force; the one before ends.

    `public` is the Ed25519 key (base64) that the code gives.

    Raises:
        Refused: not an administrator.
    """
    must_be_allowed(MakeSheet(), gather_vault(register, by), "print a recovery sheet")
    now = iso(by.at)
    return Act(
        name="keep_recovery_sheet",
        changes=(
            *ended_sheets(register, by.person, now),
            new_record("recovery_sheet", new_sheet(sheet, by.person, public, now, rehearsed=rehearsed)),
            *slots_changes(register, slots),
        ),
        role=ADMINISTRATOR,
        subject=by.person,
    )


def new_sheet(sheet: str, person: str, public: str, at: str, *, rehearsed: bool) -> RecoverySheet:
    """A sheet in force from now on."""
    return RecoverySheet(
        id=sheet,
        person=person,
        public=public,
        state="in_force",
        made_at=at,
        rehearsed_at=at if rehearsed else "",
        ended_at="",
    )
