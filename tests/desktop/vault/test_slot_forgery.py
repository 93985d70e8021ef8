"""Slot files altered by somebody who knows the format, and can make a right sum, but not the data key."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from desktop.vault import passphrases
from desktop.vault.primitives import Secret
from desktop.vault.session import MOST_STRETCHES, people, unlock
from domain.errors import CountersignError, Damaged, NewerFormat
from domain.log.canonical import canonical, parse_canonical

AT = "2026-11-22T08:00:00Z"
ANNA = "anna's long enough passphrase"
Change = Callable[[dict[str, Any]], None]


def _forge(path: Path, change: Change) -> None:
    """Alter a slot file as somebody would who knows the format but not the data key."""
    value = parse_canonical(path.read_bytes())
    del value["sum"]
    change(value)
    path.write_bytes(canonical(value | {"sum": sha256(canonical(value)).hexdigest()}))


def _forge_both(vault: Path, change: Change) -> None:
    for file in ("slots.a", "slots.b"):
        _forge(vault / file, change)


def test_a_newer_format_is_refused_rather_than_guessed(vault: Path) -> None:
    _forge(vault / "slots.a", lambda value: value.update(format="countersign/slots/v2"))
    with pytest.raises(NewerFormat, match="v2"):
        people(vault)
    for file in ("slots.a", "slots.b"):
        (vault / file).write_bytes(canonical({"format": "countersign/slots/v7", "other": "shape"}))
    with pytest.raises(NewerFormat):
        people(vault)


def _set_kdf(name: str, number: int) -> Change:
    def change(value: dict[str, Any]) -> None:
        for slot in value["slots"]:
            slot["kdf"][name] = number

    return change


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("memory_kib", 0),
        ("memory_kib", 8),
        ("memory_kib", 65_535),
        ("memory_kib", 2_097_153),
        ("memory_kib", 2**52),
        ("memory_kib", -1),
        ("iterations", 0),
        ("iterations", 2),
        ("iterations", 21),
        ("iterations", 2**52),
        ("lanes", 0),
        ("lanes", 17),
        ("lanes", 2**40),
    ],
)
def test_a_price_out_of_bounds_is_refused_before_it_is_paid(vault: Path, name: str, number: int) -> None:
    _forge_both(vault, _set_kdf(name, number))
    began = time.process_time()
    with pytest.raises(Damaged, match="refused before it is tried"):
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)
    assert time.process_time() - began < 0.05


def _first(value: dict[str, Any]) -> dict[str, Any]:
    slot: dict[str, Any] = value["slots"][0]
    return slot


def _flip64(text: str) -> str:
    return ("B" if text[0] == "A" else "A") + text[1:]


FORGERIES: dict[str, Change] = {
    "vault id": lambda value: value.update(vault="vault-9"),
    "vault name": lambda value: value.update(name="Plant 2"),
    "generation": lambda value: value.update(generation=value["generation"] + 5),
    "previous": lambda value: value.update(previous="f" * 64),
    "state": lambda value: value.update(state="rotating"),
    "colleague removed": lambda value: value["slots"].pop(),
    "colleague renamed": lambda value: value["slots"][1].update(name="Ben Elm"),
    "colleague's key replaced": lambda value: value["slots"][1]["public"].update(
        x25519=_flip64(value["slots"][1]["public"]["x25519"])
    ),
    "slots reordered": lambda value: value["slots"].reverse(),
    "mac": lambda value: value.update(mac=_flip64(value["mac"])),
    "sealed data key": lambda value: _first(value)["wrapped"].update(dek=_flip64(_first(value)["wrapped"]["dek"])),
    "sealed signing key": lambda value: _first(value)["wrapped"].update(
        ed25519=_flip64(_first(value)["wrapped"]["ed25519"])
    ),
    "sealed keys exchanged": lambda value: _first(value)["wrapped"].update(
        ed25519=_first(value)["wrapped"]["x25519"], x25519=_first(value)["wrapped"]["ed25519"]
    ),
    "root key dropped": lambda value: _first(value)["wrapped"].update(root=None),
    "slot generation": lambda value: _first(value).update(generation=2),
    "slot id": lambda value: _first(value).update(slot="another"),
    "person id": lambda value: _first(value).update(person="person-eve"),
    "price lowered to the least": lambda value: value["slots"][1]["kdf"].update(iterations=4),
    "log key": lambda value: value["vault_keys"].update(log=_flip64(value["vault_keys"]["log"])),
    "log public key": lambda value: value["vault_keys"].update(log_public=_flip64(value["vault_keys"]["log_public"])),
    "root public key": lambda value: value["vault_keys"].update(
        root_public=_flip64(value["vault_keys"]["root_public"])
    ),
    "certificate": lambda value: _first(value)["certificate"].update(
        root_signature=_flip64(_first(value)["certificate"]["root_signature"])
    ),
    "a key left for the absent": lambda value: value["absent"].append(
        {"person": "person-ben", "slot": value["slots"][1]["slot"], "purpose": "root", "generation": 1, "box": "AAAA"}
    ),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forgery_with_a_right_sum_in_both_copies_is_found(vault: Path, what: str) -> None:
    _forge_both(vault, FORGERIES[what])
    with pytest.raises(Damaged) as refusal:
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)
    assert refusal.value.where.startswith("Plant.vault")


@pytest.mark.parametrize("what", ["colleague removed", "mac", "sealed data key", "root key dropped"])
def test_a_forged_newest_copy_gives_way_to_the_genuine_one_with_a_notice(vault: Path, what: str) -> None:
    def change(value: dict[str, Any]) -> None:
        FORGERIES[what](value)
        value["generation"] += 1

    _forge(vault / "slots.b", change)
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as keys:
        assert "slots.b was altered on purpose" in keys.notices[0]
        assert keys.is_administrator


def test_a_forged_salt_in_the_newest_copy_does_not_lock_the_owner_out(vault: Path) -> None:
    def change(value: dict[str, Any]) -> None:
        _first(value)["kdf"]["salt"] = "AAAAAAAAAAAAAAAAAAAAAA=="
        value["generation"] += 1

    _forge(vault / "slots.a", change)
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as keys:
        assert "slots.a was altered on purpose" in keys.notices[0]


@pytest.mark.parametrize(
    ("change", "stated"),
    [
        (lambda value: value["slots"].append(value["slots"][0]), "same slot id"),
        (lambda value: value["slots"].append(value["slots"][0] | {"slot": "x"}), "same person id"),
        (lambda value: value["slots"].append(value["slots"][0] | {"slot": "x", "person": "y"}), "same name"),
        (
            lambda value: value["slots"].append(value["slots"][0] | {"slot": "x", "person": "y", "name": "Eve"}),
            "same signing key",
        ),
        (lambda value: value["slots"].clear(), "1 to"),
        (lambda value: value.update(generation=0), "impossible generation"),
        (lambda value: value.update(generation="1"), "impossible value"),
        (lambda value: value.update(extra=1), "impossible value"),
        (lambda value: value.update(state="melting"), "impossible value"),
        (lambda value: _first(value).update(commit="AAAA"), "commitment"),
        (lambda value: _first(value)["kdf"].update(salt="AAAA"), "salt"),
        (lambda value: _first(value)["kdf"].update(name="scrypt"), "impossible value"),
        (lambda value: _first(value)["kdf"].update(name="hkdf-sha256"), "stretched by argon2id"),
        (lambda value: _first(value)["wrapped"].update(p256=None), "lacks one"),
        (lambda value: _first(value).update(public=None), "lacks one"),
        (lambda value: _first(value).update(name=" "), "lacks one"),
    ],
)
def test_impossible_slots_are_refused_without_a_key(vault: Path, change: Change, stated: str) -> None:
    _forge_both(vault, change)
    with pytest.raises(Damaged, match=stated):
        people(vault)


def test_a_second_factor_of_the_future_is_not_ignored(vault: Path) -> None:
    _forge_both(vault, lambda value: _first(value).update(factor="key-file"))
    with pytest.raises(NewerFormat):
        people(vault)


def test_a_slot_carried_over_from_another_vault_opens_nothing(vault: Path, other_vault: Path) -> None:
    foreign = json.loads((other_vault / "slots.a").read_bytes())["slots"][0]

    def change(value: dict[str, Any]) -> None:
        value["slots"][0] = foreign

    _forge_both(vault, change)
    with pytest.raises(Damaged):
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)


def test_a_mailed_vault_with_4_gib_in_a_slot_is_refused_before_anything_is_stretched(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was stretched")

    monkeypatch.setattr(passphrases, "argon2id", never)
    for name, number in (("memory_kib", 4 * 1024**2), ("iterations", 20)):
        _forge_both(vault, _set_kdf("memory_kib", 512 * 1024))
        _forge_both(vault, _set_kdf(name, number))
        with pytest.raises(Damaged, match="refused before it is tried"):
            unlock(vault, person_name="Anna Berg", passphrase=ANNA)


def test_the_dearest_permitted_vault_costs_two_tries_however_many_slots_it_holds(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(_: bytes, *, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> Secret:
        assert salt
        assert lanes
        assert memory_kib <= 512 * 1024, "half a GiB; the program itself takes the rest"
        asked.append(memory_kib * iterations)
        return Secret(bytes(32))

    def dear_and_many(value: dict[str, Any]) -> None:
        _set_kdf("memory_kib", 512 * 1024)(value)
        for number in range(500):
            key = b64encode(number.to_bytes(32, "big")).decode()
            slot = json.loads(json.dumps(value["slots"][0]))
            slot.update(slot=f"s{number}", person=f"q{number}", name=f"Name {number}")
            slot["public"]["ed25519"] = key
            value["slots"].append(slot)

    _forge_both(vault, dear_and_many)
    _forge(vault / "slots.b", lambda value: value.update(generation=value["generation"] + 1))
    monkeypatch.setattr(passphrases, "argon2id", counted)
    with pytest.raises(CountersignError):
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)
    assert 0 < len(asked) <= MOST_STRETCHES
    assert sum(asked) <= MOST_STRETCHES * passphrases.MOST_WORK_KIB


def test_a_second_slot_of_one_name_is_no_second_try(vault: Path) -> None:
    def doubled(value: dict[str, Any]) -> None:
        again = json.loads(json.dumps(value["slots"][0]))
        again.update(slot="s-again", person="p-again", name=again["name"].upper())
        again["public"]["ed25519"] = b64encode(bytes(32)).decode()
        value["slots"].append(again)

    _forge_both(vault, doubled)
    with pytest.raises(Damaged, match="same name"):
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)
