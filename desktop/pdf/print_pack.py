"""Printing a closure pack: the one way from its data to the file. Same data, same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import pikepdf

from desktop.pdf.archive import ArchiveContents, archive
from desktop.pdf.draw import draw_pages
from desktop.pdf.pages import lay_out
from desktop.pdf.sheet import HAIRLINE, LEFT, QUIET, RIGHT, WIDTH, Box, Mark, Text
from desktop.pdf.typefaces import BOLD, MONO, SANS, printable, typefaces
from domain.closure.manifest import PackSignatures, Proof, pack_bytes, pack_fingerprint
from domain.closure.pack import ClosurePack
from domain.messages import Message, language_of_record, message

LAYOUT = "countersign-pdf 1"
"""The layout and its drawing. It changes whenever the same data would print to other bytes."""
RENDERER = f"{LAYOUT} (reportlab {version('reportlab')}, qpdf {pikepdf.__libqpdf_version__})"
"""What a pack says it was printed by. Other libraries may print the same bytes, another layout never does."""
_EDGE = 6.5
_DRAFT = Message("DRAFT, signed by nobody: NOT VERIFIABLE")


@language_of_record()
def print_pack(pack: ClosurePack, proof: Proof, signatures: PackSignatures | None = None) -> bytes:
    """The PDF/A-3 file of the pack with its manifest attached; without signatures, every page says it is a draft."""
    return print_with_notices(pack, proof, signatures)[0]


def print_with_notices(
    pack: ClosurePack, proof: Proof, signatures: PackSignatures | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """The file, and the characters that the print typefaces lack (shown in it as ⟨U+XXXX⟩)."""
    fingerprint = pack_fingerprint(pack, proof)
    sheet = lay_out(pack, fingerprint)

    def frame(number: int, count: int) -> Sequence[Mark]:
        return _frame(pack, fingerprint, number, count, draft=signatures is None)

    drawn = draw_pages(sheet.pages, frame=frame, title=pack.title)
    contents = ArchiveContents(
        title=message("Closure pack {title}", title=pack.title),
        subject=message(
            "Vault {vault_name}, root key {root_fingerprint}",
            vault_name=pack.vault_name,
            root_fingerprint=pack.root_fingerprint,
        ),
        producer=pack.renderer,
        made_at=pack.printed_at,
        manifest=pack_bytes(pack, proof, signatures),
        manifest_states=message("The pack as data, with every signed entry and its proofs"),
    )
    return archive(drawn, contents), tuple(sorted(sheet.missing))


def comparable(renderer: str) -> bool:
    """Whether a pack that says it was printed by `renderer` can be printed again here."""
    return renderer == LAYOUT or renderer.startswith(f"{LAYOUT} (")


def page_texts(pack: ClosurePack, proof: Proof, signatures: PackSignatures | None = None) -> list[list[Text]]:
    """The texts of each page in drawing order, for naming what was altered."""
    fingerprint = pack_fingerprint(pack, proof)
    pages, draft = lay_out(pack, fingerprint).pages, signatures is None
    return [
        [
            mark
            for mark in (*page.marks, *_frame(pack, fingerprint, number, len(pages), draft=draft))
            if isinstance(mark, Text)
        ]
        for number, page in enumerate(pages, start=1)
    ]


def _frame(pack: ClosurePack, fingerprint: str, number: int, count: int, *, draft: bool) -> Sequence[Mark]:
    top, foot = 800.0, 36.0
    left = _fitted(printable(f"{pack.item.number}  ·  {_DRAFT if draft else message('Closure pack')}", BOLD), BOLD)
    right = _fitted(printable(pack.vault_name), SANS)
    pages = message("page {number} of {count}", number=number, count=count)
    checkpoint = (
        message(
            "checkpoint {checkpoint_size} · {checkpoint_root}",
            checkpoint_size=pack.checkpoint_size,
            checkpoint_root=pack.checkpoint_root[:16],
        )
        if pack.checkpoint
        else message("no checkpoint")
    )
    mark = message("pack {fingerprint}", fingerprint=fingerprint[:32])
    return (
        Text(LEFT, top, left, BOLD, _EDGE, QUIET),
        Text(RIGHT - _wide(right, SANS), top, right, SANS, _EDGE, QUIET),
        Box(LEFT, top - 8, WIDTH, 0.4, HAIRLINE),
        Box(LEFT, foot + 12, WIDTH, 0.4, HAIRLINE),
        Text(LEFT, foot, mark, MONO, _EDGE, QUIET),
        Text(LEFT + 184, foot, checkpoint, MONO, _EDGE, QUIET),
        Text(RIGHT - _wide(pages, SANS), foot, pages, SANS, _EDGE, QUIET),
    )


def _wide(text: str, face: str) -> float:
    return typefaces()[face].width(text, _EDGE)


def _fitted(text: str, face: str) -> str:
    """The text, shortened to leave room for the other half of the line."""
    text = text[:_MOST_LETTERS]
    while _wide(text, face) > WIDTH / 2 - 12:
        text = f"{text[:-2]}…"
    return text


_MOST_LETTERS = 200
"""Letters that half a line can hold, of the narrowest."""
