"""What a legacy spreadsheet says, as plain values: no file, no library, no formula.

Row and column numbers count from one, as a person counts them in a spreadsheet. `rows[0][0]` is A1.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

Cell = str | int | float | bool | datetime | date | time | timedelta | None

ERROR_TEXTS: Final = frozenset({
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!",
})  # fmt: skip
LONGEST_CELL: Final = 32_767
"""Characters one spreadsheet cell can hold (a limit of the formats themselves)."""


class MergedRange(msgspec.Struct, frozen=True, kw_only=True):
    """Cells shown as one; the value stands in the first row and first column. Bounds are inclusive."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class OversizeCell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell longer than a spreadsheet allows. `rows` holds only the start of its text."""

    row: int
    column: int
    length: int


class RawSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet. Every row has the same number of cells; blank cells are None, errors such as #N/A are text."""

    name: str
    visible: bool = True
    rows: tuple[tuple[Cell, ...], ...] = ()
    merged: tuple[MergedRange, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    oversize: tuple[OversizeCell, ...] = ()

    def cell(self, *, row: int, column: int) -> Cell:
        """The value at a place counted from one; None outside the sheet."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None


class RawBook(msgspec.Struct, frozen=True, kw_only=True):
    """One file as read. `sha256` (lower-case hex) is over the very bytes that were understood."""

    file_name: str
    sha256: str
    kind: str
    sheets: tuple[RawSheet, ...]
    warnings: tuple[str, ...] = ()

    def sheet(self, name: str) -> RawSheet | None:
        """The sheet of that exact name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def column_letter(column: int) -> str:
    """The letters of a column counted from one: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_address(*, row: int, column: int) -> str:
    """The address a person sees, such as C7."""
    return f"{column_letter(column)}{row}"


def text_of(cell: Cell) -> str:
    """The cell as text, without loss: text unchanged, whole numbers without ".0", temporal values as ISO 8601."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, int | timedelta):
        return str(cell)
    return cell.isoformat()


def _number_text(number: float) -> str:
    """Fifteen significant digits: what the spreadsheet shows, not the noise of the binary fraction."""
    if math.isfinite(number) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"


def is_blank(cell: Cell) -> bool:
    """No value, or nothing but white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_error(cell: Cell) -> bool:
    """One of the error values of the spreadsheet formats, such as #DIV/0!."""
    return isinstance(cell, str) and cell in ERROR_TEXTS
