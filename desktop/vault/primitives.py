"""Thin wrappers over the `cryptography` library, and the one holder of secret bytes.

Every cipher, hash and curve the vault uses is named here once. Nothing here knows slots, people or files.
Secrets live in `Secret`: overwritten on `wipe`, absent from `repr`, refused by pickle and copy. The runtime
may still have moved copies of them in memory; no more than "overwritten where we hold it" is claimed.
"""

from __future__ import annotations

import hmac as _hmac
import os
from hashlib import sha256
from typing import NoReturn

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import Damaged, Unavailable
from domain.messages import message

KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16
_P256 = ec.SECP256R1()
_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Secret:
    """Secret bytes that can be overwritten. Using them after `wipe` is `Unavailable`: the vault is locked."""

    __slots__ = ("_data", "_wiped")

    def __init__(self, data: bytes | bytearray) -> None:
        self._data = data if isinstance(data, bytearray) else bytearray(data)
        self._wiped = False

    def expose(self) -> bytearray:
        """The bytes themselves, not a copy: hand them to a cipher and let go of them.

        Raises:
            Unavailable: the secret was wiped.
        """
        if self._wiped:
            raise Unavailable(
                message("The vault is locked: its keys are no longer in memory."), remedy=message("Unlock it again.")
            )
        return self._data

    def wipe(self) -> None:
        """Overwrite the bytes with zeros. Harmless to repeat."""
        self._data[:] = bytes(len(self._data))
        self._wiped = True

    @property
    def is_wiped(self) -> bool:
        """Whether the bytes are gone."""
        return self._wiped

    def __repr__(self) -> str:
        return "Secret(wiped)" if self._wiped else "Secret(hidden)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither copied nor pickled")


def random_secret(length: int = KEY_SIZE) -> Secret:
    """`length` bytes from the operating system's random source."""
    return Secret(os.urandom(length))


def random_bytes(length: int) -> bytes:
    """Public random bytes: salts, identifiers."""
    return os.urandom(length)


def argon2id(passphrase: bytes, *, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> Secret:
    """Argon2id (RFC 9106), 32 bytes. Bounds are the caller's: this computes whatever it is asked to.

    Raises:
        Unavailable: the machine has not got the memory this key slot asks for.
    """
    try:
        kdf = Argon2id(salt=salt, length=KEY_SIZE, iterations=iterations, lanes=lanes, memory_cost=memory_kib)
        derived = bytearray(KEY_SIZE)
        kdf.derive_into(passphrase, derived)
    except MemoryError as problem:
        raise Unavailable(
            message(
                "Unlocking needs {memory_kib} MiB of free memory and this machine has not got them.",
                memory_kib=memory_kib // 1024,
            ),
            remedy=message("Close other programs and try again."),
        ) from problem
    return Secret(derived)


def hkdf(key: Secret, *, info: bytes, length: int = KEY_SIZE, salt: bytes = b"") -> Secret:
    """HKDF-SHA256 (RFC 5869): one sub-key per purpose, the purpose being `info`."""
    derived = bytearray(length)
    HKDF(algorithm=hashes.SHA256(), length=length, salt=salt or None, info=info).derive_into(key.expose(), derived)
    return Secret(derived)


def seal(key: Secret, plaintext: bytes | bytearray, *, aad: bytes) -> bytes:
    """AES-256-GCM under a fresh random nonce: nonce, ciphertext, tag in one value."""
    nonce = os.urandom(NONCE_SIZE)
    return nonce + AESGCM(key.expose()).encrypt(nonce, plaintext, aad)


def open_sealed(key: Secret, sealed: bytes, *, aad: bytes) -> Secret:
    """The plaintext of `seal`.

    Raises:
        Damaged: too short, or altered, or sealed under another key or for another place.
    """
    if len(sealed) < NONCE_SIZE + TAG_SIZE:
        raise Damaged(message("A sealed value is too short to be one."))
    plain = bytearray(len(sealed) - NONCE_SIZE - TAG_SIZE)
    try:
        AESGCM(key.expose()).decrypt_into(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], aad, plain)
    except InvalidTag as problem:
        raise Damaged(message("A sealed value was altered or belongs elsewhere.")) from problem
    return Secret(plain)


