"""Verifying a pack file: its data by the rules of the domain, its pages by printing them again.

Printing is a pure function of the data, so one comparison of bytes covers every word, line, metadata field
and attachment of the file. A file that cannot be read is NOT VERIFIED, like any other that fails.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.pdf.compare import differences_between
from desktop.pdf.ed25519 import verify_ed25519
from desktop.pdf.print_pack import RENDERER, comparable, page_texts, print_pack
from desktop.pdf.read_pack import Manifest, decode_manifest, manifest_of, pack_data
from domain.closure.check import check_pack, verdict_of
from domain.errors import CountersignError
from domain.log.verdict import Check, PackVerdict
from domain.messages import Message, message

PAGES = Message("Pages, metadata and attachment as printed")


def verify_pack(data: bytes, *, verify: Callable[[bytes, bytes, bytes], bool] = verify_ed25519) -> PackVerdict:
    """The verdict on a pack file's bytes. Bad input is a verdict too: this raises nothing."""
    try:
        pack, proof, signatures = decode_manifest(manifest_of(pack_data(data)))
    except CountersignError as problem:
        return _unreadable(str(problem))
    try:
        verdict = check_pack(pack, proof, signatures, verify=verify)
    except RecursionError:
        return _unreadable(message("The manifest is nested deeper than any pack."))
    return verdict_of(pack, (*verdict.checks, _pages(data, (pack, proof, signatures), holds=verdict.verified)))


def _pages(data: bytes, manifest: Manifest, *, holds: bool) -> Check:
    pack = manifest[0]
    if not holds:
        # Data that nobody signed is not handed to the printer.
        return Check(name=str(PAGES), passed=False, detail=message("not compared, since the data does not hold"))
    if not comparable(pack.renderer):
        return Check(
            name=str(PAGES),
            passed=False,
            detail=message(
                "pages not comparable: printed by {renderer}; this program prints as {renderer_2}",
                renderer=pack.renderer,
                renderer_2=RENDERER,
            ),
        )
    printed = print_pack(*manifest)
    if printed == data:
        return Check(name=str(PAGES), passed=True, detail=message("{count} bytes equal", count=len(data)))
    found = differences_between(data, printed, page_texts(*manifest))
    if pack.renderer != RENDERER:
        found.append(
            message(
                "it was printed by {renderer}, compared here with {renderer_2}",
                renderer=pack.renderer,
                renderer_2=RENDERER,
            )
        )
    return Check(name=str(PAGES), passed=False, detail="; ".join(found[:6]))


def _unreadable(detail: str) -> PackVerdict:
    return PackVerdict(
        verified=False,
        item="",
        number="",
        vault="",
        root_fingerprint="",
        checkpoint_size=0,
        checks=(Check(name=message("File readable as a closure pack"), passed=False, detail=detail),),
        findings=(detail,),
    )
