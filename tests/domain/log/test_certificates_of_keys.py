"""What keys say about keys: the exact bytes, for ever, and every way in which a certificate does not hold."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.vault.ed25519 import verify_signature
from domain.log.canonical import CanonicalError
from domain.log.certificates import (
    ENROLMENT_PREFIX,
    LOG_KEY_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    SHEET_PROOF_PREFIX,
    certificate_problem,
    fingerprint,
    log_key_problem,
    log_key_statement,
    person_statement,
    read_person_statement,
    signing_key_id,
)
from domain.records.people import PersonKey

ROOT, OWN, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
AT = "2026-11-22T08:00:00.000Z"


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def statement(**other: bytes | str) -> bytes:
    output = {"vault": "v", "person": "p", "name": "Ann", "ed25519": public(OWN), "p256": b"\x04", "x25519": b"\x05"}
    return person_statement(**{**output, "valid_from": AT, **other})  # type: ignore[arg-type]


def record(stated: bytes, *, root: Ed25519PrivateKey = ROOT, own: Ed25519PrivateKey = OWN, **other: str) -> PersonKey:
    values = {
        "id": signing_key_id(public(OWN)),
        "person": "p",
        "ed25519": b64(public(OWN)),
        "p256": b64(b"\x04"),
        "x25519": b64(b"\x05"),
        "statement": stated.decode(),
        "certificate": b64(root.sign(PERSON_CERTIFICATE_PREFIX + stated)),
        "possession": b64(own.sign(ENROLMENT_PREFIX + stated)),
        "valid_from": AT,
        "revoked_from": "",
    }
    return PersonKey(**{**values, **other})


def problem(key: PersonKey) -> str:
    return certificate_problem(key, vault="v", root_key=public(ROOT), verify=verify_signature)


def test_the_bytes_are_those_of_version_one_for_ever() -> None:
    assert (PERSON_CERTIFICATE_PREFIX, ENROLMENT_PREFIX, LOG_KEY_CERTIFICATE_PREFIX, SHEET_PROOF_PREFIX) == (
        b"countersign/person-certificate/v1\n",
        b"countersign/enrolment/v1\n",
        b"countersign/log-key-certificate/v1\n",
        b"countersign/recovery-sheet/v1\n",
    )
    key, own = public(OWN), b64(public(OWN))
    named = sha256(key).hexdigest()[:32]
    assert signing_key_id(key) == named
    assert (
        statement().decode()
        == f'{{"ed25519":"{own}","from":"{AT}","key":"{named}","kind":"person-certificate","name":"Ann","p256":"BA==",'
        '"person":"p","v":1,"vault":"v","x25519":"BQ=="}'
    )
    assert log_key_statement(vault="v", log_key=key).decode() == (
        f'{{"kind":"log-key-certificate","log_key":"{own}","v":1,"vault":"v"}}'
    )
    digits = sha256(key).hexdigest()
    assert fingerprint(key).split(" ") == [digits[n * 4 : n * 4 + 4] for n in range(10)]


def test_a_certificate_that_holds_has_no_problem() -> None:
    assert problem(record(statement())) == ""
    stated = read_person_statement(statement())
    assert (stated.name, stated.valid_from) == ("Ann", AT)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (record(statement(), root=OTHER), "not signed by the vault's root key"),
        (record(statement(), own=OTHER), "never proved"),
        (record(statement(), certificate=""), "not signed by the vault's root key"),
        (record(statement(), certificate="not base64"), "not signed by the vault's root key"),
        (record(statement(), possession="not base64"), "never proved"),
        (record(statement(), possession=b64(OWN.sign(statement()))), "never proved"),
        (record(statement(), certificate=b64(ROOT.sign(ENROLMENT_PREFIX + statement()))), "not signed by the vault's"),
        (record(statement(vault="w")), "belongs to vault w"),
        (record(statement(), person="q"), "does not say what its certificate says"),
        (record(statement(), id="0" * 32), "does not say what its certificate says"),
        (record(statement(), p256=b64(b"\x06")), "does not say what its certificate says"),
        (record(statement(), x25519=b64(b"\x06")), "does not say what its certificate says"),
        (record(statement(), ed25519=b64(public(OTHER))), "does not say what its certificate says"),
        (record(statement() + b" "), "canonical"),
        (record(statement().replace(b'"v":1', b'"v":2')), "not a person certificate"),
        (record(statement().replace(b"person-certificate", b"people-certificate")), "not a person certificate"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_way_in_which_a_certificate_does_not_hold_is_shown(key: PersonKey, words: str) -> None:
    assert words in problem(key)


def test_a_statement_names_the_key_it_carries() -> None:
    own, other = signing_key_id(public(OWN)).encode(), signing_key_id(public(OTHER)).encode()
    for wrong in (
        statement().replace(own, other),
        statement().replace(b64(public(OWN)).encode(), b64(public(OWN)[:31]).encode()),
        statement().replace(b64(public(OWN)).encode(), b"????"),
    ):
        with pytest.raises(CanonicalError, match="another key than it carries"):
            read_person_statement(wrong)
    short = b64(public(OWN)[:31]).encode()
    rightly_named = (
        statement().replace(b64(public(OWN)).encode(), short).replace(own, signing_key_id(public(OWN)[:31]).encode())
    )
    with pytest.raises(CanonicalError, match="another key than it carries"):
        read_person_statement(rightly_named)


def test_the_log_key_is_certified_by_the_root_and_by_nothing_else() -> None:
    stated = log_key_statement(vault="v", log_key=public(OTHER))

    def output(certificate: bytes, *, vault: str = "v", key: bytes = public(OTHER), root: bytes = public(ROOT)) -> str:
        return log_key_problem(
            vault=vault, log_key=key, certificate=certificate, root_key=root, verify=verify_signature
        )

    right = ROOT.sign(LOG_KEY_CERTIFICATE_PREFIX + stated)
    assert output(right) == ""
    refused = "the log key is not certified by the vault's root key"
    assert output(right, vault="w") == output(right, key=public(OWN)) == output(right, root=public(OWN)) == refused
    assert output(ROOT.sign(stated)) == output(b"") == refused


def test_nothing_else_is_read_as_a_statement() -> None:
    extra = msgspec.json.decode(statement())
    extra["more"] = 1
    with pytest.raises(CanonicalError, match="not a person certificate"):
        read_person_statement(msgspec.json.encode(extra, order="sorted"))
