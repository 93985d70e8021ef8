"""The sample tracker is understood completely, and its maker makes the same file every time."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import pytest

from desktop.excel.read_workbook import read_workbook
from desktop.excel.similarity import similarity
from domain.trackers.cells import RawBook
from domain.trackers.find_table import FoundTable, find_tables
from domain.trackers.match_columns import column_samples, match_columns
from domain.trackers.plan import ImportPlan, make_plan
from domain.trackers.read_values import state_of

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample"


@cache
def sample() -> tuple[RawBook, FoundTable, ImportPlan]:
    book = read_workbook(SAMPLE / "sample_tracker.xlsx")
    table = find_tables(book)[0]
    matches = match_columns(table, column_samples(book, table), similarity=similarity)
    return book, table, make_plan(book, table, matches)


def test_header_and_records_are_found_among_titles_headings_totals_and_notes() -> None:
    _, table, _ = sample()
    assert (table.sheet, table.header_row, table.header_rows) == ("CAPA list", 4, (3, 4))
    assert len(table.data_rows) == 324
    reasons = [str(reason) for _, reason in table.skipped]
    assert (reasons.count("section heading"), reasons.count("totals"), reasons.count("footer note")) == (6, 1, 1)
    assert len(reasons) == 8


def test_every_field_finds_its_column_and_the_rest_is_kept() -> None:
    _, _, plan = sample()
    assert plan.mapping == {
        "key": "CAPA No.", "title": "Finding", "description": "Details", "owner": "Action owner", "due": "Due date",
        "raised": "Raised on", "severity": "Severity", "priority": "Priority", "status": "Status",
        "closed": "Closed on", "comments": "Remarks",
    }  # fmt: skip
    assert plan.unmapped == ("Area", "Source", "Cost", "Yearly saving")


def test_the_traps_of_the_sample_are_all_reported() -> None:
    _, _, plan = sample()
    assert (plan.rows, len(plan.new), len(plan.refused)) == (324, 323, 1)
    assert "word for word" in str(plan.refused[0].reason)
    assert sum("with different content" in warning for warning in plan.warnings) == 3
    assert plan.ambiguous == ()
    assert {problem.raw for problem in plan.problems} <= {"Q3", "asap"}
    assert plan.problems


def test_every_state_of_the_sample_is_known() -> None:
    _, _, plan = sample()
    assert {state_of(row.values["status"]) for row in plan.new} == {"open", "working", "waiting", "closed", "cancelled"}


def test_days_are_read_day_first() -> None:
    _, _, plan = sample()
    pairs = [
        (row.values["raised"], row.values["due"]) for row in plan.new if row.values["raised"] and row.values["due"]
    ]
    assert len(pairs) > 300
    assert all(raised < due for raised, due in pairs if raised and due)


def test_the_maker_makes_the_same_bytes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("make_sample_tracker", SAMPLE / "make_sample_tracker.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    monkeypatch.setattr(maker, "TARGET", tmp_path / "again.xlsx")
    maker.main()
    assert (tmp_path / "again.xlsx").read_bytes() == (SAMPLE / "sample_tracker.xlsx").read_bytes()
