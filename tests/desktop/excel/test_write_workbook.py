"""Workbooks that leave the vault: every value as text or day, nothing that runs, and readable by other programs."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from desktop.excel.write_workbook import write_workbook
from domain.errors import Cancelled
from domain.table_report import Table, TableReport

ROWS = (
    ("C-1", "Label in the wrong place", "2026-11-22"),
    ("C-2", "=1+1", "2026-02-30"),
    ("C-3", "@SUM(A1)", ""),
    ("C-4", "-2+3", "12"),
    ("C-5", "Grüße\nzweite Zeile \x07", "0007"),
)
REPORT = TableReport(
    title="Corrective action",
    about="The register.",
    facts=(("Items", "5"),),
    tables=(Table(heading="CAPA: [all]", columns=(("Number", 12), ("Title", 40), ("Due", 14)), rows=ROWS),),
)
FACTS = (("Vault", "Site A"), ("Checkpoint", "origin\n7\nroot\n"))


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_workbook(REPORT, FACTS)


def test_text_stays_text_and_days_are_days(data: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[1].value for row in rows][:4] == [row[1] for row in ROWS][:4]
    assert {cell.data_type for row in rows for cell in row[:2]} == {"s"}
    assert rows[0][2].value == datetime(2026, 11, 22)  # noqa: DTZ001 (a day has no zone)
    assert [row[2].value for row in rows[1:]] == ["2026-02-30", None, "12", "0007"]
    assert "\x07" not in rows[4][1].value


def test_the_head_stays_in_view_and_filters(data: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:C6")
    assert sheet.title == "CAPA   all "
    assert [cell.value for cell in sheet[1]] == ["Number", "Title", "Due"]


def test_the_workbook_states_of_which_vault_and_on_what_proof(data: bytes) -> None:
    about = openpyxl.load_workbook(io.BytesIO(data))["About"]
    stated = {row[0].value: row[1].value for row in about.iter_rows()}
    assert stated["Vault"] == "Site A"
    assert stated["Items"] == "5"
    assert stated["Checkpoint"].startswith("origin\n7\n")


def test_it_can_be_stopped(data: bytes) -> None:
    def stop(_phase: str, _done: int, _of: int) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        write_workbook(REPORT, FACTS, progress=stop)


def test_libreoffice_reads_the_same_values_and_computes_nothing(data: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here")
    (tmp_path / "book.xlsx").write_bytes(data)
    # comma, quote, UTF-8, from the first line, every column as it is, English: nothing is taken from the locale here
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033"
    run = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", as_csv]
    subprocess.run([*run, "--outdir", tmp_path, tmp_path / "book.xlsx"], check=True, capture_output=True, timeout=180)
    with (tmp_path / "book.csv").open(encoding="utf-8", newline="") as read:
        head, *rows = csv.reader(read)
    assert tuple(head) == ("Number", "Title", "Due")
    assert [tuple(row) for row in rows[:4]] == list(ROWS[:4])
    assert rows[4][1].startswith("Grüße\nzweite Zeile ")
