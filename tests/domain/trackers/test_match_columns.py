"""Columns are proposed with a reason, and never invented."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.excel.similarity import similarity
from domain.errors import UsageProblem
from domain.trackers.cells import Cell, RawBook, RawSheet
from domain.trackers.find_table import find_tables
from domain.trackers.match_columns import (
    ColumnMatch,
    choose_columns,
    column_samples,
    header_fingerprint,
    match_columns,
)


def matched(*rows: tuple[Cell, ...]) -> dict[str, ColumnMatch]:
    book = RawBook(file_name="a.xlsx", sha256="0" * 64, kind="xlsx", sheets=(RawSheet(name="S", rows=rows),))
    table = find_tables(book)[0]
    return {match.field: match for match in match_columns(table, column_samples(book, table), similarity=similarity)}


def headers(*rows: tuple[Cell, ...]) -> dict[str, str]:
    return {field: match.header for field, match in matched(*rows).items() if match.header is not None}


FULL = (
    "CAPA No.",
    "Finding",
    "Details",
    "Responsible",
    "Due date",
    "Raised on",
    "Severity",
    "Prio",
    "Status",
    "Closed on",
    "Remarks",
)
ROW = (
    "C-1",
    "Door broken",
    "The door of the store is broken",
    "Ann",
    date(2024, 5, 1),
    date(2024, 4, 1),
    "High",
    1,
    "Open",
    None,
    "x",
)


def test_a_plain_register_is_matched_completely() -> None:
    assert headers(FULL, ROW) == {
        "key": "CAPA No.", "title": "Finding", "description": "Details", "owner": "Responsible", "due": "Due date",
        "raised": "Raised on", "severity": "Severity", "priority": "Prio", "status": "Status", "closed": "Closed on",
        "comments": "Remarks",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            ("Lfd. Nr.", "Feststellung", "Verantwortlich", "Fällig am", "Schweregrad", "Erledigt am", "Bemerkung"),
            ("key", "title", "owner", "due", "severity", "closed", "comments"),
        ),
        (
            ("N°", "Constat", "Responsable", "Échéance", "Gravité", "Date de clôture", "Commentaire"),
            ("key", "title", "owner", "due", "severity", "closed", "comments"),
        ),
        (
            ("管理番号", "件名", "担当者", "期限", "重要度", "完了日", "備考"),
            ("key", "title", "owner", "due", "severity", "closed", "comments"),
        ),
    ],
)
def test_headers_are_understood_in_other_languages(row: tuple[str, ...], expected: tuple[str, ...]) -> None:
    values = ("17", "Etwas ist kaputt", "Ann", date(2024, 5, 1), "hoch", None, "x")
    second = ("18", "Noch etwas anderes", "Bo", date(2024, 5, 2), "gering", date(2024, 6, 1), None)
    found = headers(row, values, second)
    assert {field: found.get(field) for field in expected} == dict(zip(expected, row, strict=True))


def test_a_typing_error_in_a_header_is_forgiven_and_stated() -> None:
    match = matched(
        ("ID", "Title", "Serverity", "Status"), ("1", "Door broken", "High", "Open"), ("2", "b c d", "Low", "Open")
    )["severity"]
    assert match.header == "Serverity"
    assert "nearly" in match.reason


def test_no_field_is_invented() -> None:
    found = headers(("ID", "Title", "Colour"), ("1", "Door broken", "red"), ("2", "Roof leaks", "blue"))
    assert found == {"key": "ID", "title": "Title"}


def test_a_date_of_a_state_is_not_the_state() -> None:
    found = headers(
        ("ID", "Title", "Status date"), ("1", "Door broken", date(2024, 1, 1)), ("2", "Roof leaks", date(2024, 1, 2))
    )
    assert "status" not in found


def test_closed_yes_or_no_is_a_state_and_no_date() -> None:
    found = headers(
        ("ID", "Title", "Closed"), ("1", "Door broken", "Yes"), ("2", "Roof leaks", "No"), ("3", "Lamp", "Yes")
    )
    assert "closed" not in found
    assert found["status"] == "Closed"


def test_the_column_of_unique_identifiers_is_the_key_whatever_its_header_states() -> None:
    guids = [f"7bc1c396-2461-4698-b57f-30ca6952525{digit}" for digit in "0123"]
    rows = [("Door broken here", "High", None, guid) for guid in guids]
    assert headers(("Checklist item", "Severity", "GUID", "Secure"), *rows)["key"] == "Secure"


def test_scheduled_completion_is_due_and_not_closed() -> None:
    found = headers(
        ("ID", "Title", "Scheduled completion date"), ("1", "a b c", date(2024, 1, 1)), ("2", "d e f", date(2024, 2, 1))
    )
    assert found == {"key": "ID", "title": "Title", "due": "Scheduled completion date"}


def test_a_band_over_the_header_gives_its_meaning() -> None:
    book = RawBook(
        file_name="a.xlsx", sha256="0" * 64, kind="xlsx",
        sheets=(
            RawSheet(
                name="S",
                rows=(
                    ("Finding", None, "Raised", None, "Closed", None),
                    ("ID", "Title", "Date", "By", "Date", "By"),
                    ("1", "Door broken", date(2024, 1, 1), "Ann", date(2024, 2, 1), "Bo"),
                    ("2", "Roof leaks", date(2024, 1, 2), "Ann", None, None),
                ),
                merged=tuple(merge(1, column, 1, column + 1) for column in (1, 3, 5)),
            ),
        ),
    )  # fmt: skip
    table = find_tables(book)[0]
    found = {m.field: m.column for m in match_columns(table, column_samples(book, table), similarity=similarity)}
    assert (found["raised"], found["closed"]) == (3, 5)


def merge(a: int, b: int, c: int, d: int) -> object:
    from domain.trackers.cells import MergedRange  # noqa: PLC0415

    return MergedRange(first_row=a, first_column=b, last_row=c, last_column=d)


def test_a_proposal_shows_sample_values() -> None:
    assert matched(FULL, ROW)["title"].examples == ("Door broken",)


def table_of(*rows: tuple[Cell, ...]) -> tuple[object, tuple[ColumnMatch, ...]]:
    book = RawBook(file_name="a.xlsx", sha256="0" * 64, kind="xlsx", sheets=(RawSheet(name="S", rows=rows),))
    table = find_tables(book)[0]
    return table, match_columns(table, column_samples(book, table), similarity=similarity)


def test_a_person_overrides_by_header_by_letter_or_with_nothing() -> None:
    table, proposals = table_of(FULL, ROW)
    chosen = choose_columns(table, proposals, {"owner": "Remarks", "comments": "c", "due": ""})
    found = {match.field: match.header for match in chosen}
    assert (found["owner"], found["comments"], found["due"], found["title"]) == ("Remarks", "Details", None, "Finding")


@pytest.mark.parametrize(
    ("mapping", "words"), [({"colour": "Finding"}, "no field"), ({"owner": "Nobody"}, "no column")]
)
def test_an_unknown_choice_is_refused_in_words(mapping: dict[str, str], words: str) -> None:
    table, proposals = table_of(FULL, ROW)
    with pytest.raises(UsageProblem, match=words):
        choose_columns(table, proposals, mapping)


def test_a_header_that_stands_twice_must_be_named_by_letter() -> None:
    table, proposals = table_of(
        ("ID", "Title", "Note", "Note"), ("1", "Door broken", "a", "b"), ("2", "Roof", "c", "d")
    )
    with pytest.raises(UsageProblem, match="2 columns") as caught:
        choose_columns(table, proposals, {"comments": "Note"})
    assert "C, D" in caught.value.remedy
    assert {m.field: m.column for m in choose_columns(table, proposals, {"comments": "D"})}["comments"] == 4


def test_the_fingerprint_of_a_header_ignores_case_and_spaces_but_not_order() -> None:
    one = header_fingerprint([(1, "Due Date"), (2, "Owner")])
    assert one == header_fingerprint([(2, " due  date"), (3, "OWNER")])
    assert one != header_fingerprint([(1, "Owner"), (2, "Due Date")])
