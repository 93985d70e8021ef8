"""What keys say about keys: the exact bytes of certificates and proofs, and how anyone verifies them.

A statement is canonical JSON; what is signed is a domain-separating prefix followed by the statement, so
that a signature made for one purpose is worthless for any other. Verification takes the signature check as
an argument and needs no key holder, so a log replay or an outside verifier can use it as it stands.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from domain.errors import Damaged
from domain.log.canonical import CanonicalError, canonical, parse_canonical

PERSON_CERTIFICATE_PREFIX = b"countersign/person-certificate/v1\n"
ENROLMENT_PREFIX = b"countersign/enrolment/v1\n"
LOG_CERTIFICATE_PREFIX = b"countersign/log-certificate/v1\n"
PERSON_CERTIFICATE_KIND = "person-certificate"
LOG_CERTIFICATE_KIND = "log-certificate"
FINGERPRINT_GROUPS = 10

Verify = Callable[[bytes, bytes, bytes], bool]
"""(public key, signed bytes, signature) -> whether it holds."""


class Publics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's public keys: Ed25519 (log, 32 bytes), P-256 (PDF, 65), X25519 (data key, 32)."""

    ed25519: bytes
    p256: bytes
    x25519: bytes


class Certificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root's word that these keys are this person's, and the person's proof of holding them."""

    statement: bytes
    root_signature: bytes
    proof: bytes


class LogCertificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root's word that this key signs the checkpoints of this vault."""

    statement: bytes
    root_signature: bytes


class CertifiedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says, once it has been verified. `since` is the ISO 8601 UTC time it names."""

    vault: str
    person: str
    name: str
    key: str
    public: Publics
    since: str


class CertifiedLogKey(msgspec.Struct, frozen=True, kw_only=True):
    """What a log certificate says, once verified."""

    vault: str
    public: bytes
    since: str


def key_id(ed25519_public: bytes) -> str:
    """The name of a signing key: the first 16 bytes of SHA-256 of the Ed25519 public key, in hex."""
    return sha256(ed25519_public).hexdigest()[:32]


def fingerprint(public: bytes) -> str:
    """A public key for people to compare: the first 20 bytes of its SHA-256, ten groups of four hex digits."""
    digits = sha256(public).hexdigest()
    return " ".join(digits[start : start + 4] for start in range(0, FINGERPRINT_GROUPS * 4, 4))


def person_statement(*, vault: str, person: str, name: str, public: Publics, since: str) -> bytes:
    """The canonical bytes a person certificate signs."""
    return canonical(
        {
            "v": 1,
            "kind": PERSON_CERTIFICATE_KIND,
            "vault": vault,
            "person": person,
            "name": name,
            "key": key_id(public.ed25519),
            "ed25519": b64encode(public.ed25519).decode(),
            "p256": b64encode(public.p256).decode(),
            "x25519": b64encode(public.x25519).decode(),
            "from": since,
        }
    )


def log_statement(*, vault: str, log_public: bytes, since: str) -> bytes:
    """The canonical bytes a log certificate signs."""
    return canonical(
        {
            "v": 1,
            "kind": LOG_CERTIFICATE_KIND,
            "vault": vault,
            "ed25519": b64encode(log_public).decode(),
            "from": since,
        }
    )


def verify_person_certificate(
    certificate: Certificate, *, root_public: bytes, vault: str, verify: Verify
) -> CertifiedPerson:
    """What the certificate says, after root signature, proof of possession, vault and key id were checked.

    Raises:
        Damaged: any of them does not hold.
    """
    where = "person certificate"
    if not verify(root_public, PERSON_CERTIFICATE_PREFIX + certificate.statement, certificate.root_signature):
        raise Damaged("A person certificate is not signed by this vault's root key.", where=where)
    said = _read(certificate.statement, kind=PERSON_CERTIFICATE_KIND, vault=vault, where=where)
    public = Publics(
        ed25519=_binary(said, "ed25519", 32, where),
        p256=_binary(said, "p256", 65, where),
        x25519=_binary(said, "x25519", 32, where),
    )
    if not verify(public.ed25519, ENROLMENT_PREFIX + certificate.statement, certificate.proof):
        raise Damaged("A person certificate lacks the proof that the person holds the key.", where=where)
    if said.get("key") != key_id(public.ed25519):
        raise Damaged("A person certificate names another key than it carries.", where=where)
    return CertifiedPerson(
        vault=vault,
        person=_text(said, "person", where),
        name=_text(said, "name", where),
        key=key_id(public.ed25519),
        public=public,
        since=_text(said, "from", where),
    )


def verify_log_certificate(
    certificate: LogCertificate, *, root_public: bytes, vault: str, verify: Verify
) -> CertifiedLogKey:
    """What the log certificate says, after root signature and vault were checked.

    Raises:
        Damaged: either does not hold.
    """
    where = "log certificate"
    if not verify(root_public, LOG_CERTIFICATE_PREFIX + certificate.statement, certificate.root_signature):
        raise Damaged("The log key is not certified by this vault's root key.", where=where)
    said = _read(certificate.statement, kind=LOG_CERTIFICATE_KIND, vault=vault, where=where)
    return CertifiedLogKey(vault=vault, public=_binary(said, "ed25519", 32, where), since=_text(said, "from", where))


def _read(statement: bytes, *, kind: str, vault: str, where: str) -> dict[str, Any]:
    try:
        said = parse_canonical(statement)
    except (CanonicalError, ValueError, RecursionError) as problem:
        raise Damaged(f"The statement is not canonical JSON: {problem}", where=where) from problem
    if not isinstance(said, dict) or said.get("v") != 1 or said.get("kind") != kind:
        raise Damaged(f"The statement is not a {kind} of version 1.", where=where)
    if said.get("vault") != vault:
        raise Damaged("The statement was made for another vault.", where=where)
    return said


def _text(said: dict[str, Any], name: str, where: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise Damaged(f"The statement does not say its {name!r}.", where=where)
    return value


def _binary(said: dict[str, Any], name: str, length: int, where: str) -> bytes:
    text = _text(said, name, where)
    try:
        value = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Damaged(f"The statement's {name!r} is not base64.", where=where) from problem
    if len(value) != length or b64encode(value).decode() != text:
        raise Damaged(f"The statement's {name!r} is not {length} bytes.", where=where)
    return value
