"""Values of a column are read strictly: what is doubtful is reported and never guessed."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.trackers.cells import Cell, cell_address, column_letter, column_number, text_of
from domain.trackers.read_values import (
    date_order,
    looks_like_date,
    read_date,
    read_person,
    read_severity,
    read_text,
    state_of,
)

PLAUSIBLE = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "4.3.2024", "04.03.2024", "4.3.24", "2024-03-04", "2024/03/04", "2024-03-04T22:17:52.76+00:00",
        "2024-03-04 13:00", "4 March 2024", "4. März 2024", "04-Mar-2024", "March 4, 2024",
        "4 mars 2024", "4 de marzo de 2024",
        "2024年3月4日", "20240304", "45355", "Mon, 4 Mar 2024", " 4.3.2024 ", "04/03/2024 08:15",
    ],
)  # fmt: skip
def test_every_usual_spelling_of_a_day_is_read(written: str) -> None:
    assert read_date(written, day_first=True).iso == "2024-03-04"


@pytest.mark.parametrize("cell", [date(2024, 3, 4), datetime(2024, 3, 4, 13), 45355, 45355.5])  # noqa: DTZ001
def test_real_dates_and_day_numbers_are_read(cell: Cell) -> None:
    assert read_date(cell, day_first=None).iso == "2024-03-04"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Q2", "not a date"), ("asap", "not a date"), ("31.02.2024", "does not exist"),
        ("13/25/2024", "does not exist"), (date(3000, 1, 1), "year 3000"), ("01.01.1785",
        "year 1785"), (7, "a number"), (True, "not a date"),
        ("#REF!", "error #REF!"), ("see 4.3.2024", "not a date"), ("1.10", "not a date"), ("MM/DD/YY", "not a date"),
    ],
)  # fmt: skip
def test_what_is_no_plausible_day_is_a_problem_and_no_date(cell: Cell, reason: str) -> None:
    reading = read_date(cell, day_first=True)
    assert reading.iso is None
    assert reading.problem is not None
    assert reason in reading.problem


@pytest.mark.parametrize("cell", [None, "", "  ", "n/a", "N/A", "-", "none"])
def test_nothing_is_nothing_and_no_problem(cell: Cell) -> None:
    assert (read_date(cell, day_first=None).iso, read_date(cell, day_first=None).problem) == (None, None)


@pytest.mark.parametrize(
    ("column", "day_first", "ambiguous"),
    [
        (["03/04/2024", "25/04/2024"], True, False),
        (["03/04/2024", "04/25/2024"], False, False),
        (["03/04/2024", "05/06/2024"], None, True),
        (["03.04.2024", "2024-01-02", date(2024, 1, 1)], None, False),
        (["03/03/2024"], None, False),
        ([], None, False),
    ],
)
def test_the_whole_column_decides_the_order(column: list[Cell], day_first: bool | None, ambiguous: bool) -> None:  # noqa: FBT001
    order = date_order(column)
    assert (order.day_first, order.ambiguous) == (day_first, ambiguous)


def test_a_column_that_contradicts_itself_states_so_with_both_examples() -> None:
    order = date_order(["25/04/2024", "04/25/2024", "01/02/2024"])
    assert (order.contradictory, order.day_first, order.examples) == (True, None, (0, 1, 2))


def test_a_day_that_fits_both_ways_is_not_guessed() -> None:
    assert read_date("03/04/2024", day_first=None).problem == "can be read day first and month first"
    assert read_date("03/03/2024", day_first=None).iso == "2024-03-03"


@given(PLAUSIBLE, st.booleans())
def test_a_written_day_reads_back_as_itself(day: date, first: bool) -> None:  # noqa: FBT001
    slashed = f"{day.day}/{day.month}/{day.year}" if first else f"{day.month}/{day.day}/{day.year}"
    for written in (
        slashed,
        f"{day.day}.{day.month}.{day.year}",
        day.isoformat(),
        f"{day:%d %b %Y}",
        f"{day:%B %d, %Y}",
    ):
        assert read_date(written, day_first=first).iso == day.isoformat()


@given(
    st.one_of(
        st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.timedeltas(), st.datetimes(), st.none()
    )
)
def test_any_cell_ends_in_a_date_a_problem_or_nothing(cell: Cell) -> None:
    reading = read_date(cell, day_first=None)
    assert reading.iso is None or reading.problem is None
    if reading.iso is not None:
        assert 1900 <= date.fromisoformat(reading.iso).year <= 2200
    assert looks_like_date(cell) in {True, False}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("High", "high"), (" major ", "high"), ("1 - Critical", "critical"), ("MINOR", "low"), ("mittel", "medium"),
        ("高い", "high"), ("Observation", "note"), ("4", "4"), ("Highly unusual", "Highly unusual"),
        ("n/a", None), (None, None),
    ],
)  # fmt: skip
def test_grades_are_brought_to_one_spelling_when_the_whole_cell_is_one(written: Cell, meant: str | None) -> None:
    assert read_severity(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Closed", "closed"), ("done.", "closed"), ("compliant", "closed"), ("Non-compliant", "open"),
        ("OPEN ", "open"), ("in Progress", "working"), ("erledigt", "closed"), ("未確認", "open"),
        ("opened by mistake", None),
        (None, None),
    ],
)  # fmt: skip
def test_states_are_known_by_whole_words_only(written: Cell, meant: str | None) -> None:
    assert state_of(written) == meant


def test_names_are_put_on_one_line() -> None:
    assert read_person("  Ingrid \n Solberg ,") == "Ingrid Solberg"
    assert read_person("N/A") is None


def test_text_keeps_its_lines_and_loses_control_characters() -> None:
    assert read_text(" a\r\nb\x07\rc ") == "a\nb\nc"
    assert read_text(12) == "12"
    assert read_text("   ") is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("1.10", "1.10"),
        (1.1, "1.1"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (date(2024, 3, 4), "2024-03-04"),
        (None, ""),
    ],
)
def test_ids_and_numbers_become_text_without_noise(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@given(st.integers(min_value=1, max_value=20_000), st.integers(min_value=1, max_value=1_048_576))
def test_addresses_and_letters_are_inverse(column: int, row: int) -> None:
    letters = column_letter(column)
    assert column_number(letters) == column
    assert cell_address(row=row, column=column) == f"{letters}{row}"


@pytest.mark.parametrize("text", ["1/" * 16_000, "1" * 32_000, "mar " * 8_000, " " * 32_000 + "x", "-" * 32_000 + "1"])
def test_long_cells_do_not_stall_the_readers(text: str) -> None:
    started = time.process_time()
    assert read_date(text, day_first=None).iso is None
    assert not date_order([text]).ambiguous
    assert not looks_like_date(text)
    read_severity(text)
    state_of(text)
    read_person(text)
    assert time.process_time() - started < 1
