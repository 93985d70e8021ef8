"""Recovery codes: random, readable, checked; and the slots they open."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.primitives import ed25519_verify
from desktop.vault.recovery import open_with_code
from desktop.vault.recovery_code import (
    ALPHABET,
    GROUPS,
    SECRET_SIZE,
    group_of,
    is_group,
    new_code,
    read_code,
    sheet_public,
    sign_with_sheet,
)
from desktop.vault.session import KeyRing, unlock
from desktop.vault.slots import read_slots
from domain.errors import Damaged, UsageProblem, WrongPassphrase

ANNA, BEN = "anna's long enough passphrase", "ben's quite different passphrase"
AT = "2026-11-22T08:00:00Z"
NEW = "nobody guesses this new one easily"


def test_a_code_has_more_than_128_random_bits_and_is_never_the_same() -> None:
    assert SECRET_SIZE * 8 >= 128
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code.split("-")) == GROUPS and set(code) <= {*ALPHABET, "-"} for code in codes)


@given(st.data())
def test_a_code_is_read_however_it_is_typed(data: st.DataObject) -> None:
    code = new_code()
    typed = code
    for was, misread in (("0", "o"), ("1", "l"), ("1", "I"), ("0", "O")):
        if data.draw(st.booleans()):
            typed = typed.replace(was, misread)
    typed = data.draw(st.sampled_from([typed, typed.lower(), typed.replace("-", " "), typed.replace("-", "")]))
    assert read_code(typed).expose() == read_code(code).expose()
    number = data.draw(st.integers(1, GROUPS))
    assert is_group(code, number, group_of(typed if "-" in typed else code, number))


def test_every_single_mistyped_symbol_is_found() -> None:
    code = new_code()
    for place, symbol in enumerate(code):
        if symbol == "-":
            continue
        other = ALPHABET[(ALPHABET.index(symbol) + 1) % 32]
        with pytest.raises(UsageProblem) as problem:
            read_code(code[:place] + other + code[place + 1 :])
        assert code[:4] not in str(problem.value)


@pytest.mark.parametrize("kind", ["nothing", "short", "no alphabet", "no ascii", "cut", "longer"])
def test_what_is_no_code_is_stated_to_be_none(kind: str) -> None:
    code = new_code()
    typed = {
        "nothing": "",
        "short": "1234",
        "no alphabet": "U" * 36,
        "no ascii": "é" * 36,
        "cut": code[:-1],
        "longer": code + "0",
    }[kind]
    with pytest.raises(UsageProblem):
        read_code(typed)


def test_a_sheet_signs_with_a_key_of_its() -> None:
    code, other = read_code(new_code()), read_code(new_code())
    signature = sign_with_sheet(code, b"statement")
    assert ed25519_verify(sheet_public(code), b"statement", signature)
    assert not ed25519_verify(sheet_public(other), b"statement", signature)
    assert sheet_public(code) != bytes(code.expose())


@pytest.fixture
def with_sheet(vault: Path) -> tuple[Path, str]:
    code = new_code()
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as keys:
        keys.add_recovery_slot(read_code(code), slot_id="sheet-1")
        keys.reconcile_copies()
    return vault, code


def test_a_code_opens_the_vault_and_writes_nothing_by_itself(with_sheet: tuple[Path, str]) -> None:
    vault, code = with_sheet
    before = read_slots(vault).hash
    found = open_with_code(vault, code=code, passphrase=NEW, at=AT, cost=MINIMUM_COST)
    with unlock(vault, person_name="Ben Oak", passphrase=BEN) as ben:
        assert found.keys.store_key == ben.store_key
    assert (found.keys.identity.person, found.sheet) == ("person-anna", "sheet-1")
    assert found.keys.is_administrator
    assert read_slots(vault).hash == before
    found.keys.close()


def test_the_old_private_keys_are_in_no_slot_of_a_sheet(with_sheet: tuple[Path, str]) -> None:
    vault, code = with_sheet
    slot = next(each for each in read_slots(vault).slots.slots if each.kind == "recovery")
    assert (slot.wrapped.ed25519, slot.wrapped.p256) == (None, None)
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as anna:
        old = anna.identity.key
    found = open_with_code(vault, code=code, passphrase=NEW, at=AT, cost=MINIMUM_COST)
    assert found.keys.identity.key != old


def test_another_code_opens_nothing(with_sheet: tuple[Path, str]) -> None:
    with pytest.raises(WrongPassphrase):
        open_with_code(with_sheet[0], code=new_code(), passphrase=NEW, at=AT, cost=MINIMUM_COST)


def test_a_new_sheet_ends_the_one_before(with_sheet: tuple[Path, str]) -> None:
    vault, code = with_sheet
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as keys:
        keys.add_recovery_slot(read_code(new_code()), slot_id="sheet-2")
    assert [each.slot for each in read_slots(vault).slots.slots if each.kind == "recovery"] == ["sheet-2"]
    with pytest.raises(WrongPassphrase):
        open_with_code(vault, code=code, passphrase=NEW, at=AT, cost=MINIMUM_COST)


def _rotated(keys: KeyRing, times: int) -> None:
    for _ in range(times):
        keys.begin_rotation()
        keys.reconcile_copies()
        keys.finish_rotation()
        keys.reconcile_copies()


@pytest.mark.parametrize("times", [1, 3])
def test_a_sheet_in_the_safe_survives_rotations(with_sheet: tuple[Path, str], times: int) -> None:
    vault, code = with_sheet
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as keys:
        old = keys.store_key
        _rotated(keys, times)
        now_in_force = keys.store_key
    assert now_in_force != old
    found = open_with_code(vault, code=code, passphrase=NEW, at=AT, cost=MINIMUM_COST)
    assert found.keys.store_key == now_in_force


def test_during_a_rotation_everyone_knows_both_keys_and_a_sheet_too(with_sheet: tuple[Path, str]) -> None:
    vault, code = with_sheet
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as keys:
        keys.begin_rotation()
        both = keys.store_key, keys.next_store_key
    with unlock(vault, person_name="Ben Oak", passphrase=BEN) as ben:
        assert (ben.store_key, ben.next_store_key) == both
        ben.finish_rotation()
        assert ben.store_key == both[1]
    recovered = open_with_code(vault, code=code, passphrase=NEW, at=AT, cost=MINIMUM_COST).keys
    assert recovered.store_key == both[1]


def test_a_removed_slot_takes_its_parcels_and_its_sheet_along(with_sheet: tuple[Path, str]) -> None:
    vault, _ = with_sheet
    with unlock(vault, person_name="Anna Berg", passphrase=ANNA) as anna:
        anna.set_root_access("person-ben", granted=True)
        _rotated(anna, 1)
    with unlock(vault, person_name="Ben Oak", passphrase=BEN) as ben:
        ben.take_over(BEN)
        ben.remove_person("person-anna")
        slots = read_slots(vault).slots
        assert {slot.person for slot in slots.slots} == {"person-ben"}
        assert slots.absent == ()
    with pytest.raises(WrongPassphrase):
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)


def test_a_recovery_slot_that_lacks_a_key_is_refused(with_sheet: tuple[Path, str]) -> None:
    from desktop.vault.slot_format import decode, encode  # noqa: PLC0415

    slots = read_slots(with_sheet[0]).slots
    slot = next(each for each in slots.slots if each.kind == "recovery")
    for bad in (
        msgspec.structs.replace(slot, wrapped=msgspec.structs.replace(slot.wrapped, x25519=None)),
        msgspec.structs.replace(slot, public=None),
        msgspec.structs.replace(slot, person=""),
    ):
        file = msgspec.structs.replace(slots, slots=tuple(bad if each is slot else each for each in slots.slots))
        with pytest.raises(Damaged):
            decode(encode(file), where="slots.a")


def test_every_slot_that_is_made_states_in_which_generation_it_was_sealed(with_sheet: tuple[Path, str]) -> None:
    folder, _ = with_sheet

    def newest(vault: Path) -> tuple[int, set[int]]:
        slots = read_slots(vault).slots
        return slots.generation, {slot.generation for slot in slots.slots}

    with unlock(folder, person_name="Anna Berg", passphrase=ANNA) as keys:
        for work in (
            lambda: keys.reset_person("person-ben", passphrase=NEW, at=AT, administrator=False, cost=MINIMUM_COST),
            lambda: keys.add_person(person_id="c", person_name="Cy", passphrase=NEW, at=AT, cost=MINIMUM_COST),
            lambda: keys.change_passphrase(old=ANNA, new=NEW, cost=MINIMUM_COST),
            lambda: keys.add_recovery_slot(read_code(new_code()), slot_id="another"),
        ):
            work()
            generation, made = newest(folder)
            assert max(made) == generation == keys.slots_generation


def test_who_takes_a_place_back_with_a_sheet_has_slots_of_that_generation(with_sheet: tuple[Path, str]) -> None:
    folder, code = with_sheet
    recovered = open_with_code(folder, code=code, passphrase=NEW, at=AT, cost=MINIMUM_COST)
    with recovered.keys as keys:
        keys.take_recovered_place(code=read_code(new_code()), slot_id="new sheet")
    slots = read_slots(folder).slots
    own = [slot for slot in slots.slots if slot.person == "person-anna"]
    assert {(slot.kind, slot.generation) for slot in own} == {
        ("person", slots.generation),
        ("recovery", slots.generation),
    }
