"""One item with a value that nobody foresaw stops no scan and no report: each is judged alone, a failing one named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import msgspec

from domain.errors import Cancelled, CountersignError

Found = TypeVar("Found")

ODD: Final = (ArithmeticError, LookupError, TypeError, ValueError, CountersignError)
"""What judging an item with an odd value can end in; faults of the program outside values are not among them."""


class Unjudged(msgspec.Struct, frozen=True, kw_only=True):
    """An item (or the record of another thing) that could not be judged: its id, its number if known, and why."""

    id: str
    number: str
    why: str


def alone(
    make: Callable[[], Iterable[Found]], failed: list[Unjudged], *, id_: str, number: str = ""
) -> tuple[Found, ...]:
    """What `make` brings for one thing; nothing where it fails, and then `failed` names it, once."""
    try:
        return tuple(make())
    except Cancelled:
        raise
    except ODD as problem:
        if all(each.id != id_ for each in failed):
            why = problem.what if isinstance(problem, CountersignError) else f"{type(problem).__name__}: {problem}"
            failed.append(Unjudged(id=id_, number=number, why=str(why)))
        return ()
