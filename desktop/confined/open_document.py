"""What the fast reader loses of an OpenDocument sheet: merged cells and hidden rows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from desktop.confined import limits

TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
SPANS: Final = (b'-spanned="', b'visibility="')

Merge = tuple[int, int, int, int]


def merges_and_hidden_rows(archive: zipfile.ZipFile) -> dict[str, tuple[list[Merge], set[int]]]:
    """Per sheet: merges as (first row, first column, last row, last column) and hidden rows, counted from one."""
    found: dict[str, tuple[list[Merge], set[int]]] = {}
    if not _mentions_any(archive):
        return found
    with archive.open("content.xml") as part:
        name, row = "", 1
        for event, element in _events(part):
            if event == "start" and element.tag == f"{TABLE}table":
                name, row = element.get(f"{TABLE}name", ""), 1
                found[name] = ([], set())
            elif event == "end" and element.tag == f"{TABLE}table-row" and name:
                merges, hidden = found[name]
                merges.extend(_merges(element, row))
                repeat = _count(element, "number-rows-repeated")
                if element.get(f"{TABLE}visibility", "visible") != "visible":
                    hidden.update(range(row, min(row + repeat, limits.ROWS)))
                row += repeat
                element.clear()
    return found


def _events(part: object) -> Iterator[tuple[str, Element]]:
    yield from iterparse(part, events=("start", "end"), forbid_dtd=True)


def _mentions_any(archive: zipfile.ZipFile) -> bool:
    """A quick look first: most documents have no merge, and taking one apart element by element is slow."""
    tail = b""
    with archive.open("content.xml") as part:
        while piece := part.read(1024 * 1024):
            if any(word in tail + piece for word in SPANS):
                return True
            tail = piece[-32:]
    return False


def _merges(row_element: Element, row: int) -> Iterator[Merge]:
    column = 1
    for cell in row_element:
        if not cell.tag.endswith("table-cell"):
            continue
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            yield row, column, row + down - 1, column + across - 1
        column += _count(cell, "number-columns-repeated")


def _count(element: Element, attribute: str) -> int:
    text = element.get(TABLE + attribute, "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1
