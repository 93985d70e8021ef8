"""What rules ask of names: do two look alike, are scripts mixed, does something leave no ink.

The tables are those of law 1; the answers do not change with the Unicode version of the Python that runs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

from domain.law.confusables_1 import ACCENTED, INVISIBLE, MARKS, SCRIPTS, SHAPES, STYLED, TOGETHER, TWO_AS_ONE
from domain.law.letters import fold, is_blank

_ASIDE: Final = frozenset("-.,'_`\u00b4\u00b7\u02bc\u2010\u2011\u2012\u2013\u2014\u2018\u2019")
"""Signs within a name that a reader does not tell two names apart by."""
_FORMULA: Final = "formula letters"


def looks_alike(one: str, other: str) -> bool:
    """Whether a reader could take one name for the other: they differ, if at all, by capitals, spaces, hyphens, accents
    and letters of the same shape.
    """
    return bool(_skeletons(one) & _skeletons(other))


def alike(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names among those known that look like this one, itself left out."""
    mine = _skeletons(name)
    return tuple(each for each in known if each != name and mine & _skeletons(each))


def mixed_scripts(name: str) -> tuple[str, ...]:
    """The scripts that a name mixes though nobody writes them together, or letters made for formulas; () if none."""
    found = tuple(dict.fromkeys(script for script in map(_script, name) if script))
    if _FORMULA in found:
        return found
    if len(found) < 2 or any(set(found) <= together for together in TOGETHER):
        return ()
    return found


def invisible(name: str) -> tuple[str, ...]:
    """The code points, such as "U+200B", of the characters in a name that leave no ink."""
    return tuple(dict.fromkeys(f"U+{ord(each):04X}" for each in name if _is_in(INVISIBLE, ord(each))))


@lru_cache(maxsize=4096)
def _skeletons(name: str) -> frozenset[str]:
    """Two reductions of a name: by its letters, and by their shapes as written. Names look alike that have one in
    common.
    """
    shaped = fold(name.translate(_shapes())).translate(_bare())
    shaped = "".join(each for each in shaped.translate(_shapes()) if _counts(each))
    for pair in TWO_AS_ONE.split():
        two, _, one = pair.partition("=")
        shaped = shaped.replace(two, one)
    plain = "".join(each for each in fold(name).translate(_bare()) if _counts(each))
    return frozenset({plain, shaped} - {""})


def _counts(letter: str) -> bool:
    point = ord(letter)
    return not (letter in _ASIDE or is_blank(letter) or _is_in(MARKS, point) or _is_in(INVISIBLE, point))


@cache
def _shapes() -> dict[int, str]:
    """The letter of A to Z or a to z that each character looks like, by code point."""
    found = {point: chr(int(letter, 16)) for letter, point in _listed(SHAPES)}
    for words in STYLED.split():
        run, _, first = words.partition("=")
        points = _run(run)
        found |= {point: chr(int(first, 16) + point - points[0]) for point in points}
    return found


@cache
def _bare() -> dict[int, str]:
    """The letter without its marks, by the code point of the small letter that has them."""
    return {point: chr(int(letter, 16)) for letter, point in _listed(ACCENTED)}


def _listed(table: str) -> Iterator[tuple[str, int]]:
    for words in table.split():
        letter, _, runs = words.partition("=")
        for run in runs.split(","):
            for point in _run(run):
                yield letter, point


def _script(letter: str) -> str:
    return next((script for script, runs in SCRIPTS.items() if _is_in(runs, ord(letter))), "")


def _is_in(runs: str, point: int) -> bool:
    firsts, lasts = _ends(runs)
    found = bisect_right(firsts, point) - 1
    return found >= 0 and point <= lasts[found]


@cache
def _ends(runs: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    ranges = [_run(words) for words in runs.split()]
    return tuple(each[0] for each in ranges), tuple(each[-1] for each in ranges)


def _run(words: str) -> range:
    """The code points of `first`, `first-last` or `first-last/step`, in hex."""
    ends, _, step = words.partition("/")
    first, _, last = ends.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1, int(step or "1", 16))
