"""The recovery sheet: one page with a code, for a safe. Whoever holds it holds the vault's keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import segno

from desktop.pdf.draw import draw_pages
from desktop.pdf.moments import utc
from desktop.pdf.sheet import INK, LEFT, QUIET, REFUSED, RIGHT, TITLE, WIDTH, Cells, Sheet
from desktop.pdf.typefaces import BOLD, MONO, SANS
from domain.messages import message

_CODE_SIZE = 15.0
_QR_SIZE = 132.0
_PER_LINE = 5


def print_recovery_sheet(
    *, vault_name: str, vault: str, person: str, sheet: str, code: str, made_at: str, root_fingerprint: str
) -> bytes:
    """The PDF. `code` is printed in its groups, numbered, and as a QR code; `made_at` is ISO UTC."""
    page = Sheet()
    page.text(LEFT, page.y - 8, message("Recovery sheet"), face=BOLD, size=TITLE)
    page.y -= 28
    page.paragraph(message("for {person} in the vault {vault_name}", person=person, vault_name=vault_name), face=BOLD)
    page.gap(2)
    page.paragraph(
        message(
            "SECRET. Whoever has this code and the vault’s files can read everything in it. Keep it on paper, in a "
            "safe, apart from the computer. Delete the file this was printed from."
        ),
        colour=REFUSED,
    )
    page.gap(6)
    top = page.y
    _qr(page, code, top)
    _groups(page, code.split("-"))
    page.y = min(page.y, top - _QR_SIZE - 8)
    page.heading(message("What it is for"))
    page.paragraph(
        message(
            "If your passphrase is lost: countersign vault recover VAULT, then type the code (spaces, hyphens and "
            "capitals do not matter; the last group finds typing mistakes). You get a new key under a new "
            "passphrase. What you signed before stays valid; your old key is not brought back. Where other people "
            "work in the vault, one of them has to ask for your new key first, so that it always takes two."
        )
    )
    page.gap(1)
    page.paragraph(
        message("The code works once and is replaced by a new one when it is used. Printing a new sheet ends this one.")
    )
    page.heading(message("Facts"))
    page.facts(
        (
            (message("Vault"), vault_name),
            (message("Person"), person),
            (message("Printed"), message("{utc} UTC (this computer’s clock)", utc=utc(made_at))),
        )
    )
    page.mono(message("Vault id"), vault)
    page.mono(message("Root key"), root_fingerprint)
    page.mono(message("Sheet"), sheet)
    page.gap(4)
    page.paragraph(
        message("Kept at: ______________________________     Sealed on: ________________     By: ________________")
    )
    return draw_pages(page.pages, frame=lambda _number, _count: (), title=message("Recovery sheet"))


def _groups(page: Sheet, groups: Sequence[str]) -> None:
    for start in range(0, len(groups), _PER_LINE):
        x, page.y = LEFT, page.y - 14
        for number, group in enumerate(groups[start : start + _PER_LINE], start=start + 1):
            page.text(x, page.y, str(number), face=SANS, size=7.0, colour=QUIET)
            page.text(x, page.y - 18, group, face=MONO, size=_CODE_SIZE, colour=INK)
            x += 66
        page.y -= 34
    page.paragraph(
        message("The last group is a checksum. I, L, O and U do not occur."), colour=QUIET, width=WIDTH - 150
    )


def _qr(page: Sheet, code: str, top: float) -> None:
    matrix = segno.make_qr(code, error="m", boost_error=False).matrix
    runs = tuple(run for row, cells in enumerate(matrix) for run in _runs(row, cells))
    page.put(Cells(RIGHT - _QR_SIZE, top, _QR_SIZE / len(matrix), runs, INK))


def _runs(row: int, cells: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    column = 0
    for dark, run in groupby(cells, bool):
        length = len(list(run))
        if dark:
            yield column, row, length
        column += length
