"""The exact bytes that keys and sealed values are bound to, for ever, and that nothing opens in another place."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from typing import Any

import msgspec
import pytest

from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.person_keys import SigningKeys, certify
from desktop.vault.primitives import Secret, ed25519_public, new_ed25519_seed, random_secret
from desktop.vault.sealing import (
    SlotSecrets,
    check_passphrase,
    commitment,
    has_mac_of,
    mac_of,
    open_log_key,
    open_parcel,
    open_slot,
    seal_log_key,
    seal_parcel,
    seal_slot,
    slot_aad,
    sub_key,
    vault_key,
    with_mac,
)
from desktop.vault.slot_format import FIRST_PREVIOUS, FORMAT, Kdf, Parcel, Slot, SlotFile
from domain.errors import Damaged, WrongPassphrase

PASSPHRASE = "five quiet words make doors"
KEY = Secret(bytes(range(32)))
replace = msgspec.structs.replace


def hkdf_by_the_rfc(key: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt, one block."""
    extracted = hmac.new(bytes(32), key, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


@pytest.fixture(scope="module")
def slot_and_secrets() -> tuple[Slot, SlotSecrets]:
    root = new_ed25519_seed()
    secrets = SlotSecrets(dek=random_secret(), dek_next=random_secret(), keys=SigningKeys.new(), root=root)
    slot = seal_slot(
        secrets,
        vault="v",
        slot="s",
        person="p",
        name="Ann",
        generation=3,
        certificate=certify(root, secrets.keys, vault="v", person="p", name="Ann", at="2026-11-22T08:00:00Z"),
        passphrase=PASSPHRASE,
        cost=MINIMUM_COST,
    )
    return slot, secrets


def opened(slot: Slot, **where: Any) -> SlotSecrets:
    return open_slot(slot, **{"vault": "v", "passphrase": PASSPHRASE, "where": "slots.a", "folder": "V", **where})


@pytest.mark.parametrize("purpose", ["dek", "dek_next", "ed25519", "p256", "x25519", "root"])
def test_sub_keys_of_a_slot_are_derived_by_their_words(purpose: str) -> None:
    wanted = hkdf_by_the_rfc(bytes(range(32)), f"countersign/slot/v1/{purpose}".encode())
    assert bytes(sub_key(KEY, purpose).expose()) == wanted


def test_the_commitment_and_the_keys_of_the_vault_are_derived_by_their_words() -> None:
    assert commitment(KEY) == hkdf_by_the_rfc(bytes(range(32)), b"countersign/slot/v1/commit")
    for purpose in ("sqlcipher", "slots-mac", "log-key"):
        wanted = hkdf_by_the_rfc(bytes(range(32)), f"countersign/vault/v1/{purpose}".encode())
        assert bytes(vault_key(KEY, purpose).expose()) == wanted


def test_a_sealed_value_is_bound_to_these_bytes() -> None:
    kdf = Kdf(name="argon2id", memory_kib=65536, iterations=3, lanes=4, salt=bytes(16))
    assert slot_aad(vault="v", slot="s", person="p", generation=3, kdf=kdf, purpose="dek") == (
        b'{"format":"countersign/slots/v1","generation":3,"kdf":{"iterations":3,"lanes":4,"memory_kib":65536,'
        b'"name":"argon2id","salt":"AAAAAAAAAAAAAAAAAAAAAA=="},"person":"p","purpose":"dek","slot":"s","vault":"v"}'
    )


def test_what_was_sealed_opens_as_it_was(slot_and_secrets: tuple[Slot, SlotSecrets]) -> None:
    slot, secrets = slot_and_secrets
    found = opened(slot)
    assert found.keys.public == secrets.keys.public == slot.public
    for name in ("dek", "dek_next", "root"):
        assert getattr(found, name).expose() == getattr(secrets, name).expose()
    bare = opened(replace(slot, wrapped=replace(slot.wrapped, dek_next=None, root=None)))
    assert bare.dek_next is bare.root is None


@pytest.mark.parametrize(
    "change", [{"slot": "t"}, {"person": "q"}, {"generation": 4}], ids=lambda change: next(iter(change))
)
def test_nothing_opens_in_another_slot(slot_and_secrets: tuple[Slot, SlotSecrets], change: dict[str, Any]) -> None:
    with pytest.raises(Damaged):
        opened(replace(slot_and_secrets[0], **change))


def test_nothing_opens_in_another_vault(slot_and_secrets: tuple[Slot, SlotSecrets]) -> None:
    with pytest.raises(Damaged, match=r"altered|seal"):
        opened(slot_and_secrets[0], vault="w")


def test_no_sealed_value_opens_in_the_place_of_another(slot_and_secrets: tuple[Slot, SlotSecrets]) -> None:
    slot, _ = slot_and_secrets
    for one, other in itertools.permutations(("dek", "dek_next", "ed25519", "x25519", "root"), 2):
        swapped = replace(slot.wrapped, **{one: getattr(slot.wrapped, other)})
        with pytest.raises(Damaged, match=r".") as problem:
            opened(replace(slot, wrapped=swapped))
        assert one in problem.value.where or "Ann" in problem.value.where


def test_a_slot_that_fails_half_way_leaves_nothing_open(
    slot_and_secrets: tuple[Slot, SlotSecrets], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot, _ = slot_and_secrets
    made: list[Secret] = []
    real = Secret.__init__

    def noted(secret: Secret, data: bytes | bytearray) -> None:
        real(secret, data)
        made.append(secret)

    monkeypatch.setattr(Secret, "__init__", noted)
    spoiled = bytearray(slot.wrapped.root or b"")
    spoiled[-1] ^= 1
    with pytest.raises(Damaged):
        opened(replace(slot, wrapped=replace(slot.wrapped, root=bytes(spoiled))))
    assert len(made) > 6
    assert all(secret.is_wiped for secret in made)


def test_a_slot_whose_private_keys_are_not_those_it_shows_is_damaged(
    slot_and_secrets: tuple[Slot, SlotSecrets],
) -> None:
    slot, _ = slot_and_secrets
    with pytest.raises(Damaged, match="not those of its private keys"):
        opened(replace(slot, public=SigningKeys.new().public))


def test_a_wrong_passphrase_is_shown_from_damage(slot_and_secrets: tuple[Slot, SlotSecrets]) -> None:
    slot, _ = slot_and_secrets
    check_passphrase(slot, passphrase=PASSPHRASE, folder="V")
    for attempt in (
        lambda: opened(slot, passphrase=f"{PASSPHRASE} "),
        lambda: check_passphrase(slot, passphrase="another long passphrase", folder="V"),
        lambda: opened(replace(slot, commit=bytes(32))),
    ):
        with pytest.raises(WrongPassphrase):
            attempt()


def test_the_log_key_opens_in_its_vault_and_under_its_data_key_only() -> None:
    seed, dek = new_ed25519_seed(), random_secret()
    public = ed25519_public(seed)
    keys = seal_log_key(seed, dek=dek, vault="v", log_public=public, certificate=b"c", root_public=b"r")
    assert (keys.log_public, keys.log_certificate, keys.root_public) == (public, b"c", b"r")
    found = open_log_key(keys, dek=dek, vault="v", where="slots.a")
    assert found.expose() == seed.expose()
    for other in ({"vault": "w"}, {"dek": random_secret()}, {"keys": replace(keys, log=keys.log[:-1] + b"x")}):
        with pytest.raises(Damaged) as problem:
            open_log_key(**{"keys": keys, "dek": dek, "vault": "v", "where": "slots.a", **other})
        assert problem.value.where == "slots.a, log key"
    with pytest.raises(Damaged, match="not the one the slots name"):
        open_log_key(replace(keys, log_public=bytes(32)), dek=dek, vault="v", where="slots.a")


def test_a_parcel_opens_for_whom_and_what_it_was_left_only(slot_and_secrets: tuple[Slot, SlotSecrets]) -> None:
    slot, secrets = slot_and_secrets
    key = random_secret()
    box = seal_parcel(key, vault="v", to=slot, purpose="dek", generation=4)
    left = Parcel(person="p", slot="s", purpose="dek", generation=4, box=box)

    def found(parcel: Parcel = left, vault: str = "v", x25519: Secret = secrets.keys.x25519) -> Secret:
        return open_parcel(parcel, vault=vault, x25519=x25519, where="slots.a")

    assert found().expose() == key.expose()
    for wrong in (
        lambda: found(replace(left, person="q")),
        lambda: found(replace(left, slot="t")),
        lambda: found(replace(left, purpose="root")),
        lambda: found(replace(left, generation=5)),
        lambda: found(replace(left, box=box[:-1] + bytes([box[-1] ^ 1]))),
        lambda: found(vault="w"),
        lambda: found(x25519=SigningKeys.new().x25519),
    ):
        with pytest.raises(Damaged, match=r".") as problem:
            wrong()
        assert "slots.a, key left for" in problem.value.where
    with pytest.raises(Damaged, match="without public keys"):
        seal_parcel(key, vault="v", to=replace(slot, public=None), purpose="dek", generation=4)


def test_the_mac_is_over_everything_but_itself_under_its_key(slot_and_secrets: tuple[Slot, SlotSecrets]) -> None:
    slot, secrets = slot_and_secrets
    dek = secrets.dek
    keys = seal_log_key(new_ed25519_seed(), dek=dek, vault="v", log_public=b"p", certificate=b"c", root_public=b"r")
    file = SlotFile(
        format=FORMAT, vault="v", name="V", generation=3, previous=FIRST_PREVIOUS, state="steady", slots=(slot,),
        vault_keys=keys,
    )  # fmt: skip
    under = hkdf_by_the_rfc(bytes(dek.expose()), b"countersign/vault/v1/slots-mac")
    assert mac_of(file, dek) == hmac.new(under, file.maced(), hashlib.sha256).digest()
    sealed = with_mac(file, dek)
    assert has_mac_of(sealed, dek) is True
    assert has_mac_of(file, dek) is False
    assert has_mac_of(sealed, random_secret()) is False
    for change in ({"generation": 4}, {"state": "rotating"}, {"previous": "1" * 64}, {"slots": ()}, {"name": "W"}):
        assert has_mac_of(replace(sealed, **change), dek) is False
