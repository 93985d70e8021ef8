"""Tables kept as text (.csv, .tsv): which letters, which separator, which cells. Every value stays text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from desktop.confined import limits
from desktop.confined.reading_problem import not_a_workbook, too_large
from domain.messages import message

SEPARATORS: Final = (",", ";", "\t", "|")
GUARDED: Final = frozenset("=+-@\t\r\0")
"""A leading apostrophe before one of these is a guard against formulas, set by careful exporters."""
LATIN_LETTER: Final = 0xC0
CYRILLIC_SHARE: Final = 0.5
KANA_SHARE: Final = 0.1
SAMPLE_ROWS: Final = 200


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    Raises:
        ReadingProblem: the bytes are not text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding), encoding
    sample = data[:4096]
    if b"\0" in sample:
        encoding = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        if sample.count(0) < len(sample) // 4:
            raise not_a_workbook(message("it holds binary data"))
        return _strictly(data, encoding), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = _old_encoding(data)
    return _strictly(data, encoding), encoding


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise not_a_workbook(
            message("byte {start} is not text in the encoding {encoding}", start=error.start + 1, encoding=encoding)
        ) from error
    if "\0" in text:
        raise not_a_workbook(message("it holds binary data"))
    return text


def _old_encoding(data: bytes) -> str:
    """Tell the code pages of Western Europe, of Cyrillic and of Japanese apart by what they leave behind.

    Accented Latin letters stand alone between plain ones; Cyrillic words are runs of high bytes; Japanese text
    decodes strictly and is full of kana.
    """
    sample = data[:200_000]
    try:
        japanese = sample.decode("cp932")
    except UnicodeDecodeError:
        japanese = ""
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in japanese)
    if kana > KANA_SHARE * sum(letter > "\x7f" for letter in japanese):
        return "cp932"
    high = sum(byte >= LATIN_LETTER for byte in sample)
    in_runs = sum(len(run) for run in re.findall(rb"[\xc0-\xff]{3,}", sample))
    return "cp1251" if high and in_runs >= CYRILLIC_SHARE * high else "cp1252"


def find_separator(text: str) -> str:
    """The character between cells: the one that cuts most rows into the same number of cells, more than one."""
    best, best_score = ",", 0.0
    sample = text[:200_000]
    for separator in SEPARATORS:
        widths = [len(row) for row in islice(_parse(sample, separator), SAMPLE_ROWS) if row]
        if not widths:
            continue
        width, often = Counter(widths).most_common(1)[0]
        score = often / len(widths) * (1 + min(width, 50) / 100) if width > 1 else 0.0
        if score > best_score:
            best, best_score = separator, score
    return best


def read_rows(text: str) -> Iterator[list[str | None]]:
    """One list for each record, blank records too, so that positions are record numbers.

    Raises:
        ReadingProblem: more rows or columns than this program takes.
    """
    separator = find_separator(text)
    announced = re.match(r"sep=(.)\r?\n", text)
    if announced is not None:
        separator, text = announced[1], text[announced.end() :]
    csv.field_size_limit(limits.FILE_BYTES)
    for number, row in enumerate(_parse(text, separator), start=1):
        if number > limits.ROWS:
            raise too_large(message("it has more than {rows} rows", rows=limits.ROWS))
        if len(row) > limits.COLUMNS:
            raise too_large(message("row {number} has {count} columns", number=number, count=len(row)))
        yield [_cell(value) for value in row]


def _parse(text: str, separator: str) -> Iterator[list[str]]:
    """Records as the csv rules cut them; a line break inside quotes does not end a record."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise not_a_workbook(message("it is not a table of text ({error})", error=error)) from error


def _cell(value: str) -> str | None:
    if not value:
        return None
    if value[0] == "'" and value[1:2] in GUARDED and len(value) > 1:
        return value[1:]
    return value
