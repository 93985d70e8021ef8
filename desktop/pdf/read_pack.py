"""Reading the manifest out of a pack file. The file is hostile until it is verified.

Only the one attachment that this program writes is read, uncompressed as this program writes it, within a
size limit, into typed values; nothing in the file is run, followed or unpacked.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
from pikepdf import Name, Pdf

from desktop.pdf.archive import MANIFEST_NAME
from domain.closure.compose import pack_bytes
from domain.closure.pack import PACK_FORMAT, ClosurePack, Proof
from domain.errors import Damaged, FileProblem, NewerFormat
from domain.log.canonical import CanonicalError

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_MANIFEST = 32 * 1024 * 1024
_CURE = "Ask for the pack again, as a file, from whoever printed it."


class _Numbered(msgspec.Struct):
    format: int


class _Numbers(msgspec.Struct):
    """The version that every manifest says it has, whatever else a newer one holds."""

    pack: _Numbered


class _Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pack: ClosurePack
    proof: Proof


def read_pack(source: Path | bytes) -> tuple[ClosurePack, Proof]:
    """The pack and the proof that a PDF carries. Reading is not verifying: see `verify_pack`.

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
                f"The file cannot be read: {problem.strerror}.", where=source.name, cure="Check its name and rights."
            ) from problem
    if len(data) > LARGEST_FILE:
        raise FileProblem("The file is larger than any closure pack.", where=f"over {LARGEST_FILE} bytes", cure=_CURE)
    return data


def manifest_of(data: bytes) -> bytes:
    """The bytes of the embedded manifest.

    Raises:
        FileProblem: not a readable PDF, or not one that carries exactly one manifest.
    """
    try:
        with Pdf.open(BytesIO(data), suppress_warnings=True, attempt_recovery=False) as pdf:
            return _embedded(pdf)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        # A damaged structure shows in pikepdf as any of these, wherever the damage happens to lie.
        raise FileProblem(
            f"This is not a readable closure pack: {str(problem)[:200]}.", where="PDF structure", cure=_CURE
        ) from problem


def _embedded(pdf: Pdf) -> bytes:
    names = pdf.Root.Names.EmbeddedFiles.Names
    if len(names) != 2 or str(names[0]) != MANIFEST_NAME:
        raise ValueError(f"it does not carry exactly one attachment named {MANIFEST_NAME}")
    stream = names[1].EF.F
    if Name.Filter in stream or int(stream.Length) > LARGEST_MANIFEST:
        raise ValueError("the manifest is packed or too large")
    return bytes(stream.read_raw_bytes())


def decode_manifest(data: bytes) -> tuple[ClosurePack, Proof]:
    """The values of manifest bytes.

    Raises:
        Damaged: not the canonical form of a manifest. NewerFormat: written by a newer Countersign.
    """
    try:
        manifest = msgspec.json.decode(data, type=_Manifest, strict=True)
        canonical = pack_bytes(manifest.pack, manifest.proof)
    except (msgspec.MsgspecError, CanonicalError, UnicodeDecodeError, RecursionError) as problem:
        if newer := _newer_format(data):
            raise NewerFormat(
                f"The pack has version {newer}; this program reads up to {PACK_FORMAT}.",
                where=MANIFEST_NAME,
                cure="Verify it with the newer Countersign that printed it.",
            ) from problem
        raise Damaged(f"The manifest cannot be read: {problem}.", where=MANIFEST_NAME, cure=_CURE) from problem
    if canonical != data:
        raise Damaged("The manifest is not in canonical form.", where=MANIFEST_NAME, cure=_CURE)
    return manifest.pack, manifest.proof


def _newer_format(data: bytes) -> int:
    """The version of a manifest that a newer program wrote; 0 when this program knows it, or it is none."""
    try:
        found = msgspec.json.decode(data, type=_Numbers).pack.format
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
    return found if found > PACK_FORMAT else 0
