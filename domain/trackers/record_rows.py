"""Which rows below a header are records, and why each other row is not. No row disappears without a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Final

import msgspec

from domain.messages import Message
from domain.trackers.cells import Cell, MergedRange, RawSheet, is_blank, is_error
from domain.trackers.header_rows import Header, filled, known_fields
from domain.trackers.header_words import plain_header, word_score

GUIDANCE_ROWS: Final = 4
TOTAL: Final = re.compile(
    r"^\W*(?:(?:sub|grand|overall)?[\s-]*totals?|sum|summe|gesamt(?:summe)?|insgesamt|zwischensumme|somme|total général"
    r"|totale|totaal|suma|合計|総計|小計|итого|合计)\b[^a-z]*(?:open|closed|offen|count|items|records|rows)?\W*$",
    re.IGNORECASE,
)
FOOTER: Final = re.compile(
    r"^\W*(?:notes?|legend|key|remarks?|hinweis|legende|anmerkung|stand|version|prepared by|approved by|reviewed by"
    r"|page \d|seite \d|end of|last updated|source|quelle|confidential|vertraulich|©|printed|exported|generated"
    r"|légende|remarque|注)\b\s*[:.]?",
    re.IGNORECASE,
)
LINK: Final = re.compile(r"^(?:https?://|www\.|mailto:)\S+$", re.IGNORECASE)
KIND_OF_VALUE: Final = re.compile(
    r"^(?:free )?(?:text|date|number|numeric|string|integer|identifier|unique identifier|control number"
    r"|product name|name|yes[,/ ]+no.*|y/n|low, .*|high, .*|drop-?down.*|select.*|auto.*|mandatory|optional|required"
    r"|freitext|zahl|datum|texte|auswahl)$",
    re.IGNORECASE,
)
INSTRUCTION: Final = re.compile(
    r"^(?:enter|select|provide|describe|list|specify|identify|choose|state|give|insert|indicate|name of|date "
    r"|description of|whether|unique|person |who|what|when|how|the |any |general|information about|this |permanent|if "
    r"|e\.g|for example|example:|format|applicable|\[|<|\(#|bitte|hier|kurze|saisir|indiquer|décrire|optional"
    r"|vulnerability identifier|identifier|number of|type of|reason|short |brief|fill)"
    r"|\b(?:dd|mm)[/.-](?:mm|dd)[/.-]yy|\bxxxx\b",
    re.IGNORECASE,
)
LONGEST_TOTAL: Final = 60
RARE: Final = 0.2


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a table shown apart. `skipped` and `beside` carry the reason for a person."""

    rows: tuple[int, ...]
    skipped: tuple[tuple[int, Message], ...]


class _Frame(msgspec.Struct, frozen=True):
    """What does not change from row to row."""

    columns: tuple[int, ...]
    key: int
    title: int
    description: int
    headers: dict[int, str]
    dates: tuple[int, ...]


def describe_rows(sheet: RawSheet, header: Header, columns: Sequence[int], *, end: int) -> Records:
    """Judge every row from below the header to row `end` (inclusive)."""
    frame = _frame(header, columns)
    covered = _continuations(sheet, header, frame)
    rows: list[int] = []
    skipped: dict[int, Message] = {}
    doubtful: list[tuple[int, dict[int, Cell]]] = []
    key, title = frame.key - 1, frame.title - 1
    for number in range(header.last + 1, end + 1):
        row = sheet.rows[number - 1]
        if (
            key >= 0
            and title >= 0
            and key != title
            and number > header.last + GUIDANCE_ROWS
            and row[key] is not None
            and isinstance(row[title], str)
            and number not in covered
            and _plainly_a_record(row[key], row[title], frame)
        ):
            rows.append(number)
            continue
        cells = filled(row)
        if not cells:
            continue
        own = {column: cell for column, cell in cells.items() if column in frame.headers}
        reason = _reason(number, own, frame, covered, is_first=not rows and number <= header.last + GUIDANCE_ROWS)
        if reason:
            skipped[number] = reason
        elif _is_doubtful(own, frame):
            doubtful.append((number, own))
        else:
            rows.append(number)
    _resolve(sheet, frame, rows, skipped, doubtful)
    for number in range(header.row + 1, header.last + 1):
        if filled(sheet.rows[number - 1]):
            skipped[number] = Message("record_rows.part_of_the_header")
    return Records(rows=tuple(sorted(rows)), skipped=tuple(sorted(skipped.items())))


