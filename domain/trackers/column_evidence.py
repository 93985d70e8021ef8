"""What the values of a column say about it, beside the words of its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from domain.messages import message
from domain.trackers.cells import Cell, is_error
from domain.trackers.header_words import DATE_FIELDS, plain_header
from domain.trackers.read_values import looks_like_date
from domain.trackers.value_words import GRADES, NOTHING, STATES

GUID: Final = re.compile(r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", re.IGNORECASE)
ID_LIKE: Final = re.compile(r"(?=[\w./-]*\d)[A-Za-z]{0,8}[-_./ ]?[\w]{0,6}[-_./]?\d[\w.-]{0,12}")
LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
OTHER_SCALES: Final = frozenset(
    {
        "probability",
        "likelihood",
        "frequency",
        "confidence",
        "effort",
        "complexity",
        "benefit",
        "residual",
        "adjusted",
        "value",
    }
)
COMPLETION: Final = frozenset(
    {"uploaded", "done", "complete", "completed", "implemented", "compliant", "fulfilled", "met", "closed", "submitted"}
)
ANSWERS: Final = frozenset(
    {"yes", "no", "y", "n", "partial", "partially", "partly", "ja", "nein", "teilweise", "oui", "non"}
)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Shares (0 to 1) of the non-blank values; `count` says how many were seen, `length` is the mean length."""

    count: int = 0
    distinct: float = 0.0
    kinds: int = 0
    length: float = 0.0
    text: float = 0.0
    number: float = 0.0
    dates: float = 0.0
    guids: float = 0.0
    ids: float = 0.0
    links: float = 0.0
    grades: float = 0.0
    states: float = 0.0
    answers: float = 0.0


def look_at(values: Sequence[Cell]) -> Evidence:
    """Measure the values of one column; placeholders such as "n/a" and errors count as blank."""
    seen = [
        value
        for value in values
        if not (isinstance(value, str) and (value.strip().casefold() in NOTHING or is_error(value)))
    ]
    if not seen:
        return Evidence()
    count = len(seen)
    texts = [value.strip() for value in seen if isinstance(value, str)]
    words = [text.casefold() for text in texts]
    kinds = len({value.strip() if isinstance(value, str) else value for value in seen})
    return Evidence(
        count=count,
        distinct=kinds / count,
        kinds=kinds,
        length=sum(map(len, texts)) / len(texts) if texts else 0.0,
        text=len(texts) / count,
        number=sum(isinstance(value, int | float) and not isinstance(value, bool) for value in seen) / count,
        dates=sum(map(looks_like_date, seen)) / count,
        guids=sum(GUID.fullmatch(text) is not None for text in texts) / count,
        ids=sum(len(text) <= 24 and ID_LIKE.fullmatch(text) is not None for text in texts) / count,
        links=sum(LINK.match(text) is not None for text in texts) / count,
        grades=sum(word in GRADES for word in words) / count,
        states=sum(any(part.strip() in STATES for part in word.split(",")) for word in words) / count,
        answers=sum(word in ANSWERS for word in words) / count,
    )


def adjust(field: str, header: str, score: float, reason: str, seen: Evidence) -> tuple[float, str]:
    """The score of a header after a look at the values below it, with the reason that counts most."""
    if field == "key":
        return _key(score, reason, seen)
    if field == "status":
        return _status(header, score, reason, seen)
    if field == "severity":
        return _severity(header, score, reason, seen)
    if field in DATE_FIELDS:
        # a header that promises a date over values that are none is a yes/no, a period or a note
        return (score * 0.2, reason) if seen.count and seen.dates < 0.3 and seen.number < 0.5 else (score, reason)
    return score * _text_factor(field, seen), reason


def _text_factor(field: str, seen: Evidence) -> float:
    """How far the values contradict a field of free text."""
    if seen.dates > 0.5 or (seen.links > 0.6 and field != "comments"):
        return 0.2
    if not seen.count:
        return 1.0
    if field == "title":
        return 0.3 if seen.number > 0.8 or (seen.text > 0.5 and seen.length < 3) else 1.0
    if field == "owner":
        return 0.4 if seen.length > 80 or seen.number > 0.8 else 1.0
    return 0.3 if field == "priority" and seen.length > 60 else 1.0


def _key(score: float, reason: str, seen: Evidence) -> tuple[float, str]:
    if seen.guids >= 0.8 and seen.distinct >= 0.95:
        return max(score, 0.9), reason if score >= 0.9 else message("column_evidence.its_values_are_unique")
    if not seen.count:
        return score * 0.5, reason
    if seen.distinct < 0.3 or seen.length > 40 or seen.dates > 0.5:
        return score * 0.3, reason
    looks = seen.ids + seen.number
    if looks >= 0.8 and seen.ids >= 0.5 and seen.distinct >= 0.95 and seen.count >= 3 and score < 0.6:
        return 0.55, message("column_evidence.its_values_look_like")
    return (score * 0.5, reason) if score < 0.7 and looks < 0.5 else (score, reason)


def _status(header: str, score: float, reason: str, seen: Evidence) -> tuple[float, str]:
    if seen.dates > 0.5 or seen.links > 0.5:
        return score * 0.1, reason
    if seen.length > 60 or (seen.kinds > 30 and seen.distinct > 0.5):
        return score * 0.3, reason
    if score >= 0.4:
        return score, reason
    if seen.count >= 3 and seen.states >= 0.7 and seen.kinds <= 12:
        return 0.45, message("column_evidence.its_values_are_words")
    words = set(plain_header(header).split())
    if words & COMPLETION and ({"y", "n"} <= words or seen.answers >= 0.6):
        return 0.4, message("column_evidence.it_says_whether_something")
    return score, reason


def _severity(header: str, score: float, reason: str, seen: Evidence) -> tuple[float, str]:
    if seen.dates > 0.5 or seen.length > 60:
        return score * 0.2, reason
    is_other = OTHER_SCALES & set(plain_header(header).split())
    if score < 0.4 and seen.count >= 3 and seen.grades >= 0.8 and seen.kinds <= 8 and not is_other:
        return 0.4, message("column_evidence.its_values_are_grades")
    return score, reason
