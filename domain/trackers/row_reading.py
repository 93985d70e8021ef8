"""Turn the records of a table into planned rows: values by field, raw texts, fingerprint, problems.

This is the loop that runs once for every row of a large register, so it works on columns prepared beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from domain.messages import Message, message
from domain.trackers.cells import (
    LONGEST_CELL,
    Cell,
    OversizeCell,
    RawSheet,
    cell_address,
    column_letter,
    is_error,
    text_of,
)
from domain.trackers.find_table import FoundTable
from domain.trackers.header_words import DATE_FIELDS
from domain.trackers.match_columns import ColumnMatch
from domain.trackers.raw_rows import Fingerprints, RowColumn, give_title, kind_of
from domain.trackers.read_values import DateReading, date_order, read_date, read_person, read_severity, read_text

MEMO_SIZE: Final = 20_000


class PlannedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can be imported.

    `values` holds every mapped field as trimmed text, dates as ISO 8601, or None. `texts` are the raw texts of the
    row, `kinds` what its cells are (`domain.trackers.raw_rows`), one for each of `columns`; `raw` joins texts with
    their addresses. `item` names the item it belongs to when the row is the same as, or a change of, one imported
    earlier.
    """

    row: int
    key: str | None
    fingerprint: str
    values: dict[str, str | None]
    columns: tuple[RowColumn, ...]
    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    item: str | None = None

    @property
    def raw(self) -> tuple[tuple[str, str, str], ...]:
        """(field or header, cell address, raw text) of every non-empty value, mapped or not."""
        return tuple(
            (column.field or column.header, f"{column_letter(column.column)}{self.row}", text)
            for column, text in zip(self.columns, self.texts, strict=True)
            if text
        )


class CellProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A cell whose value could not be read as its field asks. The row is imported without it."""

    sheet: str
    row: int
    cell: str
    field: str
    reason: str
    raw: str


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is not imported, with the cell that decides and the reason."""

    sheet: str
    row: int
    cell: str
    reason: Message
    raw: str


class AmbiguousDates(msgspec.Struct, frozen=True, kw_only=True):
    """A column whose dates can be read day first and month first alike. `examples` are (cell, raw text)."""

    field: str
    header: str
    examples: tuple[tuple[str, str], ...]


class Reader(msgspec.Struct):
    """The prepared table and what the reading found out beside the rows."""

    sheet: RawSheet
    columns: tuple[RowColumn, ...]
    fields: dict[str, int]
    day_first: dict[str, bool | None]
    ambiguous: tuple[AmbiguousDates, ...]
    warnings: list[str]
    problems: list[CellProblem] = []
    titles_made: list[int] = []


def prepare(sheet: RawSheet, table: FoundTable, matches: Sequence[ColumnMatch], *, day_first: bool | None) -> Reader:
    """Decide columns and date orders before the first row is read."""
    fields = {match.field: match.column for match in matches if match.column is not None}
    field_of: dict[int, str] = {}
    for field, column in fields.items():
        field_of.setdefault(column, field)
    seen: dict[str, int] = {}
    for _, header in table.headers:
        seen[header] = seen.get(header, 0) + 1
    columns = tuple(
        RowColumn(
            column=column,
            header=header if seen[header] == 1 else f"{header} ({column_letter(column)})",
            field=field_of.get(column, ""),
        )
        for column, header in table.headers
    )
    orders: dict[str, bool | None] = {}
    ambiguous: list[AmbiguousDates] = []
    warnings: list[str] = []
    for field in DATE_FIELDS & fields.keys():
        found, unclear, stated = _order(sheet, table, field=field, column=fields[field], day_first=day_first)
        orders[field] = found
        ambiguous.extend(unclear)
        warnings.extend(stated)
    return Reader(
        sheet=sheet, columns=columns, fields=fields, day_first=orders, ambiguous=tuple(ambiguous), warnings=warnings
    )


def _order(
    sheet: RawSheet, table: FoundTable, *, field: str, column: int, day_first: bool | None
) -> tuple[bool | None, list[AmbiguousDates], list[str]]:
    """How one column writes dates: as the person says, else as the column itself shows."""
    cells = [sheet.rows[row - 1][column - 1] for row in table.data_rows]
    order = date_order(cells)
    header = dict(table.headers)[column]
    examples = tuple(
        (cell_address(row=table.data_rows[place], column=column), text_of(cells[place])) for place in order.examples
    )
    warnings: list[str] = []
    if order.contradictory:
        (one, first), (other, second), *_ = examples
        warnings.append(
            message(
                "row_reading.column_writes_some_dates", header=header, one=one, first=first, other=other, second=second
            )
        )
    real = [cell.day for cell in cells if isinstance(cell, date)]
    if order.day_first and len(real) >= 3 and max(real) <= 12:
        cell, text = examples[0]
        warnings.append(message("row_reading.column_mixes_real_dates", header=header, text=text, cell=cell))
    if day_first is not None:
        return day_first, [], warnings
    if order.ambiguous:
        return None, [AmbiguousDates(field=field, header=header, examples=examples[-3:])], warnings
    return order.day_first, [], warnings


