"""Unlocking, signing, adding people, changing passphrases: what each person can do and, mostly, cannot."""

from __future__ import annotations

import copy
import gc
import pickle
import stat
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.person_keys import SigningKeys, certify
from desktop.vault.primitives import Secret, ed25519_verify, p256_verify, random_secret
from desktop.vault.sealing import seal_log_key, seal_parcel, with_mac
from desktop.vault.session import UnlockedKeys, create_vault_keys, people, read_header, unlock
from desktop.vault.slot_format import Parcel, SlotFile
from desktop.vault.slots import read_slots, write_slots
from domain.errors import Damaged, FileProblem, Unavailable, UsageProblem, WrongPassphrase
from domain.log.certificates import certificate_problem, fingerprint, log_key_problem, signing_key_id

AT = "2026-11-22T08:00:00Z"
ANNA = "anna's long enough passphrase"
BEN = "ben's quite different passphrase"
NEW = "a new one that nobody has seen"
Unlock = Callable[[], UnlockedKeys]


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    return ed25519_verify(public, message, signature)


def test_everybody_opens_the_same_store_with_their_own_passphrase(as_anna: Unlock, as_ben: Unlock) -> None:
    with as_anna() as anna, as_ben() as ben:
        assert anna.store_key == ben.store_key
        assert len(anna.store_key) == 32
        assert anna.identity.key != ben.identity.key
        assert (anna.is_administrator, ben.is_administrator) == (True, False)
        assert anna.slots_hash == ben.slots_hash
        assert anna.notices == ben.notices == ()


def test_the_store_key_is_not_the_data_key(as_anna: Unlock) -> None:
    with as_anna() as keys:
        assert keys.store_key != bytes(keys._secrets.dek.expose())


def test_the_header_lists_people_without_a_passphrase(vault: Path) -> None:
    assert people(vault) == ("Anna Berg", "Ben Oak")
    header = read_header(vault)
    assert (header.vault, header.name, header.rotating) == ("vault-1", "Plant", False)
    assert header.people[0].key == signing_key_id(header.people[0].public.ed25519)


@pytest.mark.parametrize("name", ["anna berg", " Anna  Berg ", "ANNA BERG"])
def test_a_name_is_known_however_it_is_typed(vault: Path, name: str) -> None:
    unlock(vault, person_name=name, passphrase=ANNA).close()


def test_each_key_signs_its_kind_and_no_other(as_anna: Unlock, as_ben: Unlock) -> None:
    data = b"countersign/entry/v1\n{}"
    with as_anna() as anna, as_ben() as ben:
        entry, checkpoint, document = (
            anna.sign_entry(data),
            anna.sign_checkpoint_as_vault(data),
            anna.sign_document(data),
        )
        assert ed25519_verify(anna.identity.public.ed25519, data, entry)
        assert ed25519_verify(anna.log_public, data, checkpoint)
        assert p256_verify(anna.identity.public.p256, data, document)
        assert not ed25519_verify(ben.identity.public.ed25519, data, entry)
        assert not ed25519_verify(anna.log_public, data, entry)
        assert not ed25519_verify(anna.identity.public.ed25519, data, checkpoint)
        assert not ed25519_verify(anna.identity.public.ed25519, data + b" ", entry)
        assert not p256_verify(anna.identity.public.p256, data + b" ", document)
        assert ben.sign_checkpoint_as_vault(data) == checkpoint, "everybody who can open the vault holds its log key"


def test_nobody_finds_a_colleagues_signing_key_among_their_own(as_anna: Unlock, as_ben: Unlock) -> None:
    with as_anna() as anna, as_ben() as ben:
        seeds = {bytes(secret.expose()) for secret in _secrets_of(anna)}
        theirs = ben._secrets.keys
        assert seeds.isdisjoint(bytes(each.expose()) for each in (theirs.ed25519, theirs.p256, theirs.x25519))


def _secrets_of(keys: UnlockedKeys) -> list[Secret]:
    own = keys._secrets
    held = [own.dek, own.root, own.keys.ed25519, own.keys.p256, own.keys.x25519, keys._log_seed, keys._store_key]
    return [secret for secret in held if secret is not None]


