"""One contradiction of a process definition, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.messages import message


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One contradiction. `place` is a path such as "steps[2].responsible"."""

    place: str
    text: str
    remedy: str


def problem_at(place: str, text: str, remedy: str) -> Problem:
    """The contradiction at a place, which its text names first."""
    return Problem(place=place, text=f"{place}: {text}", remedy=remedy)


def unknown_word(place: str, kind: str, word: str, known: Iterable[str], group: str) -> Problem:
    """A word that is not declared, with those that are."""
    listed = ", ".join(known) or "none"
    return problem_at(
        place,
        message("lint.is_not_declared_declared", kind=kind, word=word, listed=listed),
        message("lint.declare_it_under_or", group=group),
    )
