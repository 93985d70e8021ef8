"""Entries crafted around the rules, each with its signer's own valid signature: verification names every one.

A forger hands in the command that fits best. Either its rules refuse it where it stands, or what the entry changes is
not what that command gives.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import msgspec
import pytest
from forged_entries import NONCE, alter, broken, differs, not_given, slip_in, write
from people_cast import PASSPHRASES

from desktop.machine.clock import now
from desktop.session.keys_and_people import certified_key
from desktop.session.signatory import KeySignatory
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.person_keys import Enrolment, Identity, SigningKeys, certify
from desktop.vault.recovery_code import new_code, read_code, sheet_public, sign_with_sheet
from domain.act import Act, Change, created
from domain.commands.deciding import decide
from domain.commands.keys import AskReset, GiveReset, RecoverKey, WithdrawReset
from domain.commands.oversight import ReviewAccess
from domain.commands.people import EnrolPerson, GrantRole, SignDeclaration
from domain.commands.people_records import CertifiedKey
from domain.identity import iso
from domain.log.certificates import SHEET_PROOF_PREFIX
from domain.records.people import KeyReset
from resources.texts.declarations import DECLARATION

AsPerson = Callable[..., UnlockedSession]
SIGNED = "I sign this"


def id_of(vault: UnlockedSession, name: str) -> str:
    return next(each.id for each in vault.register.people() if each.name == name)


def stamp() -> str:
    return iso(now())


def new_key(vault: UnlockedSession, person: str, name: str, keys: SigningKeys | None = None) -> CertifiedKey:
    """A key with a certificate of the vault's real root key: the worst an administrator can make."""
    keys = keys or SigningKeys.new()
    root = vault._keys._secrets.root
    assert root is not None
    certificate = certify(root, keys, vault=vault.register.vault().id, person=person, name=name, at=stamp())
    identity = Identity(person=person, name=name, key=keys.key_id, public=keys.public)
    return certified_key(Enrolment(identity=identity, certificate=certificate))


def as_change(key: CertifiedKey, person: str) -> Change:
    values = msgspec.structs.asdict(key) | {"person": person, "valid_from": stamp(), "revoked_from": ""}
    return created("person_key", values.pop("id"), values)


def a_person(vault: UnlockedSession, name: str) -> Change:
    values = {"name": name, "state": "active", "enrolled_at": stamp(), "enrolled_by": vault.person.id}
    return created("person", f"person-{name}", values)


def a_role(vault: UnlockedSession, person: str, role: str) -> Change:
    values = {"person": person, "role": role, "scope": "", "valid_from": stamp(), "valid_until": ""}
    return created("person_role", f"role-{person}", {**values, "granted_by": vault.person.id})


def a_reset(person: str, key: str, **other: str) -> Change:
    values = {"person": person, "state": "given", "reason": "x", "asked_by": "", "asked_at": "", "given_by": ""}
    return created(
        "key_reset", "reset-x", {**values, "given_at": stamp(), "new_key": key, "sheet": "", "proof": "", **other}
    )


def ask(vault: UnlockedSession, name: str) -> KeyReset:
    """Ask properly that somebody be given a new key."""
    passphrase = PASSPHRASES[vault.person.name]
    vault.perform(AskReset(person=id_of(vault, name), reason="Forgot"), passphrase=passphrase)
    (asked,) = vault.register.all_of(KeyReset)
    return asked


def declare(vault: UnlockedSession) -> None:
    vault.perform(SignDeclaration(text=DECLARATION), passphrase=PASSPHRASES[vault.person.name])


def given_by(person: str, key: CertifiedKey, asked: KeyReset) -> Change:
    """The change that gives a new key to who asked for one."""
    given = {"state": "given", "given_by": person, "given_at": stamp(), "new_key": key.id}
    return Change("key_reset", asked.id, {"state": "asked", "given_by": "", "given_at": "", "new_key": ""}, given)


