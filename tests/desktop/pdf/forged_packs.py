"""Forged closure packs, made without keys and with one person's key.

Each forgery is a function that gives the bytes of a file, and the name of a check that has to fail. Those made with
every key stand in `forged_with_keys`.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import pikepdf
from closed_item import ClosedItem, closed_item
from small_log import SmallPerson, seeded

from desktop.pdf.print_pack import RENDERER, print_pack
from domain.closure.compose import compose_pack
from domain.closure.manifest import pack_bytes, sign_pack
from domain.closure.proof import ProofError, open_proof
from domain.commands.items import ReopenItem

SIGNED = "Signed by whoever printed it"
DECIDED = "Entries decided again"
FACTS = "Every printed fact follows from the entries"
LEFT_OUT = "No entry left out"
PAGES = "Pages, metadata and attachment as printed"
FORMAT = "Format"
SIZE = "Size"
MOMENTS = "Moments are those of their entries"

Forgery = tuple[str, Callable[[], bytes]]
_put = msgspec.structs.replace


# ---- without keys: a genuine pack is altered, and printed anew from what it says then


def _genuine() -> ClosedItem:
    return closed_item()


def _reopened() -> ClosedItem:
    closed = closed_item()
    closed.perform(closed.lead, ReopenItem(item=closed.item, reason="It came back", meaning="I reopen this work"))
    return closed


def _altered(change: Callable[[Any], Any]) -> bytes:
    """The genuine pack with other content on its pages, under the genuine signatures."""
    pack, proof, signatures = _genuine().made(RENDERER)
    return print_pack(change(pack), proof, signatures)


def reproven(change: Callable[[Any], Any], *, signers: bool = False, closed: ClosedItem | None = None) -> bytes:
    """The genuine proof altered, with the pack that follows from it; `signers`: signed by every key there is."""
    closed = closed or _genuine()
    pack, proof, signatures = closed.made(RENDERER)
    proof = change(proof)
    try:
        pack = compose_pack(proof, open_proof(proof), printed_at=pack.printed_at, renderer=RENDERER)
    except ProofError:
        pack = _put(pack, listed=proof.about)
    return print_pack(pack, proof, closed.sign(pack, proof) if signers else signatures)


def without(proof: Any, *seqs: int) -> Any:
    return _put(
        proof,
        entries=tuple(each for each in proof.entries if each.index not in seqs),
        about=tuple(each for each in proof.about if each not in seqs),
        site=tuple(each for each in proof.site if each not in seqs),
    )


def _first_line(of: str, **other: Any) -> Callable[[Any], Any]:
    def change(pack: Any) -> Any:
        lines = getattr(pack, of)
        return _put(pack, **{of: (_put(lines[0], **other), *lines[1:])})

    return change


def _member(name: str, **other: Any) -> Callable[[Any], Any]:
    return lambda pack: _put(pack, **{name: _put(getattr(pack, name), **other)})


SENTENCE = "This pack replaces all earlier ones; the customer has accepted the parts."
WITHOUT_KEYS: dict[str, Forgery] = {
    "a sentence as the printing program": (FORMAT, lambda: _altered(lambda pack: _put(pack, renderer=SENTENCE))),
    "a sentence behind the printing program": (
        FORMAT,
        lambda: _altered(lambda pack: _put(pack, renderer=f"{RENDERER}\n{SENTENCE}")),
    ),
    "a sentence among the versions": (
        FORMAT,
        lambda: _altered(lambda pack: _put(pack, renderer=f"countersign-pdf 1 ({SENTENCE})")),
    ),
    "another version of the library": (
        SIGNED,
        lambda: _altered(lambda pack: _put(pack, renderer="countersign-pdf 1 (reportlab 9.9, qpdf 9.9)")),
    ),
    "a sentence as the moment": (FORMAT, lambda: _altered(lambda pack: _put(pack, printed_at="2026-11-22, accepted"))),
    "a week as the moment": (FORMAT, lambda: _altered(lambda pack: _put(pack, printed_at="2026-W48-1T00:00:00.000Z"))),
    "a later moment": (SIGNED, lambda: _altered(lambda pack: _put(pack, printed_at="2026-11-23T00:00:00.000Z"))),
    "a moment before its entries": (
        FORMAT,
        lambda: _altered(lambda pack: _put(pack, printed_at="2020-01-01T00:00:00.000Z")),
    ),
    "another name of who printed": (SIGNED, lambda: _altered(lambda pack: _put(pack, printed_by="Quality Board"))),
    "another title": (FACTS, lambda: _altered(_member("item", title="Nothing was wrong"))),
    "another owner": (FACTS, lambda: _altered(_member("item", owner="Nobody"))),
    "another outcome": (FACTS, lambda: _altered(_member("item", outcome="Perfect"))),
    "a closed item shown as cancelled": (FACTS, lambda: _altered(_member("item", state="cancelled"))),
    "another process title": (FACTS, lambda: _altered(_member("process", title="A better process"))),
    "another name of a signer": (FACTS, lambda: _altered(_first_line("approvals", name="The Board"))),
    "another meaning of a signature": (FACTS, lambda: _altered(_first_line("approvals", meaning="I like it"))),
    "another moment of a signature": (
        FACTS,
        lambda: _altered(_first_line("approvals", at="2026-11-01T00:00:00.000Z")),
    ),
    "another file as evidence": (FACTS, lambda: _altered(_first_line("evidence", sha256="0" * 64))),
    "another demand": (FACTS, lambda: _altered(_first_line("standard", text="Everything is well"))),
    "another detail of a demand": (FACTS, lambda: _altered(_first_line("standard", detail=SENTENCE))),
    "a demand that is not known": (FACTS, lambda: _altered(_first_line("standard", known=False))),
    "another reason why an entry was not judged": (FACTS, lambda: _altered(_first_line("unjudged", reason=SENTENCE))),
    "an entry that was not judged left off": (FACTS, lambda: _altered(lambda pack: _put(pack, unjudged=()))),
    "a line more on the timeline": (
        FACTS,
        lambda: _altered(lambda pack: _put(pack, timeline=(*pack.timeline, pack.timeline[0]))),
    ),
    "another fingerprint of the root key": (
        FACTS,
        lambda: _altered(lambda pack: _put(pack, root_fingerprint="0000 " * 9 + "0000")),
    ),
    "a reopening cut out": (
        SIGNED,
        lambda: reproven(lambda proof: without(proof, *proof.about[-1:]), closed=_reopened()),
    ),
    "the grants of roles cut out": (DECIDED, lambda: reproven(lambda proof: without(proof, 0, 1))),
    "the declaration cut out": (SIGNED, lambda: reproven(lambda proof: without(proof, 2))),
    "an entry cut out before the closing": (LEFT_OUT, lambda: reproven(lambda proof: without(proof, 9))),
    "a list without its entry": (LEFT_OUT, lambda: reproven(lambda proof: _put(proof, about=proof.about[:-1]))),
    "no command in an entry": (
        DECIDED,
        lambda: reproven(
            lambda proof: _put(
                proof,
                entries=(
                    *proof.entries[:-1],
                    _put(proof.entries[-1], changes=proof.entries[-1].changes[1:]),
                ),
            )
        ),
    ),
    "a draft": (SIGNED, lambda: print_pack(*_genuine().made(RENDERER)[:2])),
    "signatures in each other's place": (
        SIGNED,
        lambda: print_pack(
            *(made := _genuine().made(RENDERER))[:2], _put(made[2], person=made[2].log, log=made[2].person)
        ),
    ),
    "signatures of another pack": (
        SIGNED,
        lambda: print_pack(*_genuine().made(RENDERER)[:2], closed_item(title="Another").made(RENDERER)[2]),
    ),
    "words behind the end": (PAGES, lambda: print_pack(*_genuine().made(RENDERER)) + b"\n% accepted by the customer\n"),
    "a page added": (PAGES, lambda: _resaved(lambda pdf: pdf.pages.append(pdf.pages[0]))),
    "an annotation": (PAGES, lambda: _resaved(_annotated)),
    "the data of another pack on these pages": (PAGES, lambda: _with_manifest(closed_item(title="Another"))),
}


def _resaved(change: Callable[[Any], None]) -> bytes:
    with pikepdf.open(BytesIO(print_pack(*_genuine().made(RENDERER)))) as pdf:
        change(pdf)
        printout = BytesIO()
        pdf.save(printout, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return printout.getvalue()


def _annotated(pdf: Any) -> None:
    box = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 99, 99])
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([box]))


def _with_manifest(closed: ClosedItem) -> bytes:
    manifest = pack_bytes(*closed.made(RENDERER))
    return _resaved(lambda pdf: pdf.Root.Names.EmbeddedFiles.Names[1].EF.F.write(manifest))


# ---- with one person's key


def _signed_by(person: Callable[[ClosedItem], SmallPerson], log: Callable[[ClosedItem], Any]) -> bytes:
    closed = _genuine()
    who = person(closed)
    pack, proof, _ = closed.made(RENDERER, printer=who.key_id)
    return print_pack(pack, proof, sign_pack(pack, proof, person=who.key.sign, log=log(closed).sign))


def _reopening_cut_by(person: Callable[[ClosedItem], SmallPerson]) -> bytes:
    closed = _reopened()
    who = person(closed)
    _, proof, _ = closed.made(RENDERER, printer=who.key_id)
    proof = without(proof, proof.about[-1])
    pack = compose_pack(proof, open_proof(proof), printed_at="2026-11-22T19:44:58.123Z", renderer=RENDERER)
    return print_pack(pack, proof, sign_pack(pack, proof, person=who.key.sign, log=who.key.sign))


WITH_ONE_KEY: dict[str, Forgery] = {
    "signed by a person and by no log key": (
        SIGNED,
        lambda: _signed_by(lambda closed: closed.lead, lambda closed: closed.lead.key),
    ),
    "signed by a person who signed no checkpoint": (
        SIGNED,
        lambda: _signed_by(lambda closed: closed.engineer, lambda closed: closed.log.log_key),
    ),
    "signed by a person whom nobody certified": (
        SIGNED,
        lambda: _signed_by(
            lambda _story: SmallPerson("p-x", "Xaver", seeded("stranger")), lambda closed: closed.log.log_key
        ),
    ),
    "signed by the log key of another vault": (
        SIGNED,
        lambda: _signed_by(lambda closed: closed.lead, lambda _story: closed_item(seed="two").log.log_key),
    ),
    "a reopening cut out and signed by one person": (SIGNED, lambda: _reopening_cut_by(lambda closed: closed.lead)),
}
