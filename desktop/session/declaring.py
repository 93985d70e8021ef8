"""The declaration before a first signature: the session has it signed by itself, so it is no obstacle among others."""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import Refused
from domain.obstacle import Obstacle

DECLARING = "sign_declaration"
_MISSING = "declaration.missing"


def waits_for_declaration(refusal: Refused, word: str) -> bool:
    """Whether the declaration is all that this command (its word) lacks."""
    return word != DECLARING and {each.rule for each in refusal.obstacles} == {_MISSING}


def but_for_declaring(obstacles: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    """The obstacles that stay once the declaration is signed."""
    return tuple(each for each in obstacles if each.rule != _MISSING)


def as_told(refusal: Refused) -> Refused:
    """The refusal without what the session sees to itself."""
    return Refused(refusal.what, but_for_declaring(refusal.obstacles), where=refusal.where)
