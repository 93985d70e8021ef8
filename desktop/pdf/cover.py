"""The first page: what this is, the verdict, the rules that were met, and the fingerprints to compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import segno

from desktop.pdf.moments import day, utc
from desktop.pdf.sheet import (
    ACCENT,
    INK,
    LEFT,
    QUIET,
    REFUSED,
    RIGHT,
    SMALL,
    TITLE,
    TOP,
    WASH,
    WIDTH,
    Box,
    Cells,
    Column,
    Sheet,
)
from desktop.pdf.typefaces import BOLD, SANS
from domain.closure.pack import ClosurePack, StandardLine
from domain.messages import Message, message, plural_message

QR_SIZE = 128.0
_QR_CAPACITY = 1600
"""Bytes that still print large enough to be read by a telephone."""
_CAUTION = Message(
    "Changes to entries covered by this checkpoint are detectable by anyone holding it. This page alone proves "
    "nothing: verify the file, and compare the root key fingerprint with one you got from the vault’s owner by "
    "another way."
)


def cover(sheet: Sheet, pack: ClosurePack, fingerprint: str) -> None:
    """Lay out the cover on the current page."""
    sheet.pages[-1].headings.append((message("Closure pack"), TOP))
    sheet.gap(2)
    sheet.y -= 10
    sheet.text(LEFT, sheet.y, message("CLOSURE PACK"), face=BOLD, size=SMALL, colour=ACCENT)
    sheet.y -= 6
    sheet.paragraph(pack.item.number, face=BOLD, size=TITLE)
    sheet.gap(1)
    sheet.paragraph(pack.item.title, size=12.0)
    sheet.gap(3)
    _verdict(sheet, pack)
    sheet.gap(4)
    _facts_and_code(sheet, pack, fingerprint)
    sheet.gap(2)
    _standard(sheet, pack)
    sheet.gap(3)
    sheet.need(40)
    sheet.paragraph(str(_CAUTION), size=SMALL, colour=QUIET)


def _verdict(sheet: Sheet, pack: ClosurePack) -> None:
    if pack.item.state == "cancelled":
        _box(
            sheet,
            message("Cancelled: ended without its outcome"),
            message("By {closed_by}. {summary}", closed_by=pack.item.closed_by, summary=pack.item.summary),
            QUIET,
        )
        return
    colour = ACCENT if pack.standard_met else REFUSED
    word = message("Closure standard met") if pack.standard_met else message("Closure standard NOT met")
    known = [line for line in pack.standard if line.known]
    met = sum(line.met for line in known)
    words = f"{pack.item.outcome or message('No outcome')}. "
    if pack.item.closed_by:
        words += message("Closed {day} by {closed_by}. ", day=day(pack.item.closed), closed_by=pack.item.closed_by)
    _box(
        sheet,
        word,
        plural_message(
            "{words}{met} of {count} rule met{not_shown}.",
            "{words}{met} of {count} rules met{not_shown}.",
            len(known),
            words=words,
            met=met,
            not_shown=_not_shown(pack),
        ),
        colour,
    )


def _not_shown(pack: ClosurePack) -> str:
    count = sum(not line.known for line in pack.standard)
    if not count:
        return ""
    return plural_message(
        "; {count} rests on items that are not in this pack", "; {count} rest on items that are not in this pack", count
    )


def _mark(line: StandardLine) -> str:
    if not line.known:
        return "?"
    return "✓" if line.met else "✗"


def _box(sheet: Sheet, word: str, words: str, colour: str) -> None:
    lines = sheet.lines(words, face=SANS, size=8.5, width=WIDTH - 32)
    height = 36 + 12 * len(lines)
    sheet.put(Box(LEFT, sheet.y - height, WIDTH, height, WASH))
    sheet.put(Box(LEFT, sheet.y - height, 4, height, colour))
    sheet.text(LEFT + 16, sheet.y - 20, word, face=BOLD, size=12.0, colour=colour)
    for number, line in enumerate(lines):
        sheet.mark_text(LEFT + 16, sheet.y - 36 - 12 * number, line, face=SANS, size=8.5, colour=INK)
    sheet.y -= height


def _facts_and_code(sheet: Sheet, pack: ClosurePack, fingerprint: str) -> None:
    top, item = sheet.y, pack.item
    _code(sheet, pack, RIGHT - QR_SIZE, top)
    width = WIDTH - QR_SIZE - 24
    sheet.facts(
        (
            (message("Vault"), pack.vault_name),
            (
                message("Process"),
                message("{title}, version {version}", title=pack.process.title, version=pack.process.version),
            ),
            (message("Owner"), item.owner),
            (message("Raised, due"), ", ".join(day(text) for text in (item.raised, item.due) if text)),
            (message("Checkpoint"), message("{checkpoint_size} entries", checkpoint_size=pack.checkpoint_size)),
            (
                message("Printed"),
                message(
                    "{utc} UTC (this computer’s clock), by {printed_by}",
                    utc=utc(pack.printed_at),
                    printed_by=pack.printed_by,
                ),
            ),
        ),
        width=width,
        label=76,
    )
    sheet.gap(1)
    sheet.mono(message("Root key"), pack.root_fingerprint, width=width, offset=76)
    sheet.mono(message("Log key"), pack.log_fingerprint, width=width, offset=76)
    sheet.mono(message("Checkpoint root"), pack.checkpoint_root, width=width, offset=76)
    sheet.mono(message("This pack"), fingerprint, width=width, offset=76)
    sheet.mono(message("Vault id"), pack.vault, width=width, offset=76)
    sheet.y = min(sheet.y, top - QR_SIZE - 16)


def _code(sheet: Sheet, pack: ClosurePack, x: float, top: float) -> None:
    """The checkpoint as a QR code, drawn as runs of squares."""
    if not pack.checkpoint:
        sheet.text(x, top - 12, message("NO CHECKPOINT: NOT VERIFIABLE"), face=BOLD, size=SMALL, colour=REFUSED)
        return
    if len(pack.checkpoint.encode()) > _QR_CAPACITY:
        sheet.text(x, top - 12, message("The checkpoint is printed under How to verify."), size=SMALL, colour=QUIET)
        return
    # The mask is fixed: choosing the prettiest of eight takes longer than printing the page, and any can be read.
    code = segno.make_qr(pack.checkpoint, error="l", boost_error=False, encoding="utf-8", mask=2)
    matrix = code.matrix
    runs = tuple(run for row, cells in enumerate(matrix) for run in _runs(row, cells))
    sheet.put(Cells(x, top, QR_SIZE / len(matrix), runs, INK))
    sheet.text(x, top - QR_SIZE - 10, message("The signed checkpoint, for keeping elsewhere"), size=5.5, colour=QUIET)


def _runs(row: int, cells: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """The runs of dark cells in a row: (column, row, length)."""
    column = 0
    for dark, run in groupby(cells, bool):
        length = len(list(run))
        if dark:
            yield column, row, length
        column += length


def _standard(sheet: Sheet, pack: ClosurePack) -> None:
    columns = (
        Column(title="", width=20),
        Column(title=message("Closure standard"), width=272),
        Column(title=message("As recorded"), width=WIDTH - 292, colour=QUIET),
    )
    sheet.table(columns, [(_mark(line), line.text, line.detail) for line in pack.standard])
