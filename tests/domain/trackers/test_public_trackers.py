"""Real trackers from public repositories: what a well-informed person says about them, we say too."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop.excel.read_workbook import read_workbook
from desktop.excel.similarity import similarity
from domain.trackers.cells import RawBook
from domain.trackers.find_table import FoundTable, find_tables, table_at
from domain.trackers.match_columns import ColumnMatch, column_samples, match_columns
from domain.trackers.plan import ExistingRow, ImportPlan, make_plan

OPEN = Path(__file__).resolve().parents[3] / ".." / "shared" / "trackers" / "open"
MANIFEST = OPEN / "manifest.json"
CASES: list[dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8")) if MANIFEST.exists() else []
FILES = [case["file"] for case in CASES]

pytestmark = pytest.mark.skipif(not CASES, reason="the folder of public trackers is not beside the project")


@cache
def understood(file: str) -> tuple[RawBook, FoundTable, dict[str, ColumnMatch]]:
    book = read_workbook(OPEN / file)
    table = find_tables(book)[0]
    matches = match_columns(table, column_samples(book, table), similarity=similarity)
    return book, table, {match.field: match for match in matches}


def planned(file: str, existing: dict[str, ExistingRow] | None = None) -> ImportPlan:
    book, table, matches = understood(file)
    return make_plan(book, table, tuple(matches.values()), existing=existing)


def test_sheet_header_and_records_are_found() -> None:
    right = 0
    for case in CASES:
        _, table, _ = understood(case["file"])
        verdicts = (
            case["sheet"] in {None, table.sheet},
            case["header_row"] == table.header_row,
            case["data_rows"] == len(table.data_rows),
        )
        right += all(verdicts)
        marks = "  ".join("yes" if verdict else "NO " for verdict in verdicts)
        print(f"{case['file']:34} sheet, header, records: {marks}  ({len(table.data_rows)} records)")
    print(f"{right} of {len(CASES)} fully right")
    assert right >= 0.8 * len(CASES)


def test_fields_are_matched_to_the_right_columns_and_none_is_invented() -> None:
    filled = filled_right = empty = empty_right = keys_right = 0
    for case in CASES:
        _, _, matches = understood(case["file"])
        keys_right += matches["key"].header == case["key_column"]
        for field, header in case["mapping"].items():
            is_right = matches[field].header == header
            if header is None:
                empty += 1
                empty_right += is_right
            else:
                filled += 1
                filled_right += is_right
            if not is_right:
                print(f"{case['file']:34} {field}: {matches[field].header!r}, a person says {header!r}")
    print(f"columns {filled_right} of {filled}, absences {empty_right} of {empty}, ids {keys_right} of {len(CASES)}")
    assert filled_right >= 0.8 * filled
    assert empty_right >= 0.8 * empty
    assert keys_right >= 0.8 * len(CASES)


@pytest.mark.parametrize("file", FILES)
def test_every_non_blank_row_is_a_record_or_skipped_with_a_reason(file: str) -> None:
    book, table, _ = understood(file)
    sheet = book.sheet(table.sheet)
    assert sheet is not None
    output = set(table.data_rows) | {row for row, _ in table.skipped}
    filled = {
        number
        for number, row in enumerate(sheet.rows, start=1)
        if number > table.header_rows[1] and any(cell is not None and str(cell).strip() for cell in row)
    }
    assert filled <= output
    assert not set(table.data_rows) & {row for row, _ in table.skipped}


@pytest.mark.parametrize("file", FILES)
def test_every_record_is_planned_once_and_the_second_import_changes_nothing(file: str) -> None:
    first = planned(file)
    rows = [row.row for group in (first.new, first.refused) for row in group]
    assert sorted(rows) == list(understood(file)[1].data_rows)
    existing = {
        row.fingerprint: ExistingRow(item=str(row.row), fingerprint=row.fingerprint, key=row.key) for row in first.new
    }
    second = planned(file, existing)
    assert [row.item for row in second.same] == [str(row.row) for row in first.new]
    assert (second.new, second.changed) == ((), ())


@pytest.mark.parametrize("case", [case for case in CASES if case["other_sheets"]], ids=lambda case: case["file"])
def test_the_other_sheets_are_understood_when_a_person_points_at_them(case: dict[str, Any]) -> None:
    book, _, _ = understood(case["file"])
    for other in case["other_sheets"]:
        table = table_at(book, sheet=other["sheet"])
        assert (table.header_row, len(table.data_rows)) == (other["header_row"], other["data_rows"])


@pytest.mark.parametrize("case", [case for case in CASES if "skip_rows" in case], ids=lambda case: case["file"])
def test_the_rows_to_skip_are_skipped_with_a_reason(case: dict[str, Any]) -> None:
    output = dict(understood(case["file"])[1].skipped)
    assert all(output.get(row) for row in case["skip_rows"])


def test_the_same_register_as_xlsx_and_as_ods_gives_the_same_rows() -> None:
    if not {"openchain_kanban.xlsx", "openchain_kanban.ods"} <= set(FILES):
        pytest.skip("the pair of twin files is not there")
    one, other = planned("openchain_kanban.xlsx"), planned("openchain_kanban.ods")
    assert [row.row for row in one.new] == [row.row for row in other.new]
    unlike = [
        (cell.values[field], twin.values[field])
        for cell, twin in zip(one.new, other.new, strict=True)
        for field in one.mapping
        if cell.values[field] != twin.values[field]
    ]
    # the twins themselves differ in the spelling of one word
    assert [(a or "").replace("artifacts", "artefacts") for a, _ in unlike] == [b for _, b in unlike]
    assert len(unlike) <= 1


def test_ids_that_look_like_numbers_stay_text() -> None:
    if "azure_appservice_baseline.xlsx" not in FILES:
        pytest.skip("the file with such ids is not there")
    keys = [row.key for row in planned("azure_appservice_baseline.xlsx").new]
    assert {"1.1", "1.10"} <= set(keys)
    assert len(set(keys)) == len(keys) == 88


def test_an_implausible_year_is_a_listed_problem_and_no_date() -> None:
    if "mitre_attestations.xlsx" not in FILES:
        pytest.skip("the file with such dates is not there")
    plan = planned("mitre_attestations.xlsx")
    assert {problem.reason for problem in plan.problems} == {"has the year 3000, which is not plausible"}
    assert {row.values["raised"] for row in plan.new} == {None, "1999-01-01", "2024-03-21"}
