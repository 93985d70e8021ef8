"""Make the sample tracker: an invented register of a small plant, as untidy as the ones people really keep.

Run it to write `sample_tracker.xlsx` beside this file; the same bytes come out every time. What is in it on
purpose: two title rows, a merged header of two rows, dates typed in five ways (day first), states and owners
spelt differently, ids used twice, one row entered twice, headings, blank rows, totals, a footer, a hidden sheet.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]

TARGET: Final = Path(__file__).with_name("sample_tracker.xlsx")
SEED: Final = 20_240_304
RECORDS: Final = 324
REFERENCE_DAY: Final = date(2026, 6, 30)
"""States and due dates are written as seen on this day."""

BANDS: Final = (
    ("Finding", 0, 5),
    ("Grading", 6, 7),
    ("Handling", 8, 11),
    ("Money (EUR)", 12, 13),
)
HEADERS: Final = (
    "CAPA No.", "Area", "Finding", "Details", "Source", "Raised on",
    "Severity", "Priority", "Action owner", "Due date", "Status", "Closed on",
    "Cost", "Yearly saving", "Remarks",
)  # fmt: skip
AREAS: Final = (
    ("A", "Receiving and storage"),
    ("B", "Weighing and mixing"),
    ("C", "Filling line 1"),
    ("D", "Filling line 2"),
    ("E", "Laboratory"),
    ("F", "Maintenance and calibration"),
)
OWNERS: Final = (
    ("Ingrid Solberg", ("Ingrid Solberg", "I. Solberg", "Solberg, Ingrid", "ingrid solberg ", "Ingrid  Solberg")),
    ("Tomasz Wilk", ("Tomasz Wilk", "T. Wilk", "Wilk", "Tomasz Wilk ")),
    ("Amara Diallo", ("Amara Diallo", "A. Diallo", "Diallo Amara", "amara diallo")),
    ("Rui Tavares", ("Rui Tavares", "Rui T.", "R. Tavares")),
    ("Hanne Lindqvist", ("Hanne Lindqvist", "H. Lindqvist", "Hanne Lindquist")),
    ("Pavel Dvorak", ("Pavel Dvořák", "Pavel Dvorak", "P. Dvorak")),
    ("Yuki Arai", ("Yuki Arai", "Arai Yuki", "Y. Arai")),
)
STATES: Final = {
    "open": ("Open", "open", "OPEN", "opened", "Open "),
    "working": ("In progress", "in Progress", "ongoing", "WIP", "started"),
    "waiting": ("On hold", "waiting", "Pending"),
    "closed": ("Closed", "closed", "Done", "done.", "Completed", "CLOSED"),
    "cancelled": ("Cancelled", "canceled", "Void"),
}
SEVERITIES: Final = ("Critical", "Major", "major", "Minor", "minor", "High", "Medium", "Low", "Observation")
SOURCES: Final = ("Internal audit", "Customer complaint", "Supplier audit", "Self-inspection", "Deviation", "Regulator")
THINGS: Final = (
    "balance", "cold store", "label printer", "filling nozzle", "torque gauge", "pallet scale", "dust filter",
    "batch record", "cleaning log", "incubator", "pressure relief valve", "forklift lane", "sample fridge",
    "shift hand-over sheet", "material release form", "reagent shelf", "spare parts list", "conveyor guard",
)  # fmt: skip
FAULTS: Final = (
    (
        "{thing} without valid calibration label",
        "The {thing} in {area} carried no valid label on the day of the walk-through.",
    ),
    ("Entries missing for {thing}", "Two shifts left the record of the {thing} blank; nobody noticed for a week."),
    ("{thing} cleaned later than planned", "Cleaning of the {thing} was due every Friday and slipped by several days."),
    (
        "Unclear responsibility for {thing}",
        "Neither shift nor maintenance in {area} sees itself in charge of the {thing}.",
    ),
    ("Outdated instruction at {thing}", "The copy beside the {thing} is two versions behind the one in force."),
    (
        "Temperature of {thing} outside limits",
        "Logger shows three excursions.\nProduct in {area} was assessed and released.",
    ),
    ("Repeated stoppage caused by {thing}", "The {thing} stopped the line again; the earlier fix did not last."),
    ("Near miss at {thing}", "A colleague slipped beside the {thing}. No injury."),
)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
REMARKS: Final = ("see mail", "check again next audit", "waiting for quote", "repeat finding?", "photo on share", "")


def main() -> None:
    """Write the workbook."""
    random.seed(SEED)
    book = xlsxwriter.Workbook(str(TARGET), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "CAPA list", "author": "Quality office", "created": datetime(2026, 6, 30)})  # noqa: DTZ001
    sheet = book.add_worksheet("CAPA list")
    styles = {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "head": book.add_format(
            {"bold": True, "bg_color": "#D9E1F2", "border": 1, "align": "center", "text_wrap": True}
        ),
        "date": book.add_format({"num_format": "dd.mm.yyyy"}),
        "section": book.add_format({"bold": True, "bg_color": "#EEEEEE"}),
        "money": book.add_format({"num_format": "#,##0"}),
    }
    sheet.write(0, 0, "Corrective and preventive actions: Ferrow Foods, Plant North", styles["title"])
    sheet.write(1, 0, "Kept by the quality office. Please do not delete rows! Last tidied: sometime in spring")
    _header(sheet, styles)
    last = _records(sheet, styles)
    sheet.write(last + 1, 0, "Total")
    sheet.write_formula(last + 1, 12, f"=SUM(M5:M{last + 1})", styles["money"], 0)
    sheet.write_formula(last + 1, 13, f"=SUM(N5:N{last + 1})", styles["money"], 0)
    sheet.write(last + 3, 0, "Note: yellow = ask Ingrid before closing. Older entries are in the binder in room 2.14.")
    sheet.set_column(0, 0, 12)
    sheet.set_column(2, 3, 40)
    sheet.freeze_panes(4, 0)
    _lists(book)
    book.close()
    print(f"{TARGET.name}: {RECORDS} records")


def _header(sheet: Any, styles: dict[str, Any]) -> None:
    for name, first, last in BANDS:
        sheet.merge_range(2, first, 2, last, name, styles["head"])
    for column, name in enumerate(HEADERS[:-1]):
        sheet.write(3, column, name, styles["head"])
    sheet.merge_range(2, 14, 3, 14, HEADERS[14], styles["head"])


def _records(sheet: Any, styles: dict[str, Any]) -> int:
    """All sections; returns the last row used (from zero)."""
    row, number = 3, 0
    per_area = RECORDS // len(AREAS)
    kept: list[Any] = []
    for letter, area in AREAS:
        row += 1
        sheet.merge_range(row, 0, row, 5, f"{letter}. {area}", styles["section"])
        for place in range(per_area):
            number += 1
            row += 1
            if place and place % 23 == 0:
                row += 1  # somebody left a line blank
            values = _record(number, area)
            if number in {58, 141, 233}:
                values[0] = f"CAPA-{number - 1:04d}"  # the same id given to two findings
            if number == 57:
                kept = list(values)
            if number == 190:
                values = kept  # one row pasted a second time
            _write(sheet, row, values, styles)
        row += 1
    return row - 1


def _record(number: int, area: str) -> list[Any]:
    raised = date(2024, 2, 1) + timedelta(days=int(number * 2.4) + random.randrange(5))
    due = raised + timedelta(days=random.choice((14, 30, 45, 60, 90)))
    state = _state(raised, due)
    closed = raised + timedelta(days=random.randrange(10, 80)) if state == "closed" else None
    thing = random.choice(THINGS)
    title, details = random.choice(FAULTS)
    title = title.format(thing=thing)
    return [
        f"CAPA-{number:04d}",
        area,
        title[0].upper() + title[1:],
        details.format(thing=thing, area=area.lower()) if random.random() < 0.9 else None,
        random.choice(SOURCES),
        _typed(raised),
        random.choice(SEVERITIES),
        random.choice((1, 2, 3, 3, 2, "high", None)),
        random.choice(random.choice(OWNERS)[1]) if random.random() < 0.96 else None,
        _typed(due) if random.random() < 0.97 else random.choice(("Q3", "asap", "n/a")),
        random.choice(STATES[state]),
        _typed(closed) if closed else None,
        random.randrange(2, 90) * 50 if random.random() < 0.5 else None,
        random.randrange(1, 60) * 100 if random.random() < 0.25 else None,
        random.choice(REMARKS) or None,
    ]


def _state(raised: date, due: date) -> str:
    if due < REFERENCE_DAY - timedelta(days=200):
        return random.choices(("closed", "cancelled", "open"), (88, 8, 4))[0]
    if raised > REFERENCE_DAY - timedelta(days=30):
        return random.choices(("open", "working"), (80, 20))[0]
    return random.choices(("open", "working", "waiting", "closed"), (25, 35, 15, 25))[0]


def _typed(day: date) -> date | str:
    """The day as somebody typed it: mostly a real date, sometimes text, always day before month."""
    style = random.random()
    if style < 0.62:
        return day
    if style < 0.75:
        return f"{day.day}.{day.month}.{day.year}"
    if style < 0.87:
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    if style < 0.94:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.day:02d}/{day.month:02d}/{day.year % 100:02d}"


def _write(sheet: Any, row: int, values: list[Any], styles: dict[str, Any]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, styles["date"])
        elif value is not None:
            sheet.write(row, column, value, styles["money"] if column in {12, 13} else None)


def _lists(book: Any) -> None:
    lists = book.add_worksheet("Lists")
    lists.write_row(0, 0, ("Status", "Severity", "Source"))
    lists.write_column(1, 0, ("Open", "In progress", "On hold", "Closed", "Cancelled"))
    lists.write_column(1, 1, ("Critical", "Major", "Minor", "Observation"))
    lists.write_column(1, 2, SOURCES)
    lists.hide()


if __name__ == "__main__":
    main()
