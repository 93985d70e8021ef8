"""Reading honest workbooks: every value arrives as what it is, with its address."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlsxwriter

from desktop.confined import limits
from desktop.excel import read_workbook
from desktop.excel.read_workbook import read_workbook as read
from domain.errors import FileProblem
from domain.trackers.cells import RawSheet

DAY = datetime(2024, 3, 4)  # noqa: DTZ001 - spreadsheets know no time zones
MOMENT = DAY.replace(hour=13, minute=30)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with one value of every kind, starting in C3."""
    path = tmp_path / "kinds.xlsx"
    made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = made.add_worksheet("Kinds")
    sheet.write_string("C3", "1.10")
    sheet.write_number("D3", 12)
    sheet.write_number("E3", 1.1)
    sheet.write_boolean("F3", True)
    sheet.write_datetime("G3", DAY, made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_datetime("H3", MOMENT, made.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    sheet.write_string("C4", "=1+1")
    sheet.write_string("D4", '=HYPERLINK("x")')
    sheet.write_formula("E4", "=1/0", None, "#DIV/0!")
    sheet.merge_range("C6:D7", "wide")
    sheet.set_row(7, None, None, {"hidden": True})
    sheet.write_string("C8", "in a hidden row")
    sheet.set_column("J:K", None, None, {"hidden": True})
    hidden = made.add_worksheet("Away")
    hidden.write_string("A1", "x")
    hidden.hide()
    made.close()
    return path


def sheet_of(path: Path) -> RawSheet:
    return read(path).sheets[0]


def test_every_kind_of_value_arrives_as_itself(book: Path) -> None:
    assert sheet_of(book).rows[2] == (None, None, "1.10", 12, 1.1, True, date(2024, 3, 4), MOMENT)
    assert [type(cell) for cell in sheet_of(book).rows[2][3:6]] == [int, float, bool]


def test_a1_is_the_first_cell_even_when_the_sheet_starts_elsewhere(book: Path) -> None:
    sheet = sheet_of(book)
    assert sheet.rows[0] == (None,) * 8
    assert sheet.cell(row=3, column=3) == "1.10"
    assert {len(row) for row in sheet.rows} == {8}


def test_text_that_begins_with_an_equals_sign_is_text(book: Path) -> None:
    assert sheet_of(book).rows[3][2:4] == ("=1+1", '=HYPERLINK("x")')


def test_an_error_shows_as_an_error(book: Path) -> None:
    assert sheet_of(book).rows[3][4] == "#DIV/0!"


def test_merges_hidden_rows_columns_and_sheets_are_shown(book: Path) -> None:
    whole = read(book)
    merge = whole.sheets[0].merged[0]
    assert (merge.first_row, merge.first_column, merge.last_row, merge.last_column) == (6, 3, 7, 4)
    assert whole.sheets[0].hidden_rows == {8}
    assert whole.sheets[0].hidden_columns == {10, 11}
    assert [sheet.visible for sheet in whole.sheets] == [True, False]


def test_the_hash_is_over_the_bytes_of_the_file(book: Path) -> None:
    assert read(book).sha256 == hashlib.sha256(book.read_bytes()).hexdigest()


def test_a_formula_without_a_stored_result_is_blank_and_the_book_states_so(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "total"
    made.active["B1"] = "=SUM(C1:C9)"
    made.save(tmp_path / "uncalculated.xlsx")
    whole = read(tmp_path / "uncalculated.xlsx")
    assert whole.sheets[0].rows == (("total",),)
    assert any("1 formula has no stored result (B1)" in warning for warning in whole.warnings)


def test_durations_and_times_arrive(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append([time(10, 10, 10), timedelta(hours=30)])
    made.save(tmp_path / "times.xlsx")
    assert sheet_of(tmp_path / "times.xlsx").rows[0] == (time(10, 10, 10), timedelta(hours=30))


def locked(path: Path, target: Path, password: str) -> None:
    out = io.BytesIO()
    with path.open("rb") as plain:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt(password, out)
    target.write_bytes(out.getvalue())


def test_a_protected_workbook_opens_with_its_password_only(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "locked.xlsx"
    locked(book, target, "correct horse")
    assert read(target, passphrase="correct horse").sheets[0].rows == sheet_of(book).rows
    with pytest.raises(FileProblem, match="protected by a password"):
        read(target)
    with pytest.raises(FileProblem, match="does not open") as caught:
        read(target, passphrase="battery staple")
    assert "battery" not in str(caught.value)


def test_a_password_is_no_argument_and_no_part_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "s3cret")
    assert "s3cret" not in " ".join(read_workbook._environment().values())
    assert read_workbook.reader_command()[1:] == ["-m", "desktop.confined.reader_process"]


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("comma", b"id,name\r\n1,Ann\r\n", (("id", "name"), ("1", "Ann"))),
        ("semicolon", b"id;price\n1;3,50\n2;4,75\n", (("id", "price"), ("1", "3,50"), ("2", "4,75"))),
        ("tab", b"id\tname\n1\tA, B\n", (("id", "name"), ("1", "A, B"))),
        ("pipe", b"id|name\n1|A\n", (("id", "name"), ("1", "A"))),
        ("announced", b"sep=;\nid;name\n1;a,b\n", (("id", "name"), ("1", "a,b"))),
        ("quoted line break", b'id,text\n1,"two\nlines"\n', (("id", "text"), ("1", "two\nlines"))),
        ("blank record", b"id,name\n\n2,B\n", (("id", "name"), (None, None), ("2", "B"))),
        ("utf-8 mark", "\ufeffid,né\n1,ß\n".encode(), (("id", "né"), ("1", "ß"))),
        ("utf-16", "id,né\n1,ß\n".encode("utf-16"), (("id", "né"), ("1", "ß"))),
        ("western", "id,größe\n1,Käse über Öl\n".encode("cp1252"), (("id", "größe"), ("1", "Käse über Öl"))),
        ("cyrillic", "id;статус\n1;закрыто\n".encode("cp1251"), (("id", "статус"), ("1", "закрыто"))),
        ("japanese", "id,状態\n1,まだです\n".encode("cp932"), (("id", "状態"), ("1", "まだです"))),
        ("leading zeros", b"id,n\n007,1.10\n", (("id", "n"), ("007", "1.10"))),
    ],
)
def test_text_tables_are_understood(tmp_path: Path, name: str, content: bytes, rows: tuple[object, ...]) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert sheet_of(path).rows == rows, name


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'=1+1", "=1+1"),
        ("'-5", "-5"),
        ("'@x", "@x"),
        ("'+1", "+1"),
        ("''=1", "''=1"),
        ("'plain", "'plain"),
        ("'", "'"),
    ],
)
def test_exactly_one_guarding_apostrophe_is_taken_off(tmp_path: Path, written: str, meant: str) -> None:
    path = tmp_path / "guarded.csv"
    path.write_text(f"id,value\n1,{written}\n", encoding="utf-8")
    assert sheet_of(path).rows[1][1] == meant


