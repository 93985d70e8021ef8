"""What the one judge answers: no obstacle, or every obstacle with its remedy."""

from __future__ import annotations

import msgspec

from domain.obstacle import Obstacle, Passed


class GateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one command. Obstacles are all of them, not the first one met.

    `passed` are obstacles that exceptions and risk acceptances pass: they do not stand, and nobody overlooks them.
    """

    obstacles: tuple[Obstacle, ...] = ()
    passed: tuple[Passed, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles
