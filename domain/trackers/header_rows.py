"""Where the header of a sheet is: which row, in how many rows, over which columns, in which words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from domain.trackers.cells import Cell, MergedRange, RawSheet, is_blank, text_of
from domain.trackers.header_words import FIELDS, header_readings, is_header_word, word_score

ROWS_SEARCHED: Final = 400
LOOK_BELOW: Final = 40
KNOWN: Final = 0.6
LONG_HEADER: Final = 120
NOT_A_HEADER: Final = re.compile(r"https?://|^[\d\s.,:/%+-]+$|^[0-9a-f]{8}-[0-9a-f]{4}-|^\W*$", re.IGNORECASE)


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """A header: `row` is the one with the names, `first` and `last` what belongs to it, `texts` by column."""

    row: int
    first: int
    last: int
    texts: dict[int, str]
    groups: dict[int, str]
    score: float


def filled(row: Sequence[Cell]) -> dict[int, Cell]:
    """The non-blank cells of a row by column number."""
    return {column: cell for column, cell in enumerate(row, start=1) if not is_blank(cell)}


def best_header(sheet: RawSheet, *, after: int = 0) -> Header | None:
    """The row that most looks like the header of a register, below row `after`; None when no row does."""
    best: tuple[float, int] | None = None
    for number, score in candidates(sheet, after=after):
        if best is None or score > best[0]:
            best = (score, number)
    if best is None:
        return None
    header = build_header(sheet, row=best[1], score=best[0])
    return header if header.texts else None  # every name was one of a group above it: then none names a column


def candidates(sheet: RawSheet, *, after: int = 0) -> Iterator[tuple[int, float]]:
    """Rows that could be a header, with how much speaks for each."""
    for number in range(after + 1, min(len(sheet.rows), after + ROWS_SEARCHED) + 1):
        texts = _header_texts(filled(sheet.rows[number - 1]))
        if texts is not None:
            score = _score(sheet, number, texts)
            if score > 0:
                yield number, score


def known_fields(texts: Mapping[int, str]) -> dict[str, float]:
    """Fields the headers of the row stand for, with the weight of each; a header counts for one field only."""
    offers = sorted(
        (
            (-weight, column, field)
            for column, text in texts.items()
            for field in FIELDS
            if (weight := word_score(field, text)[0]) >= KNOWN
        ),
    )
    found: dict[str, float] = {}
    taken: set[int] = set()
    for weight, column, field in offers:
        if field not in found and column not in taken:
            found[field] = -weight
            taken.add(column)
    return found


def _header_texts(cells: Mapping[int, Cell]) -> dict[int, str] | None:
    """The texts, when nearly all cells are short texts; otherwise None."""
    texts = {column: cell for column, cell in cells.items() if isinstance(cell, str)}
    if len(texts) < 2 or len(texts) < 0.8 * len(cells):
        return None
    short = [text for text in texts.values() if len(text) <= LONG_HEADER and not NOT_A_HEADER.search(text)]
    return texts if len(short) >= 0.75 * len(texts) else None


def _score(sheet: RawSheet, number: int, texts: Mapping[int, str]) -> float:
    fields = known_fields(texts)
    words = sum(is_header_word(text) for text in texts.values())
    distinct = len({text.strip().casefold() for text in texts.values()})
    below = [
        cells
        for row in sheet.rows[number : number + LOOK_BELOW]
        if (cells := {column: cell for column, cell in filled(row).items() if column in texts})
    ]
    # a header may be repeated on every page; a text that recurs alone is a value
    others = [cells for cells in below[1:] if sum(cells.get(c) == text for c, text in texts.items()) < 0.6 * len(texts)]
    recurring = sum(any(cells.get(column) == text for cells in others) for column, text in texts.items())
    support = min(sum(len(cells) >= 2 for cells in below), 6)
    average = sum(map(len, texts.values())) / len(texts)
    score = 3.0 * sum(fields.values()) + 0.6 * words + 0.2 * min(len(texts), 15) + 0.3 * support
    score -= 1.5 * (len(texts) - distinct) + 1.0 * recurring + (3.0 if average > 50 else 0.0)
    if not fields and words < max(2, len(texts) // 3):
        score = min(score, 0.5) if support and distinct == len(texts) else 0.0
    return score


def build_header(sheet: RawSheet, *, row: int, score: float = 0.0) -> Header:
    """The header whose names stand in `row`: with its merged neighbours, bands above and names below."""
    spans = [
        merge for merge in sheet.merged if merge.last_row > merge.first_row or merge.last_column > merge.first_column
    ]
    top = min((merge.first_row for merge in _tall(spans, row) if merge.first_row >= row - 2), default=row)
    last = max((merge.last_row for merge in _tall(spans, top) if merge.last_row <= top + 3), default=top)
    last = min(max(last, row), len(sheet.rows))  # cells may be merged with rows that hold nothing at all
    bands = _bands(sheet, top, spans)
    leaf = top
    for lower in range(top + 1, last + 1):
        if any(column in bands for column in filled(sheet.rows[lower - 1])):
            leaf = lower
    if last == top and _continues(sheet, top):
        leaf = last = top + 1
    texts = _texts(sheet.rows[top - 1])
    groups: dict[int, str] = {}
    if leaf > top:
        groups = _texts(sheet.rows[top - 1]) | bands
        for column, text in _texts(sheet.rows[leaf - 1]).items():
            texts[column] = text
        texts = {column: text for column, text in texts.items() if text != bands.get(column) or leaf == top}
    else:
        texts |= {column: text for column, text in bands.items() if column not in texts}
        if top > 1 and (above := _bands(sheet, top - 1, spans)):
            groups, top = above, top - 1
            for column, text in _texts(sheet.rows[top - 1]).items():
                if column not in above and column not in texts and len(text) <= LONG_HEADER // 3:
                    texts[column] = text
    return Header(row=leaf, first=top, last=last, texts=dict(sorted(texts.items())), groups=groups, score=score)


def _tall(spans: Sequence[MergedRange], row: int) -> list[MergedRange]:
    """Merges that run down through `row`; a single one is as likely a banner beside the table."""
    found = [merge for merge in spans if merge.first_row <= row <= merge.last_row and merge.first_row < merge.last_row]
    return found if len(found) >= 2 else []


def _texts(row: Sequence[Cell]) -> dict[int, str]:
    return {column: text_of(cell) for column, cell in filled(row).items()}


def _bands(sheet: RawSheet, row: int, spans: Sequence[MergedRange]) -> dict[int, str]:
    """Text of the horizontally merged cells of a row, for every column they span; banners over all are none."""
    wide = [
        merge for merge in spans if merge.first_row == merge.last_row == row and merge.last_column > merge.first_column
    ]
    if len(wide) == 1 and len(filled(sheet.rows[row - 1])) == 1:
        return {}
    return {
        column: text_of(value)
        for merge in wide
        if not is_blank(value := sheet.cell(row=row, column=merge.first_column))
        for column in range(merge.first_column, min(merge.last_column, len(sheet.rows[row - 1])) + 1)
    }


def _continues(sheet: RawSheet, row: int) -> bool:
    """Whether the next row only adds names where this one is blank (a two-row header without merges)."""
    if row >= len(sheet.rows):
        return False
    here, below = filled(sheet.rows[row - 1]), filled(sheet.rows[row])
    if len(below) < 2 or len(below) >= len(here) or all(column in here for column in below):
        return False
    words = [cell for cell in below.values() if isinstance(cell, str) and is_header_word(cell)]
    return len(words) == len(below) and any(len(header_readings(word)[0].split()) <= 3 for word in words)
