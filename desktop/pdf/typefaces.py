"""The three typefaces of print: loading them by hash, measuring, wrapping, and making text printable.

All text from people passes `printable`, the one place where characters without a glyph, control characters
and direction controls become visible escapes. Nothing is ever printed as an empty box.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any

import msgspec
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from domain.errors import Damaged
from domain.messages import message

# No markup of reportlab's is used here; should it ever be, it may not reach for files or addresses.
rl_config.trustedSchemes = ["data"]
rl_config.trustedHosts = []

SANS, BOLD, MONO = "CountersignSans", "CountersignBold", "CountersignMono"
_FILES = {
    SANS: ("DejaVuSans.ttf", "abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322"),
    BOLD: ("DejaVuSans-Bold.ttf", "0d977336a6d5fba34eab8e3199eb218327161b5143749f802982c2bc34df0c96"),
    MONO: ("DejaVuSansMono.ttf", "0f5db4f1749979d961019838b160bec74abdf7f9eca69553fe1aa856bbff49a4"),
}
_TAB = "    "


class Typeface(msgspec.Struct, frozen=True, kw_only=True):
    """A loaded face: the advance of each character it has a glyph for, in thousandths of the size."""

    name: str
    widths: Mapping[int, float]

    def width(self, text: str, size: float) -> float:
        """How wide printable text is, in points."""
        widths = self.widths
        return sum([widths[ord(letter)] for letter in text]) * size / 1000


@lru_cache(maxsize=1)
def typefaces() -> Mapping[str, Typeface]:
    """The faces by name, registered with reportlab once.

    Raises:
        Damaged: a font file is not the one this program was made with; its pages could not be verified.
    """
    found = {}
    for name, (file, wanted) in _FILES.items():
        data = files("resources").joinpath("fonts", file).read_bytes()
        if sha256(data).hexdigest() != wanted:
            raise Damaged(
                message("A font for printing is not the one this program was made with."),
                where=f"resources/fonts/{file}",
                remedy=message("Install the program again."),
            )
        font: Any = TTFont(name, BytesIO(data))
        font.face.hmetrics = list(_advances(font.face.hmetrics))
        pdfmetrics.registerFont(font)
        glyphs, widths, default = font.face.charToGlyph, font.face.charWidths, font.face.defaultWidth
        found[name] = Typeface(name=name, widths={code: widths.get(code, default) for code in glyphs})
    return found


def _advances(metrics: list[tuple[float, int]]) -> Iterator[tuple[int, int]]:
    """Advances in font units. reportlab repeats the last one of a monospaced font in thousandths of the size,
    and a subset written with that breaks ISO 19005-3 clause 6.2.11.5.
    """
    last = 0
    for advance, bearing in metrics:
        last = advance if isinstance(advance, int) else last
        yield last, bearing


def printable(text: str, face: str = SANS, missing: set[str] | None = None) -> str:
    """Text with every character visible: one line, nothing hidden, nothing without a glyph.

    Direction controls (U+202A to U+202E, U+2066 to U+2069 and the marks), C0 and C1 controls and characters
    the face lacks appear as ⟨U+XXXX⟩; those it lacks are also added to `missing`.
    """
    if text.isascii() and text.isprintable():
        return text
    widths = typefaces()[face].widths
    return "".join(_visible(letter, widths, missing) for letter in text)


def _visible(letter: str, widths: Mapping[int, float], missing: set[str] | None) -> str:
    if letter == "\t":
        return _TAB
    if letter == "\n":
        return " "
    category = unicodedata.category(letter)
    if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} and letter != "\u00ad":
        return f"⟨U+{ord(letter):04X}⟩"
    if ord(letter) not in widths:
        if missing is not None:
            missing.add(letter)
        return f"⟨U+{ord(letter):04X}⟩"
    return letter


def wrap(text: str, *, face: str, size: float, width: float, missing: set[str] | None = None) -> list[str]:
    """Lines of printable text no wider than `width` points; line breaks of the text are kept."""
    measure = typefaces()[face]
    lines: list[str] = []
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        visible = printable(paragraph, face, missing)
        if measure.width(visible, size) <= width:
            lines.append(visible)
        else:
            lines += _filled(visible, measure, size, width)
    return lines


def _filled(text: str, face: Typeface, size: float, width: float) -> Iterator[str]:
    line, used = "", 0.0
    space = face.width(" ", size)
    for word in text.split(" "):
        wide = face.width(word, size)
        if line and used + space + wide <= width:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            yield line
        line, used = word, wide
        if used > width:
            *full, line = _pieces(word, face, size, width)
            yield from full
            used = face.width(line, size)
    yield line


def _pieces(word: str, face: Typeface, size: float, width: float) -> Iterator[str]:
    """A too long word cut where the lines end, each piece at least one character."""
    start, used = 0, 0.0
    for index, letter in enumerate(word):
        wide = face.widths[ord(letter)] * size / 1000
        if used + wide > width and index > start:
            yield word[start:index]
            start, used = index, 0.0
        used += wide
    yield word[start:]