def test_certificates_hold_for_the_log_and_for_nothing_else(as_anna: Unlock, as_ben: Unlock) -> None:
    with as_anna() as anna, as_ben() as ben:
        record = ben.enrolment.person_key(valid_from=AT)
        root = anna.root_public
        assert certificate_problem(record, vault="vault-1", root_key=root, verify=_holds) == ""
        assert certificate_problem(record, vault="vault-2", root_key=root, verify=_holds)
        assert certificate_problem(record, vault="vault-1", root_key=anna.log_public, verify=_holds)
        for field in ("statement", "certificate", "possession", "ed25519", "p256", "x25519", "person", "id"):
            other = getattr(anna.enrolment.person_key(valid_from=AT), field)
            forged = msgspec.structs.replace(record, **{field: other})
            assert certificate_problem(forged, vault="vault-1", root_key=root, verify=_holds), field
        log_certificate = anna.log_certificate
        assert not log_key_problem(
            vault="vault-1", log_key=anna.log_public, certificate=log_certificate, root_key=root, verify=_holds
        )
        assert log_key_problem(vault="vault-1", log_key=root, certificate=log_certificate, root_key=root, verify=_holds)
        assert b64decode(record.ed25519) == ben.identity.public.ed25519
        assert fingerprint(root) != fingerprint(anna.log_public)


def test_only_an_administrator_adds_people_or_hands_on_the_root(vault: Path, as_ben: Unlock) -> None:
    before = read_slots(vault)
    with as_ben() as ben:
        with pytest.raises(UsageProblem, match="Only an administrator"):
            ben.add_person(person_id="p3", person_name="Eve", passphrase=NEW, at=AT, cost=MINIMUM_COST)
        with pytest.raises(UsageProblem, match="Only an administrator"):
            ben.set_root_access("person-ben", granted=True)
    assert read_slots(vault) == before


@pytest.mark.parametrize(
    ("person_id", "name", "stated"),
    [
        ("person-ben", "Ben Elm", "already has"),
        ("person-x", "ben  OAK", "already has"),
        ("", "Eve", "needs a name"),
        ("person-x", "   ", "needs a name"),
    ],
)
def test_names_and_ids_are_never_shared(vault: Path, as_anna: Unlock, person_id: str, name: str, stated: str) -> None:
    before = read_slots(vault)
    with as_anna() as anna, pytest.raises(UsageProblem, match=stated):
        anna.add_person(person_id=person_id, person_name=name, passphrase=NEW, at=AT, cost=MINIMUM_COST)
    assert read_slots(vault) == before


def test_the_root_goes_to_a_new_administrator_and_can_be_taken_back(
    vault: Path, as_anna: Unlock, as_ben: Unlock
) -> None:
    with as_anna() as anna:
        anna.set_root_access("person-ben", granted=True)
    with as_ben() as ben:
        assert ben.is_administrator
        ben.add_person(person_id="p3", person_name="Cy Elm", passphrase=NEW, at=AT, cost=MINIMUM_COST)
        ben.set_root_access("person-anna", granted=False)
        with pytest.raises(UsageProblem, match="must hold"):
            ben.set_root_access("person-ben", granted=False)
        with pytest.raises(UsageProblem, match="Nobody"):
            ben.set_root_access("person-eve", granted=True)
    with as_anna() as anna:
        assert not anna.is_administrator
    with unlock(vault, person_name="Cy Elm", passphrase=NEW) as cy:
        assert not cy.is_administrator


def test_an_administrator_who_steps_down_loses_the_root_at_once(as_anna: Unlock) -> None:
    with as_anna() as anna:
        anna.set_root_access("person-ben", granted=True)
        root = anna._secrets.root
        anna.set_root_access("person-anna", granted=False)
        assert root is not None
        assert root.is_wiped
        assert not anna.is_administrator


