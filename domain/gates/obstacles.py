"""The verdict on a command against which obstacles were found: the one place where they are weighed."""

from __future__ import annotations

from collections.abc import Iterable

from domain.gates.allowances import allowed_through
from domain.gates.facts import Facts, VaultFacts
from domain.gates.rights import active
from domain.gates.verdict import GateVerdict, Obstacle, Passed


def verdict_on(facts: Facts | VaultFacts, found: Iterable[Obstacle], *, gate: str = "") -> GateVerdict:
    """The verdict on a command against which these obstacles were found: an actor who is not active is one more, and
    what an exception or an accepted risk passes at `gate` (a transition's id) does not stand.
    """
    passed: tuple[Passed, ...] = ()
    if gate and isinstance(facts, Facts):
        found, passed = allowed_through(facts, gate, found)
    return GateVerdict(
        obstacles=tuple(dict.fromkeys((*active(facts), *found))), passed=tuple(dict.fromkeys(passed))
    )