def hmac_sha256(key: Secret, data: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104), 32 bytes."""
    return _hmac.new(key.expose(), data, sha256).digest()


def same_bytes(one: bytes | bytearray, other: bytes | bytearray) -> bool:
    """Equality in a time that does not tell where the first difference is."""
    return _hmac.compare_digest(one, other)


def new_ed25519_seed() -> Secret:
    """A seed for a new Ed25519 key pair (RFC 8032)."""
    return random_secret()


def ed25519_public(seed: Secret) -> bytes:
    """The 32-byte public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed.expose()).public_key().public_bytes_raw()


def ed25519_sign(seed: Secret, data: bytes) -> bytes:
    """The 64-byte Ed25519 signature (RFC 8032, PureEdDSA) over `data`."""
    return Ed25519PrivateKey.from_private_bytes(seed.expose()).sign(data)


def ed25519_verify(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether `signature` over `data` was made with the private half of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_p256_secret() -> Secret:
    """A new P-256 private key as its 32-byte scalar."""
    scalar = ec.generate_private_key(_P256).private_numbers().private_value
    return Secret(scalar.to_bytes(KEY_SIZE, "big"))


def _p256_private(secret: Secret) -> ec.EllipticCurvePrivateKey:
    try:
        return ec.derive_private_key(int.from_bytes(secret.expose(), "big"), _P256)
    except ValueError as problem:
        raise Damaged(message("A P-256 private key is outside the range of the curve.")) from problem


def p256_public(secret: Secret) -> bytes:
    """The public point, 65 bytes uncompressed (SEC 1, 2.3.3)."""
    return (
        _p256_private(secret)
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )


def p256_pkcs8(secret: Secret) -> bytes:
    """The private key as unencrypted PKCS #8 DER, for a PDF signer in memory. Never to be written anywhere."""
    return _p256_private(secret).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def p256_sign(secret: Secret, data: bytes) -> bytes:
    """ECDSA P-256 with SHA-256, deterministic (RFC 6979), DER encoded."""
    return _p256_private(secret).sign(data, _ECDSA)


def p256_verify(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the DER `signature` over `data` verifies under the 65-byte public point."""
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(_P256, public)
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def new_x25519_secret() -> Secret:
    """A new X25519 private key (RFC 7748), 32 bytes."""
    return random_secret()


def x25519_public(secret: Secret) -> bytes:
    """The 32-byte public key of an X25519 private key."""
    return X25519PrivateKey.from_private_bytes(secret.expose()).public_key().public_bytes_raw()


def x25519_shared(secret: Secret, public: bytes) -> Secret:
    """The X25519 shared secret.

    Raises:
        Damaged: the other key is not a usable point (all-zero result, wrong length).
    """
    try:
        peer = X25519PublicKey.from_public_bytes(public)
        return Secret(X25519PrivateKey.from_private_bytes(secret.expose()).exchange(peer))
    except ValueError as problem:
        raise Damaged(message("An X25519 public key is unusable.")) from problem


def seal_to(public: bytes, plaintext: bytes | bytearray, *, info: bytes) -> bytes:
    """HPKE base mode (RFC 9180; X25519, HKDF-SHA256, AES-256-GCM) to one person's public key.

    Raises:
        Damaged: the public key is unusable.
    """
    try:
        return _HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info=info)
    except ValueError as problem:
        raise Damaged(message("An X25519 public key is unusable.")) from problem


def open_sealed_to(secret: Secret, box: bytes, *, info: bytes) -> Secret:
    """The plaintext of `seal_to`.

    Raises:
        Damaged: altered, for someone else, or for another purpose.
    """
    try:
        return Secret(_HPKE.decrypt(box, X25519PrivateKey.from_private_bytes(secret.expose()), info=info))
    except (InvalidTag, ValueError) as problem:
        raise Damaged(message("A key left for an absent person was altered or belongs elsewhere.")) from problem
