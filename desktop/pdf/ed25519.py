"""The Ed25519 check (RFC 8032) that pack verification is given."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature holds; keys or signatures of a wrong length never do."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
