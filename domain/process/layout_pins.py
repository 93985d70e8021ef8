"""Places of steps that a person pinned in the diagram."""

from __future__ import annotations

import re
from typing import Final

_PLACE: Final = re.compile(r"([0-9]{1,4}),([0-9]{1,4})")


def pinned_at(place: str) -> tuple[int, int] | None:
    """The upper left corner that a step's `place` names, in pixels; None: it names none."""
    found = _PLACE.fullmatch(place)
    return (int(found[1]), int(found[2])) if found else None


def place_of(x: float, y: float) -> str:
    """A corner as a step's `place`, kept on the sheet."""
    left, top = (min(max(round(each), 0), 9999) for each in (x, y))
    return f"{left},{top}"
