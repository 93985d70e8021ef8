"""What an import would do, row by row, before anything is done. A plan is a judgement: it changes nothing.

Every record of the table is in exactly one of `new`, `same`, `changed`, `refused`. A value that cannot be
read is never guessed: the field stays empty, the raw text is kept, and the cell is listed in `problems`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from domain.errors import UsageProblem
from domain.messages import Message, message, plural_message
from domain.trackers.cells import RawBook, cell_address
from domain.trackers.find_table import FoundTable
from domain.trackers.match_columns import ColumnMatch
from domain.trackers.raw_rows import RowColumn
from domain.trackers.row_reading import (
    AmbiguousDates,
    CellProblem,
    PlannedRow,
    Reader,
    RefusedRow,
    prepare,
    read_rows,
)

__all__ = [
    "AmbiguousDates",
    "CellProblem",
    "ExistingRow",
    "ImportPlan",
    "PlanOptions",
    "PlannedRow",
    "RefusedRow",
    "make_plan",
    "statuses_of",
]

WARNINGS_OF_ONE_KIND: Final = 50
ROWS_PER_PROGRESS: Final = 2_000

Progress = Callable[[str, int, int], None]


class ExistingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row imported earlier, as remembered with its item. `key` is its id in the tracker, if it had one."""

    item: str
    fingerprint: str
    key: str | None = None


class PlanOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Choices only a person can make. `day_first`: how to read 03/04/2024; None asks the column to decide."""

    day_first: bool | None = None


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
    skipped: tuple[tuple[int, Message], ...]
    problems: tuple[CellProblem, ...]
    ambiguous: tuple[AmbiguousDates, ...]
    mapping: dict[str, str]
    columns: tuple[RowColumn, ...]
    fields: dict[str, int]
    day_first: dict[str, bool | None]
    unmapped: tuple[str, ...]
    warnings: tuple[str, ...]


def statuses_of(plan: ImportPlan) -> tuple[tuple[str, int], ...]:
    """What the rows that would be imported say as their status, as written, and how many rows say it; common ones
    first.
    """
    stated = Counter(row.values.get("status") or "" for row in (*plan.new, *plan.changed))
    return tuple((status, count) for status, count in stated.most_common() if status)


class _Sorted(msgspec.Struct):
    new: list[PlannedRow] = []
    same: list[PlannedRow] = []
    changed: list[PlannedRow] = []
    refused: list[RefusedRow] = []


def make_plan(
    book: RawBook,
    table: FoundTable,
    matches: Sequence[ColumnMatch],
    *,
    existing: Mapping[str, ExistingRow] | None = None,
    options: PlanOptions | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Plan the import of one table.

    `existing` holds the rows imported earlier by their fingerprint. A row with a known fingerprint is the same;
    a row with the id of one earlier row that is no longer in the file is its change; any other row is new.
    `progress` is called with ("planning", done, of) now and then; what it raises ends the planning.

    Raises:
        UsageProblem: the table is of another workbook, or no field is matched to a column.
    """
    sheet = book.sheet(table.sheet)
    if sheet is None:
        raise UsageProblem(message("plan.there_is_no_sheet", sheet=table.sheet), where=book.file_name)
    if not any(match.column for match in matches if match.field in {"title", "description"}):
        raise UsageProblem(
            message("plan.no_column_is_chosen"),
            where=f"{book.file_name}, {table.sheet}",
            remedy=message("plan.say_which_column_holds"),
        )
    chosen = options or PlanOptions()
    reader = prepare(sheet, table, matches, day_first=chosen.day_first)
    result = _sort(reader, table, existing or {}, progress)
    unmapped = tuple(column.header for column in reader.columns if not column.field)
    return ImportPlan(
        file_name=book.file_name,
        sha256=book.sha256,
        sheet=table.sheet,
        header_row=table.header_row,
        rows=len(table.data_rows),
        new=tuple(result.new),
        same=tuple(result.same),
        changed=tuple(result.changed),
        refused=tuple(result.refused),
        skipped=table.skipped,
        problems=tuple(reader.problems),
        ambiguous=reader.ambiguous,
        mapping={match.field: match.header for match in matches if match.header is not None},
        columns=reader.columns,
        fields=dict(reader.fields),
        day_first=dict(reader.day_first),
        unmapped=unmapped,
        warnings=(*book.warnings, *reader.warnings),
    )