def read_rows(reader: Reader, table: FoundTable) -> Iterator[PlannedRow | RefusedRow]:
    """Every record in order: as a planned row, or refused with the reason."""
    oversize = {cell.row: cell for cell in reversed(reader.sheet.oversize)}
    merged = _merged_values(reader.sheet, table)
    places = [column.column - 1 for column in reader.columns]
    readers, fingerprints = _field_readers(reader), Fingerprints(reader.columns)
    rows = reader.sheet.rows
    for number in table.data_rows:
        row = rows[number - 1]
        if number in merged:
            row = tuple(merged[number].get(place, cell) for place, cell in enumerate(row))
        cells = [row[place] for place in places]
        texts = tuple([cell if type(cell) is str else "" if cell is None else text_of(cell) for cell in cells])
        if number in oversize:
            yield _too_long(reader, oversize[number])
            continue
        values = {field: read(row[place], number) for field, place, read in readers}
        refused = _name_it(reader, values, number)
        if refused is not None:
            yield refused
            continue
        yield PlannedRow(
            row=number,
            key=values.get("key"),
            fingerprint=fingerprints.of(texts),
            values=values,
            columns=reader.columns,
            texts=texts,
            kinds=tuple([_KIND.get(type(cell)) or kind_of(cell) for cell in cells]),
        )


_KIND: Final[dict[type, str]] = {float: "n", int: "n"}


def _too_long(reader: Reader, cell: OversizeCell) -> RefusedRow:
    return RefusedRow(
        sheet=reader.sheet.name,
        row=cell.row,
        cell=cell_address(row=cell.row, column=cell.column),
        reason=Message("row_reading.the_cell_holds_characters", length=cell.length, longest_cell=LONGEST_CELL),
        raw=text_of(reader.sheet.cell(row=cell.row, column=cell.column))[:200],
    )


def _merged_values(sheet: RawSheet, table: FoundTable) -> dict[int, dict[int, Cell]]:
    """Values that stand for several rows because their cell is merged downwards: row -> place -> value."""
    columns = {column for column, _ in table.headers}
    found: dict[int, dict[int, Cell]] = {}
    for merge in sheet.merged:
        if merge.first_row <= table.header_rows[1] or merge.last_row == merge.first_row:
            continue
        value = sheet.cell(row=merge.first_row, column=merge.first_column)
        if value is not None and merge.first_column in columns:
            for row in range(merge.first_row + 1, min(merge.last_row, len(sheet.rows)) + 1):
                found.setdefault(row, {})[merge.first_column - 1] = value
    return found


FieldReader = Callable[[Cell, int], str | None]


def _field_readers(reader: Reader) -> list[tuple[str, int, FieldReader]]:
    readers: list[tuple[str, int, FieldReader]] = []
    for field, column in reader.fields.items():
        if field in DATE_FIELDS:
            readers.append((field, column - 1, _date_reader(reader, field, column)))
        else:
            plain = {"owner": read_person, "severity": read_severity}.get(field, read_text)
            readers.append((field, column - 1, _text_reader(reader, field, column, plain)))
    return readers


def _date_reader(reader: Reader, field: str, column: int) -> FieldReader:
    memo: dict[Cell, DateReading] = {}
    day_first = reader.day_first.get(field)

    def read(cell: Cell, row: int) -> str | None:
        if cell is None:
            return None
        known = memo.get(cell)
        if known is None or isinstance(cell, bool):
            if len(memo) > MEMO_SIZE:
                memo.clear()
            known = memo[cell] = read_date(cell, day_first=day_first)
        if known.problem is not None:
            _add_problem(reader, row=row, column=column, field=field, reason=known.problem, cell=cell)
        return known.iso

    return read


def _text_reader(reader: Reader, field: str, column: int, plain: Callable[[Cell], str | None]) -> FieldReader:
    def read(cell: Cell, row: int) -> str | None:
        if cell is None:
            return None
        if is_error(cell):
            _add_problem(
                reader,
                row=row,
                column=column,
                field=field,
                reason=message("row_reading.holds_the_error", cell=cell),
                cell=cell,
            )
            return None
        return plain(cell)

    return read


def _add_problem(reader: Reader, *, row: int, column: int, field: str, reason: str, cell: Cell) -> None:
    reader.problems.append(
        CellProblem(
            sheet=reader.sheet.name,
            row=row,
            cell=cell_address(row=row, column=column),
            field=field,
            reason=reason,
            raw=text_of(cell)[:200],
        )
    )


def _name_it(reader: Reader, values: dict[str, str | None], number: int) -> RefusedRow | None:
    """Give the row a title from its description when it has none of its own; refuse it when it has neither."""
    made = values.get("title") is None
    if give_title(values):
        if made:
            reader.titles_made.append(number)
        return None
    column = reader.fields.get("title") or reader.fields.get("description") or reader.columns[0].column
    first = next((value for value in values.values() if value), "")
    return RefusedRow(
        sheet=reader.sheet.name,
        row=number,
        cell=cell_address(row=number, column=column),
        reason=Message("row_reading.the_row_has_neither"),
        raw=first[:200],
    )
