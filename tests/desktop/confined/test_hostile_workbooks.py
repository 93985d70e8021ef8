"""Files made to do harm end in a clear refusal, quickly and within bounds."""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from desktop.excel.read_workbook import read_workbook
from domain.errors import FileProblem
from domain.trackers.cells import RawBook

ROOT = Path(__file__).resolve().parents[3]
EDGE = ROOT / ".." / "shared" / "trackers" / "edge-open"
MANIFEST = EDGE / "manifest.json"
CASES = json.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.exists() else []
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.xlsx"
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet("Register")
    for row in range(40):
        sheet.write_row(row, 0, [f"id {row}", "text", row, 1.5])
    made.close()
    return path


def outcome(path: Path) -> tuple[RawBook | None, FileProblem | None]:
    try:
        return read_workbook(path), None
    except FileProblem as problem:
        return None, problem


def rewrite(
    source: Path, target: Path, *, replace: dict[str, bytes] | None = None, add: dict[str, bytes] | None = None
) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (replace or {}).get(name, old.read(name)))
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return target


@pytest.mark.skipif(not CASES, reason="the folder of odd workbooks is not beside the project")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_every_odd_file_ends_in_cells_or_in_a_clear_refusal(case: dict[str, str]) -> None:
    started = time.monotonic()
    book, problem = outcome(EDGE / case["file"])
    assert time.monotonic() - started < 10
    assert ("READ" if book else "REFUSE") == case["expected"], problem
    if book is not None:
        assert book.sheets
        assert case["sheet"] is None or case["sheet"] in [sheet.name for sheet in book.sheets]
    if problem is not None:
        assert problem.what.endswith(".")
        assert problem.where == case["file"]
        assert problem.remedy


@pytest.mark.skipif(not CASES, reason="the folder of odd workbooks is not beside the project")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell a process's own peak")
def test_no_odd_file_takes_more_than_500_megabytes() -> None:
    program = (
        "import resource, sys\nfrom pathlib import Path\nfrom desktop.excel.read_workbook import read_workbook\n"
        "from domain.errors import FileProblem\n"
        "for file in sys.argv[1:]:\n    try: read_workbook(Path(file))\n    except FileProblem: pass\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
        # getrusage would show the peak of the test run that this process was born from
        "print(next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM')) // 1024)\n"
    )
    files = [str(EDGE / case["file"]) for case in CASES]
    run = subprocess.run([sys.executable, "-c", program, *files], capture_output=True, text=True, check=True, cwd=ROOT)
    in_reader, in_parent = map(int, run.stdout.split())
    print(f"peak memory in MB: reader process {in_reader}, parent {in_parent}")
    assert 0 < in_reader + in_parent < 500


@pytest.mark.skipif(not CASES, reason="the folder of odd workbooks is not beside the project")
@pytest.mark.parametrize(
    ("file", "address", "value"),
    [
        ("calamine__errors.xlsx", (1, 1), "#DIV/0!"),
        ("calamine__has_x000D_.xlsx", (1, 1), "ABC\r\nDEF"),
        ("calamine__rph.xlsx", (1, 1), "課きく\u3000毛こ"),
        ("poi__noSharedStringTable.xlsx", (1, 2), 123),
    ],
)
def test_known_cells_arrive_unharmed(file: str, address: tuple[int, int], value: object) -> None:
    sheet = read_workbook(EDGE / file).sheets[0]
    assert sheet.cell(row=address[0], column=address[1]) == value


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("calamine__pass_protected.xlsx", "protected by a password"),
        ("poi__password.xls", "protected by a password"),
        ("closedxml__~$LoadPivotTables.xlsx", "temporary lock file"),
        ("openpyxl__null_file.xlsx", "empty"),
        ("poi__poc-xmlbomb.xlsx", "declares entities"),
        ("test_files__column_width.htm", "web page"),
    ],
)
def test_the_refusal_states_what_is_the_matter(file: str, words: str) -> None:
    if not (EDGE / file).exists():
        pytest.skip("the folder of odd workbooks is not beside the project")
    with pytest.raises(FileProblem, match=words):
        read_workbook(EDGE / file)


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_in_every_part(plain: Path, tmp_path: Path, part: str, encoding: str) -> None:
    with zipfile.ZipFile(plain) as archive:
        body = archive.read(part).decode().partition("?>")[2]
    target = rewrite(plain, tmp_path / "bomb.xlsx", replace={part: (BOMB + body).encode(encoding)})
    with pytest.raises(FileProblem, match="declares entities"):
        read_workbook(target)


def test_a_part_that_unpacks_to_something_enormous_is_refused(plain: Path, tmp_path: Path) -> None:
    target = rewrite(plain, tmp_path / "flat.xlsx", add={"xl/media/a.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})
    assert target.stat().st_size < 200_000
    with pytest.raises(FileProblem, match="enormous"):
        read_workbook(target)


def test_a_size_that_lies_is_found_by_counting(plain: Path, tmp_path: Path) -> None:
    target = rewrite(plain, tmp_path / "liar.xlsx", add={"xl/media/a.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})
    data = bytearray(target.read_bytes())
    true_size = struct.pack("<I", 60_000_007)
    while (place := data.find(true_size)) >= 0:
        data[place : place + 4] = struct.pack("<I", 100)
    target.write_bytes(data)
    with pytest.raises(FileProblem):
        read_workbook(target)


def test_two_far_corners_do_not_claim_a_million_rows_of_memory(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "here"
    made.active["XFD1048576"] = "there"
    made.save(tmp_path / "corners.xlsx")
    with pytest.raises(FileProblem):
        read_workbook(tmp_path / "corners.xlsx")


def test_one_stray_cell_far_right_costs_its_sheet_but_not_the_book(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"], made.active["ZZ1"] = "here", "far"
    made.create_sheet("Good")["A1"] = "kept"
    made.save(tmp_path / "stray.xlsx")
    book = read_workbook(tmp_path / "stray.xlsx")
    assert any("reaches column ZZ" in warning for warning in book.warnings)
    assert book.sheets[1].rows == (("kept",),)


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/outside.xml", "xl/../../outside.xml", "C:/outside.xml"])
def test_parts_that_point_outside_are_refused(plain: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileProblem, match="outside the file"):
        read_workbook(rewrite(plain, tmp_path / "escape.xlsx", add={name: b"<a/>"}))


def test_thousands_of_parts_are_refused(plain: Path, tmp_path: Path) -> None:
    many = {f"xl/media/{number}.bin": b"" for number in range(2_100)}
    with pytest.raises(FileProblem, match="parts"):
        read_workbook(rewrite(plain, tmp_path / "many.xlsx", add=many))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"MZ\x90\0\x03\0\0\0\x04", "no workbook"),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "pretender.xls"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=words):
        read_workbook(path)


def test_a_damaged_copy_never_escapes_the_two_outcomes(plain: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    whole = plain.read_bytes()
    refused = 0
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            data = data[: chance.randrange(len(data))]
        path = tmp_path / "damaged.xlsx"
        path.write_bytes(data)
        book, problem = outcome(path)
        refused += problem is not None
        assert (book is None) != (problem is None)
    assert refused > 5


def test_inner_tags_without_end_do_not_stall_the_reader(plain: Path, tmp_path: Path) -> None:
    sheet = b'<worksheet><sheetData><row hidden="1"' + b'<c t="e" <f' * 400_000
    started = time.monotonic()
    with pytest.raises(FileProblem):
        read_workbook(rewrite(plain, tmp_path / "stall.xlsx", replace={"xl/worksheets/sheet1.xml": sheet}))
    assert time.monotonic() - started < 12
