"""Trackers spoiled the way people, exports and attackers spoil them: structure first, then single cells."""

from __future__ import annotations

import random
import time
from datetime import date, datetime
from datetime import time as day_time

import msgspec

from desktop.excel.similarity import similarity
from domain.errors import CountersignError
from domain.trackers.cells import Cell, MergedRange, RawBook, RawSheet
from domain.trackers.find_table import find_tables
from domain.trackers.match_columns import column_samples, match_columns
from domain.trackers.plan import ImportPlan, PlanOptions, make_plan

Rows = list[list[Cell]]
ODD: tuple[Cell, ...] = (
    None,
    "",
    " ",
    "\u00a0",
    "N/A",
    "TBC",
    "-",
    "see mail",
    "#REF!",
    '=HYPERLINK("x")',
    "'03/04/24",
    "03/04/24",
    "4.3.2024",
    "31.02.2024",
    "0000-00-00",
    "Q2",
    45355.0,
    45355,
    -1,
    1e308,
    -0.0,
    float("inf"),
    float("nan"),
    2**70,
    True,
    date(1900, 1, 1),
    datetime(9999, 12, 31, 23, 59, 59),  # noqa: DTZ001 (a workbook's times have no zone)
    day_time(23, 59),
    "\u202egnp.exe",
    "a\x00b",
    "\r\n\r\n",
    "x" * 32_767,
    "e\u0301" * 200,
    "١٢/٠٣/٢٠٢٤",
    "Ⅻ",
    "closed",
    "geschlossen",
    "Overdue!!",
)


def spoiled(base: Rows, chance: random.Random) -> RawBook:
    """A workbook whose sheets are the base with several things done to it."""
    sheets = []
    for n in range(chance.choice((1, 1, 1, 2, 3))):
        rows = [list(row) for row in base]
        for _ in range(chance.randrange(1, 8)):
            chance.choice(_WAYS)(rows, chance)
        width = max((len(row) for row in rows), default=0)
        rows = [[*row, *[None] * (width - len(row))] for row in rows]  # as the reader hands them over
        merged = tuple(_merged(rows, chance) for _ in range(chance.choice((0, 0, 1, 3))))
        sheets.append(
            RawSheet(
                name=chance.choice((f"Sheet {n}", "", "Übersicht", "x" * 40)) + str(n),
                rows=tuple(tuple(row) for row in rows),
                merged=merged,
                visible=chance.random() < 0.9,
            )
        )
    return RawBook(file_name="spoiled.xlsx", sha256="0" * 64, kind="xlsx", sheets=tuple(sheets))


def imported(book: RawBook) -> ImportPlan | CountersignError:
    """What the importer makes of it: a plan, or one of our refusals; anything else is raised."""
    try:
        tables = find_tables(book)
        plan = None
        for table in tables[:2]:
            matches = match_columns(table, column_samples(book, table), similarity=similarity)
            plan = make_plan(book, table, matches, existing=None, options=PlanOptions(day_first=None))
            msgspec.json.encode([row.values for row in plan.new])
        return plan if plan is not None else CountersignError("no table")
    except CountersignError as problem:
        return problem


class Spoiling(msgspec.Struct):
    """What came of many spoiled workbooks: plans, refusals, and the slowest in seconds."""

    plans: int = 0
    refusals: int = 0
    rows: int = 0
    slowest: float = 0.0
    errors: list[str] = []


def spoil_many(bases: list[Rows], *, count: int, seed: int) -> Spoiling:
    """Spoil and import so many; what escapes is collected with the seed that makes it again."""
    found = Spoiling()
    for n in range(count):
        name = f"{seed}-{n}"
        chance = random.Random(name)
        book = spoiled(chance.choice(bases), chance)
        began = time.perf_counter()
        try:
            outcome = imported(book)
        except Exception as problem:  # noqa: BLE001 (what is looked for: anything that is not one of our refusals)
            found.errors.append(f"seed {name}: {type(problem).__name__}: {problem}"[:300])
            continue
        found.slowest = max(found.slowest, time.perf_counter() - began)
        if isinstance(outcome, CountersignError):
            found.refusals += 1
        else:
            found.plans += 1
            found.rows += len(outcome.new)
    return found


