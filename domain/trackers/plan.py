"""What an import would do, row by row, before anything is done. A plan is a judgement: it changes nothing.

Every record of the table is in exactly one of `new`, `same`, `changed`, `refused`. A value that cannot be
read is never guessed: the field stays empty, the raw text is kept, and the cell is listed in `problems`.
"""

from __future__ import annotations

import msgspec

from domain.trackers.cells import column_letter


class ExistingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row imported earlier, as remembered with its item. `key` is its id in the tracker, if it had one."""

    item: str
    fingerprint: str
    key: str | None = None


class PlannedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the table: its place, its header as written, and the field it fills (None: kept as legacy)."""

    column: int
    header: str
    field: str | None = None


class PlannedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can be imported.

    `values` holds every mapped field as trimmed text, dates as ISO 8601, or None. `texts` are the raw texts of
    the row, one for each of `columns`; `raw` joins them with their addresses. `item` names the item it belongs
    to when the row is the same as, or a change of, one imported earlier.
    """

    row: int
    key: str | None
    fingerprint: str
    values: dict[str, str | None]
    columns: tuple[PlannedColumn, ...]
    texts: tuple[str, ...]
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
    reason: str
    raw: str


class AmbiguousDates(msgspec.Struct, frozen=True, kw_only=True):
    """A column whose dates can be read day first and month first alike. `examples` are (cell, raw text)."""

    field: str
    header: str
    examples: tuple[tuple[str, str], ...]


class ImportPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The dry run. `rows` counts the records seen; `skipped` are (row, reason) of what is no record."""

    file_name: str
    sha256: str
    sheet: str
    header_row: int
    rows: int
    new: tuple[PlannedRow, ...]
    same: tuple[PlannedRow, ...]
    changed: tuple[PlannedRow, ...]
    refused: tuple[RefusedRow, ...]
    skipped: tuple[tuple[int, str], ...]
    problems: tuple[CellProblem, ...]
    ambiguous: tuple[AmbiguousDates, ...]
    mapping: dict[str, str]
    unmapped: tuple[str, ...]
    warnings: tuple[str, ...]


class PlanOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Choices only a person can make. `day_first`: how to read 03/04/2024; None asks the column to decide."""

    day_first: bool | None = None
