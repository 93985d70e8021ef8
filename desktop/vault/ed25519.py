"""Checking Ed25519 signatures (RFC 8032): one function, shared by the store's and the packs' verification."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_PUBLIC_SIZE = 32
_KEYS_KEPT = 256  # a log of a million entries is signed by few people; reading a key costs half a verification


@lru_cache(maxsize=_KEYS_KEPT)
def _key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def verify_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` over `message` was made with the key of `public` (32 bytes)."""
    if len(public) != _PUBLIC_SIZE:
        return False
    try:
        _key(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
