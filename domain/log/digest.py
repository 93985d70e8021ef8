"""Hashes as they stand in records: SHA-256 in lower-case hex."""

from __future__ import annotations

_HEX = frozenset("0123456789abcdef")
_LENGTH = 64


def is_digest(text: str) -> bool:
    """Whether a text is a SHA-256 as records hold it."""
    return len(text) == _LENGTH and _HEX.issuperset(text)
