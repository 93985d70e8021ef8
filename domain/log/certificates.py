"""What keys say about keys: the exact bytes that certify people and the log key. Format version 1, final.

A statement is canonical JSON; what is signed is a prefix that names the purpose, followed by the statement,
so that a signature made for one purpose is worthless for any other.

* person certificate: root signature over `PERSON_CERTIFICATE_PREFIX` + statement
* enrolment (proof of possession): the new key's own signature over `ENROLMENT_PREFIX` + the same statement
* proof of a recovery sheet: the sheet's signature over `SHEET_PROOF_PREFIX` + the statement of the new key
* log key certificate: root signature over `LOG_KEY_CERTIFICATE_PREFIX` + statement
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Literal

import msgspec

from domain.log.canonical import CanonicalError, canonical, parse_canonical
from domain.log.checkpoint import b64decode_strict
from domain.messages import message
from domain.records.people import PersonKey

PERSON_CERTIFICATE_PREFIX = b"countersign/person-certificate/v1\n"
ENROLMENT_PREFIX = b"countersign/enrolment/v1\n"
LOG_KEY_CERTIFICATE_PREFIX = b"countersign/log-key-certificate/v1\n"
SHEET_PROOF_PREFIX = b"countersign/recovery-sheet/v1\n"
FINGERPRINT_GROUPS = 10


class PersonStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person certificate says: this person of this vault holds these keys (base64), from this instant."""

    v: Literal[1]
    kind: Literal["person-certificate"]
    vault: str
    person: str
    name: str
    key: str
    ed25519: str
    p256: str
    x25519: str
    valid_from: str = msgspec.field(name="from")


def signing_key_id(ed25519_public: bytes) -> str:
    """The name of a signing key: the first 16 bytes of SHA-256 of the Ed25519 public key, in hex."""
    return sha256(ed25519_public).hexdigest()[:32]


def fingerprint(public: bytes) -> str:
    """A public key for people to compare: the first 20 bytes of its SHA-256, ten groups of four hex digits."""
    digits = sha256(public).hexdigest()
    return " ".join(digits[start : start + 4] for start in range(0, FINGERPRINT_GROUPS * 4, 4))


def person_statement(
    *, vault: str, person: str, name: str, ed25519: bytes, p256: bytes, x25519: bytes, valid_from: str
) -> bytes:
    """The canonical bytes that a person certificate and its proof of possession sign."""
    return canonical(
        {
            "v": 1,
            "kind": "person-certificate",
            "vault": vault,
            "person": person,
            "name": name,
            "key": signing_key_id(ed25519),
            "ed25519": b64encode(ed25519).decode(),
            "p256": b64encode(p256).decode(),
            "x25519": b64encode(x25519).decode(),
            "from": valid_from,
        }
    )


def log_key_statement(*, vault: str, log_key: bytes) -> bytes:
    """The canonical bytes that the log key certificate signs."""
    return canonical({"v": 1, "kind": "log-key-certificate", "vault": vault, "log_key": b64encode(log_key).decode()})


def read_person_statement(statement: bytes) -> PersonStatement:
    """The statement of canonical bytes. Reading is not verifying: the signatures are checked elsewhere.

    Raises:
        CanonicalError: not canonical, not a version 1 person certificate, or its key id is not its key's.
    """
    value: Any = parse_canonical(statement)
    try:
        stated = msgspec.convert(value, PersonStatement, strict=True)
    except msgspec.ValidationError as problem:
        raise CanonicalError(message("certificates.not_a_person_certificate", problem=problem)) from problem
    public = b64decode_strict(stated.ed25519)
    if public is None or len(public) != 32 or stated.key != signing_key_id(public):
        raise CanonicalError(message("certificates.the_person_certificate_names"))
    return stated


def certificate_problem(
    key: PersonKey, *, vault: str, root_key: bytes, verify: Callable[[bytes, bytes, bytes], bool]
) -> str:
    """Why a person's key record cannot be trusted, or "" when its certificate holds.

    Checked: the root's signature, the proof of possession, and that the record says what the certificate says.
    `verify(public, signature, message)`.
    """
    statement = key.statement.encode()
    try:
        stated = read_person_statement(statement)
    except CanonicalError as problem:
        return str(problem)
    certificate, possession = b64decode_strict(key.certificate), b64decode_strict(key.possession)
    public = b64decode_strict(stated.ed25519) or b""
    if stated.vault != vault:
        return message("certificates.the_certificate_of_key", key=key.id, vault=stated.vault)
    shown = (key.id, key.person, key.ed25519, key.p256, key.x25519)
    if shown != (stated.key, stated.person, stated.ed25519, stated.p256, stated.x25519):
        return message("certificates.the_record_of_key", key=key.id)
    if certificate is None or not verify(root_key, certificate, PERSON_CERTIFICATE_PREFIX + statement):
        return message("certificates.the_certificate_of_key_is_not_signed", key=key.id)
    if possession is None or not verify(public, possession, ENROLMENT_PREFIX + statement):
        return message("certificates.key_never_proved_that", key=key.id)
    return ""


def log_key_problem(
    *, vault: str, log_key: bytes, certificate: bytes, root_key: bytes, verify: Callable[[bytes, bytes, bytes], bool]
) -> str:
    """Why the vault's log key cannot be trusted, or ""; `verify(public, signature, message)`."""
    if verify(root_key, certificate, LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault=vault, log_key=log_key)):
        return ""
    return message("certificates.the_log_key_is")
