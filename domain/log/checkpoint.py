"""Checkpoints: C2SP tlog-checkpoint bodies inside C2SP signed notes (Ed25519, signature type 0x01).

A checkpoint says: this log had `size` entries and this root. It is the anchor that paper and colleagues
carry; whoever holds one can detect later that covered entries were altered or cut.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from hashlib import sha256

import msgspec

from domain.log.merkle import HASH_SIZE
from domain.messages import message

ED25519_TYPE = b"\x01"
_DASH = "\u2014"


class NoteError(ValueError):
    """The text is not a signed note or not a checkpoint; the message says what is wrong."""


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The size and root of a log at one moment. `origin` names the log for ever."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The text that is signed (C2SP tlog-checkpoint): origin, size, base64 root, each on its line."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class NoteSignature(msgspec.Struct, frozen=True, kw_only=True):
    """One signature line: the signer's name, the 4-byte key id and the 64-byte signature."""

    name: str
    key_id: bytes
    signature: bytes


class SignedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint with its signatures, as opened from text. Opening does not verify: see `signed_by`."""

    checkpoint: Checkpoint
    signatures: tuple[NoteSignature, ...]

    def signed_by(self, name: str, public: bytes, verify: Callable[[bytes, bytes, bytes], bool]) -> bool:
        """Whether `name` signed with Ed25519 key `public`; `verify(public, signature, message)`."""
        wanted = key_id(name, public)
        covered = self.checkpoint.body().encode()
        return any(
            line.name == name and line.key_id == wanted and verify(public, line.signature, covered)
            for line in self.signatures
        )


def origin_of(vault: str) -> str:
    """The log's name for ever: unique per vault."""
    return f"countersign.local/vault/{vault}"


def signer_name(origin: str, who: str = "") -> str:
    """Key name in signature lines: the origin for the vault's log key, origin/person/ID for a person."""
    return f"{origin}/person/{who}" if who else origin


def key_id(name: str, public: bytes) -> bytes:
    """First four bytes of SHA-256(name, newline, type 0x01, key) (C2SP signed-note)."""
    return sha256(name.encode() + b"\n" + ED25519_TYPE + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The `name+hash+key` text that Go's sumdb/note reads."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519_TYPE + public).decode()}"


def sign_note(checkpoint: Checkpoint, signers: tuple[tuple[str, bytes, Callable[[bytes], bytes]], ...]) -> str:
    """The signed note text. Each signer is (name, Ed25519 public key, sign function)."""
    body = checkpoint.body()
    lines = [
        f"{_DASH} {name} {b64encode(key_id(name, public) + sign(body.encode())).decode()}\n"
        for name, public, sign in signers
    ]
    return body + "\n" + "".join(lines)


def open_note(text: str) -> SignedCheckpoint:
    """Parse a signed checkpoint.

    Raises:
        NoteError: not a signed note, not a three-line checkpoint, or a malformed signature line.
    """
    body, separator, tail = text.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteError(message("checkpoint.no_blank_line_between"))
    lines = body.split("\n")
    if len(lines) != 3 or not lines[0]:
        raise NoteError(message("checkpoint.a_checkpoint_has_three", count=len(lines)))
    origin, size, root = lines
    if not size.isascii() or not size.isdigit() or (size[0] == "0" and size != "0"):
        raise NoteError(message("checkpoint.the_size_is_not", size=size))
    signatures = tuple(_signature_line(line) for line in tail[:-1].split("\n"))
    return SignedCheckpoint(
        checkpoint=Checkpoint(origin=origin, size=int(size), root=_base64(root, HASH_SIZE, "root")),
        signatures=signatures,
    )


def _signature_line(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or not parts[1]:
        raise NoteError(message("checkpoint.not_a_signature_line", line=line))
    data = b64decode_strict(parts[2])
    if data is None or len(data) < 5:
        raise NoteError(message("checkpoint.the_signature_of_is", parts=parts[1]))
    return NoteSignature(name=parts[1], key_id=data[:4], signature=data[4:])


def _base64(text: str, length: int, what: str) -> bytes:
    data = b64decode_strict(text)
    if data is None or len(data) != length:
        raise NoteError(message("checkpoint.the_is_not_base", what=what, length=length))
    return data


def b64decode_strict(text: str) -> bytes | None:
    """Bytes of canonical base64, or None when the text is anything else (no second spelling is accepted)."""
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    return data if b64encode(data).decode() == text else None
