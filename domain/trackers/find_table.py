"""Find the registers in a workbook: sheet, header, columns and records; the likeliest one first."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from domain.errors import UsageProblem
from domain.messages import Message, message
from domain.trackers.cells import RawBook, RawSheet, cell_address, column_letter, is_blank
from domain.trackers.header_rows import Header, best_header, build_header, filled, known_fields
from domain.trackers.record_rows import describe_rows, is_header_of_another_table

LISTS: Final = re.compile(
    r"list|value|lookup|drop|definition|legend|scale|instruction|readme|read me|change|revision|history|guide|help"
    r"|cover|settings?|index|werte|auswahl|legende|anleitung|param",
    re.IGNORECASE,
)
REGISTERS: Final = re.compile(
    r"register|log|tracker|issue|finding|capa|action|risk|open|poa|checklist|audit|massnahm|feststell|abweich|registre"
    r"|suivi|一覧|台帳",
    re.IGNORECASE,
)
TABLES_PER_SHEET: Final = 6
NOTES_KEPT: Final = 50


class FoundTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table in a sheet. Rows and columns count from one.

    `header_row` holds the column names, `header_rows` is the span (first, last) that belongs to the header.
    `headers` are (column, name as written); `groups` the bands above them. `data_rows` are the records;
    `skipped` gives (row, reason) for every other non-blank row in reach; `beside` the cells outside the columns.
    """

    sheet: str
    header_row: int
    header_rows: tuple[int, int]
    first_column: int
    headers: tuple[tuple[int, str], ...]
    groups: tuple[tuple[int, str], ...]
    data_rows: tuple[int, ...]
    skipped: tuple[tuple[int, Message], ...]
    beside: tuple[tuple[str, str], ...]
    score: float


def find_tables(book: RawBook) -> tuple[FoundTable, ...]:
    """Every table found, best first: hidden sheets and lists of values come last."""
    found: list[FoundTable] = []
    for sheet in book.sheets:
        after = 0
        for _ in range(TABLES_PER_SHEET):
            header = best_header(sheet, after=after)
            if header is None:
                break
            end, following = _end(sheet, header)
            found.append(_table(sheet, header, end=end, following=following))
            if not following:
                break
            after = following - 1
    order = {sheet.name: number for number, sheet in enumerate(book.sheets)}
    return tuple(sorted(found, key=lambda table: (-table.score, order[table.sheet], table.header_row)))


def table_at(book: RawBook, *, sheet: str, header_row: int = 0) -> FoundTable:
    """The table a person points at; `header_row` 0 means the best header of that sheet.

    Raises:
        UsageProblem: there is no such sheet, row or header.
    """
    chosen = book.sheet(sheet)
    if chosen is None:
        names = ", ".join(repr(one.name) for one in book.sheets)
        raise UsageProblem(
            message("find_table.there_is_no_sheet", sheet=sheet),
            where=book.file_name,
            remedy=message("find_table.choose_one_of", names=names),
        )
    header = best_header(chosen) if not header_row else None
    if header_row:
        if not 1 <= header_row <= len(chosen.rows) or not filled(chosen.rows[header_row - 1]):
            raise UsageProblem(
                message("find_table.row_of_sheet_is", header_row=header_row, sheet=sheet),
                where=book.file_name,
                remedy=message("find_table.name_the_row_that"),
            )
        header = build_header(chosen, row=header_row)
    if header is None or not header.texts:
        raise UsageProblem(
            message("find_table.sheet_has_no_row", sheet=sheet),
            where=book.file_name,
            remedy=message("find_table.choose_another_sheet_or"),
        )
    end, following = _end(chosen, header)
    return _table(chosen, header, end=end, following=following)


def _end(sheet: RawSheet, header: Header) -> tuple[int, int]:
    """The last row in reach of this header, and the header row of the table that follows (0: none)."""
    previous_blank = False
    for number in range(header.last + 1, len(sheet.rows) + 1):
        row = sheet.rows[number - 1]
        if previous_blank and number > header.last + 1 and isinstance(row[min(header.texts) - 1], str | None):
            cells = filled(row)
            texts = {column: cell for column, cell in cells.items() if isinstance(cell, str)}
            if len(texts) == len(cells) >= 3 and is_header_of_another_table(texts, header):
                return number - 1, number
            previous_blank = len(cells) <= 1
        else:
            first = next((cell for cell in row if cell is not None), None)
            previous_blank = first is None or all(is_blank(cell) for cell in row)
    return len(sheet.rows), 0