def _merged(rows: Rows, chance: random.Random) -> MergedRange:
    first, left = chance.randrange(1, len(rows) + 2), chance.randrange(1, 12)
    return MergedRange(
        first_row=first, last_row=first + chance.randrange(3), first_column=left, last_column=left + chance.randrange(4)
    )


def _odd_cells(rows: Rows, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 30)):
        row = chance.choice(rows) if rows else []
        if row:
            row[chance.randrange(len(row))] = chance.choice(ODD)


def _odd_column(rows: Rows, chance: random.Random) -> None:
    column, cell = chance.randrange(12), chance.choice(ODD)
    for row in rows[chance.randrange(1, 4) :]:
        if column < len(row):
            row[column] = cell if chance.random() < 0.7 else chance.choice(ODD)


def _odd_header(rows: Rows, chance: random.Random) -> None:
    for row in rows[:3]:
        for column in range(len(row)):
            if chance.random() < 0.3:
                row[column] = chance.choice(("", "Title", "Title", "Datum", "Due", "ID", None, 7, "Σ", "x" * 5000))


def _titles_above(rows: Rows, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 6)):
        rows.insert(0, [chance.choice(("Tracker of findings", None, "as of", date(2024, 5, 1), "")), None])


def _gaps(rows: Rows, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 8)):
        rows.insert(chance.randrange(len(rows) + 1), [None] * chance.randrange(0, 12))


def _ragged(rows: Rows, chance: random.Random) -> None:
    for row in rows:
        if chance.random() < 0.2:
            del row[chance.randrange(len(row) + 1) :]
        elif chance.random() < 0.2:
            row.extend(chance.choice(ODD) for _ in range(chance.randrange(20)))


def _doubled(rows: Rows, chance: random.Random) -> None:
    if rows:
        rows.extend(list(chance.choice(rows)) for _ in range(chance.randrange(1, 10)))


def _columns_moved(rows: Rows, chance: random.Random) -> None:
    by = chance.randrange(1, 6)
    for row in rows:
        row[:0] = [None] * by


def _cut(rows: Rows, chance: random.Random) -> None:
    del rows[chance.randrange(len(rows) + 1) :]


def _turned(rows: Rows, _chance: random.Random) -> None:
    width = max((len(row) for row in rows), default=0)
    rows[:] = [[row[column] if column < len(row) else None for row in rows] for column in range(width)]


_WAYS = (
    _odd_cells,
    _odd_cells,
    _odd_column,
    _odd_header,
    _titles_above,
    _gaps,
    _ragged,
    _doubled,
    _columns_moved,
    _cut,
    _turned,
)


def base_sheets() -> list[Rows]:
    """Fifty sheets of the shapes that trackers have: widths, header words of several languages, value styles."""
    chance = random.Random(50)
    heads = (
        ("ID", "Title", "Description", "Owner", "Due date", "Severity", "Status", "Site"),
        ("Nr.", "Titel", "Beschreibung", "Verantwortlich", "Fällig", "Schwere", "Status"),
        ("Réf.", "Titre", "Responsable", "Échéance", "Gravité", "État"),
        ("No", "Finding", "Root cause", "Action", "Who", "When", "Done?", "Remarks", "Evidence"),
        ("Ref", "Issue", "Raised", "Raised by", "Priority", "Closed on"),
    )
    sheets = []
    for n in range(50):
        head = heads[n % len(heads)]
        rows: Rows = [list(head)]
        for row in range(chance.randrange(3, 40)):
            day = date(2024, 1 + row % 12, 1 + row % 28)
            due: Cell = (day, day.isoformat(), day.strftime("%d.%m.%Y"), 45292.0 + row)[n % 4]
            cells: list[Cell] = [f"F-{row}", f"Label torn {row}", "Found on the line", "Ann Lee", due, "Major", "open"]
            rows.append([*cells, *("more",) * len(head)][: len(head)])
        sheets.append(rows)
    return sheets
