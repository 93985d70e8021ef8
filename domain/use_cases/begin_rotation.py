"""Begin to change the data key."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import BeginRotation
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, Rotation
from domain.state import State
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def begin_rotation(register: State, *, by: Actor, new_id: Callable[[], str], reason: str, slots: str = "") -> Act:
    """The key slots now hold the next data key for everyone who stays; `slots` is the hash of their file.

    Raises:
        Refused: not an administrator, no reason, or the data key is being changed already.
    """
    must_be_text(reason)
    must_be_allowed(BeginRotation(reason=reason), gather_vault(register, by), "change the data key")
    begun = Rotation(
        id=new_id(),
        state="begun",
        reason=reason,
        begun_by=by.person,
        begun_at=iso(by.at),
        finished_by="",
        finished_at="",
    )
    return Act(
        name="begin_rotation",
        changes=(new_record("rotation", begun), *slots_changes(register, slots)),
        role=ADMINISTRATOR,
        subject=register.vault().id,
        reason=reason,
    )
