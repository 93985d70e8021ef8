"""What rules ask of text: can it be shown, is it blank, are two names the same but for capitals.

Rules and commands use these instead of what `str` offers, whose answers change with the Unicode version of the Python
that runs. The tables are those of law 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Final

from domain.law.letters_1 import FOLDED, FOLDED_TO_SEVERAL, SHOWN, SPACES

_SPACES: Final = "".join(chr(int(point, 16)) for point in SPACES.split(" "))
_ASCII_SMALL: Final = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def is_shown(text: str) -> bool:
    """Whether every character can be seen on screen and paper; the plain space can, no other space and no control."""
    return all(_is_shown(ord(character)) for character in text)


def fold(text: str) -> str:
    """The text with its capitals made small, for comparing: texts that differ only in that are the same."""
    return text.translate(_folded())


def trimmed(text: str) -> str:
    """The text without white space at its ends."""
    return text.strip(_SPACES)


def is_blank(text: str) -> bool:
    """Whether the text is empty or nothing but white space."""
    return not trimmed(text)


def small(text: str) -> str:
    """The text with A to Z made small; every other letter stays."""
    return text.translate(_ASCII_SMALL)


def _is_shown(point: int) -> bool:
    firsts, lasts = _shown()
    found = bisect_right(firsts, point) - 1
    return found >= 0 and point <= lasts[found]


@cache
def _shown() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first and the last code point of each run of characters that can be shown."""
    runs = [_run(words) for words in SHOWN.split()]
    return tuple(run[0] for run in runs), tuple(run[-1] for run in runs)


@cache
def _folded() -> dict[int, str]:
    """What each letter that is not its own small letter becomes, by code point."""
    found = dict(_shifted())
    for words in FOLDED_TO_SEVERAL.split():
        letter, _, several = words.partition("=")
        found[int(letter, 16)] = "".join(chr(int(point, 16)) for point in several.split("."))
    return found


def _shifted() -> Iterator[tuple[int, str]]:
    for words in FOLDED.split():
        sign = 1 if "+" in words else -1
        letters, _, shift = words.replace("+", "~").rpartition("~") if sign == 1 else words.rpartition("-")
        for point in _run(letters):
            yield point, chr(point + sign * int(shift, 16))


def _run(words: str) -> range:
    """The code points of `first`, `first-last` or `first-last/step`, in hex."""
    ends, _, step = words.partition("/")
    first, _, last = ends.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1, int(step or "1", 16))
