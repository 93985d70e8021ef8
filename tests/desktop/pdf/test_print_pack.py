"""The printed file: the same on every run, complete, archivable, and never silent about what it cannot show."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
import pypdfium2
import pytest
from closed_item import closed_item
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.pdf.colour_profile import srgb_profile
from desktop.pdf.print_pack import LAYOUT, RENDERER, print_pack, print_with_notices
from desktop.pdf.read_pack import read_pack
from desktop.pdf.sheet import BOTTOM, LEFT, RIGHT, Column, Sheet, Text
from desktop.pdf.typefaces import BOLD, MONO, SANS, printable, typefaces, wrap
from desktop.pdf.verify_pack import verify_pack
from domain.closure.assemble import assemble_pack
from domain.closure.manifest import pack_fingerprint
from domain.closure.pack import PACK_FORMAT

ROOT = Path(__file__).resolve().parents[3]


def page_texts_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_the_same_pack_prints_to_the_same_bytes_in_another_process(printed):
    code = (
        "import sys; sys.path.insert(0, 'tests/domain/closure')\n"
        "from closed_item import closed_item\n"
        "from desktop.pdf.print_pack import RENDERER, print_pack\n"
        "sys.stdout.buffer.write(print_pack(*closed_item().made(RENDERER)))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
        run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
        assert run.stdout == printed


def test_this_layout_prints_the_bytes_it_always_printed():
    """Packs of years ago are verified by printing them again. If this fails, the layout needs a new number."""
    data = print_pack(*closed_item().made(f"{LAYOUT} (reportlab 4, qpdf 11)"))
    assert sha256(data).hexdigest() == "205abac34b79ba96a44c629620e016f225b6e8656a07b666cb7f75b6d6494b4c"


def test_a_pack_or_proof_of_another_format_is_not_verified():
    closed = closed_item()
    pack, proof, _ = closed.made(RENDERER)
    for claimed, proven in ((PACK_FORMAT + 1, PACK_FORMAT), (PACK_FORMAT, PACK_FORMAT + 1), (0, 0)):
        forged = msgspec.structs.replace(pack, format=claimed), msgspec.structs.replace(proof, format=proven)
        assert any("version" in finding for finding in verify_pack(print_pack(*forged, closed.sign(*forged))).findings)


def test_everything_that_matters_is_on_the_pages(made, printed):
    pack, proof, _ = made
    text = "\n".join(page_texts_of(printed))
    for wanted in (
        pack.item.number,
        pack.item.title,
        "Closure standard met",
        pack.root_fingerprint,
        pack.log_fingerprint,
        "Zoë Lindström",
        "Quality lead",
        "“I have reviewed the cause and the action”",
        "2 Nov 2026 10:10:07",
        "11:10:07 +01:00",
        "signed with passphrase",
        pack.evidence[0].sha256[:32],
        pack.evidence[0].sha256[32:],
        "siehe 8D; mit Kunde telefoniert",
        "H12",
        "countersign pack verify",
        "A laptop’s clock is not trusted time",
        "Changes to entries covered by this checkpoint are detectable by anyone holding it.",
        pack.checkpoint.splitlines()[0],
        pack.checkpoint.splitlines()[2],
        *(line.leaf[:32] for line in pack.excerpt),
    ):
        assert wanted in text
    assert "cannot be changed" not in text
    assert pack_fingerprint(pack, proof) in text.replace("\n", "").replace("\r", "")


def test_every_page_carries_the_packs_fingerprint_and_its_number(made, printed):
    pages = page_texts_of(printed)
    mark = f"pack {pack_fingerprint(*made[:2])[:32]}"
    for number, text in enumerate(pages, start=1):
        assert mark in text
        assert f"page {number} of {len(pages)}" in text
        assert made[0].checkpoint_root[:16] in text


def test_the_file_is_built_as_an_archive_file(printed):
    with pikepdf.open(BytesIO(printed)) as pdf:
        metadata = bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert "<pdfaid:part>3</pdfaid:part>" in metadata
        assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
        intent = pdf.Root.OutputIntents[0]
        assert bytes(intent.DestOutputProfile.read_bytes()) == srgb_profile()
        assert pdf.Root.AF[0].AFRelationship == pikepdf.Name.Data
        assert str(pdf.Root.Lang) == "en"
        assert "/Outlines" in pdf.Root
        assert "/PageLabels" in pdf.Root
        fonts = {
            str(font.BaseFont): font.FontDescriptor for page in pdf.pages for font in page.obj.Resources.Font.values()
        }
        assert all("/FontFile2" in descriptor for descriptor in fonts.values())
        assert len(fonts) == 3
    assert not any(word in printed for word in (b"/URI", b"/JavaScript", b"/Launch", b"/AcroForm", b"/Encrypt"))


def test_qpdf_finds_nothing_wrong_with_the_file(printed, tmp_path):
    file = tmp_path / "pack.pdf"
    file.write_bytes(printed)
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_what_was_printed_is_read_back(made, printed, tmp_path):
    file = tmp_path / "pack.pdf"
    file.write_bytes(printed)
    assert read_pack(file) == made
    assert read_pack(printed) == made


def test_a_standard_that_is_not_met_states_so_on_the_cover():
    closed = closed_item()
    unsigned = closed.parts(renderer=RENDERER)
    pack, proof = assemble_pack(**unsigned)
    lines = tuple(msgspec.structs.replace(line, met=False) for line in pack.standard)
    pack = msgspec.structs.replace(pack, standard=lines, standard_met=False)
    cover = page_texts_of(print_pack(pack, proof, closed.sign(pack, proof)))[0]
    assert "Closure standard NOT met" in cover
    assert "✗" in cover


def test_a_pack_that_nobody_signed_states_on_every_page_that_it_is_a_draft(made):
    pages = page_texts_of(print_pack(*made[:2]))
    assert all("DRAFT, signed by nobody: NOT VERIFIABLE" in text for text in pages)
    assert not any("DRAFT" in text for text in page_texts_of(print_pack(*made)))


def test_characters_without_a_glyph_are_named_not_left_blank():
    data, missing = print_with_notices(*closed_item(title="Teil 零件 \u202egnp.exe 𝔸 ok").made(RENDERER))
    text = "\n".join(page_texts_of(data))
    assert missing == ("件", "零")
    assert "⟨U+96F6⟩⟨U+4EF6⟩" in text
    assert "⟨U+202E⟩gnp.exe" in text
    assert "lack these characters" in text
    assert "\u202e" not in text


@pytest.mark.parametrize("hidden", ["\u202a", "\u2066", "\u2069", "\u200f", "\x00", "\x85", "\x1b", "\u2028", "\ufeff"])
def test_control_characters_are_shown(hidden):
    assert printable(f"a{hidden}b") == f"a⟨U+{ord(hidden):04X}⟩b"


@given(st.text(max_size=60), st.sampled_from((SANS, BOLD, MONO)), st.floats(min_value=20, max_value=300))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_wrapped_lines_fit_and_lose_nothing(text, face, width):
    lines = wrap(text, face=face, size=8.5, width=width)
    measure = typefaces()[face]
    assert all(len(line) == 1 or measure.width(line, 8.5) <= width + 0.001 for line in lines)
    visible = "".join(printable(part, face) for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert "".join(lines).replace(" ", "") == visible.replace(" ", "")


def test_a_cell_longer_than_a_page_goes_on_over_the_next_pages():
    sheet = Sheet()
    columns = (Column(title="Words", width=120), Column(title="More", width=120))
    sheet.table(columns, [("word " * 3000, "beside"), ("after", "")])
    texts = [mark for page in sheet.pages for mark in page.marks if isinstance(mark, Text)]
    assert len(sheet.pages) > 3
    assert sum(mark.text.count("word") for mark in texts) == 3000
    assert min(mark.y for mark in texts) >= BOTTOM
    assert texts[-1].text in {"after", ""}


def test_nothing_is_printed_outside_the_margins(made):
    long = msgspec.structs.replace(made[0].item, title="Ununterbrochenes" * 40, description="x" * 5000)
    data = print_pack(msgspec.structs.replace(made[0], item=long, title="T" * 900), *made[1:])
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(index)
            assert right == left or (left >= LEFT - 2 and right <= RIGHT + 2)


def test_no_markup_reaches_reportlab():
    """All text goes through drawString: markup in people's words stays words."""
    for file in (ROOT / "desktop" / "pdf").glob("*.py"):
        assert "Paragraph(" not in file.read_text(encoding="utf-8"), file.name


def test_markup_in_peoples_words_stays_words():
    words = "<b>bold</b> &amp; <img src='/etc/hostname'/> [[[1,2]]]"
    data = print_pack(*closed_item(title=words).made(RENDERER))
    assert words in " ".join("\n".join(page_texts_of(data)).split())