def test_a_key_left_for_somebody_opens_for_nobody_else_and_for_no_other_purpose(
    vault: Path, as_anna: Unlock, as_ben: Unlock
) -> None:
    with as_anna() as anna:
        anna.set_root_access("person-ben", granted=True)
        left = anna._slots.absent[0]
        anna_slot = anna._own.slot
        changes = ({"purpose": "dek"}, {"generation": 1}, {"box": left.box[:-1] + b"\x00"}, {"person": "person-anna"})
        for change in changes:
            forged = msgspec.structs.replace(left, **change)
            _replace(vault, anna, absent=(forged,))
            with pytest.raises(Damaged):
                as_ben()
        _replace(vault, anna, absent=(msgspec.structs.replace(left, slot=anna_slot),))
    with as_ben() as ben:
        assert not ben.is_administrator


def _replace(vault: Path, keys: UnlockedKeys, *, dek: Secret | None = None, **fields: object) -> None:
    """Write a generation as a holder of the data key could, whatever it says."""
    read = read_slots(vault)
    changed: SlotFile = msgspec.structs.replace(
        read.slots, generation=read.slots.generation + 1, previous=read.hash, **fields
    )
    written = with_mac(changed, dek or keys._secrets.dek)
    write_slots(vault, written, replaces=read.hash, verify=lambda _: None)


def test_somebody_absent_at_a_change_of_the_data_key_finds_the_new_one(
    vault: Path, as_anna: Unlock, as_ben: Unlock
) -> None:
    new_dek = random_secret()
    with as_anna() as anna:
        slot = anna._slots.slot_of("person-ben")
        assert slot is not None
        generation = read_slots(vault).slots.generation + 1
        box = seal_parcel(new_dek, vault="vault-1", to=slot, purpose="dek", generation=generation)
        parcel = Parcel(person="person-ben", slot=slot.slot, purpose="dek", generation=generation, box=box)
        old_store_key = anna.store_key
        _replace(vault, anna, state="rotating", absent=(parcel,))
        with as_ben() as ben:
            assert ben.store_key == old_store_key
            assert ben.next_store_key not in (None, old_store_key)
            coming = ben.next_store_key
        log = seal_log_key(
            anna._log_seed,
            dek=new_dek,
            vault="vault-1",
            log_public=anna.log_public,
            certificate=anna.log_certificate,
            root_public=anna.root_public,
        )
        _replace(vault, anna, dek=new_dek, state="steady", vault_keys=log)
    with as_ben() as ben:
        assert (ben.store_key, ben.next_store_key) == (coming, None)
        ben.change_passphrase(old=BEN, new=NEW, cost=MINIMUM_COST)
    assert read_slots(vault).slots.absent == ()
    with unlock(vault, person_name="Ben Oak", passphrase=NEW) as ben:
        assert ben.store_key == coming
    with pytest.raises(Damaged, match="MAC"):
        as_anna()


def test_a_holder_of_the_data_key_cannot_pass_off_a_colleagues_key_as_certified(vault: Path, as_anna: Unlock) -> None:
    with as_anna() as anna:
        slots = anna._slots.slots
        forged = msgspec.structs.replace(slots[1], certificate=slots[0].certificate)
        _replace(vault, anna, slots=(slots[0], forged))
    with pytest.raises(Damaged, match="contradict their certificates"):
        unlock(vault, person_name="Ben Oak", passphrase=BEN)


def test_closed_keys_are_overwritten_and_sign_nothing(as_anna: Unlock) -> None:
    keys = as_anna()
    held = _secrets_of(keys)
    assert all(any(secret.expose()) for secret in held)
    keys.close()
    keys.close()
    assert all(secret.is_wiped and not any(secret._data) for secret in held)
    for act in (
        lambda: keys.store_key,
        lambda: keys.sign_entry(b"x"),
        lambda: keys.sign_document(b"x"),
        lambda: keys.sign_checkpoint_as_vault(b"x"),
        keys.document_key_pkcs8,
        lambda: keys.reauthenticate(ANNA),
        lambda: keys.change_passphrase(old=ANNA, new=NEW, cost=MINIMUM_COST),
        lambda: keys.set_root_access("person-ben", granted=True),
        lambda: keys.add_person(person_id="p", person_name="E", passphrase=NEW, at=AT, cost=MINIMUM_COST),
        keys.reconcile_copies,
    ):
        with pytest.raises(Unavailable):
            act()


