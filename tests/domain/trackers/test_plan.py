"""The plan of an import accounts for every record and changes nothing silently."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.excel.similarity import similarity
from domain.errors import Cancelled, UsageProblem
from domain.trackers.cells import Cell, MergedRange, OversizeCell, RawBook, RawSheet
from domain.trackers.find_table import table_at
from domain.trackers.match_columns import choose_columns, column_samples, match_columns
from domain.trackers.plan import ExistingRow, ImportPlan, PlanOptions, make_plan

HEADER = ("ID", "Title", "Description", "Owner", "Due date", "Severity", "Site")
GOOD: tuple[Cell, ...] = ("F-1", "Door", "The door", "Ann", date(2024, 5, 1), "Major", "North")


def plan_of(*rows: tuple[Cell, ...], header: tuple[str, ...] = HEADER, **options: Any) -> ImportPlan:
    sheet = RawSheet(
        name="S", rows=(header, *rows), merged=options.pop("merged", ()), oversize=options.pop("oversize", ())
    )  # fmt: skip
    book = RawBook(file_name="a.xlsx", sha256="0" * 64, kind="xlsx", sheets=(sheet,))
    table = table_at(book, sheet="S", header_row=1)
    proposals = match_columns(table, column_samples(book, table), similarity=similarity)
    matches = choose_columns(table, proposals, options.pop("mapping", {}))
    return make_plan(
        book, table, matches,
        existing=options.pop("existing", None), options=PlanOptions(day_first=options.pop("day_first", None)),
    )  # fmt: skip


def row(**changes: Cell) -> tuple[Cell, ...]:
    names = ("key", "title", "description", "owner", "due", "severity", "site")
    return tuple((dict(zip(names, GOOD, strict=True)) | changes).values())


def remembered(plan: ImportPlan) -> dict[str, ExistingRow]:
    return {
        one.fingerprint: ExistingRow(item=f"item {one.row}", fingerprint=one.fingerprint, key=one.key)
        for one in plan.new
    }


def test_a_row_carries_values_and_the_raw_text_of_every_cell() -> None:
    plan = plan_of(GOOD)
    (planned,) = plan.new
    assert planned.values == {
        "key": "F-1", "title": "Door", "description": "The door", "owner": "Ann",
        "due": "2024-05-01", "severity": "high",
    }  # fmt: skip
    assert planned.raw == (
        ("key", "A2", "F-1"), ("title", "B2", "Door"), ("description", "C2", "The door"), ("owner", "D2", "Ann"),
        ("due", "E2", "2024-05-01"), ("severity", "F2", "Major"), ("Site", "G2", "North"),
    )  # fmt: skip
    assert plan.unmapped == ("Site",)


def test_the_second_import_of_the_same_rows_changes_nothing() -> None:
    first = plan_of(GOOD, row(key="F-2"))
    second = plan_of(GOOD, row(key="F-2"), existing=remembered(first))
    assert [one.item for one in second.same] == ["item 2", "item 3"]
    assert (second.new, second.changed) == ((), ())


def test_a_row_moved_or_a_column_moved_is_still_the_same() -> None:
    first = plan_of(GOOD, row(key="F-2"))
    turned = tuple(reversed(HEADER))
    second = plan_of(tuple(reversed(row(key="F-2"))), tuple(reversed(GOOD)), header=turned, existing=remembered(first))
    assert [one.item for one in second.same] == ["item 3", "item 2"]


def test_an_edited_row_is_a_change_of_the_item_with_its_id() -> None:
    first = plan_of(GOOD, row(key="F-2"))
    second = plan_of(row(owner="Bo"), row(key="F-2"), row(key="F-3"), existing=remembered(first))
    assert [(one.key, one.item) for one in second.changed] == [("F-1", "item 2")]
    assert [one.key for one in second.new] == ["F-3"]


def test_an_edit_under_an_id_used_twice_is_refused_rather_than_guessed() -> None:
    first = plan_of(GOOD, row(title="Window"))
    second = plan_of(row(owner="Bo"), row(title="Window", owner="Bo"), existing=remembered(first))
    assert [refused.row for refused in second.refused] == [2, 3]
    assert "several rows" in str(second.refused[0].reason)


def test_one_edit_under_an_id_used_twice_is_found_by_what_remains() -> None:
    first = plan_of(GOOD, row(title="Window"))
    second = plan_of(row(owner="Bo"), row(title="Window"), existing=remembered(first))
    assert [(one.row, one.item) for one in second.changed] == [(2, "item 2")]


def test_the_same_id_with_other_content_is_kept_and_stated() -> None:
    plan = plan_of(GOOD, row(title="Window"))
    assert len(plan.new) == 2
    assert any("'F-1' stands in rows 2, 3" in warning for warning in plan.warnings)


def test_an_exact_repeat_is_refused_with_the_row_it_repeats() -> None:
    plan = plan_of(GOOD, row(key="F-2"), GOOD)
    assert [(refused.row, str(refused.reason)) for refused in plan.refused] == [(4, "repeats row 2 word for word")]


def test_ids_never_become_numbers() -> None:
    plan = plan_of(row(key="1.1"), row(key="1.10"), row(key="007"), row(key=12), row(key=12.5))
    assert [one.key for one in plan.new] == ["1.1", "1.10", "007", "12", "12.5"]


def test_a_row_without_title_takes_the_first_line_of_its_description_and_states_so() -> None:
    plan = plan_of(row(title=None, description="First line\nsecond line"), row(key="F-2"))
    assert plan.new[0].values["title"] == "First line"
    assert plan.new[0].values["description"] == "First line\nsecond line"
    assert any("1 row has no title (row 2)" in warning for warning in plan.warnings)


def test_a_row_with_neither_title_nor_description_is_refused_at_its_title_cell() -> None:
    plan = plan_of(GOOD, row(key="F-2", title=None, description=None))
    assert [(refused.row, refused.cell) for refused in plan.refused] == [(3, "B3")]


@pytest.mark.parametrize("bad", ["Q2", "31.02.2024", date(3000, 1, 1), "#N/A"])
def test_a_date_that_cannot_be_read_leaves_the_field_empty_and_is_listed(bad: Cell) -> None:
    plan = plan_of(GOOD, row(key="F-2", due=bad), row(key="F-3"), row(key="F-4"))
    assert plan.new[1].values["due"] is None
    assert [(problem.row, problem.cell, problem.field) for problem in plan.problems] == [(3, "E3", "due")]
    assert ("due", "E3", str(bad)) in plan.new[1].raw


def test_dates_that_fit_both_ways_wait_for_a_person() -> None:
    rows = [row(key=f"F-{day}", due=f"0{day}/04/2024") for day in (1, 2, 3, 5)]
    unclear = plan_of(*rows)
    assert [one.header for one in unclear.ambiguous] == ["Due date"]
    assert unclear.ambiguous[0].examples == (("E2", "01/04/2024"), ("E3", "02/04/2024"), ("E4", "03/04/2024"))
    assert [one.values["due"] for one in unclear.new] == [None] * 4
    assert len(unclear.problems) == 4
    output = plan_of(*rows, day_first=True)
    assert (output.ambiguous, output.problems, output.new[0].values["due"]) == ((), (), "2024-04-01")
    assert plan_of(*rows, day_first=False).new[0].values["due"] == "2024-01-04"


def test_one_value_above_twelve_decides_for_its_column() -> None:
    plan = plan_of(row(due="03/04/2024"), row(key="F-2", due="25/04/2024"))
    assert [one.values["due"] for one in plan.new] == ["2024-04-03", "2024-04-25"]


def test_real_dates_that_a_program_may_have_swapped_are_pointed_out() -> None:
    swapped = [row(key=f"F-{month}", due=date(2024, month, 3)) for month in range(1, 5)]
    plan = plan_of(*swapped, row(key="F-9", due="25/04/2024"))
    assert any("may have swapped" in warning and "E6" in warning for warning in plan.warnings)


def test_an_overlong_cell_refuses_its_row_with_address_and_length() -> None:
    plan = plan_of(GOOD, row(key="F-2"), oversize=(OversizeCell(row=3, column=3, length=40_000),))
    assert [(refused.row, refused.cell, "40000" in str(refused.reason)) for refused in plan.refused] == [
        (3, "C3", True)
    ]
    assert [one.row for one in plan.new] == [2]


def test_a_value_merged_down_belongs_to_every_row_it_spans() -> None:
    merged = (MergedRange(first_row=2, first_column=7, last_row=3, last_column=7),)
    plan = plan_of(GOOD, row(key="F-2", site=None), row(key="F-3", site=None), merged=merged)
    assert [one.texts[6] for one in plan.new] == ["North", "North", ""]


def test_columns_of_the_same_name_are_kept_apart() -> None:
    plan = plan_of(("1", "Door", "a", "b"), ("2", "Roof", "c", "d"), header=("ID", "Title", "Zone", "Zone"))
    assert plan.unmapped == ("Zone (C)", "Zone (D)")


def test_a_plan_without_any_column_for_title_or_description_is_refused() -> None:
    with pytest.raises(UsageProblem, match="title or description"):
        plan_of(GOOD, mapping={"title": "", "description": ""})


cells = st.one_of(
    st.none(), st.text(max_size=8), st.integers(0, 60_000), st.floats(allow_nan=True), st.booleans(), st.dates(),
    st.datetimes(), st.times(), st.timedeltas(),
    st.sampled_from(["F-1", "F-2", "03/04/2024", "25/12/2024", "Total", "#REF!"]),
)  # fmt: skip
tables = st.lists(st.tuples(*[cells] * len(HEADER)), max_size=12)


@settings(max_examples=150)
@given(tables, tables, st.sampled_from([None, True, False]))
def test_every_record_is_in_exactly_one_place(
    earlier: list[tuple[Cell, ...]],
    rows: list[tuple[Cell, ...]],
    day_first: bool | None,  # noqa: FBT001
) -> None:
    chosen = {"title": "Title", "description": "Description", "key": "ID"}
    existing = remembered(plan_of(*earlier, mapping=chosen))

    def plan_again() -> ImportPlan:
        return plan_of(*rows, *earlier[:3], existing=existing, day_first=day_first, mapping=chosen)

    plan = plan_again()
    output = [one.row for group in (plan.new, plan.same, plan.changed, plan.refused) for one in group]
    assert sorted(output) == sorted(set(output))
    assert len(output) == plan.rows
    skipped = {number for number, _ in plan.skipped}
    assert not skipped & set(output)
    for one in (*plan.new, *plan.same, *plan.changed):
        assert one.values["title"]
        assert len(one.fingerprint) == 64
    assert plan_again() == plan


def test_hidden_rows_are_imported_and_stated() -> None:
    sheet = RawSheet(name="S", rows=(HEADER, GOOD, row(key="F-2")), hidden_rows=frozenset({3}))
    book = RawBook(file_name="a.xlsx", sha256="0" * 64, kind="xlsx", sheets=(sheet,))
    table = table_at(book, sheet="S", header_row=1)
    plan = make_plan(book, table, match_columns(table, column_samples(book, table), similarity=similarity))
    assert len(plan.new) == 2
    assert any("1 row is hidden" in warning for warning in plan.warnings)


def test_planning_can_be_cancelled() -> None:
    sheet = RawSheet(name="S", rows=(HEADER, GOOD))
    book = RawBook(file_name="a.xlsx", sha256="0" * 64, kind="xlsx", sheets=(sheet,))
    table = table_at(book, sheet="S", header_row=1)
    matches = match_columns(table, column_samples(book, table), similarity=similarity)

    def stop(phase: str, done: int, of: int) -> None:
        raise Cancelled(f"{phase} {done} of {of}")

    with pytest.raises(Cancelled, match="planning 0 of 1"):
        make_plan(book, table, matches, progress=stop)