def _table(sheet: RawSheet, header: Header, *, end: int, following: int) -> FoundTable:
    columns = _columns(sheet, header, end)
    records = describe_rows(sheet, header, columns, end=end)
    skipped = list(records.skipped)
    if following:
        reason = Message("find_table.belongs_to_the_table", following=following)
        skipped += [(row, reason) for row in range(following, len(sheet.rows) + 1) if filled(sheet.rows[row - 1])]
    texts = {column: header.texts.get(column, "") for column in columns}
    headers = tuple((column, text or f"({column_letter(column)})") for column, text in texts.items())
    return FoundTable(
        sheet=sheet.name,
        header_row=header.row,
        header_rows=(header.first, header.last),
        first_column=min(columns),
        headers=headers,
        groups=tuple((column, text) for column, text in sorted(header.groups.items()) if column in texts),
        data_rows=records.rows,
        skipped=tuple(skipped),
        beside=_beside(sheet, header, set(columns), end),
        score=_score(sheet, texts, len(records.rows)),
    )


def _columns(sheet: RawSheet, header: Header, end: int) -> list[int]:
    """Columns of the table: the named ones without notes beside it, and unnamed ones that hold values."""
    used: set[int] = set()
    for row in sheet.rows[header.last : min(end, header.last + 2000)]:
        used.update(column for column, cell in enumerate(row, start=1) if cell is not None and not is_blank(cell))
    blocks = _blocks(sorted(header.texts), used | set(header.texts))
    main = max(blocks, key=lambda block: _weight(block, header.texts))
    kept: list[int] = []
    for block in blocks:
        is_side = block is not main and _is_apart(block, main, header.texts)
        if not is_side:
            kept += block
    last = max(kept)
    while last + 1 in used and last + 1 not in header.texts:
        last += 1
    inside = {column for column in used if min(kept) < column <= last and column not in header.texts}
    apart = {column for block in blocks for column in block} - set(kept)
    return sorted({*kept, *(column for column in inside if column not in apart and column - 1 not in apart)})


def _blocks(named: Sequence[int], used: set[int]) -> list[list[int]]:
    """Named columns, cut wherever a wholly blank column stands between two of them."""
    blocks: list[list[int]] = [[named[0]]]
    for before, column in pairwise(named):
        if all(between in used for between in range(before + 1, column)):
            blocks[-1].append(column)
        else:
            blocks.append([column])
    return blocks


def _weight(block: Sequence[int], texts: Mapping[int, str]) -> float:
    words = {column: texts[column] for column in block}
    return 3.0 * sum(known_fields(words).values()) + len(block)


def _is_apart(block: Sequence[int], main: Sequence[int], texts: Mapping[int, str]) -> bool:
    """A block beside a gap is another table when it repeats the names, and a note when it is long prose."""
    names = {texts[column].strip().casefold() for column in main}
    if sum(texts[column].strip().casefold() in names for column in block) >= max(1, len(block) // 2):
        return True
    prose = sum(len(texts[column]) > 40 or texts[column].lstrip().startswith("*") for column in block)
    return prose >= max(1, len(block) // 2)


def _beside(sheet: RawSheet, header: Header, columns: set[int], end: int) -> tuple[tuple[str, str], ...]:
    notes: list[tuple[str, str]] = []
    width = len(sheet.rows[0]) if sheet.rows else 0
    outside = [column for column in range(1, width + 1) if column not in columns]
    if not outside:
        return ()
    for number in range(header.first, end + 1):
        row = sheet.rows[number - 1]
        for column in outside:
            if not is_blank(row[column - 1]):
                notes.append(
                    (cell_address(row=number, column=column), message("find_table.stands_outside_the_columns"))
                )
                if len(notes) >= NOTES_KEPT:
                    return tuple(notes)
    return tuple(notes)


def _score(sheet: RawSheet, texts: Mapping[int, str], records: int) -> float:
    """How likely this is the register meant: what its columns say, how much it holds, where it stands."""
    score = 3.0 * sum(known_fields(texts).values()) + min(len(texts), 15) * 0.1
    score += min(math.log2(1 + records), 8.0) + (3.0 if records else 0.0)
    score += 8.0 if sheet.visible else 0.0
    if REGISTERS.search(sheet.name):
        score += 2.0
    elif LISTS.search(sheet.name):
        score -= 4.0
    return score
