"""Record which key slot file is in force, after one was written and not yet recorded."""

from __future__ import annotations

import msgspec

from domain.act import Act, Actor, changed
from domain.errors import UsageProblem
from domain.ports import Register


def record_slots(register: Register, *, by: Actor, slots: str) -> Act:
    """The vault's record names the SHA-256 of the slot file in force.

    Raises:
        UsageProblem: the log says so already.
    """
    vault = register.vault()
    change = changed("vault", vault.id, msgspec.to_builtins(vault), {"slots": slots})
    if change is None:
        raise UsageProblem("The key slots in force are recorded already.")
    return Act(
        name="record_slots",
        changes=(change,),
        subject=vault.id,
        reason=f"The key slots changed and the program stopped before saying so; found by {by.name}.",
    )
