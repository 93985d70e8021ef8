"""Reading the manifest out of a pack file. The file is hostile until it is verified.

No PDF library opens it: a pack is a plain file in which the one embedded manifest stands as text, and it is read as
this program writes it, within a size limit, into typed values. Nothing in the file is run, followed or unpacked. That
the rest of the file is what the manifest prints is for `verify_pack`, which compares every byte.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from desktop.pdf.archive import MANIFEST_NAME
from domain.closure.manifest import PackSignatures, Proof, pack_bytes
from domain.closure.pack import PACK_FORMAT, ClosurePack
from domain.errors import Damaged, FileProblem, NewerFormat
from domain.log.canonical import CanonicalError
from domain.messages import message

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_MANIFEST = 32 * 1024 * 1024
_REMEDY = message("Ask for the pack again, as a file, from whoever printed it.")
_STREAMS = re.compile(rb"\n[0-9]{1,7} 0 obj\n<<([^\r\n]{1,600})>>\nstream\n")
"""Where a stream begins, as qpdf writes it. Words of people hold no line feed in a pack, so none can look like this."""
_LENGTH = re.compile(rb"/Length ([0-9]{1,8})\b")

Manifest = tuple[ClosurePack, Proof, PackSignatures | None]
"""The pack, what proves it, and the signatures of whoever printed it; None of a draft."""


class _Numbered(msgspec.Struct):
    format: int


class _Numbers(msgspec.Struct):
    """The version that every manifest says it has, whatever else a newer one holds."""

    pack: _Numbered


class _Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pack: ClosurePack
    proof: Proof
    signatures: PackSignatures | None


def read_pack(source: Path | bytes) -> Manifest:
    """What a PDF carries. Reading is not verifying: see `verify_pack`.

    Raises:
        FileProblem: the file cannot be read, is too large, or is no closure pack.
        Damaged: it is a closure pack whose manifest cannot be read.
    """
    return decode_manifest(manifest_of(pack_data(source)))


def pack_data(source: Path | bytes) -> bytes:
    """The bytes of a pack file within the size limit.

    Raises:
        FileProblem: the file cannot be read or is too large.
    """
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError as problem:
            raise FileProblem(
                message("The file cannot be read: {strerror}.", strerror=problem.strerror),
                where=source.name,
                remedy=message("Check its name and rights."),
            ) from problem
    if len(data) > LARGEST_FILE:
        raise FileProblem(
            message("The file is larger than any closure pack."),
            where=message("over {largest_file} bytes", largest_file=LARGEST_FILE),
            remedy=_REMEDY,
        )
    return data


def manifest_of(data: bytes) -> bytes:
    """The bytes of the embedded manifest.

    Raises:
        FileProblem: not a PDF as this program prints it, or not one that carries exactly one manifest.
    """
    if not data.startswith(b"%PDF-"):
        raise _unreadable(message("it is no PDF"))
    embedded = [each for each in _STREAMS.finditer(data) if b"/Type /EmbeddedFile" in each[1]]
    if len(embedded) != 1:
        raise _unreadable(
            message("it does not carry exactly one attachment named {manifest_name}", manifest_name=MANIFEST_NAME)
        )
    header, begin = embedded[0][1], embedded[0].end()
    length = _LENGTH.search(header)
    size = int(length[1]) if length else LARGEST_MANIFEST + 1
    if b"/Filter" in header or size > LARGEST_MANIFEST:
        raise _unreadable(message("the manifest is packed or too large"))
    manifest = data[begin : begin + size]
    if not data[begin + size : begin + size + len(_END)] == _END:
        raise _unreadable(message("its manifest does not end where it says"))
    return manifest


_END = b"\nendstream"


def _unreadable(why: str) -> FileProblem:
    return FileProblem(
        message("This is not a readable closure pack: {why}.", why=why), where=message("PDF structure"), remedy=_REMEDY
    )


def decode_manifest(data: bytes) -> Manifest:
    """The values of manifest bytes.

    Raises:
        Damaged: not the canonical form of a manifest. NewerFormat: written by a newer Countersign.
    """
    try:
        manifest = msgspec.json.decode(data, type=_Manifest, strict=True)
        canonical = pack_bytes(manifest.pack, manifest.proof, manifest.signatures)
    except (msgspec.MsgspecError, CanonicalError, UnicodeDecodeError, RecursionError) as problem:
        if newer := _newer_format(data):
            raise NewerFormat(
                message(
                    "The pack has version {newer}; this program reads up to {pack_format}.",
                    newer=newer,
                    pack_format=PACK_FORMAT,
                ),
                where=MANIFEST_NAME,
                remedy=message("Verify it with the newer Countersign that printed it."),
            ) from problem
        raise Damaged(
            message("The manifest cannot be read: {problem}.", problem=problem), where=MANIFEST_NAME, remedy=_REMEDY
        ) from problem
    if canonical != data:
        raise Damaged(message("The manifest is not in canonical form."), where=MANIFEST_NAME, remedy=_REMEDY)
    return manifest.pack, manifest.proof, manifest.signatures


def _newer_format(data: bytes) -> int:
    """The version of a manifest that a newer program wrote; 0 when this program knows it, or it is none."""
    try:
        found = msgspec.json.decode(data, type=_Numbers).pack.format
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
    return found if found > PACK_FORMAT else 0
