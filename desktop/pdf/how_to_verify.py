"""The last pages: how anyone checks the pack, what the check proves, and what it does not."""

from __future__ import annotations

from desktop.pdf.moments import utc
from desktop.pdf.sheet import LEFT, QUIET, SMALL, WASH, WIDTH, Box, Column, Sheet
from desktop.pdf.typefaces import BOLD, MONO, wrap
from domain.closure.pack import ClosurePack
from domain.messages import Message, message

_STEPS = (
    Message(
        "Compare the root key fingerprint below with one you got from the vault’s owner by another way: on paper, "
        "by telephone, from an earlier pack. Whoever forges a whole pack also forges the fingerprint printed in it."
    ),
    Message(
        "Run the command below. It needs this file alone, no vault, no passphrase and no network. It answers "
        "verified or NOT VERIFIED; there is nothing in between."
    ),
    Message(
        "Keep the checkpoint below outside the vault. Whoever holds it can later have any copy of the vault checked "
        "against it: entries that were altered or cut since then are found."
    ),
    Message(
        "Without this program: the attached file countersign-pack.json holds every signed entry as text with its "
        "proofs. The pack is signed over “countersign/pack/v1”, a line feed and its members pack and proof. "
        "Signatures are Ed25519 over “countersign/entry/v1”, a line feed and the canonical header (RFC 8785); "
        "hashes and paths follow RFC 9162; the checkpoint is a signed note (tlog-checkpoint). OpenSSL checks them "
        "all."
    ),
)
_LIMITS = (
    Message("Changes to entries covered by this checkpoint are detectable by anyone holding it."),
    Message(
        "Moments come from the clocks of the computers where people signed. A laptop’s clock is not trusted time: "
        "the order of entries is proven, the moments are what the signers’ computers stated."
    ),
    Message(
        "Whoever printed this pack signed all of it, and with it the list of every entry about this item up to the "
        "checkpoint; each is in this file, and the closing lists every earlier one. Entries made later are not "
        "here."
    ),
    Message(
        "A signature proves that the key of the person named was used, with the passphrase where it says so. It "
        "does not prove who sat at the computer. Every grant of a role is in this file from the first entry of the "
        "log on."
    ),
    Message(
        "The verifier decides every entry again by the rules of this program, where this file shows all that the "
        "rules ask for. Entries that rest on other items are listed as not judged; the vault’s own check judges "
        "them."
    ),
    Message("Evidence is named by its hash and is not part of this file; what a file says is for its reviewer."),
    Message("Text in scripts written from right to left is printed in the order of its characters, unjoined."),
)


def how_to_verify(sheet: Sheet, pack: ClosurePack, fingerprint: str) -> None:
    """Lay out the verification section."""
    sheet.heading(message("How to verify"))
    for number, step in enumerate(_STEPS, start=1):
        _numbered(sheet, f"{number}", step)
    sheet.gap(1)
    _block(sheet, "countersign pack verify FILE.pdf")
    sheet.mono(message("Root key"), pack.root_fingerprint)
    sheet.mono(message("Log key"), pack.log_fingerprint)
    sheet.mono(message("This pack"), fingerprint)
    sheet.mono(message("Printed by"), pack.renderer)
    sheet.mono(message("Signed by key"), pack.printed_with)
    sheet.gap(2)
    if pack.checkpoint:
        _block(sheet, pack.checkpoint)
    _keys(sheet, pack)
    sheet.heading(message("What this proves, and what it does not"))
    for limit in _LIMITS:
        _numbered(sheet, "·", limit)
    if missing := sorted(sheet.missing):
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in missing)
        _numbered(
            sheet, "·", message("The print typefaces lack these characters, shown as ⟨U+…⟩: {codes}.", codes=codes)
        )


def _numbered(sheet: Sheet, sign: str, text: Message | str) -> None:
    sheet.need(24)
    sheet.text(LEFT, sheet.y - 9, sign, face=BOLD, colour=QUIET)
    sheet.paragraph(str(text), x=LEFT + 16, width=WIDTH - 16)
    sheet.gap(1)


def _block(sheet: Sheet, text: str) -> None:
    """Text to copy or type, on a wash; kept on one page."""
    lines = wrap(text.rstrip("\n"), face=MONO, size=SMALL, width=WIDTH - 24, missing=sheet.missing)
    height = 10.0 * len(lines) + 12
    sheet.need(height + 8)
    sheet.put(Box(LEFT, sheet.y - height, WIDTH, height, WASH))
    for number, line in enumerate(lines):
        sheet.mark_text(LEFT + 12, sheet.y - 14 - 10.0 * number, line, face=MONO, size=SMALL)
    sheet.y -= height
    sheet.gap(2)


def _keys(sheet: Sheet, pack: ClosurePack) -> None:
    columns = (
        Column(title=message("Signing key of"), width=160),
        Column(title=message("Fingerprint, beginning with the key id"), width=232, face=MONO),
        Column(title=message("Certified from"), width=WIDTH - 392),
    )
    sheet.table(
        columns,
        [(line.name, line.fingerprint, message("{utc} UTC", utc=utc(line.certified_from))) for line in pack.keys],
    )
