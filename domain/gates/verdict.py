"""What the one judge answers: no obstacle, or every obstacle with its cure."""

from __future__ import annotations

import msgspec

from domain.gates.attempt import Attempt


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a gate refuses.

    `rule` is a stable id such as "evidence.missing"; `text` says what stands in the way and by which process
    version; `cure` what to do; `who` names the people, or the role when nobody holds it, who can do it.
    """

    rule: str
    text: str
    cure: str
    who: str = ""


class GateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one attempt. Obstacles are all of them, not the first one met."""

    attempt: Attempt
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles
