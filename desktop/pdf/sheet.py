"""Laying out pages as plain marks, before anything is drawn: texts, rules, boxes, dots, on a 4-point grid.

A `Sheet` fills page after page from the top; because marks are values, the number of pages is known before
the first one is drawn. Distances are points, y grows upwards as in PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Literal

import msgspec

from desktop.pdf.typefaces import BOLD, MONO, SANS, printable, typefaces, wrap

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # A4
LEFT, RIGHT, TOP, BOTTOM = 48.0, 547.28, 772.0, 60.0
WIDTH = RIGHT - LEFT
GRID = 4.0

INK, QUIET, HAIRLINE, WASH, ACCENT, REFUSED = "1c2328", "5d6970", "d3d9dc", "f3f6f7", "0b5a6b", "a3271f"
TITLE, HEADING, BODY, SMALL = 20.0, 12.0, 8.5, 7.0
LEADING = {TITLE: 24.0, HEADING: 16.0, BODY: 12.0, SMALL: 10.0}


class Text(msgspec.Struct, frozen=True, gc=False):
    """One line of printable text with its baseline start."""

    x: float
    y: float
    text: str
    face: str
    size: float
    colour: str


class Box(msgspec.Struct, frozen=True, gc=False):
    """A filled rectangle from its lower left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class Dot(msgspec.Struct, frozen=True, gc=False):
    """A disc; hollow ones show the paper inside a ring."""

    x: float
    y: float
    radius: float
    colour: str
    hollow: bool = False


class Cells(msgspec.Struct, frozen=True):
    """Many filled unit squares in one go: (column, row, run length) from the upper left, each `size` points."""

    x: float
    y: float
    size: float
    runs: tuple[tuple[int, int, int], ...]
    colour: str


Mark = Text | Box | Dot | Cells


class Page(msgspec.Struct):
    """The marks of one page and the headings that begin on it."""

    marks: list[Mark]
    headings: list[tuple[str, float]]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table: its head, width in points, face, and side."""

    title: str
    width: float
    face: str = SANS
    align: Literal["left", "right"] = "left"
    colour: str = INK


class Sheet:
    """Pages being filled. `y` is the top of what comes next."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.missing: set[str] = set()
        self.y = TOP
        self._heading = ""
        self.turn()

    def turn(self) -> None:
        """Begin a new page."""
        self.pages.append(Page([], []))
        self.y = TOP

    def need(self, height: float) -> None:
        """Begin a new page unless `height` points are left on this one, with the heading that waits, if any."""
        title, self._heading = self._heading, ""
        head = 44.0 if title else 0.0
        if self.y - height - head < BOTTOM and self.y < TOP:
            self.turn()
        if title:
            self._place_heading(title)

    def gap(self, steps: int = 1) -> None:
        """Leave a number of grid steps free."""
        self.y -= GRID * steps

    def put(self, mark: Mark) -> None:
        """Place a mark where it says."""
        self.pages[-1].marks.append(mark)

    def text(self, x: float, y: float, text: str, *, face: str = SANS, size: float = BODY, colour: str = INK) -> None:
        """One line that is known to fit."""
        self.put(Text(x, y, printable(text, face, self.missing), face, size, colour))

    def mark_text(
        self, x: float, y: float, line: str, *, face: str = SANS, size: float = BODY, colour: str = INK
    ) -> None:
        """One line that `lines` has made printable."""
        self.put(Text(x, y, line, face, size, colour))

    def width_of(self, line: str, *, face: str, size: float) -> float:
        """How wide a printable line is."""
        return typefaces()[face].width(line, size)

    def lines(self, text: str, *, face: str, size: float, width: float) -> list[str]:
        """The wrapped lines of a text; characters without a glyph are remembered."""
        return wrap(text, face=face, size=size, width=width, missing=self.missing)

    def heading(self, text: str) -> None:
        """A section heading, placed with the first thing that follows it."""
        self._heading = text

    def _place_heading(self, text: str) -> None:
        self.gap(4 if self.y < TOP else 1)
        self.pages[-1].headings.append((text, self.y))
        self.y -= LEADING[HEADING]
        self.text(LEFT, self.y + 4, text, face=BOLD, size=HEADING, colour=ACCENT)
        self.put(Box(LEFT, self.y - 2, WIDTH, 0.8, ACCENT))
        self.gap(3)

    def paragraph(
        self,
        text: str,
        *,
        face: str = SANS,
        size: float = BODY,
        colour: str = INK,
        x: float = LEFT,
        width: float = WIDTH,
    ) -> None:
        """Wrapped text over the given width, over as many pages as it takes."""
        leading = LEADING[size]
        for line in self.lines(text, face=face, size=size, width=width):
            self.need(leading)
            self.y -= leading
            self.put(Text(x, self.y + 3, line, face, size, colour))

    def facts(
        self, pairs: Sequence[tuple[str, str]], *, x: float = LEFT, width: float = WIDTH, label: float = 96
    ) -> None:
        """Labels with values beside them; empty values are left out."""
        for name, value in pairs:
            if not value:
                continue
            names = self.lines(name, face=SANS, size=SMALL, width=label - 8)
            for label_line, line in zip_longest(names, self.lines(value, face=SANS, size=BODY, width=width - label)):
                self.need(LEADING[BODY])
                self.y -= LEADING[BODY]
                if label_line is not None:
                    self.put(Text(x, self.y + 3, label_line, SANS, SMALL, QUIET))
                if line is not None:
                    self.put(Text(x + label, self.y + 3, line, SANS, BODY, INK))
            self.gap(1)

    def mono(self, label: str, value: str, *, x: float = LEFT, width: float = WIDTH, offset: float = 96) -> None:
        """A label with a fingerprint, hash or key beside it."""
        for number, line in enumerate(self.lines(value, face=MONO, size=SMALL, width=width - offset)):
            self.need(LEADING[BODY])
            self.y -= LEADING[BODY]
            if number == 0:
                self.text(x, self.y + 3, label, size=SMALL, colour=QUIET)
            self.put(Text(x + offset, self.y + 3, line, MONO, SMALL, INK))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, size: float = SMALL) -> None:
        """Rows of wrapped cells under a head that is repeated on every page."""
        leading, room = LEADING[size], int((TOP - BOTTOM - 40) / LEADING[size])
        for number, row in enumerate(rows):
            cells = [
                self.lines(cell, face=column.face, size=_size(column, size), width=column.width - 8)
                for column, cell in zip(columns, row, strict=True)
            ]
            tallest = max(len(cell) for cell in cells)
            if number == 0:
                self.need(18 + min(tallest, room) * leading + 6)
                self._head(columns)
            for start in range(0, tallest, room):  # a cell longer than a page goes on over the next
                part = [cell[start : start + room] for cell in cells]
                self._row(columns, part, min(room, tallest - start) * leading + 6, size)

    def _head(self, columns: Sequence[Column]) -> None:
        self.y -= 14
        x = LEFT
        self.put(Box(LEFT, self.y - 2, WIDTH, 14, WASH))
        for column in columns:
            if column.title:
                shift = self._shift(column, column.title, BOLD, SMALL)
                self.text(x + 4 + shift, self.y + 2, column.title, face=BOLD, size=SMALL, colour=QUIET)
            x += column.width
        self.gap(1)

    def _row(self, columns: Sequence[Column], cells: Sequence[Sequence[str]], height: float, size: float) -> None:
        if self.y - height < BOTTOM:
            self.turn()
            self._head(columns)
        x, leading = LEFT, LEADING[size]
        for column, cell in zip(columns, cells, strict=True):
            line_y = self.y - leading
            for line in cell:
                shift = self._shift(column, line, column.face, _size(column, size))
                self.put(Text(x + 4 + shift, line_y + 1, line, column.face, _size(column, size), column.colour))
                line_y -= leading
            x += column.width
        self.y -= height
        self.put(Box(LEFT, self.y + 1, WIDTH, 0.4, HAIRLINE))

    def _shift(self, column: Column, line: str, face: str, size: float) -> float:
        if column.align == "left":
            return 0.0
        return column.width - 8 - typefaces()[face].width(line, size)


def _size(column: Column, size: float) -> float:
    return size - 0.8 if column.face == MONO else size
