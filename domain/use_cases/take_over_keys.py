"""Record that a person's key slot now holds what was left for them while they were away."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.state import State
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import something_changes


def take_over_keys(register: State, *, by: Actor, slots: str) -> Act:
    """The data key of a rotation, or the root key, is sealed under the actor's own passphrase now.

    Raises:
        UsageProblem: the log knows this slot file already.
    """
    return Act(
        name="take_over_keys",
        changes=something_changes(slots_changes(register, slots), by.name),
        subject=by.person,
    )
