"""How alike two short texts are, for headers with typing errors."""

from __future__ import annotations


def similarity(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (equal), by the edits that turn one text into the other."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 (it is slow to import and only a tracker needs it)

    return ratio(one, other) / 100.0
