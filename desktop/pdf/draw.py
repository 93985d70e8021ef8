"""Drawing laid-out pages with reportlab: the same marks give the same bytes, on every run and machine.

Streams stay uncompressed on purpose: bytes then depend on no compression library, so that a pack printed on
one machine can be printed again on another and compared byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from desktop.pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Box, Cells, Mark, Page, Text
from desktop.pdf.typefaces import SANS, typefaces


def draw_pages(pages: Sequence[Page], *, frame: Callable[[int, int], Sequence[Mark]], title: str) -> bytes:
    """The PDF of the pages; `frame(number, count)` gives the marks around each page, numbered from 1."""
    typefaces()
    printout = BytesIO()
    canvas: Any = Canvas(
        printout,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageCompression=0,
        invariant=1,
        initialFontName=SANS,
        lang="en",
    )
    canvas.setTitle(title)
    for number, page in enumerate(pages, start=1):
        for mark in page.marks:
            _draw(canvas, mark)
        for mark in frame(number, len(pages)):
            _draw(canvas, mark)
        for index, (text, y) in enumerate(page.headings):
            key = f"h{number}-{index}"
            canvas.bookmarkHorizontal(key, 0, y + 8)
            canvas.addOutlineEntry(text, key, level=0)
        canvas.showPage()
    canvas.save()
    return printout.getvalue()


def _draw(canvas: Any, mark: Mark) -> None:
    canvas.setFillColor(_colour(mark.colour))
    if isinstance(mark, Text):
        canvas.setFont(mark.face, mark.size)
        canvas.drawString(mark.x, mark.y, mark.text)
    elif isinstance(mark, Box):
        canvas.rect(mark.x, mark.y, mark.width, mark.height, stroke=0, fill=1)
    elif isinstance(mark, Cells):
        _draw_cells(canvas, mark)
    else:
        canvas.circle(mark.x, mark.y, mark.radius, stroke=0, fill=1)
        if mark.hollow:
            canvas.setFillColor(_colour("ffffff"))
            canvas.circle(mark.x, mark.y, mark.radius - 1.2, stroke=0, fill=1)


def _draw_cells(canvas: Any, cells: Cells) -> None:
    # One path in a scaled space: whole numbers keep the page small, and runs meet without a seam.
    canvas.saveState()
    canvas.translate(cells.x, cells.y)
    canvas.scale(cells.size, cells.size)
    path = canvas.beginPath()
    for column, row, length in cells.runs:
        path.rect(column, -row - 1, length, 1)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


_COLOURS: dict[str, Any] = {}


def _colour(name: str) -> Any:
    if name not in _COLOURS:
        _COLOURS[name] = HexColor(f"0x{name}")
    return _COLOURS[name]
