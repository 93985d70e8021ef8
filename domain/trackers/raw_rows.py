"""A tracker's row as it is kept on record: each cell with its address, its text and its kind, and read again from them.

Kinds: "" text, "n" number, "b" yes or no, "d" day, "t" instant, "h" time of day, "u" duration. The text of a number or
a time is that of `domain.trackers.cells.text_of`, so that a value read from the record is the value read from the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Final

import msgspec

from domain.trackers.cells import Cell, is_error
from domain.trackers.header_words import DATE_FIELDS
from domain.trackers.read_values import read_date, read_person, read_severity, read_text

TITLE_LENGTH: Final = 200
"""Characters of a title made from a longer text."""
ENCODE: Final = msgspec.msgpack.Encoder().encode
_READERS: Final[dict[str, Callable[[Cell], str | None]]] = {"owner": read_person, "severity": read_severity}


class RowColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the table: its number, its header as written, and the field it fills ("" = kept as legacy)."""

    column: int
    header: str
    field: str = ""


class RawRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row to import: for each column of the table the text and the kind of its cell.

    `item` is the id of the item that the row changes ("" = it becomes a new one). `values` are the values read from
    it before, where they are known; otherwise they are read when asked for.
    """

    row: int
    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    item: str = ""
    values: Mapping[str, str | None] | None = None


def kind_of(cell: Cell) -> str:
    """The kind of a cell."""
    if cell is None or isinstance(cell, str):
        return ""
    if isinstance(cell, bool):
        return "b"
    if isinstance(cell, datetime):
        return "t"
    return next(kind for kind, types in _TYPES.items() if isinstance(cell, types))


_TYPES: Final[dict[str, tuple[type, ...]]] = {"n": (int, float), "d": (date,), "h": (time,), "u": (timedelta,)}


def cell_of(text: str, kind: str) -> Cell:
    """The cell of a recorded text and kind, as far as reading values asks for it.

    Raises:
        ValueError: the text is not of that kind.
    """
    if kind in ("", "b", "h", "u"):
        return text or None
    if kind == "n":
        return float(text)
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "t":
        return datetime.fromisoformat(text)
    raise ValueError(f"there is no kind {kind!r} of cell")


def row_values(
    columns: Sequence[RowColumn], fields: Mapping[str, int], day_first: Mapping[str, bool | None], row: RawRow
) -> dict[str, str | None] | None:
    """The value of every mapped field of a row; None where it has neither a title nor a description.

    `fields` names the column (its number) that fills each field, `day_first` how each date field is read.

    Raises:
        ValueError: a cell is not of its kind, or a field is filled from no column of the table.
    """
    places = {column.column: place for place, column in enumerate(columns)}
    values: dict[str, str | None] = {}
    for field, number in fields.items():
        place = places.get(number, -1)
        if place < 0:
            raise ValueError(f"there is no column {number} to fill {field}")
        text, kind = row.texts[place], row.kinds[place]
        if field in DATE_FIELDS:
            values[field] = read_date(cell_of(text, kind), day_first=day_first.get(field)).iso
        else:
            error = kind == "" and is_error(text)
            values[field] = None if error else _READERS.get(field, read_text)(text or None)
    return values if give_title(values) else None


def give_title(values: dict[str, str | None]) -> bool:
    """Make sure of a title on one line, from the description if need be; False where the row has neither."""
    title = values.get("title")
    if title is None:
        title = values.get("description")
        if title is None:
            return False
    elif "\n" not in title and len(title) <= TITLE_LENGTH:
        return True
    line = title.split("\n", 1)[0].strip()
    values["title"] = line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"
    if values.get("description") is None:
        values["description"] = title
    return True


class Fingerprints:
    """What makes a row the same row when it is read again: SHA-256 over its headers and texts, by header."""

    def __init__(self, columns: Sequence[RowColumn]) -> None:
        order = sorted(range(len(columns)), key=lambda place: (columns[place].header, columns[place].column))
        self._order = [(columns[place].header, place) for place in order]

    def of(self, texts: Sequence[str]) -> str:
        """The fingerprint of a row's texts, one for each column."""
        parts: list[str] = []
        for header, place in self._order:
            if texts[place]:
                parts += (header, texts[place])
        return sha256(ENCODE(parts)).hexdigest()