def test_a_second_key_for_a_colleague_is_found_whoever_certified_it(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    key = new_key(vault, carl, "Carl")
    found = slip_in(
        vault,
        EnrolPerson(person=carl, name="Carl", identity_checked="Passport seen", roles=(), key=key),
        as_change(key, carl),
    )
    assert broken(found, "person.id_used")
    assert broken(found, "person.taken")


def test_a_second_key_that_comes_with_another_command_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    key = as_change(new_key(vault, carl, "Carl"), carl)
    assert not_given(alter(vault, GrantRole(person=carl, role="auditor"), key), "person_key")


def test_a_reset_that_nobody_asked_for_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    declare(vault)
    carl, ada = id_of(vault, "Carl"), vault.person.id
    key = new_key(vault, carl, "Carl")
    command = GiveReset(reset="reset-x", key=key, meaning=SIGNED)
    found = slip_in(vault, command, a_reset(carl, key.id, asked_by=ada, given_by=ada), as_change(key, carl))
    assert broken(found, "reset.not_asked")


def test_a_reset_by_one_person_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    asked = ask(vault, "Carl")
    key = new_key(vault, asked.person, "Carl")
    command = GiveReset(reset=asked.id, key=key, meaning=SIGNED)
    found = slip_in(vault, command, given_by(vault.person.id, key, asked), as_change(key, asked.person))
    assert broken(found, "reset.two_persons")


def test_a_reset_that_leaves_an_old_key_is_found(as_person: AsPerson) -> None:
    asked = ask(as_person("Quinn"), "Carl")
    vault = as_person("Ada")
    declare(vault)
    key = new_key(vault, asked.person, "Carl")
    (old,) = (each for each in (*vault.register.keys(),) if each.person == asked.person)
    found = alter(vault, GiveReset(reset=asked.id, key=key, meaning=SIGNED), without=old.id)
    assert any(f"where its command changes person_key {old.id}" in each.text for each in found)


def test_a_request_in_a_colleagues_name_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    declare(vault)
    command = AskReset(person=id_of(vault, "Carl"), reason="x", meaning=SIGNED)
    assert differs(alter(vault, command, asked_by=id_of(vault, "Quinn")), "key_reset", "asked_by")


def test_a_reset_given_by_no_administrator_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    asked = ask(vault, "Carl")
    key = new_key(vault, asked.person, "Carl")  # an administrator's accomplice certified it
    vault = as_person("Quinn")
    declare(vault)
    command = GiveReset(reset=asked.id, key=key, meaning=SIGNED)
    found = slip_in(vault, command, given_by(vault.person.id, key, asked), as_change(key, asked.person))
    assert broken(found, "right.missing")


def test_a_request_withdrawn_by_somebody_it_is_none_of_is_found(as_person: AsPerson) -> None:
    asked = ask(as_person("Quinn"), "Carl")
    vault = as_person("Ada")
    declare(vault)
    change = Change("key_reset", asked.id, {"state": "asked"}, {"state": "withdrawn"})
    found = slip_in(vault, WithdrawReset(reset=asked.id, reason="x", meaning=SIGNED), change)
    assert broken(found, "reset.not_yours")


def test_a_request_withdrawn_once_stays_withdrawn(as_person: AsPerson) -> None:
    vault = as_person("Quinn")
    asked = ask(vault, "Carl")
    vault.perform(WithdrawReset(reset=asked.id, reason="Found it"), passphrase=PASSPHRASES["Quinn"])
    assert vault.verify().findings == ()
    change = Change("key_reset", asked.id, {"state": "withdrawn"}, {"state": "asked"})
    found = slip_in(vault, AskReset(person=asked.person, reason="Forgot", meaning=SIGNED), change)
    assert any("where its command changes key_reset" in each.text for each in found)


def test_a_request_that_is_born_withdrawn_or_gives_a_key_is_found(as_person: AsPerson) -> None:
    vault = as_person("Quinn")
    declare(vault)
    command = AskReset(person=id_of(vault, "Carl"), reason="x", meaning=SIGNED)
    found = alter(vault, command, state="withdrawn", new_key="key-x")
    named = [(each.kind, each.table, each.field) for each in found]
    assert named == [("rules", "key_reset", "new_key"), ("rules", "key_reset", "state")]


def test_a_sheet_nobody_printed_gives_no_key(as_person: AsPerson) -> None:
    """An administrator asks, then plays the owner of a sheet made up in the same entry."""
    vault = as_person("Ada")
    asked = ask(vault, "Carl")
    carl = asked.person
    keys = SigningKeys.new()
    key = new_key(vault, carl, "Carl", keys)
    code = read_code(new_code())
    public = b64encode(sheet_public(code)).decode()
    proof = b64encode(sign_with_sheet(code, SHEET_PROOF_PREFIX + key.statement.encode())).decode()
    sheet = {
        "person": carl,
        "public": public,
        "state": "used",
        "made_at": stamp(),
        "tested_at": "",
        "ended_at": stamp(),
    }
    revoked = [
        Change("person_key", each.id, {"revoked_from": ""}, {"revoked_from": stamp()})
        for each in (*vault.register.keys(),)
        if each.person == carl
    ]
    before = dict.fromkeys(("given_by", "given_at", "new_key", "sheet", "proof"), "")
    after = {"given_by": carl, "given_at": stamp(), "new_key": key.id, "sheet": "sheet-x", "proof": proof}
    vault._keys._secrets.keys = keys
    vault._keys._own = msgspec.structs.replace(vault._keys._own, person=carl, name="Carl")
    found = slip_in(
        vault,
        RecoverKey(sheet="sheet-x", proof=proof, key=key, new_sheet_id="sheet-y", new_sheet_public=public, slots=""),
        Change("key_reset", asked.id, {"state": "asked", **before}, {"state": "given", **after}),
        *revoked,
        as_change(key, carl),
        created("recovery_sheet", "sheet-x", sheet),
    )
    assert broken(found, "sheet.not_in_force")
    assert ("certificate", "key_reset", "sheet.proof") in {(each.kind, each.table, each.field) for each in found}


@pytest.mark.parametrize("who", ["Quinn", "Ada"])
def test_enrolment_takes_an_administrator_and_a_name_of_oneself(as_person: AsPerson, who: str) -> None:
    name = "Eve" if who == "Quinn" else "QUINN"
    key = new_key(as_person("Ada"), f"person-{name}", name)
    vault = as_person(who)
    command = EnrolPerson(person=f"person-{name}", name=name, identity_checked="Passport seen", roles=(), key=key)
    found = slip_in(vault, command, a_person(vault, name), as_change(key, f"person-{name}"))
    assert broken(found, "right.missing" if who == "Quinn" else "person.taken")


def test_a_key_without_proof_of_possession_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    key = new_key(vault, "person-Eve", "Eve")
    unproven = msgspec.structs.replace(key, possession=b64encode(bytes(64)).decode())
    found = alter(
        vault, EnrolPerson(person="person-Eve", name="Eve", identity_checked="Passport seen", roles=(), key=unproven)
    )
    assert [(each.kind, each.table, each.row) for each in found] == [("certificate", "person_key", key.id)]
    assert "never proved" in found[0].text


def test_a_key_for_nobody_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    key = new_key(vault, "person-Eve", "Eve")
    found = slip_in(
        vault,
        EnrolPerson(person="person-Eve", name="Eve", identity_checked="Passport seen", roles=(), key=key),
        as_change(key, "person-Eve"),
    )
    assert any("where its command changes person person-Eve" in each.text for each in found)


def test_a_key_used_before_is_found_when_it_comes_back(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    vault.people_service.disable(person=carl, reason="Left")
    old = next(each for each in (*vault.register.keys(),) if each.person == carl)
    back = Change("person_key", old.id, {"revoked_from": old.revoked_from}, {"revoked_from": ""})
    found = alter(vault, GrantRole(person=id_of(vault, "Quinn"), role="auditor"), back)
    assert not_given(found, "person_key")


def test_a_revoked_key_that_signs_later_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    quinn = id_of(vault, "Quinn")
    mine = next(each for each in (*vault.register.keys(),) if each.person == vault.person.id)
    own = Change("person_key", mine.id, {"revoked_from": ""}, {"revoked_from": stamp()})
    found = alter(vault, GrantRole(person=quinn, role="auditor"), own)
    assert any("carries a change of person_key" in each.text for each in found)
    vault._store.record(
        decide(GrantRole(person=quinn, role="controller"), vault.register, vault.actor(), nonce=NONCE),
        signatory=KeySignatory(vault._keys, auth="session"),
        at=now(),
        zone="+00:00 test",
        device="d",
    )
    assert any(
        each.kind == "signature" and "is signed with a key revoked" in each.text for each in vault.verify().findings
    )


def test_a_role_given_by_no_administrator_is_found(as_person: AsPerson) -> None:
    vault = as_person("Quinn")
    quinn = vault.person.id
    found = slip_in(vault, GrantRole(person=quinn, role="controller"), a_role(vault, quinn, "controller"))
    assert broken(found, "right.missing")


@pytest.mark.parametrize("other", [{"valid_from": "2020-01-01T00:00:00.000Z"}, {"granted_by": "somebody"}])
def test_a_role_given_wrongly_is_found(as_person: AsPerson, other: dict[str, str]) -> None:
    vault = as_person("Ada")
    found = alter(vault, GrantRole(person=id_of(vault, "Quinn"), role="controller"), **other)
    assert differs(found, "person_role", *other)


def test_a_disabled_person_brought_back_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    vault.people_service.disable(person=carl, reason="Left")
    back = Change("person", carl, {"state": "disabled"}, {"state": "active"})
    assert broken(slip_in(vault, GrantRole(person=carl, role="auditor"), back), "person.unknown")


def test_a_disabled_person_brought_back_beside_something_allowed_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    vault.people_service.disable(person=carl, reason="Left")
    back = Change("person", carl, {"state": "disabled"}, {"state": "active"})
    assert not_given(alter(vault, GrantRole(person=id_of(vault, "Quinn"), role="auditor"), back), "person")


def test_a_name_changed_later_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    renamed = Change("person", id_of(vault, "Carl"), {"name": "Carl"}, {"name": "Karla"})
    assert not_given(alter(vault, GrantRole(person=id_of(vault, "Quinn"), role="auditor"), renamed), "person")


def test_a_signature_with_a_meaning_and_no_declaration_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    found = slip_in(vault, ReviewAccess(meaning="I approve"), a_role(vault, id_of(vault, "Quinn"), "auditor"))
    assert broken(found, "declaration.missing")


def test_a_meaning_on_what_is_no_signature_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    by = vault.actor()
    act = decide(GrantRole(person=id_of(vault, "Quinn"), role="auditor"), vault.register, by, nonce=NONCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desktop.session.unlocked_session.now", lambda: by.at)
        found = write(vault, msgspec.structs.replace(act, meaning="I approve", signing=True))
    named = {(each.kind, each.table, each.field) for each in found}
    assert named == {("rules", "entry", "meaning"), ("rules", "entry", "auth")}


def test_a_declaration_in_a_colleagues_name_is_found(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    found = alter(vault, SignDeclaration(text=DECLARATION, meaning=SIGNED), person=id_of(vault, "Carl"))
    assert differs(found, "declaration", "person")


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
            Act(name="grant_role", changes=(forged,)),
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
