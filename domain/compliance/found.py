"""What a look at a vault found, and the few ways of saying it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import msgspec

from domain.identity import parse_iso
from domain.messages import message

Result = Literal["holds", "attention", "unshown", "organisation"]
"""holds: shown by this vault; attention: something is to be done; unshown: this vault holds nothing yet that could
show it; organisation: no record here shows it, it stays with the organisation.
"""
SHOWN = 5
"""So many names or entries are listed; of more, their number is given."""


class Found(msgspec.Struct, frozen=True):
    """What a look at the vault found: the result, in words, and the entries that show it."""

    result: Result
    text: str
    entries: tuple[int, ...] = ()


def attention(text: str, *entries: int) -> Found:
    """Something is to be done."""
    return Found("attention", text, entries)


def listed(names: Iterable[str]) -> str:
    """Names as one text, the first few of them; how many more there are stands behind them."""
    all_names = tuple(dict.fromkeys(names))
    text = ", ".join(all_names[:SHOWN])
    more = len(all_names) - SHOWN
    return message("clause_checks.listed", names=text, count=more) if more > 0 else text


def worst(*found: Found) -> Found:
    """Several looks as one: attention before unshown before organisation before holds, with every text and entry.

    Where something is to be done, that alone is stated.
    """
    order: tuple[Result, ...] = ("attention", "unshown", "organisation", "holds")
    result = min((each.result for each in found), key=order.index)
    stated = [each for each in found if result != "attention" or each.result == result]
    stated.sort(key=lambda each: order.index(each.result))
    entries = dict.fromkeys(entry for each in stated for entry in each.entries)
    return Found(result, " ".join(dict.fromkeys(each.text for each in stated)), tuple(entries))


def is_within(at: str, when: str, days: int) -> bool:
    """Whether `when` lies no more than `days` before `at`, and not after it; both are ISO instants."""
    try:
        age = parse_iso(at) - parse_iso(when)
    except ValueError:
        return False
    return timedelta(minutes=-2) <= age <= timedelta(days=days)


def recent(at: str, when: str, days: int, *, what: str, entry: int = -1) -> Found:
    """Whether something (`what`, in words) was done in the last `days` days; a time after `at` proves nothing."""
    if not when:
        return attention(message("clause_checks.never_as_far_as", what=what))
    if is_within(at, when, days):
        return Found("holds", message("clause_checks.on", what=what, when=when[:10]), (entry,))
    if when > at:
        return attention(message("clause_checks.on_a_day_to_come", what=what, when=when[:10]), entry)
    return attention(message("clause_checks.on_longer_ago_than", what=what, when=when[:10], days=days), entry)
