"""How alike two short texts are, for headers with typing errors."""

from __future__ import annotations

from rapidfuzz.fuzz import ratio


def similarity(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (equal), by the edits that turn one text into the other."""
    return ratio(one, other) / 100.0
