"""Where a pack file differs from what its data prints: the page and the words, or the part of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Pdf

from desktop.pdf.sheet import Text
from domain.messages import message


def differences_between(found: bytes, printed: bytes, texts: Sequence[Sequence[Text]]) -> list[str]:
    """Sentences that say what was altered. `texts` are the texts of each printed page in drawing order."""
    if found == printed:
        return []
    if found.startswith(printed):
        return [message("{count} bytes were added after the end", count=len(found) - len(printed))]
    if not plainly_built(found, printed):
        return [message("the structure of the file is not one that this program writes")]
    try:
        with (
            Pdf.open(BytesIO(found), suppress_warnings=True, attempt_recovery=False) as left,
            Pdf.open(BytesIO(printed)) as right,
        ):
            named = list(_parts(left, right, texts))
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        # pikepdf shows a damaged structure as any of these
        named = [message("the structure of the file is damaged: {problem}", problem=str(problem)[:120])]
    first = next((n for n, (one, other) in enumerate(zip(found, printed, strict=False)) if one != other), len(found))
    return named or [message("the file differs from what was printed, from byte {first} on", first=first)]


def plainly_built(found: bytes, printed: bytes) -> bool:
    """Whether a file may be opened to say where it differs: hardly larger than what was printed, and with nothing in it
    that a library would unpack.
    """
    if len(found) > len(printed) + _SPARE_BYTES or found.count(b" obj") > printed.count(b" obj") + _SPARE_OBJECTS:
        return False
    return not any(found.count(word) > printed.count(word) for word in _PACKED)


_SPARE_BYTES, _SPARE_OBJECTS = 100_000, 100
_PACKED = (b"ObjStm", b"XRef", b"Encrypt", b"Filter", b"Prev", b"#")
"""Words of a PDF by which it holds packed, hidden or earlier parts; "#" spells a name in another way."""


def _parts(left: Pdf, right: Pdf, texts: Sequence[Sequence[Text]]) -> Iterator[str]:
    if len(left.pages) != len(right.pages):
        yield message(
            "the file has {count} pages, {count_2} were printed", count=len(left.pages), count_2=len(right.pages)
        )
    if len(left.pages) > len(right.pages) + _SPARE_OBJECTS:
        return
    for number, (one, other) in enumerate(zip(left.pages, right.pages, strict=False), start=1):
        drawn, wanted = _content(one), _content(other)
        if drawn != wanted:
            yield message(
                "page {number} shows something else{place}",
                number=number,
                place=_place(drawn, wanted, texts[number - 1]),
            )
        extra = set(one.obj.keys()) ^ set(other.obj.keys())
        if extra:
            yield message(
                "page {number} has {list}, which was not printed", number=number, list=", ".join(sorted(extra))
            )
    if _bytes(left.Root.get("/Metadata")) != _bytes(right.Root.get("/Metadata")):
        yield message("the metadata was changed")
    if _entries(left.trailer.get("/Info")) != _entries(right.trailer.get("/Info")):
        yield message("the document information was changed")
    added = set(left.Root.keys()) ^ set(right.Root.keys())
    if added:
        yield message("the catalogue differs in {list}", list=", ".join(sorted(added)))


def _content(page: Any) -> bytes:
    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        return b"\n".join(_bytes(part) for part in list(contents)[:_SPARE_OBJECTS])
    return _bytes(contents)


def _bytes(stream: Any) -> bytes:
    return bytes(stream.read_bytes()) if isinstance(stream, pikepdf.Stream) else b""


def _entries(dictionary: Any) -> dict[str, str]:
    if not isinstance(dictionary, pikepdf.Dictionary):
        return {}
    return {name: str(value) for name, value in dictionary.items()}


def _place(drawn: bytes, wanted: bytes, texts: Sequence[Text]) -> str:
    """The text that was printed where the page first differs."""
    before = 0
    for one, other in zip(drawn.split(b"\n"), wanted.split(b"\n"), strict=False):
        if one != other:
            break
        before += other.startswith(b"BT ")
    return message(", first where “{text}” was printed", text=texts[before].text) if before < len(texts) else ""
