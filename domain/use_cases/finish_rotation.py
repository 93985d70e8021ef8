"""Finish changing the data key: whoever unlocks next may do it, for it only completes what was decided."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor, Change
from domain.identity import iso
from domain.items.people import Rotation
from domain.state import State
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import new_record


def finish_rotation(register: State, *, by: Actor, new_id: Callable[[], str], slots: str) -> Act:
    """Store and key slots are under the new data key alone; `slots` is the hash of the slot file.

    A rotation whose beginning was never recorded, because the program stopped, is put on record here.
    """
    now = iso(by.at)
    begun = next((each for each in register.all_of(Rotation) if each.state == "begun"), None)
    if begun is None:
        reason = "Begun before the program stopped."
        whole = Rotation(
            id=new_id(),
            state="finished",
            reason=reason,
            begun_by="",
            begun_at="",
            finished_by=by.person,
            finished_at=now,
        )
        change = new_record("rotation", whole)
    else:
        reason = begun.reason
        change = Change(
            "rotation",
            begun.id,
            {"state": "begun", "finished_by": "", "finished_at": ""},
            {"state": "finished", "finished_by": by.person, "finished_at": now},
        )
    return Act(
        name="finish_rotation",
        changes=(change, *slots_changes(register, slots)),
        subject=register.vault().id,
        reason=reason,
    )
