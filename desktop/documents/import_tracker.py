"""From a tracker file to an import plan: read, find the table, match the columns, plan every row."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from desktop.excel.read_workbook import read_workbook
from desktop.excel.similarity import similarity
from desktop.store.register import StoreRegister
from domain.errors import FileProblem
from domain.messages import message
from domain.services import Progress
from domain.session import TrackerReading
from domain.trackers.cells import RawBook
from domain.trackers.find_table import FoundTable, find_tables, table_at
from domain.trackers.match_columns import choose_columns, column_samples, match_columns
from domain.trackers.plan import ImportPlan, PlanOptions, make_plan

_STEPS = 4
_STATING_WHAT = ("title", "description")


def read_tracker(
    file: Path, *, sheet: str = "", header_row: int = 0, file_passphrase: str | None = None
) -> TrackerReading:
    """What the file holds: its sheets, the table found (or pointed at), the proposed columns with samples."""
    book = read_workbook(file, passphrase=file_passphrase)
    table = _table(book, sheet=sheet, header_row=header_row)
    samples = column_samples(book, table)
    return TrackerReading(
        file_name=book.file_name,
        sheets=tuple((each.name, each.visible, len(each.rows)) for each in book.sheets),
        table=table,
        matches=match_columns(table, samples, similarity=similarity),
        samples=samples,
        warnings=book.warnings,
    )


def plan_tracker(
    register: StoreRegister,
    file: Path,
    *,
    process: str,
    mapping: Mapping[str, str] | None = None,
    sheet: str = "",
    header_row: int = 0,
    day_first: bool | None = None,
    file_passphrase: str | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """The dry run of an import: every row of the table is new, same, changed or refused with a reason.

    Raises:
        FileProblem: the file cannot be read as a workbook, or holds no table whose records say what they are about.
        UsageProblem: no such process, sheet, column or field.
        Cancelled: `progress` asked to stop.
    """
    register.in_force(process)
    _describe(progress, message("read workbook"), 0)
    book = read_workbook(file, passphrase=file_passphrase, progress=progress)
    _describe(progress, message("find table"), 1)
    table = _table(book, sheet=sheet, header_row=header_row)
    _describe(progress, message("match columns"), 2)
    matches = match_columns(table, column_samples(book, table), similarity=similarity)
    if mapping:
        matches = choose_columns(table, matches, mapping)
    elif not any(match.column for match in matches if match.field in _STATING_WHAT):
        raise FileProblem(
            message("The table found has no column that says what each record is about."),
            where=message(
                "{file_name}, {sheet}, header in row {header_row}",
                file_name=book.file_name,
                sheet=table.sheet,
                header_row=table.header_row,
            ),
            remedy=message(
                "Choose the column for title or description, or point to the sheet and header row of another table."
            ),
        )
    _describe(progress, message("plan rows"), 3)
    return make_plan(
        book,
        table,
        matches,
        existing=register.by_source(process),
        options=PlanOptions(day_first=day_first),
        progress=progress,
    )


def _describe(progress: Progress | None, phase: str, done: int) -> None:
    if progress is not None:
        progress(phase, done, _STEPS)


def _table(book: RawBook, *, sheet: str, header_row: int) -> FoundTable:
    if sheet or header_row:
        name = sheet or next((each.name for each in book.sheets if each.visible), book.sheets[0].name)
        return table_at(book, sheet=name, header_row=header_row)
    found = find_tables(book)
    if not found:
        names = ", ".join(repr(each.name) for each in book.sheets)
        raise FileProblem(
            message("No table was found: no row looks like column headers over records."),
            where=book.file_name,
            remedy=message("Name the sheet and the header's row if there is one (sheets: {names}).", names=names),
        )
    return found[0]


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cyclic garbage collection while millions of small values are made that hold no cycles."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
