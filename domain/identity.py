"""Ids: UUIDv7 text (RFC 9562 section 5.7), sortable by time and unique without a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256


def uuid7(at: datetime, random_80_bits: int) -> str:
    """A UUIDv7 from an aware instant and 80 random bits (74 are used), as lower-case text.

    Ids of the same millisecond are ordered by their random part only; callers that need order within one
    act add a counter to it.
    """
    milliseconds = int(at.astimezone(UTC).timestamp() * 1000) & 0xFFFFFFFFFFFF
    high = (random_80_bits >> 62) & 0xFFF
    low = random_80_bits & ((1 << 62) - 1)
    value = (milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_COUNTER_BITS = 12
_LENGTH = len("2026-11-22T19:44:58.123Z")


def id_of(nonce: bytes, number: int, at: datetime) -> str:
    """The new id with this number (from 0) of a command: a UUIDv7 of the instant and of SHA-256(nonce, number).

    The 12 bits behind the milliseconds count (RFC 9562, section 6.2, method 1) and the milliseconds move on when they
    overflow, so that ids stay in the order they were asked for; the other 62 bits are the last ones of the hash over
    the nonce and the number as 8 bytes, big-endian.
    """
    moment = at + timedelta(milliseconds=number >> _COUNTER_BITS)
    hashed = int.from_bytes(sha256(nonce + number.to_bytes(8, "big")).digest()[-8:], "big")
    return uuid7(moment, ((number & ((1 << _COUNTER_BITS) - 1)) << 62) | (hashed & ((1 << 62) - 1)))


def iso(at: datetime) -> str:
    """UTC instant with milliseconds, as stored everywhere: 2026-11-22T19:44:58.123Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse_iso(text: str) -> datetime:
    """The aware instant of stored text.

    Raises:
        ValueError: not an instant as `iso` writes it.
    """
    if len(text) != _LENGTH or text[-1] != "Z" or text[10] != "T" or not text.isascii():
        raise ValueError(f"{text!r} is not an instant")
    return datetime.fromisoformat(text)
