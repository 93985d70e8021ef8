"""What keys have to prove in an entry: every claim there is, and every way in which one does not hold."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.vault.ed25519 import verify_signature
from domain.act import Act, Actor, Change
from domain.commands.changing import new_record
from domain.log.certificates import (
    ENROLMENT_PREFIX,
    LOG_KEY_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    SHEET_PROOF_PREFIX,
    log_key_statement,
    person_statement,
    signing_key_id,
)
from domain.log.entry import Header
from domain.records.people import Person, PersonKey, RecoverySheet, Vault
from domain.replay.key_claims import Claim, CreationClaim, KeyClaim, SheetClaim, SignerClaim, claim_problem, claims_of
from domain.simulation.memory_register import MemoryRegister, header_of

ROOT, OWN, LOG, SHEET, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(1, 6))
AT = "2026-11-22T08:00:00.000Z"


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def b64(data: bytes) -> str:
    return b64encode(data).decode()


KEY = signing_key_id(public(OWN))
STATEMENT = person_statement(
    vault="memory", person="p", name="Ann", ed25519=public(OWN), p256=b"4", x25519=b"5", valid_from=AT
)


def key(**other: str) -> PersonKey:
    values = {
        "id": KEY,
        "person": "p",
        "ed25519": b64(public(OWN)),
        "p256": b64(b"4"),
        "x25519": b64(b"5"),
        "statement": STATEMENT.decode(),
        "certificate": b64(ROOT.sign(PERSON_CERTIFICATE_PREFIX + STATEMENT)),
        "possession": b64(OWN.sign(ENROLMENT_PREFIX + STATEMENT)),
        "valid_from": AT,
        "revoked_from": "",
    }
    return PersonKey(**{**values, **other})


def vault(**other: Any) -> Vault:
    stated = LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault="memory", log_key=public(LOG))
    values: dict[str, Any] = {
        "id": "memory",
        "name": "V",
        "created": AT,
        "format": 1,
        "prefix": "V",
        "root_key": b64(public(ROOT)),
        "log_key": b64(public(LOG)),
        "log_certificate": b64(ROOT.sign(stated)),
        "slots": "s",
    }
    return Vault(**{**values, **other})


def sheet(state: str = "in_force") -> RecoverySheet:
    values = {"id": "s-1", "person": "p", "public": b64(public(SHEET)), "state": state, "made_at": AT}
    return msgspec.convert({**values, "tested_at": "", "ended_at": ""}, RecoverySheet)


PERSON = Person(id="p", name="Ann", state="active", enrolled_at=AT, enrolled_by="p")
CREATED = (new_record("vault", vault()), new_record("person", PERSON), new_record("person_key", key()))
PROOF = b64(SHEET.sign(SHEET_PROOF_PREFIX + STATEMENT))
BY_SHEET = (
    Change("key_reset", "r", {}, {"state": "given", "sheet": "s-1", "new_key": KEY, "proof": PROOF}),
    new_record("person_key", key()),
)


def state(*changes: Change) -> MemoryRegister:
    made, by = MemoryRegister(), actor()
    if changes:
        made.take(Act(name="x", changes=changes), by)
    return made


def actor() -> Actor:
    return Actor(person="p", name="Ann", roles=frozenset(), at=datetime(2026, 11, 22, 8, tzinfo=UTC))


def header(**other: str) -> Header:
    return msgspec.structs.replace(header_of(Act(name="x", changes=()), actor(), seq=0), **{"key": KEY, **other})


def rules(claims: tuple[Claim, ...], **other: str) -> list[str]:
    stated = header(**other)
    found = [claim_problem(each, header=stated, root_key=public(ROOT), verify=verify_signature) for each in claims]
    return [each.rule for each in found if each]


def test_a_creating_claims_its_vault_its_key_and_who_signs() -> None:
    claims = claims_of(CREATED, state())
    assert claims == (CreationClaim(vault=vault()), KeyClaim(key=key(), name="Ann"), SignerClaim(key=KEY))
    assert rules(claims) == []
    assert rules(claims, vault="other") == ["vault.keys", "key.certificate"]
    assert rules(claims, key="another") == ["key.signer"]


@pytest.mark.parametrize(
    "other",
    [
        {"id": "v"},
        {"root_key": b64(public(OTHER))},
        {"log_key": b64(public(OTHER))},
        {"log_key": ""},
        {"log_certificate": "no base64"},
        {"log_certificate": b64(OTHER.sign(b"x"))},
    ],
)
def test_a_vault_under_other_keys_is_none(other: dict[str, str]) -> None:
    assert rules((CreationClaim(vault=vault(**other)),)) == ["vault.keys"]


def test_a_new_key_of_somebody_enrolled_is_certified_under_their_name() -> None:
    before = state(new_record("person", PERSON))
    claims = claims_of((new_record("person_key", key()),), before)
    assert claims == (KeyClaim(key=key(), name="Ann"),)
    assert rules(claims) == []
    for wrong in (KeyClaim(key=key(), name="Bob"), KeyClaim(key=key(possession=b64(b"0" * 64)), name="Ann")):
        assert rules((wrong,)) == ["key.certificate"]
    assert rules(claims_of((new_record("person_key", key()),), state())) == ["key.certificate"]


def test_a_sheet_proves_the_new_key_and_the_new_key_signs() -> None:
    before = state(new_record("person", PERSON), new_record("recovery_sheet", sheet()))
    claims = claims_of(BY_SHEET, before)
    assert claims[1:] == (
        SheetClaim(reset="r", public=b64(public(SHEET)), proof=PROOF, statement=STATEMENT.decode()),
        SignerClaim(key=KEY),
    )
    assert rules(claims) == []
    assert rules(claims, key="the old one") == ["key.signer"]


@pytest.mark.parametrize(
    ("known", "after"),
    [
        ("used", {}),
        ("in_force", {"sheet": "s-2"}),
        ("in_force", {"proof": ""}),
        ("in_force", {"proof": b64(OTHER.sign(SHEET_PROOF_PREFIX + STATEMENT))}),
        ("in_force", {"proof": b64(SHEET.sign(b"something else"))}),
    ],
)
def test_a_sheet_that_proves_nothing(known: str, after: dict[str, str]) -> None:
    before = state(new_record("person", PERSON), new_record("recovery_sheet", sheet(known)))
    reset = msgspec.structs.replace(BY_SHEET[0], after={**BY_SHEET[0].after, **after})
    assert rules(claims_of((reset, BY_SHEET[1]), before)) == ["sheet.proof"]


def test_a_reset_by_persons_claims_the_key_alone() -> None:
    before = state(new_record("person", PERSON))
    reset = Change("key_reset", "r", {}, {"state": "given", "new_key": KEY})
    assert claims_of((reset, new_record("person_key", key())), before) == (KeyClaim(key=key(), name="Ann"),)
