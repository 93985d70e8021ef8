"""A report of tables as a workbook: one sheet for each table, and one that says where it comes from.

Every value is written as text or as a day, never as a formula: a workbook that is opened runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter

from desktop.scratch.folders import scratch_folder
from domain.errors import Cancelled
from domain.messages import message
from domain.services import Progress
from domain.table_report import Table, TableReport

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_CELL, _LONGEST_SHEET_NAME = 32_767, 31
_FROZEN = "C2"
"""The heads, and the first two columns: number and title."""
_EVERY = 1_000


def write_workbook(report: TableReport, facts: Sequence[tuple[str, str]], *, progress: Progress | None = None) -> bytes:
    """The bytes of an .xlsx file; `facts` say of which vault it is, from when and with which checkpoint.

    Raises:
        Cancelled: `progress` asked to stop.
    """
    # Rows wait in files, as text: in a folder that the next start removes if this one is killed.
    with scratch_folder() as folder:
        return _written(report, facts, folder, progress)


def _written(report: TableReport, facts: Sequence[tuple[str, str]], folder: Path, progress: Progress | None) -> bytes:
    book = Workbook(write_only=True)
    try:
        for table in report.tables:
            _write_table(book, table, folder, progress)
    except Cancelled:
        for sheet in book.worksheets:
            sheet.close()  # half a sheet left open would complain when it is collected
        raise
    about = book.create_sheet(message("About"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 100
    _begin(about, folder)
    for name, value in ((report.title, ""), ("", report.about), *report.facts, *facts):
        if name or value:
            about.append([_cell(about, name, bold=not value), _cell(about, value)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _begin(sheet: WriteOnlyWorksheet, folder: Path) -> None:
    """Keep the rows of a sheet in `folder`, and not where openpyxl would; its columns are laid out already."""
    rows = str(folder / f"{sheet.title.encode().hex()[:200]}.xml")
    ALL_TEMP_FILES.append(rows)  # the list that openpyxl takes it off again when it has read the file
    sheet._writer = WorksheetWriter(sheet, out=rows)  # noqa: SLF001 (there is no other way to say where)
    sheet._writer.write_top()  # noqa: SLF001 (same)


def _write_table(book: Workbook, table: Table, folder: Path, progress: Progress | None) -> None:
    sheet = book.create_sheet(_NO_SHEET_NAME.sub(" ", table.heading)[:_LONGEST_SHEET_NAME] or message("Table"))
    sheet.freeze_panes = _FROZEN
    for number, (_, share) in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = share
    last = get_column_letter(len(table.columns))
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
    _begin(sheet, folder)
    sheet.append([_cell(sheet, title, bold=True) for title, _ in table.columns])
    for done, row in enumerate(table.rows, start=1):
        sheet.append([_cell(sheet, value) for value in row])
        if progress is not None and (done % _EVERY == 0 or done == len(table.rows)):
            progress("rows", done, len(table.rows))


def _cell(sheet: object, text: str, *, bold: bool = False) -> WriteOnlyCell:
    if _DAY.fullmatch(text):
        try:
            cell = WriteOnlyCell(sheet, value=date.fromisoformat(text))
        except ValueError:  # looks like a day and is none
            pass
        else:
            cell.number_format = "yyyy-mm-dd"
            return cell
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)[:_LONGEST_CELL])
    cell.data_type = "s"  # text that begins like a formula stays text
    if bold:
        cell.font = Font(bold=True)
    if "\n" in text:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
