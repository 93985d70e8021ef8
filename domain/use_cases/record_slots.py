"""Record which key slot file is in force, after one was written and not yet recorded."""

from __future__ import annotations

from domain.act import Act, Actor, Change, changed
from domain.errors import UsageProblem
from domain.state import State


def record_slots(register: State, *, by: Actor, slots: str) -> Act:
    """The vault's record names the SHA-256 of the slot file in force.

    Raises:
        UsageProblem: the log says so already.
    """
    changes = slots_changes(register, slots)
    if not changes:
        raise UsageProblem("The key slots in force are recorded already.")
    return Act(
        name="record_slots",
        changes=changes,
        subject=changes[0].id,
        reason=f"The key slots changed and the program stopped before saying so; found by {by.name}.",
    )


def slots_changes(register: State, slots: str) -> tuple[Change, ...]:
    """The change of the vault's record to this slot file; none when `slots` is "" or recorded already."""
    if not slots:
        return ()
    vault = register.vault()
    change = changed("vault", vault.id, {"slots": vault.slots}, {"slots": slots})
    return () if change is None else (change,)
