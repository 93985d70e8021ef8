"""What the words over a column say about the values below it. The words themselves are in `alias_words`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from domain.trackers import alias_words

FIELDS: Final = (
    "key", "title", "description", "owner", "due", "raised",
    "severity", "priority", "status", "closed", "comments",
)  # fmt: skip
DATE_FIELDS: Final = frozenset({"due", "raised", "closed"})

GENERAL: Final = frozenset(alias_words.GENERAL.split())
NAMED_THINGS: Final = frozenset(alias_words.NAMED_THINGS.split())
FOREIGN_KEYS: Final = frozenset(alias_words.FOREIGN_KEYS.split())
TITLE_HEADS: Final = frozenset({"title", "summary", "statement", "recommendation", "headline", "subject", "titel"})
KEY_HEADS: Final = frozenset({"id", "no", "nr", "number", "ref", "identifier", "key", "nummer", "guid"})
LATER_VIEWS: Final = frozenset({"adjusted", "residual", "target", "mitigated", "post", "after", "final", "revised"})
REMEDY_WORDS: Final = frozenset(
    {"response", "mitigation", "resource", "action", "solution", "plan", "treatment", "remediation", "control"}
)
DATE_HEADS: Final = frozenset({"date", "datum", "time", "by", "id", "no", "nr", "number", "am", "le", "on"})
PLANNED: Final = frozenset({"scheduled", "planned", "target", "expected", "estimated", "forecast", "required", "due"})
LONGEST_READ: Final = 300
FIRST_IDEOGRAPH: Final = 0x2FFF


def _phrases() -> dict[str, tuple[tuple[float, str], ...]]:
    table: dict[str, list[tuple[float, str]]] = {field: [] for field in FIELDS}
    for line in alias_words.WORDS.strip().splitlines():
        place, _, phrases = line.partition(":")
        field, weight = place.split()
        table[field].extend((float(weight), phrase.strip()) for phrase in phrases.split("|"))
    return {field: tuple(entries) for field, entries in table.items()}


PHRASES: Final = _phrases()


def plain_header(header: str) -> str:
    """A header as lower-case words: camel case split, punctuation gone, "#" stated as "no"."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    text = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z]{2,})", " ", text)
    text = re.sub(r"#|№|\bn[°º]", " no ", text, flags=re.IGNORECASE)
    text = re.sub(r"[^\w]+|_+", " ", text.casefold())
    text = re.sub(r"\b(?:reqd|optional|mandatory|required)\b", " ", text)
    return " ".join(text.removeprefix("custom field").split())


@lru_cache(maxsize=4096)
def header_readings(header: str) -> tuple[str, ...]:
    """The ways to read one header: whole, without its bracket, its first line, its first two lines."""
    header = header[:LONGEST_READ]
    lines = [line.strip() for line in header.strip().splitlines() if line.strip()]
    readings = [header, re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header)]
    if len(lines) > 1:
        readings += [" ".join(lines[:2]), lines[0]]
    plain = [plain_header(reading)[:120] for reading in readings]
    return tuple(dict.fromkeys(text for text in plain if text))


@lru_cache(maxsize=8192)
def word_score(field: str, header: str) -> tuple[float, str]:
    """How strongly the words of a header stand for a field (0 to 1), and the word that says so."""
    best, why = 0.0, ""
    for order, reading in enumerate(header_readings(header)):
        for weight, phrase in _worth_trying(field, reading):
            score = weight * _fit(field, phrase, reading) * (1 - 0.03 * order)
            if score > best:
                best, why = score, phrase
    if field in {"severity", "due", "raised"} and best and LATER_VIEWS & set(plain_header(header).split()):
        best *= 0.7
    return best, why


def _by_outer_word(place: int) -> dict[tuple[str, str], tuple[int, ...]]:
    """Where the phrases of a field stand in its list, by their first (0) or last (-1) word."""
    found: dict[tuple[str, str], list[int]] = {}
    for field, entries in PHRASES.items():
        for number, (_, phrase) in enumerate(entries):
            found.setdefault((field, phrase.split()[place]), []).append(number)
    return {outer: tuple(numbers) for outer, numbers in found.items()}


_OPENING: Final = _by_outer_word(0)
_CLOSING: Final = _by_outer_word(-1)
_UNSPACED: Final = {
    field: tuple(number for number, (_, phrase) in enumerate(entries) if ord(max(phrase)) > FIRST_IDEOGRAPH)
    for field, entries in PHRASES.items()
}


def _worth_trying(field: str, reading: str) -> list[tuple[float, str]]:
    """The phrases that open or close the reading by a whole word, or need no spaces: no other fits (see `_fit`)."""
    words = reading.split()
    opening, closing = _OPENING.get((field, words[0]), ()), _CLOSING.get((field, words[-1]), ())
    return [PHRASES[field][number] for number in sorted({*opening, *closing, *_UNSPACED[field]})]


def _fit(field: str, phrase: str, reading: str) -> float:
    """1 when equal; less when the phrase is the head of the header; 0 when it is only mentioned."""
    if phrase == reading:
        return 1.0
    if phrase not in reading:
        return 0.0
    if ord(max(phrase)) > FIRST_IDEOGRAPH:
        return 0.8  # these scripts put no spaces between words
    words = reading.split()
    if len(words) <= 9 and reading.endswith(" " + phrase):
        return _head_fit(field, phrase, words[: len(words) - len(phrase.split())])
    if len(words) <= 9 and reading.startswith(phrase + " ") and field not in {"key", "title"}:
        return _first_fit(words[len(phrase.split()) :])
    return 0.0


def _first_fit(rest: list[str]) -> float:
    """The phrase opens the header: "description of ..." says as much as "... description", "status date" nothing."""
    if rest[0] in {"of", "du", "de", "des", "der", "van"}:
        return 0.85
    return 0.0 if rest[-1] in DATE_HEADS or len(rest) > 2 else 0.5


def _head_fit(field: str, phrase: str, before: list[str]) -> float:
    """The phrase closes the header, so it is the noun; `before` are the words that narrow it."""
    if field == "key":
        weight = 0.85 if phrase in KEY_HEADS and len(before) <= 3 else 0.0
        return 0.5 if weight and FOREIGN_KEYS & set(before) else weight
    if field == "title":
        if phrase == "name":
            return 1.2 if before[-1] in NAMED_THINGS else 0.0
        return 0.85 if phrase in TITLE_HEADS else 0.0
    if field == "description" and REMEDY_WORDS & set(before):
        return 0.3
    if field == "closed" and PLANNED & set(before):
        return 0.0
    states_little = _TOO_GENERAL.get(field, frozenset())
    return 0.0 if phrase in states_little else 0.85


_DATE_NOUNS: Final = frozenset({"date", "datum", "start", "end date", "finish", "target", "data", "fecha"})
_TOO_GENERAL: Final = {
    "status": frozenset({"result", "label", "labels", "progress", "done", "closed"}),
    **dict.fromkeys(DATE_FIELDS, _DATE_NOUNS),
}


@lru_cache(maxsize=8192)
def is_header_word(header: str) -> bool:
    """Whether a cell reads like a column header: a known word for a field, or a general word of registers."""
    if any(word_score(field, header)[0] >= 0.5 for field in FIELDS):
        return True
    words = plain_header(header).split()
    return 0 < len(words) <= 6 and any(word in GENERAL for word in words)
