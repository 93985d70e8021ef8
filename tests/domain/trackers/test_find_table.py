"""Finding the register in sheets of every shape, and telling records from everything else."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UsageProblem
from domain.trackers.cells import Cell, MergedRange, RawBook, RawSheet
from domain.trackers.find_table import FoundTable, find_tables, table_at

HEADER = ("ID", "Title", "Owner", "Due date", "Status")


def sheet(
    *rows: tuple[Cell, ...], name: str = "Sheet1", visible: bool = True, merged: tuple[str, ...] = ()
) -> RawSheet:
    """A sheet of even width; merges as "r1 c1 r2 c2"."""
    width = max(map(len, rows))
    ranges = [tuple(map(int, text.split())) for text in merged]
    return RawSheet(
        name=name,
        visible=visible,
        rows=tuple(row + (None,) * (width - len(row)) for row in rows),
        merged=tuple(MergedRange(first_row=a, first_column=b, last_row=c, last_column=d) for a, b, c, d in ranges),
    )


def book(*sheets: RawSheet) -> RawBook:
    return RawBook(file_name="made.xlsx", sha256="0" * 64, kind="xlsx", sheets=sheets)


def found(*rows: tuple[Cell, ...], merged: tuple[str, ...] = ()) -> FoundTable:
    return find_tables(book(sheet(*rows, merged=merged)))[0]


def record(number: int, **changes: Cell) -> tuple[Cell, ...]:
    values = {
        "id": f"F-{number}", "title": f"Finding {number} about a door", "owner": "A. Berg",
        "due": date(2024, 5, number), "status": "Open",
    } | changes  # fmt: skip
    return tuple(values.values())


def test_title_rows_and_figures_above_the_header_are_not_the_header() -> None:
    table = found(
        ("Audit findings, plant north",),
        ("Open", 5, "Closed", 7),
        ("As of", date(2024, 5, 1)),
        (),
        HEADER,
        record(1),
        record(2),
    )
    assert (table.header_row, table.data_rows) == (5, (6, 7))


def test_a_scale_table_above_the_register_is_not_taken_for_it() -> None:
    table = found(
        ("Impact", "Meaning"), (1, "Minor"), (2, "Moderate"), (3, "Severe"), (),
        HEADER, record(1), record(2),
    )  # fmt: skip
    assert table.header_row == 6


def test_blank_rows_inside_do_not_end_the_table() -> None:
    assert found(HEADER, record(1), (), (), record(2)).data_rows == (2, 5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("Total", None, None, None, 12), "totals"),
        (("Gesamtsumme:", None, None, None, "-"), "totals"),
        (("F-9",), "only an id"),
        ((None, None, "https://example.org/a", "https://example.org/b"), "links"),
        (HEADER, "repeats the header"),
        (("Note: ask the office before closing",), "footer note"),
        ((None, None, 0, 0, "-"), "no entry"),
        ((None, None, None, None, "#N/A"), "no entry"),
    ],
)
def test_rows_that_are_no_records_are_skipped_with_a_reason(row: tuple[Cell, ...], reason: str) -> None:
    table = found(HEADER, *(record(number) for number in range(1, 9)), row)
    assert table.data_rows == tuple(range(2, 10))
    assert [(number, reason in str(stated)) for number, stated in table.skipped] == [(10, True)]


def test_a_record_whose_title_begins_with_total_is_a_record() -> None:
    assert found(HEADER, record(1), record(2, title="Total loss of cooling water")).data_rows == (2, 3)


def test_section_headings_between_records_are_shown_apart() -> None:
    table = found(HEADER, ("A. Stores",), record(1), record(2), ("B. Laboratory and more",), record(3), record(4))
    assert table.data_rows == (3, 4, 6, 7)
    assert [str(reason) for _, reason in table.skipped] == ["section heading", "section heading"]


def test_guidance_below_the_header_is_no_record() -> None:
    table = found(
        HEADER,
        (
            "Unique identifier",
            "Name of the finding as in the report",
            "Person responsible",
            "Date by which it is done",
            "Open, Closed",
        ),
        ("Text", "Text", "Text", "Date", "Select from list"),
        record(1),
    )
    assert table.data_rows == (4,)
    assert [number for number, reason in table.skipped if "guidance" in str(reason)] == [2, 3]


def test_a_first_record_of_plain_words_is_not_mistaken_for_guidance() -> None:
    assert found(HEADER, ("F-1", "The door is broken", "Ann", "tbd", "Open"), record(2)).data_rows == (2, 3)


def test_rows_numbered_in_advance_are_not_records() -> None:
    numbered = [(f"F-{number}", None, None, None, "Open") for number in range(3, 30)]
    assert found(HEADER, record(1), record(2), *numbered).data_rows == (2, 3)


def test_a_second_table_below_is_its_table() -> None:
    tables = find_tables(
        book(
            sheet(
                HEADER, record(1), record(2), record(3), (),
                ("Risk ID", "Risk description", "Risk owner", "Severity"),
                ("R-1", "Flood", "B. Lund", "High"), ("R-2", "Fire", "B. Lund", "Low"),
            )
        )
    )  # fmt: skip
    assert [(table.header_row, table.data_rows) for table in tables] == [(1, (2, 3, 4)), (6, (7, 8))]
    assert str(dict(tables[0].skipped)[7]) == "belongs to the table that begins in row 6"


def test_a_table_beside_with_the_same_names_is_left_out_and_stated() -> None:
    table = found(
        ("Title", "Owner", "Status", None, "Title", "Owner", "Status"),
        ("Door broken", "Ann", "Open", None, "Lamp broken", "Bo", "Closed"),
        ("Roof leaks", "Ann", "Open", None, "Pipe leaks", "Bo", "Open"),
    )
    assert [column for column, _ in table.headers] == [1, 2, 3]
    assert ("E2", "stands outside the columns of the table") in table.beside


def test_footnotes_beside_the_header_are_not_columns() -> None:
    table = found(
        (*HEADER, None, "* A date in the past turns red as soon as the workbook is opened"),
        record(1),
        record(2),
    )
    assert [header for _, header in table.headers] == list(HEADER)


def test_rows_merged_down_over_the_id_continue_the_record_above() -> None:
    table = found(HEADER, record(1), (None, None, "B. Lund", None, "Open"), record(3), merged=("2 1 3 1", "2 2 3 2"))
    assert table.data_rows == (2, 4)
    assert [(row, str(why)) for row, why in table.skipped] == [(3, "continues row 2 (cells merged downwards)")]


def test_a_category_merged_down_does_not_swallow_records() -> None:
    head = ("Area", *HEADER)
    table = found(head, ("North", *record(1)), (None, *record(2)), (None, *record(3)), merged=("2 1 4 1",))
    assert table.data_rows == (2, 3, 4)


def test_bands_over_the_header_are_groups_and_not_names() -> None:
    table = found(
        ("Finding", None, "Handling", None, None, "Remarks"),
        (*HEADER, None),
        (*record(1), "x"),
        (*record(2), "y"),
        merged=("1 1 1 2", "1 3 1 5", "1 6 2 6"),
    )
    assert (table.header_row, table.header_rows) == (2, (1, 2))
    assert [header for _, header in table.headers] == [*HEADER, "Remarks"]
    assert dict(table.groups)[4] == "Handling"


def test_names_below_merged_bands_are_the_header() -> None:
    table = found(
        ("ID", "Title", "Dates", None, "Status"),
        (None, None, "Raised", "Due", None),
        ("F-1", "Door", date(2024, 1, 1), date(2024, 2, 1), "Open"),
        ("F-2", "Roof", date(2024, 1, 2), date(2024, 2, 2), "Open"),
        merged=("1 1 2 1", "1 2 2 2", "1 3 1 4", "1 5 2 5"),
    )
    assert table.header_row == 2
    assert [header for _, header in table.headers] == ["ID", "Title", "Raised", "Due", "Status"]
    assert table.data_rows == (3, 4)


def test_names_spread_over_two_rows_without_merges_are_joined() -> None:
    table = found(
        ("ID", "Title", "Dates", None, "Status"),
        (None, None, "Raised", "Due", None),
        ("F-1", "Door", date(2024, 1, 1), date(2024, 2, 1), "Open"),
        ("F-2", "Roof", date(2024, 1, 2), date(2024, 2, 2), "Open"),
    )
    assert [header for _, header in table.headers] == ["ID", "Title", "Raised", "Due", "Status"]
    assert table.data_rows == (3, 4)


def test_the_register_wins_over_cover_and_lists() -> None:
    cover = sheet(
        ("Prepared by", "A. Berg"), ("Status", "Draft"), ("Version", "1.0"), ("Owner", "Quality"), name="Cover"
    )
    lists = sheet(("Status", "Severity"), ("Open", "High"), ("Closed", "Low"), name="Lists")
    hidden = sheet(HEADER, *(record(number) for number in range(1, 20)), name="Old", visible=False)
    register = sheet(HEADER, record(1), record(2), name="Findings")
    assert find_tables(book(cover, lists, hidden, register))[0].sheet == "Findings"


@pytest.mark.parametrize(
    "header",
    [
        ("Lfd. Nr.", "Feststellung", "Verantwortlich", "Fällig am", "Status", "Bemerkung"),
        ("N°", "Constat", "Responsable", "Échéance", "Statut", "Commentaire"),
        ("番号", "件名", "担当者", "期限", "状態", "備考"),
        ("Código", "Título", "Responsable", "Fecha límite", "Estado", "Observaciones"),
    ],
)
def test_headers_in_other_languages_are_found(header: tuple[str, ...]) -> None:
    table = found(
        ("Liste 2024",),
        (),
        header,
        ("1", "Tür defekt", "A. Berg", date(2024, 5, 1), "offen", "x"),
        ("2", "Dach", "B", None, "zu", "y"),
    )
    assert (table.header_row, len(table.data_rows)) == (3, 2)


def test_a_sheet_without_any_names_has_no_table() -> None:
    assert find_tables(book(sheet((1, 2, 3), (4, 5, 6)))) == ()
    assert find_tables(book(RawSheet(name="Empty"))) == ()


def test_a_person_may_point_at_the_header() -> None:
    whole = book(sheet(("Alpha", "Beta"), ("a", "b"), HEADER, record(1)))
    assert table_at(whole, sheet="Sheet1", header_row=1).headers == (
        (1, "Alpha"),
        (2, "Beta"),
        (3, "(C)"),
        (4, "(D)"),
        (5, "(E)"),
    )
    assert table_at(whole, sheet="Sheet1").header_row == 3


@pytest.mark.parametrize(
    ("name", "row", "words"), [("Nope", 1, "no sheet"), ("Sheet1", 99, "blank"), ("Sheet1", 2, "blank")]
)
def test_pointing_at_nothing_is_stated(name: str, row: int, words: str) -> None:
    with pytest.raises(UsageProblem, match=words):
        table_at(book(sheet(HEADER, (), record(1))), sheet=name, header_row=row)


cells = st.one_of(
    st.none(), st.sampled_from(["Open", "Closed", "ID", "Title", "Total", "x", "https://a.b/c", " ", "Note:", "1.10"]),
    st.integers(-5, 50), st.booleans(), st.text(max_size=12), st.dates(),
)  # fmt: skip


@given(rows=st.lists(st.lists(cells, max_size=6).map(tuple), max_size=14), headed=st.booleans())
def test_every_filled_row_below_a_header_is_a_record_or_has_a_reason(
    *, rows: list[tuple[Cell, ...]], headed: bool
) -> None:
    made = sheet(HEADER, *rows) if headed else sheet((None,), *rows)
    for table in find_tables(book(made)):
        output = {row for row, _ in table.skipped}
        assert not output & set(table.data_rows)
        expected = {
            number
            for number, row in enumerate(made.rows, start=1)
            if number > table.header_rows[1]
            and any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row)
        }
        assert expected <= output | set(table.data_rows)


@pytest.mark.parametrize(
    "text", ["total" + " 1" * 16_000 + "x", "(" * 32_000, "1/" * 16_000, "#" * 32_000, "a" * 32_000]
)
def test_long_cells_do_not_stall_the_search(text: str) -> None:
    started = time.process_time()
    for table in find_tables(book(sheet(HEADER, (text,) * 5, (None, text), (text, text, "Ann", text, text)))):
        assert table.headers
    find_tables(book(sheet((text, "Title", "Status", "Owner", "Due"), record(1))))
    assert time.process_time() - started < 2
