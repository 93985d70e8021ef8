"""Entries crafted around the gates, each with its signer's own valid signature: replay names every one."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from people_cast import PASSPHRASES

from desktop.machine.clock import now
from desktop.session.open_vault import UnlockedVault
from desktop.session.people_keys import key_record
from desktop.vault.person_keys import Enrolment, Identity, SigningKeys, certify
from desktop.vault.recovery_code import new_code, read_code, sheet_public, sign_with_sheet
from domain.act import Act, Change
from domain.commands.keys import AskReset, WithdrawReset
from domain.identity import iso
from domain.log.certificates import SHEET_PROOF_PREFIX
from domain.records.people import KeyReset

AsPerson = Callable[..., UnlockedVault]


def id_of(vault: UnlockedVault, name: str) -> str:
    return next(each.id for each in vault.register.people() if each.name == name)


def slip_in(vault: UnlockedVault, *changes: Change, **act: Any) -> list[str]:
    """Write an entry as no use case would, signed by who is unlocked; the findings come back."""
    vault._seal(Act(name="crafted", changes=changes, **act), vault.actor(), auth="session")
    return [f"{finding.table}.{finding.field}: {finding.text}" for finding in vault.verify().findings]


def stamp() -> str:
    return iso(now())


def certified_key(vault: UnlockedVault, person: str, name: str, keys: SigningKeys | None = None) -> dict[str, str]:
    """A key with a certificate of the vault's real root key: the worst an administrator can make."""
    keys = keys or SigningKeys.new()
    root = vault._keys._secrets.root
    assert root is not None
    certificate = certify(root, keys, vault=vault.register.vault().id, person=person, name=name, at=stamp())
    identity = Identity(person=person, name=name, key=keys.key_id, public=keys.public)
    return key_record(Enrolment(identity=identity, certificate=certificate), at=stamp())


def as_change(key: dict[str, str]) -> Change:
    values = dict(key)
    return created("person_key", values.pop("id"), values)


def a_person(vault: UnlockedVault, name: str) -> Change:
    values = {"name": name, "state": "active", "enrolled_at": stamp(), "enrolled_by": vault.person.id}
    return created("person", f"person-{name}", values)


def a_role(vault: UnlockedVault, person: str, role: str, **other: str) -> Change:
    values = {"person": person, "role": role, "scope": "", "valid_from": stamp(), "valid_until": ""}
    return created("person_role", f"role-{person}", {**values, "granted_by": vault.person.id, **other})


def a_reset(person: str, key: str, **other: str) -> Change:
    values = {"person": person, "state": "given", "reason": "x", "asked_by": "", "asked_at": "", "given_by": ""}
    return created(
        "key_reset", "reset-x", {**values, "given_at": stamp(), "new_key": key, "sheet": "", "proof": "", **other}
    )