def _sort(reader: Reader, table: FoundTable, existing: Mapping[str, ExistingRow], progress: Progress | None) -> _Sorted:
    """Put every row in its one place."""
    result = _Sorted()
    first_at: dict[str, int] = {}
    planned: list[PlannedRow] = []
    for done, row in enumerate(read_rows(reader, table)):
        if progress is not None and done % ROWS_PER_PROGRESS == 0:
            progress("planning", done, len(table.data_rows))
        if isinstance(row, RefusedRow):
            result.refused.append(row)
        elif row.fingerprint in first_at:
            result.refused.append(
                _refuse(reader, row, Message("plan.repeats_row_word_for", first_at=first_at[row.fingerprint]))
            )
        else:
            first_at[row.fingerprint] = row.row
            planned.append(row)
    _warn(reader, planned, existing)
    fresh = [row for row in planned if row.fingerprint not in existing]
    gone: dict[str, list[ExistingRow]] = {}
    for earlier in existing.values():
        if earlier.key is not None and earlier.fingerprint not in first_at:
            gone.setdefault(earlier.key, []).append(earlier)
    asking = Counter(row.key for row in fresh if row.key in gone)
    for row in planned:
        earlier_row = existing.get(row.fingerprint)
        if earlier_row is not None:
            result.same.append(msgspec.structs.replace(row, item=earlier_row.item))
        elif row.key is None or row.key not in gone:
            result.new.append(row)
        elif len(gone[row.key]) == 1 and asking[row.key] == 1:
            result.changed.append(msgspec.structs.replace(row, item=gone[row.key][0].item))
        else:
            reason = Message("plan.the_id_belongs_to", key=row.key)
            result.refused.append(_refuse(reader, row, reason))
    result.refused.sort(key=lambda refused: refused.row)
    return result


def _refuse(reader: Reader, row: PlannedRow, reason: Message) -> RefusedRow:
    column = reader.fields.get("key") or reader.fields.get("title") or reader.columns[0].column
    return RefusedRow(
        sheet=reader.sheet.name,
        row=row.row,
        cell=cell_address(row=row.row, column=column),
        reason=reason,
        raw=(row.key or row.values.get("title") or "")[:200],
    )


def _warn(reader: Reader, planned: Sequence[PlannedRow], existing: Mapping[str, ExistingRow]) -> None:
    by_key: dict[str, list[int]] = {}
    for row in planned:
        if row.key is not None:
            by_key.setdefault(row.key, []).append(row.row)
    repeated = [(key, rows) for key, rows in by_key.items() if len(rows) > 1]
    for key, rows in repeated[:WARNINGS_OF_ONE_KIND]:
        places = ", ".join(map(str, rows[:10])) + (message("plan.and_more") if len(rows) > 10 else "")
        reader.warnings.append(message("plan.the_id_stands_in", key=key, places=places))
    if len(repeated) > WARNINGS_OF_ONE_KIND:
        left = len(repeated) - WARNINGS_OF_ONE_KIND
        reader.warnings.append(plural_message("plan.more_ids.one", "plan.more_ids.many", left))
    if reader.titles_made:
        count, first = len(reader.titles_made), reader.titles_made[0]
        reader.warnings.append(plural_message("plan.no_title.one", "plan.no_title.many", count, first=first))
    if existing and "key" not in reader.fields:
        reader.warnings.append(message("plan.no_column_holds_an"))
    keyless = sum(row.key is None for row in planned)
    hidden = sum(row.row in reader.sheet.hidden_rows for row in planned)
    if hidden:
        reader.warnings.append(plural_message("plan.hidden_rows.one", "plan.hidden_rows.many", hidden))
    if keyless and "key" in reader.fields:
        reader.warnings.append(plural_message("plan.no_id.one", "plan.no_id.many", keyless))
