"""Checking Ed25519 signatures (RFC 8032): one function, shared by the store's and the packs' verification."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_PUBLIC_SIZE = 32


def verify_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` over `message` was made with the key of `public` (32 bytes)."""
    if len(public) != _PUBLIC_SIZE:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
