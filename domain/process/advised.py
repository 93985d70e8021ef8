"""One thing to mend in a definition, and how much it weighs."""

from __future__ import annotations

from typing import Literal

import msgspec


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend. `rule` is a stable id, `place` a path such as "transitions[3].gate.approvals[0]"."""

    rule: str
    weight: Literal["must", "should"]
    place: str
    text: str
    remedy: str


def must(rule: str, place: str, text: str, remedy: str) -> Advice:
    """Advice that keeps a version from going in force."""
    return Advice(rule=rule, weight="must", place=place, text=text, remedy=remedy)


def should(rule: str, place: str, text: str, remedy: str) -> Advice:
    """Advice for the author to weigh."""
    return Advice(rule=rule, weight="should", place=place, text=text, remedy=remedy)