def test_a_second_key_for_a_colleague_is_found_whoever_certified_it(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    found = slip_in(vault, as_change(certified_key(vault, carl, "Carl")))
    assert len(found) == 1
    assert "takes a reset by two persons" in found[0]


def test_a_reset_by_one_person_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl, ada = id_of(vault, "Carl"), vault.person.id
    key = certified_key(vault, carl, "Carl")
    found = slip_in(vault, a_reset(carl, key["id"], asked_by=ada, given_by=ada), as_change(key))
    assert any("nobody else asked for" in text for text in found)
    assert any("no earlier entry asked for" in text for text in found)
    assert any("leaves an old key" in text for text in found)


def test_a_request_in_a_colleagues_name_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    values = {"person": id_of(vault, "Carl"), "state": "asked", "reason": "x", "asked_by": id_of(vault, "Quinn")}
    rest = dict.fromkeys(("given_by", "given_at", "new_key", "sheet", "proof"), "")
    found = slip_in(vault, created("key_reset", "reset-x", {**values, **rest, "asked_at": stamp()}))
    assert any("in somebody else's name" in text for text in found)


def test_a_reset_given_by_no_administrator_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    vault.perform(AskReset(person=carl, reason="Forgot"), passphrase=PASSPHRASES["Ada"])
    asked = vault.register.all_of(KeyReset)[0]
    key = certified_key(vault, carl, "Carl")  # an administrator's accomplice certified it
    vault = as_person("Quinn")
    given = {"state": "given", "given_by": vault.person.id, "given_at": stamp(), "new_key": key["id"]}
    found = slip_in(
        vault,
        Change("key_reset", asked.id, {"state": "asked", "given_by": "", "given_at": "", "new_key": ""}, given),
        as_change(key),
    )
    assert any("was no administrator" in text for text in found)


def test_a_request_withdrawn_by_somebody_it_is_none_of_is_found(as_person: AsPerson) -> None:
    vault = as_person("Quinn")
    vault.perform(AskReset(person=id_of(vault, "Carl"), reason="Forgot"), passphrase=PASSPHRASES["Quinn"])
    vault = as_person("Ada")
    (asked,) = vault.register.all_of(KeyReset)
    found = slip_in(vault, Change("key_reset", asked.id, {"state": "asked"}, {"state": "withdrawn"}))
    assert any("to withdraw" in text for text in found)


def test_a_request_withdrawn_once_stays_withdrawn(as_person: AsPerson) -> None:
    vault = as_person("Quinn")
    vault.perform(AskReset(person=id_of(vault, "Carl"), reason="Forgot"), passphrase=PASSPHRASES["Quinn"])
    (asked,) = vault.register.all_of(KeyReset)
    vault.perform(WithdrawReset(reset=asked.id, reason="Found it"), passphrase=PASSPHRASES["Quinn"])
    assert vault.verify().findings == ()
    found = slip_in(vault, Change("key_reset", asked.id, {"state": "withdrawn"}, {"state": "asked"}))
    assert any("was withdrawn" in text for text in found)


def test_a_request_that_is_born_withdrawn_or_gives_a_key_is_found(as_person: AsPerson) -> None:
    vault = as_person("Quinn")
    values = {"person": id_of(vault, "Carl"), "state": "withdrawn", "reason": "x", "asked_by": vault.person.id}
    rest = {**dict.fromkeys(("given_by", "given_at", "sheet", "proof"), ""), "new_key": "key-x"}
    found = slip_in(vault, created("key_reset", "reset-x", {**values, **rest, "asked_at": stamp()}))
    assert any("no earlier entry made" in text for text in found)
    assert any("gives a key at once" in text for text in found)


def test_a_sheet_nobody_printed_gives_no_key(as_person: AsPerson) -> None:
    """An administrator asks, then plays the owner of a sheet made up in the same entry."""
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    vault.perform(AskReset(person=carl, reason="Forgot"), passphrase=PASSPHRASES["Ada"])
    asked = vault.register.all_of(KeyReset)[0]
    keys = SigningKeys.new()
    key = certified_key(vault, carl, "Carl", keys)
    code = read_code(new_code())
    proof = b64encode(sign_with_sheet(code, SHEET_PROOF_PREFIX + key["statement"].encode())).decode()
    sheet = {
        "person": carl,
        "public": b64encode(sheet_public(code)).decode(),
        "state": "used",
        "made_at": stamp(),
        "rehearsed_at": "",
        "ended_at": stamp(),
    }
    revoked = [
        Change("person_key", each.id, {"revoked_from": ""}, {"revoked_from": stamp()})
        for each in (*vault.register.keys(),)
        if each.person == carl
    ]
    before = dict.fromkeys(("given_by", "given_at", "new_key", "sheet", "proof"), "")
    after = {"given_by": carl, "given_at": stamp(), "new_key": key["id"], "sheet": "sheet-x", "proof": proof}
    vault._keys._secrets.keys = keys
    vault._keys._own = msgspec.structs.replace(vault._keys._own, person=carl, name="Carl")
    found = slip_in(
        vault,
        Change("key_reset", asked.id, {"state": "asked", **before}, {"state": "given", **after}),
        *revoked,
        as_change(key),
        created("recovery_sheet", "sheet-x", sheet),
    )
    assert any("no recovery sheet that was in force" in text for text in found)


@pytest.mark.parametrize("who", ["Quinn", "Ada"])
def test_enrolment_takes_an_administrator_and_a_name_of_ones_own(as_person: AsPerson, who: str) -> None:
    if who == "Quinn":
        vault = as_person("Ada")
        key = certified_key(vault, "person-Eve", "Eve")
        vault = as_person("Quinn")
        found = slip_in(vault, a_person(vault, "Eve"), as_change(key))
        assert any("was no administrator" in text for text in found)
    else:
        vault = as_person("Ada")
        key = certified_key(vault, "person-QUINN", "QUINN")
        found = slip_in(vault, a_person(vault, "QUINN"), as_change(key))
        assert any("enrols a second" in text for text in found)


def test_a_key_without_proof_of_possession_or_for_nobody_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    key = certified_key(vault, "person-Eve", "Eve") | {"possession": b64encode(bytes(64)).decode()}
    found = slip_in(vault, as_change(key))
    assert any("never proved" in text for text in found)
    assert any("nobody who was enrolled" in text for text in found)


def test_a_key_used_before_is_found_when_it_comes_back(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    vault.people_keys.disable(person=carl, reason="Left")
    old = next(each for each in (*vault.register.keys(),) if each.person == carl)
    found = slip_in(vault, Change("person_key", old.id, {"revoked_from": old.revoked_from}, {"revoked_from": ""}))
    assert any("lifts a revocation" in text for text in found)


def test_a_revoked_key_that_signs_later_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    mine = next(each for each in (*vault.register.keys(),) if each.person == vault.person.id)
    slip_in(vault, Change("person_key", mine.id, {"revoked_from": ""}, {"revoked_from": stamp()}))
    found = slip_in(vault, a_role(vault, id_of(vault, "Quinn"), "auditor"))
    assert any("is signed with a key revoked" in text for text in found)


@pytest.mark.parametrize(
    ("who", "other", "said"),
    [
        ("Quinn", {}, "was no administrator"),
        ("Ada", {"valid_from": "2020-01-01T00:00:00.000Z"}, "grants a role back to"),
        ("Ada", {"granted_by": "somebody"}, "in the name of"),
    ],
)
def test_a_role_given_wrongly_is_found(as_person: AsPerson, who: str, other: dict[str, str], said: str) -> None:
    vault = as_person(who)
    found = slip_in(vault, a_role(vault, id_of(vault, "Quinn"), "controller", **other))
    assert any(said in text for text in found)


def test_a_disabled_person_brought_back_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    vault.people_keys.disable(person=carl, reason="Left")
    found = slip_in(vault, Change("person", carl, {"state": "disabled"}, {"state": "active"}))
    assert any("brings a disabled person back" in text for text in found)


def test_a_name_or_a_keys_bytes_changed_later_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    found = slip_in(vault, Change("person", carl, {"name": "Carl"}, {"name": "Karla"}))
    assert any("changes name of a person" in text for text in found)


def test_a_signature_with_a_meaning_and_no_declaration_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    act = Act(
        name="crafted",
        changes=(a_role(vault, id_of(vault, "Quinn"), "auditor"),),
        role="administrator",
        meaning="I approve",
    )
    vault._seal(act, vault.actor(), auth="passphrase")
    assert any("has not declared" in finding.text for finding in vault.verify().findings)


def test_a_declaration_in_a_colleagues_name_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    values = {"person": id_of(vault, "Carl"), "key": vault.people_keys.key_id, "text": "x", "signed_at": stamp()}
    found = slip_in(vault, created("declaration", "declaration-x", values))
    assert any("declares in somebody else's name" in text for text in found)


def test_nobody_signs_as_somebody_else_with_any_key_they_hold(as_person: AsPerson) -> None:
    """All an administrator holds is tried: own key, root key, log key, another's name on the entry."""
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    carls_key = next(each for each in (*vault.register.keys(),) if each.person == carl).id
    signers = {
        "own": vault._keys._secrets.keys.ed25519,
        "root": vault._keys._secrets.root,
        "log": vault._keys._log_seed,
    }
    for n, seed in enumerate(signers.values()):
        assert seed is not None
        entries = vault.register.log_size()
        change = a_role(vault, carl, "auditor")
        forged = created("person_role", f"role-{n}", change.after)
        signatory = _As(carl, carls_key, seed.expose())
        vault._store.record(
            Act(name="crafted", changes=(forged,)),
            signatory=signatory,
            at=now(),
            zone="+00:00 test",
            device="d",
        )
        kinds = {finding.kind for finding in vault.verify().findings if finding.entry == entries}
        assert "signature" in kinds


class _As:
    """Claims to be somebody and signs with whatever key is at hand."""

    def __init__(self, person: str, key: str, seed: bytearray) -> None:
        self.person, self.key, self.auth, self._seed = person, key, "session", seed

    def sign(self, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return Ed25519PrivateKey.from_private_bytes(bytes(self._seed)).sign(data)
