"""Entries: the signed header of an act, its bytes, its leaf. Format version 1, final.

header = {v, law, vault, seq, prev, at, zone, behind, by, role, mandate, key, device, act, subject,
process_version, reason, meaning, auth, schema, commands, changes: {count, root}}

* signature: Ed25519 over `ENTRY_PREFIX` + canonical header bytes
* leaf data: canonical({"entry": header, "sig": base64 signature}); leaf hash per RFC 9162
* prev: hex leaf hash of the entry before; 64 zeros for the first
* changes.root: RFC 9162 root over the leaves of the entry, hex: first `commands` leaves with the canonical bytes of
  the command that was carried out, then the canonical bytes of each change
* law: the number of the law under which the command was judged and decided
* behind: the latest time that the log claimed, where the clock was behind it; "" otherwise
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import msgspec

from domain.log.canonical import CanonicalError, canonical, encode_fitting, fits, parse_canonical
from domain.log.merkle import leaf_hash
from domain.messages import message

FORMAT_VERSION = 1
LAWS: tuple[int, ...] = (1,)
"""The laws known here, by which commands are judged and decided. A changed rule is a new law beside the old ones."""
SCHEMA_VERSION = 1
"""Of the record vocabulary: the number of the store format that first held its records."""
NO_PREVIOUS = "0" * 64
ENTRY_PREFIX = b"countersign/entry/v1\n"


def newest_law() -> int:
    """The law that a new vault begins with."""
    return LAWS[-1]


def is_known_law(number: int) -> bool:
    """Whether this program can decide again what was decided under it."""
    return number in LAWS


class ChangeTree(msgspec.Struct, frozen=True):
    """How many leaves the entry has (its command's and its changes') and the RFC 9162 root over them (hex)."""

    count: int
    root: str


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed. `auth` is "session" (unlocked key) or "passphrase" (re-authenticated for this act)."""

    v: int
    law: int
    vault: str
    seq: int
    prev: str
    at: str
    zone: str
    behind: str
    by: str
    role: str
    mandate: str
    key: str
    device: str
    act: str
    subject: str
    process_version: str
    reason: str
    meaning: str
    auth: str
    schema: int
    commands: int
    changes: ChangeTree

    def data(self) -> bytes:
        """Canonical bytes of the header: its fields are text and integers, so only the integers are looked at.

        Raises:
            CanonicalError: an integer outside 53 bits, or text with a lone surrogate.
        """
        if not fits([self.v, self.law, self.seq, self.schema, self.commands, self.changes.count]):
            raise CanonicalError(message("entry.the_header_holds_an"))
        return encode_fitting(self)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A header with its signature: one leaf of the log."""

    header: Header
    signature: bytes

    def leaf_data(self) -> bytes:
        """The bytes whose hash is the log's leaf."""
        return leaf_data(self.header.data(), self.signature)

    def leaf(self) -> bytes:
        """RFC 9162 leaf hash."""
        return leaf_hash(self.leaf_data())


def leaf_data(header_data: bytes, signature: bytes) -> bytes:
    """canonical({"entry": header, "sig": base64}) without decoding the header again."""
    return b'{"entry":' + header_data + b',"sig":"' + b64encode(signature) + b'"}'


def signing_input(header_data: bytes) -> bytes:
    """Domain-separated bytes that the person's Ed25519 key signs."""
    return ENTRY_PREFIX + header_data


_HEADER = msgspec.json.Decoder(Header)


class _Numbers(msgspec.Struct):
    """The two numbers that every header has, whatever else a newer one holds."""

    v: int
    schema: int = 0


_NUMBERS = msgspec.json.Decoder(_Numbers)


def newer_format(data: bytes) -> str:
    """The format of header bytes that a newer program wrote, as "2.1"; "" when this program knows it, or it is none."""
    try:
        found = _NUMBERS.decode(data)
    except msgspec.DecodeError:
        return ""
    newer = found.v > FORMAT_VERSION or found.schema > SCHEMA_VERSION
    return f"{found.v}.{found.schema}" if newer else ""


def decode_header(data: bytes) -> Header:
    """The header of canonical bytes: decoded, encoded again, compared (so no second spelling passes).

    Raises:
        CanonicalError: the bytes are not the canonical form of an entry header.
    """
    try:
        header = _HEADER.decode(data)
    except msgspec.DecodeError as problem:
        if newer := newer_format(data):
            raise CanonicalError(message("entry.format_is_not_known", newer=newer)) from problem
        raise CanonicalError(message("entry.not_an_entry_header", problem=problem)) from problem
    if header.data() != data:
        raise CanonicalError(message("entry.the_header_is_not"))
    return header


def decode_leaf(data: bytes) -> Entry:
    """The entry of leaf bytes (as carried in packs and exports).

    Raises:
        CanonicalError: not the canonical form of an entry.
    """
    value: Any = parse_canonical(data)
    if not isinstance(value, dict) or set(value) != {"entry", "sig"} or not isinstance(value["sig"], str):
        raise CanonicalError(message("entry.not_a_log_leaf"))
    signature = b64decode(value["sig"], validate=True)
    return Entry(header=decode_header(canonical(value["entry"])), signature=signature)