def _frame(header: Header, columns: Sequence[int]) -> _Frame:
    def best(field: str, taken: set[int], *, least: float = 0.5) -> int:
        scores = {c: word_score(field, header.texts.get(c, ""))[0] for c in columns if c not in taken}
        column = max(scores, key=lambda c: (scores[c], -c), default=0)
        return column if column and scores[column] >= least else 0

    key = best("key", set(), least=0.6)
    title = best("title", {key})
    description = best("description", {key, title})
    if not title:
        title, description = description or (0 if key else min(columns)), 0
    dates = tuple(c for c in columns if {"date", "datum"} & set(plain_header(header.texts.get(c, "")).split()))
    headers = {column: header.texts.get(column, "") for column in columns}
    return _Frame(columns=tuple(columns), key=key, title=title, description=description, headers=headers, dates=dates)


def _continuations(sheet: RawSheet, header: Header, frame: _Frame) -> dict[int, int]:
    """Rows that belong to the record above because its id or title is merged down over them."""
    identity = {frame.key, frame.title} - {0}
    found: dict[int, int] = {}
    for merge in sheet.merged:
        if merge.first_row > header.last and merge.last_row > merge.first_row and merge.first_column in identity:
            found.update(dict.fromkeys(range(merge.first_row + 1, merge.last_row + 1), merge.first_row))
    return found


def _plainly_a_record(key: Cell, title: Cell, frame: _Frame) -> bool:
    return (
        not is_blank(key)
        and not is_blank(title)
        and title != frame.headers[frame.title]
        and not (isinstance(key, str) and _states_total(key))
    )


def _reason(
    number: int, own: Mapping[int, Cell], frame: _Frame, covered: Mapping[int, int], *, is_first: bool
) -> Message | None:
    """Why the row is no record, as far as the row alone can say; empty when it may be one."""
    if not own:
        return Message("record_rows.only_notes_beside_the")
    if number in covered:
        return Message("record_rows.continues_row_cells_merged", covered=covered[number])
    if sum(cell == frame.headers[column] for column, cell in own.items()) >= max(2, 0.6 * len(own)):
        return Message("record_rows.repeats_the_header")
    if _is_total(own, frame):
        return Message("record_rows.totals")
    if is_first and _is_guidance(own, frame):
        return Message("record_rows.guidance_for_filling_in")
    return _emptiness(own, frame)


def _emptiness(own: Mapping[int, Cell], frame: _Frame) -> Message | None:
    """Why the cells of the row add up to nothing."""
    solid = {column: cell for column, cell in own.items() if not _is_weightless(cell, frame.headers[column])}
    if not solid:
        return Message("record_rows.no_entry_only_zeros")
    if set(solid) == {frame.key} and not _is_phrase(solid[frame.key]):
        return Message("record_rows.only_an_id_no")
    if len(solid) <= 3 and all(isinstance(cell, str) and LINK.match(cell.strip()) for cell in solid.values()):
        return Message("record_rows.only_links_left_over")
    return None


def _is_phrase(cell: Cell) -> bool:
    """More than one word: a heading or a note, not an id."""
    return isinstance(cell, str) and len(cell.split()) > 1


def _is_weightless(cell: Cell, header: str) -> bool:
    if isinstance(cell, str):
        text = cell.strip()
        return not text.strip("-–—_. ") or is_error(text) or text == header.strip()
    if isinstance(cell, time | timedelta):
        return not cell or cell == time(0, 0)
    return cell == 0


def _states_total(text: str) -> bool:
    return len(text) <= LONGEST_TOTAL and TOTAL.match(text) is not None


def _is_total(own: Mapping[int, Cell], frame: _Frame) -> bool:
    texts = [(column, cell.strip()) for column, cell in own.items() if isinstance(cell, str) and cell.strip("- ")]
    if not any(_states_total(text) for _, text in texts[:2]):
        return False
    others = [column for column, text in texts if not _states_total(text)]
    return len(others) <= 1 and not (frame.key in own and not _states_total(str(own[frame.key])) and len(own) > 3)


