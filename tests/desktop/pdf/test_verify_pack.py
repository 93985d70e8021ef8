"""No byte of a printed pack can be altered unseen, and what was altered is named where it can be."""

from __future__ import annotations

import random
import zlib
from io import BytesIO

import msgspec
import pikepdf
import pytest
from closed_item import closed_item, strange_proof

from desktop.pdf.print_pack import LAYOUT, RENDERER, print_pack
from desktop.pdf.read_pack import LARGEST_FILE, read_pack
from desktop.pdf.verify_pack import PAGES, verify_pack
from domain.closure.compose import compose_pack
from domain.closure.manifest import pack_bytes
from domain.closure.pack import PACK_FORMAT
from domain.closure.proof import ProofError, open_proof
from domain.errors import Damaged, FileProblem, NewerFormat


def resaved(data: bytes, change) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        printout = BytesIO()
        pdf.save(
            printout,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    return printout.getvalue()


def replaced_text(pdf, old: bytes, new: bytes) -> None:
    for page in pdf.pages:
        content = bytes(page.obj.Contents.read_bytes())
        if old in content:
            page.obj.Contents.write(content.replace(old, new, 1))
            return
    raise AssertionError(old)


def with_manifest(data: bytes, manifest: bytes) -> bytes:
    def change(pdf):
        pdf.Root.Names.EmbeddedFiles.Names[1].EF.F.write(manifest)

    return resaved(data, change)


def found(data: bytes) -> str:
    verdict = verify_pack(data)
    assert not verdict.verified
    assert verdict.findings
    return "; ".join(verdict.findings)


def test_an_honest_file_is_verified(made, printed):
    verdict = verify_pack(printed)
    assert verdict.findings == ()
    assert verdict.verified
    assert verdict.number == "PN-CAPA-0004"
    assert verdict.root_fingerprint == made[0].root_fingerprint
    assert verdict.checks[-1].name == str(PAGES)


def test_a_changed_word_is_found_with_its_page_and_place(printed):
    forged = resaved(printed, lambda pdf: replaced_text(pdf, b"(PN-CAPA-0004) Tj", b"(PN-CAPA-9999) Tj"))
    assert "page 1 shows something else, first where “PN-CAPA-0004” was printed" in found(forged)


def test_a_word_changed_in_place_is_found(printed):
    place = printed.index(b"(Closure standard met)")
    forged = printed[: place + 1] + b"X" + printed[place + 2 :]
    assert "page 1 shows something else" in found(forged)


def test_a_covered_page_is_found(printed):
    def cover(pdf):
        page = pdf.pages[2]
        page.contents_add(b"q 1 1 1 rg 100 100 300 300 re f Q")

    assert "page 3 shows something else" in found(resaved(printed, cover))


def test_an_annotation_over_a_page_is_found(printed):
    def note(pdf):
        box = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 99, 99])
        pdf.pages[1].obj.Annots = pdf.make_indirect(pikepdf.Array([box]))

    assert "page 2 has /Annots, which was not printed" in found(resaved(printed, note))


def test_a_missing_page_is_found(printed):
    assert "pages" in found(resaved(printed, lambda pdf: pdf.pages.__delitem__(3)))


def test_changed_metadata_is_found(printed):
    forged = resaved(printed, lambda pdf: pdf.docinfo.__setitem__("/Title", "Another"))
    assert "document information was changed" in found(forged)
    forged = printed.replace(b"<pdfaid:part>3", b"<pdfaid:part>2", 1)
    assert "the metadata was changed" in found(forged)


def test_a_file_saved_again_is_found_even_if_it_looks_the_same(printed):
    assert "the file differs from what was printed, from byte" in found(resaved(printed, lambda _: None))


def test_words_added_after_the_end_are_found(printed):
    assert "bytes were added after the end" in found(printed + b"% signed by nobody\n")


def test_pages_of_one_pack_around_the_data_of_another_are_found(made, printed):
    other = closed_item(title="Another burr").made(RENDERER)
    forged = with_manifest(printed, pack_bytes(*other))
    assert "shows something else" in found(forged)


def test_two_attachments_are_refused(printed):
    def attach(pdf):
        pdf.attachments["more.json"] = pikepdf.AttachedFileSpec(pdf, b"{}", filename="more.json")

    assert "exactly one attachment" in found(resaved(printed, attach))


def test_a_file_without_its_attachment_is_refused(printed):
    def strip(pdf):
        del pdf.Root.Names

    assert "the catalogue differs in /Names" in found(resaved(printed, strip))


@pytest.mark.parametrize(
    ("old", "new", "states"),
    [
        (b'"decision":"approved"', b'"decision":"rejected"', "pack.approvals"),
        (b'"number":"PN-CAPA-0004"', b'"number":"PN-CAPA-0013"', "pack.item.number"),
        (b'"standard_met":true', b'"standard_met":false', "pack.standard_met"),
        (b'"checkpoint_size":14', b'"checkpoint_size":15', "pack.checkpoint_size"),
    ],
)
def test_an_altered_manifest_names_the_field(made, printed, old, new, states):
    manifest = pack_bytes(*made)
    assert old in manifest
    assert states in found(with_manifest(printed, manifest.replace(old, new, 1)))