def test_a_refused_unlock_leaves_no_open_secret_behind(vault: Path) -> None:
    gc.collect()
    before = {id(each) for each in gc.get_objects() if isinstance(each, UnlockedKeys)}
    with pytest.raises(WrongPassphrase):
        unlock(vault, person_name="Anna Berg", passphrase=BEN)
    gc.collect()
    assert {id(each) for each in gc.get_objects() if isinstance(each, UnlockedKeys)} <= before


def test_keys_show_themselves_nowhere(as_anna: Unlock) -> None:
    with as_anna() as keys:
        shown = " ".join(map(repr, (keys, keys._secrets.keys, keys._secrets.dek, keys.enrolment, keys._slots)))
        for secret in _secrets_of(keys):
            assert secret.expose().hex() not in shown
            assert repr(bytes(secret.expose())) not in shown
            for transition in (copy.copy, copy.deepcopy, pickle.dumps):
                with pytest.raises(TypeError, match="neither copied nor pickled"):
                    transition(secret)


def test_no_secret_reaches_the_disk_in_clear(vault: Path, as_anna: Unlock) -> None:
    with as_anna() as keys:
        on_disk = b"".join(path.read_bytes() for path in vault.iterdir())
        decoded = b"".join(
            b64decode(text) for text in on_disk.decode().split('"') if len(text) % 4 == 0 and _is_base64(text)
        )
        for secret in _secrets_of(keys):
            assert bytes(secret.expose()) not in decoded
            assert secret.expose().hex().encode() not in on_disk
        assert keys.identity.public.ed25519 in decoded, "the search finds what is there"
        assert ANNA.encode() not in on_disk


def _is_base64(text: str) -> bool:
    try:
        return bool(text) and b64decode(text, validate=True) is not None
    except ValueError:
        return False


def test_slot_files_are_for_their_owner_only(vault: Path, as_anna: Unlock) -> None:
    with as_anna() as keys:
        keys.set_root_access("person-ben", granted=True)
    newest = vault / read_slots(vault).copies[0].file
    assert stat.S_IMODE(newest.stat().st_mode) == 0o600


def test_a_vault_is_not_created_on_nothing(tmp_path: Path) -> None:
    good = {
        "vault_id": "v",
        "vault_name": "V",
        "person_id": "p",
        "person_name": "Eve Ash",
        "passphrase": NEW,
        "at": AT,
        "cost": MINIMUM_COST,
    }
    for broken in ({"vault_name": " "}, {"person_name": ""}, {"vault_id": ""}, {"passphrase": "short"}):
        with pytest.raises(UsageProblem):
            create_vault_keys(tmp_path / "V.vault", **(good | broken))  # type: ignore[arg-type]
        assert not (tmp_path / "V.vault").exists()
    with pytest.raises(FileProblem, match="cannot be made"):
        create_vault_keys(tmp_path / "no" / "such" / "V.vault", **good)  # type: ignore[arg-type]
    with create_vault_keys(tmp_path / "V.vault", **good) as keys:  # type: ignore[arg-type]
        assert keys.check_slots_hash("0" * 64) == "ahead", "nothing was recorded yet"
    assert {path.name for path in (tmp_path / "V.vault").iterdir()} == {"slots.a", "slots.b"}


def test_an_administrator_cannot_slip_other_keys_under_a_colleagues_name(vault: Path, as_anna: Unlock) -> None:
    with as_anna() as anna:
        root = anna._secrets.root
        assert root is not None
        keys = SigningKeys.new()
        slots = anna._slots.slots
        certificate = certify(root, keys, vault="vault-1", person="person-ben", name="Ben Oak", at=AT)
        _replace(
            vault,
            anna,
            slots=(slots[0], msgspec.structs.replace(slots[1], public=keys.public, certificate=certificate)),
        )
    with pytest.raises(Damaged, match="not those of its private keys"):
        unlock(vault, person_name="Ben Oak", passphrase=BEN)