def _is_guidance(own: Mapping[int, Cell], frame: _Frame) -> bool:
    """Most cells explain what to enter, and none is a number or a date."""
    if len(own) < 3 or any(
        isinstance(cell, int | float | date) and not isinstance(cell, bool) for cell in own.values()
    ):
        return False
    texts = {column: cell.strip() for column, cell in own.items() if isinstance(cell, str)}
    explaining = sum(
        bool(
            KIND_OF_VALUE.match(text)
            or INSTRUCTION.search(text)
            or (column in frame.dates and len(text) > 12 and not re.search(r"\d", text))
        )
        for column, text in texts.items()
    )
    return explaining >= max(2, 0.5 * len(own))


def _is_doubtful(own: Mapping[int, Cell], frame: _Frame) -> bool:
    """Rows whose judgement needs the other rows: a lone cell, or neither title nor description."""
    if set(own) == {frame.key} or (len(own) <= 2 and frame.key not in own):
        return True
    return bool(frame.title) and frame.title not in own and frame.description not in own


def _resolve(
    sheet: RawSheet,
    frame: _Frame,
    rows: list[int],
    skipped: dict[int, Message],
    doubtful: Sequence[tuple[int, dict[int, Cell]]],
) -> None:
    """Judge the doubtful rows by their company."""
    alike = Counter(_signature(own, frame) for _, own in doubtful)
    lone = [number for number, own in doubtful if set(own) == {frame.title}]
    lone_is_usual = len(lone) >= RARE * (len(rows) + len(doubtful))
    last_sure = rows[-1] if rows else 0
    wide = {merge.first_row for merge in sheet.merged if merge.first_row == merge.last_row and _spans(merge, frame)}
    for number, own in doubtful:
        texts = [cell for cell in own.values() if isinstance(cell, str)]
        if set(own) == {frame.key} or (len(own) == 1 and number in wide):
            skipped[number] = Message("record_rows.section_heading")
        elif len(own) <= 2 and texts and number > last_sure and (FOOTER.match(texts[0]) or len(texts[0]) > 200):
            skipped[number] = Message("record_rows.footer_note")
        elif frame.title in own:
            is_heading = len(own) == 1 and not lone_is_usual and (frame.key or _looks_like_heading(texts))
            if is_heading:
                skipped[number] = Message("record_rows.section_heading")
            else:
                rows.append(number)
        elif len(own) == 1 and texts and min(own) == min(frame.columns) and len(frame.columns) > 2:
            skipped[number] = Message("record_rows.section_heading")
        elif alike[_signature(own, frame)] >= 3:
            skipped[number] = Message("record_rows.pre_filled_row_without")
        else:
            rows.append(number)
    end = max(rows, default=0)
    for number, reason in list(skipped.items()):
        if reason == Message("record_rows.section_heading") and number > end:
            skipped[number] = Message("record_rows.footer_note")


def _spans(merge: MergedRange, frame: _Frame) -> bool:
    return sum(merge.first_column <= column <= merge.last_column for column in frame.columns) >= 2


def _looks_like_heading(texts: Sequence[str]) -> bool:
    text = texts[0].strip() if texts else ""
    return bool(text) and (
        text.isupper() or text.endswith(":") or bool(re.match(r"^(?:\d+|[IVX]+|[A-Z])[.)]\s+\S", text))
    )


def _signature(own: Mapping[int, Cell], frame: _Frame) -> tuple[tuple[int, Cell], ...]:
    return tuple(
        (column, cell)
        for column, cell in own.items()
        if column != frame.key and not _is_weightless(cell, frame.headers[column])
    )


def is_header_of_another_table(texts: Mapping[int, str], header: Header) -> bool:
    """Whether a row of texts below a table opens a new one rather than repeating or filling the old."""
    fields = known_fields(texts)
    names = {text.strip().casefold() for text in header.texts.values()}
    repeated = sum(text.strip().casefold() in names for text in texts.values())
    return (
        len(texts) >= 3
        and len(fields) >= 2
        and sum(fields.values()) >= 0.5 * len(texts)
        and repeated < 0.6 * len(texts)
    )