def test_a_manifest_that_is_not_canonical_is_refused(made, printed):
    manifest = pack_bytes(*made)
    assert "not in canonical form" in found(with_manifest(printed, manifest.replace(b'{"pack"', b'{ "pack"', 1)))
    with pytest.raises(Damaged):
        read_pack(with_manifest(printed, b'{"pack":1}'))


def test_no_checkpoint_is_not_verified(made):
    bare = msgspec.structs.replace(made[1], checkpoint="")
    pack = msgspec.structs.replace(made[0], checkpoint="", checkpoint_size=0, checkpoint_root="")
    assert "there is no checkpoint" in found(print_pack(pack, bare, closed_item().sign(pack, bare)))


def test_a_pack_of_another_printer_is_not_compared_and_states_so():
    data = print_pack(*closed_item().made("countersign-pdf 0"))
    assert "pages not comparable: printed by countersign-pdf 0" in found(data)


def test_other_libraries_that_print_the_same_bytes_are_no_reason_for_doubt():
    data = print_pack(*closed_item().made(f"{LAYOUT} (reportlab 4, qpdf 11)"))
    assert verify_pack(data).verified
    assert "it was printed by countersign-pdf 1 (reportlab 4, qpdf 11), compared here with" in found(data + b"%")


def test_any_flipped_byte_is_found(printed):
    chance = random.Random(20261122)
    for _ in range(60):
        place = chance.randrange(len(printed))
        flipped = bytearray(printed)
        flipped[place] ^= 1 << chance.randrange(8)
        assert not verify_pack(bytes(flipped)).verified, place


def test_any_truncation_is_found(printed):
    for length in (0, 1, 7, 100, len(printed) // 2, len(printed) - 1):
        assert not verify_pack(printed[:length]).verified


@pytest.mark.parametrize(
    "junk", [b"", b"%PDF-1.7\n", b"hello", b"PK\x03\x04" + bytes(100), b"%PDF-1.7\n" + b"[" * 5000]
)
def test_junk_is_a_verdict_not_a_crash(junk):
    assert "not a readable closure pack" in found(junk)


def test_a_packed_manifest_is_not_unpacked(printed):
    bomb = zlib.compress(bytes(50_000_000), 9)

    def pack(pdf):
        stream = pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
        stream.write(bomb, filter=pikepdf.Name.FlateDecode)

    with pikepdf.open(BytesIO(printed)) as pdf:
        pack(pdf)
        printout = BytesIO()
        pdf.save(printout, compress_streams=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    with pytest.raises(FileProblem, match="packed or too large"):
        read_pack(printout.getvalue())


def test_a_deeply_nested_manifest_is_a_verdict(made, printed):
    pack, proof, signatures = made
    deep = msgspec.structs.replace(proof.entries[0], leaf="[" * 100_000)
    bad = msgspec.structs.replace(proof, entries=(deep, *proof.entries[1:]))
    assert "Entries readable" in found(with_manifest(printed, pack_bytes(pack, bad, signatures)))


def test_a_file_that_is_too_large_or_missing_states_so(tmp_path):
    with pytest.raises(FileProblem, match="larger than any closure pack"):
        read_pack(bytes(LARGEST_FILE + 1))
    with pytest.raises(FileProblem, match="cannot be read"):
        read_pack(tmp_path / "none.pdf")


@pytest.mark.parametrize("seed", range(40))
def test_a_whole_forged_file_of_strange_values_gets_a_verdict(seed):
    like, proof, signatures = strange_proof(seed)
    try:
        pack = compose_pack(proof, open_proof(proof), printed_at=like.printed_at, renderer=RENDERER)
    except ProofError:
        pack = msgspec.structs.replace(like, renderer=RENDERER)
    verdict = verify_pack(print_pack(pack, proof, signatures))
    assert verdict.number == pack.item.number
    assert not verdict.verified


def test_any_damage_to_the_structure_is_a_verdict(printed):
    chance = random.Random(7)
    places = [place for mark in (b" obj\n<<", b"/Names", b"/EF", b"/Length", b"xref") for place in every(printed, mark)]
    for _ in range(100):
        damaged = bytearray(printed)
        start = chance.choice(places) + chance.randrange(12)
        damaged[start : start + chance.randrange(1, 9)] = bytes(chance.choices(b"0123456789/<>[]() RnulObj", k=4))
        assert not verify_pack(bytes(damaged)).verified


def every(data: bytes, mark: bytes) -> list[int]:
    found, start = [], data.find(mark)
    while start >= 0:
        found.append(start)
        start = data.find(mark, start + 1)
    return found


def test_a_pack_of_a_newer_program_is_stated_to_be_one(made, printed):
    pack, proof, signatures = made
    manifest = pack_bytes(msgspec.structs.replace(pack, format=PACK_FORMAT + 1), proof, signatures)
    newer = with_manifest(printed, manifest.replace(b'"pack":{', b'"pack":{"a_new_member":1,', 1))
    with pytest.raises(NewerFormat, match=f"version {PACK_FORMAT + 1}"):
        read_pack(newer)
    assert "newer Countersign" in found(newer)
