"""What all reports share: a head that says of which vault and on what proof, and a frame on every page.

A report is a copy that nobody keeps up to date: every page says so. It carries a signed checkpoint, so that whoever
holds the paper can show later that the log was not cut or rewritten since. It is no closure pack and has no layout
that must stay as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from desktop.pdf.draw import draw_pages
from desktop.pdf.moments import utc
from desktop.pdf.sheet import HAIRLINE, LEFT, QUIET, RIGHT, TITLE, WIDTH, Box, Mark, Sheet, Text
from desktop.pdf.typefaces import BOLD, MONO, SANS, printable, typefaces
from domain.messages import Message, message

_EDGE = 6.5
_UNCONTROLLED = Message("Uncontrolled copy: only the vault is kept up to date.")


class ReportHead(msgspec.Struct, frozen=True, kw_only=True):
    """Of which vault a report speaks, who printed it when (ISO UTC) with which program, and a signed checkpoint."""

    vault: str
    vault_name: str
    root_fingerprint: str
    printed_by: str
    printed_at: str
    program: str
    checkpoint: str


def begin_report(head: ReportHead, *, title: str, about: str) -> Sheet:
    """A first page with the title, one sentence about it, and the facts of the head."""
    sheet = Sheet()
    sheet.text(LEFT, sheet.y - 8, title, face=BOLD, size=TITLE)
    sheet.y -= 28
    sheet.paragraph(about, colour=QUIET)
    sheet.gap(2)
    sheet.facts(
        (
            (message("Vault"), head.vault_name),
            (message("Printed by"), head.printed_by),
            (message("Printed"), message("{utc} UTC (this computer’s clock)", utc=utc(head.printed_at))),
            (message("Program"), head.program),
        )
    )
    sheet.mono(message("Vault id"), head.vault)
    sheet.mono(message("Root key"), head.root_fingerprint)
    return sheet


def end_report(sheet: Sheet, head: ReportHead, *, title: str) -> bytes:
    """The checkpoint as the last section, then the pages drawn in their frame."""
    sheet.heading(message("Checkpoint"))
    sheet.paragraph(
        message(
            "The log’s size and root when this was printed, signed. Keep this paper away from the vault: changes to "
            "entries covered by this checkpoint are detectable by anyone holding it (countersign log check-anchor)."
        )
    )
    sheet.gap(1)
    for line in head.checkpoint.splitlines():
        if line:
            sheet.paragraph(line, face=MONO, size=7.0)
    count = len(sheet.pages)

    def frame(number: int, _count: int) -> Sequence[Mark]:
        return _frame(head, title, number, count)

    return draw_pages(sheet.pages, frame=frame, title=f"{title}: {head.vault_name}")


def _frame(head: ReportHead, title: str, number: int, count: int) -> Sequence[Mark]:
    top, foot = 800.0, 36.0
    right = printable(head.vault_name)
    while len(right) > 1 and _wide(right, SANS) > WIDTH / 2:
        right = f"{right[:-2]}…"
    pages = message("page {number} of {count}", number=number, count=count)
    return (
        Text(LEFT, top, title, BOLD, _EDGE, QUIET),
        Text(RIGHT - _wide(right, SANS), top, right, SANS, _EDGE, QUIET),
        Box(LEFT, top - 8, WIDTH, 0.4, HAIRLINE),
        Box(LEFT, foot + 12, WIDTH, 0.4, HAIRLINE),
        Text(LEFT, foot, str(_UNCONTROLLED), SANS, _EDGE, QUIET),
        Text(RIGHT - _wide(pages, SANS), foot, pages, SANS, _EDGE, QUIET),
    )


def _wide(text: str, face: str) -> float:
    return typefaces()[face].width(text, _EDGE)
