"""Read the values of a column as what they mean, strictly: a doubtful value is reported, never guessed.

Whether 03/04/2024 is March or April is a property of the column, not of the cell: one value with a number
above twelve decides for all. When nothing decides, the column is ambiguous and only a person can say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from domain.days import FIRST_DAY, LAST_DAY
from domain.messages import message
from domain.trackers.cells import Cell, is_error, text_of
from domain.trackers.value_words import GRADES, NOTHING, STATES

FIRST_YEAR: Final = FIRST_DAY.year
LAST_YEAR: Final = LAST_DAY.year
SERIAL_EPOCH: Final = date(1899, 12, 30)
SERIAL_RANGE: Final = range(10_000, 109_575)
"""Day numbers from 1927 to 2199: smaller numbers are counts or grades, not dates."""
CENTURY_TURN: Final = 69
LONGEST_DATE: Final = 80

TIME: Final = (
    r"(?:[T,]?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?|Uhr|h)?"
    r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + TIME)
NUMBERS: Final = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})" + TIME)
DAY_NAME: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s-]*(?:de\s+)?([^\W\d_]{3,10})\.?[\s,-]*(?:de\s+)?(\d{4}|\d{2})" + TIME
)
NAME_DAY: Final = re.compile(r"([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + TIME)
IDEOGRAPHS: Final = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
COMPACT: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
WEEKDAY: Final = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s+", re.IGNORECASE)
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio januari jän jänner",
            "feb february februar février fevrier febrero febbraio februari fév fev",
            "mar march märz maerz mrz mars marzo maart mär",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio mei",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio juil",
            "aug august août aout agosto augustus",
            "sep sept september septembre septiembre settembre",
            "oct october oktober octobre octubre ottobre okt",
            "nov november novembre noviembre",
            "dec december dezember décembre decembre diciembre dicembre dez déc",
        ),
        start=1,
    )
    for name in names.split()
}


class DateReading(msgspec.Struct, frozen=True):
    """A date as ISO 8601 text, or the reason why there is none. Both empty: the cell says nothing."""

    iso: str | None = None
    problem: str | None = None


class DateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """How a column writes its dates. `day_first` None with `ambiguous` set: only a person can decide.

    `examples` are positions (from zero) of values that decide, or of values that can be read both ways.
    """

    day_first: bool | None
    ambiguous: bool = False
    contradictory: bool = False
    examples: tuple[int, ...] = ()


def date_order(cells: Iterable[Cell]) -> DateOrder:
    """Decide day first or month first from the whole column."""
    days: list[int] = []
    months: list[int] = []
    both: list[int] = []
    for position, cell in enumerate(cells):
        if not isinstance(cell, str) or (match := NUMBERS.fullmatch(cell.strip())) is None or match[2] == ".":
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            days.append(position)
        elif second > 12 >= first:
            months.append(position)
        elif first != second:
            both.append(position)
    if days and months:
        return DateOrder(
            day_first=None, contradictory=True, ambiguous=bool(both), examples=(days[0], months[0], *both[:1])
        )
    if days or months:
        return DateOrder(day_first=bool(days), examples=tuple((days or months)[:3]))
    return DateOrder(day_first=None, ambiguous=bool(both), examples=tuple(both[:3]))


def read_date(cell: Cell, *, day_first: bool | None) -> DateReading:
    """One cell of a date column. Real dates, ISO text, numbers with separators, month names, day numbers."""
    if isinstance(cell, str):
        return _read_text(cell, day_first=day_first)
    if cell is None:
        return DateReading()
    if isinstance(cell, date):
        return _plausible(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(cell)
    return DateReading(problem=message("read_values.is_not_a_date"))


def _read_text(cell: str, *, day_first: bool | None) -> DateReading:
    if len(cell) > LONGEST_DATE:
        return DateReading(problem=message("read_values.is_not_a_date"))
    text = WEEKDAY.sub("", " ".join(cell.split()))
    if text.casefold() in NOTHING:
        return DateReading()
    if is_error(text):
        return DateReading(problem=message("read_values.holds_the_error", text=text))
    if match := NUMBERS.fullmatch(text):
        return _numbers(match, day_first=day_first)
    return _read_plain(text)


def _read_plain(text: str) -> DateReading:
    """The spellings in which the order of day and month is no question."""
    if match := YEAR_FIRST.fullmatch(text):
        return _plausible(int(match[1]), int(match[3]), int(match[4]))
    if match := IDEOGRAPHS.match(text) or COMPACT.fullmatch(text):
        return _plausible(int(match[1]), int(match[2]), int(match[3]))
    if match := DAY_NAME.fullmatch(text):
        return _named(match[2], day=match[1], year=match[3])
    if match := NAME_DAY.fullmatch(text):
        return _named(match[1], day=match[2], year=match[3])
    if text.isdecimal() and len(text) < 7:
        return _serial(int(text))
    return DateReading(problem=message("read_values.is_not_a_date"))


def _numbers(match: re.Match[str], *, day_first: bool | None) -> DateReading:
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    if match[2] == "." or first > 12 or first == second:
        return _plausible(year, second, first)
    if second > 12:
        return _plausible(year, first, second)
    if day_first is None:
        return DateReading(problem=message("read_values.can_be_read_day"))
    return _plausible(year, second, first) if day_first else _plausible(year, first, second)


def _named(name: str, *, day: str, year: str) -> DateReading:
    month = MONTHS.get(name.casefold().rstrip("."))
    return (
        _plausible(_year(year), month, int(day)) if month else DateReading(problem=message("read_values.is_not_a_date"))
    )


def _serial(number: float) -> DateReading:
    if not math.isfinite(number) or int(number) not in SERIAL_RANGE:
        return DateReading(problem=message("read_values.is_a_number_not"))
    return DateReading(iso=(SERIAL_EPOCH + timedelta(days=int(number))).isoformat())


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < CENTURY_TURN else 1900)


def _plausible(year: int, month: int, day: int) -> DateReading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return DateReading(problem=message("read_values.has_the_year_which", year=year))
    try:
        return DateReading(iso=date(year, month, day).isoformat())
    except ValueError:
        return DateReading(problem=message("read_values.names_a_day_that"))


def looks_like_date(cell: Cell) -> bool:
    """Whether a cell would be taken for a date; bare numbers are not."""
    if isinstance(cell, str):
        return len(cell) <= LONGEST_DATE and any(letter.isdigit() for letter in cell) and _could_be(cell)
    return isinstance(cell, date | datetime)


def _could_be(text: str) -> bool:
    plain = WEEKDAY.sub("", " ".join(text.split()))
    named = DAY_NAME.fullmatch(plain)
    if named is not None:
        return named[2].casefold() in MONTHS
    return any(pattern.fullmatch(plain) for pattern in (YEAR_FIRST, NUMBERS, NAME_DAY, IDEOGRAPHS))


CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_text(cell: Cell) -> str | None:
    """Text without white space at its ends, line ends as newlines, no control characters; None when empty."""
    text = cell if isinstance(cell, str) else text_of(cell)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.strip()
    if not text.isprintable():
        text = CONTROL.sub("", text).strip()
    return text or None


def read_person(cell: Cell) -> str | None:
    """A name on one line with single spaces; None for "n/a" and its kind."""
    text = " ".join((read_text(cell) or "").split()).strip(" ,;")
    return None if text.casefold() in NOTHING else text


def read_severity(cell: Cell) -> str | None:
    """critical, high, medium, low or note when the whole cell is a known word for it; else the trimmed text."""
    text = read_text(cell)
    if text is None or text.casefold() in NOTHING:
        return None
    return GRADES.get(_word(text), text)


def state_of(cell: Cell) -> str | None:
    """open, working, waiting, closed or cancelled when the whole cell is a known word; None when it is not.

    Whole words only: "compliant" is inside "non-compliant".
    """
    text = read_text(cell)
    return None if text is None else STATES.get(_word(text))


def _word(text: str) -> str:
    plain = re.sub(r"^\W*\d{1,2}\s*[-–.:)=]\s*", "", text.casefold())
    return " ".join(plain.strip(" .:;*()[]").split())
