"""Record that a person changed the passphrase. The passphrase itself is nowhere on record."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.state import State
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import something_changes


def change_passphrase(register: State, *, by: Actor, slots: str) -> Act:
    """The actor's own key slot was sealed under a new passphrase; `slots` is the hash of the slot file.

    Raises:
        UsageProblem: the log knows this slot file already.
    """
    return Act(
        name="change_passphrase",
        changes=something_changes(slots_changes(register, slots), by.name),
        subject=by.person,
    )