def test_an_overlong_cell_is_reported_with_its_place_and_the_file_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("id,text\n1,short\n2," + "x" * 40_000 + "\n3,short\n", encoding="utf-8")
    sheet = sheet_of(path)
    assert [(cell.row, cell.column, cell.length) for cell in sheet.oversize] == [(3, 2, 40_000)]
    assert sheet.rows[3] == ("3", "short")


def test_the_reading_is_stopped_when_it_takes_too_long(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SMALL_SECONDS", 0.001)
    with pytest.raises(FileProblem, match="stopped"):
        read(book)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be opened"):
        read(tmp_path / "absent.xlsx")
    with pytest.raises(FileProblem, match="not a file"):
        read(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_file_without_permission_is_refused_in_words(book: Path) -> None:
    book.chmod(0)
    with pytest.raises(FileProblem, match="cannot be read"):
        read(book)


def test_a_workbook_under_a_wrong_name_is_still_read(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "renamed.xls"
    shutil.copy(book, target)
    assert read(target).kind == "xlsx"


ODS_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="S">
<table:table-row table:number-rows-repeated="2">
<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell table:number-columns-repeated="2"/>
<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="3" office:value-type="string">
<text:p>wide</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""
ODS_PARTS = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
</manifest:manifest>"""


def test_merged_and_hidden_cells_of_an_open_document_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "merged.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS_CONTENT.replace("\n<t", "<t").replace("\n</t", "</t"))
        archive.writestr("META-INF/manifest.xml", ODS_PARTS)
    sheet = sheet_of(path)
    assert sheet.cell(row=3, column=3) == "wide"
    merge = sheet.merged[0]
    assert (merge.first_row, merge.first_column, merge.last_row, merge.last_column) == (3, 3, 5, 4)
    assert sheet.hidden_rows == {3}
