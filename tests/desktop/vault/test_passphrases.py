"""Passphrases: which are taken, which open, what a try costs, and what a change of one leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.vault import passphrases
from desktop.vault.passphrases import MINIMUM_COST, KdfCost
from desktop.vault.primitives import Secret, argon2id
from desktop.vault.session import UnlockedKeys, create_vault_keys, unlock
from desktop.vault.slots import read_slots
from domain.errors import UsageProblem, WrongPassphrase

AT = "2026-11-22T08:00:00Z"
ANNA = "anna's long enough passphrase"
BEN = "ben's quite different passphrase"
NEW = "a new one that nobody has seen"
Unlock = Callable[[], UnlockedKeys]


def test_a_passphrase_is_the_same_in_either_unicode_spelling(tmp_path: Path) -> None:
    folder = tmp_path / "Umlaut.vault"
    composed, decomposed = "Gr\u00fc\u00dfe aus K\u00f6ln am Rhein", "Gru\u0308\u00dfe aus Ko\u0308ln am Rhein"
    create_vault_keys(
        folder,
        vault_id="v",
        vault_name="U",
        person_id="p",
        person_name="Jo\u0308rg",
        passphrase=composed,
        at=AT,
        cost=MINIMUM_COST,
    ).close()
    unlock(folder, person_name="J\u00f6rg", passphrase=decomposed).close()


def _refusal(vault: Path, name: str, passphrase: str) -> WrongPassphrase:
    with pytest.raises(WrongPassphrase) as refusal:
        unlock(vault, person_name=name, passphrase=passphrase)
    return refusal.value


def test_a_wrong_passphrase_and_an_unknown_name_are_shown_alike_and_cost_alike(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[tuple[int, int, int]] = []

    def counted(passphrase: bytes, *, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> Secret:
        spent.append((memory_kib, iterations, lanes))
        return argon2id(passphrase, salt=salt, memory_kib=memory_kib, iterations=iterations, lanes=lanes)

    monkeypatch.setattr(passphrases, "argon2id", counted)
    known = _refusal(vault, "Anna Berg", BEN)
    of_known = list(spent)
    spent.clear()
    unknown = _refusal(vault, "Eve Ash", BEN)
    assert (known.what, known.where, known.remedy) == (unknown.what, unknown.where, unknown.remedy)
    assert of_known == spent == [(65_536, 3, 4)]


@pytest.mark.parametrize(
    "passphrase", ["", " ", ANNA + " ", ANNA.upper(), ANNA[:-1], BEN, "\ud800", "x" * 100_000, "\x00" * 20]
)
def test_nothing_but_the_passphrase_opens_a_slot(vault: Path, passphrase: str) -> None:
    refusal = _refusal(vault, "Anna Berg", passphrase)
    assert ANNA not in str(refusal)
    assert passphrase[:40].strip() == "" or passphrase[:40] not in str(refusal)


@pytest.mark.parametrize("name", ["", "\ud800", "Anna", "person-anna", "Anna Berg\x00"])
def test_no_other_name_opens_a_slot(vault: Path, name: str) -> None:
    _refusal(vault, name, ANNA)


def test_reauthentication_takes_this_persons_passphrase_only(as_anna: Unlock) -> None:
    with as_anna() as keys:
        keys.reauthenticate(ANNA)
        for wrong in (BEN, "", ANNA + "x"):
            with pytest.raises(WrongPassphrase):
                keys.reauthenticate(wrong)


@pytest.mark.parametrize(
    "passphrase",
    [
        "",
        "tiny",
        "fourteen chars",
        "a b c d e f g",
        "same same same same",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "0123456789012345",
        "qwertyuiopasdfgh",
        "half a character \ud800",
        "x y" * 500,
        "Ferdinand Long-Name",
    ],
)
def test_a_weak_passphrase_is_refused_with_what_is_enough(vault: Path, as_anna: Unlock, passphrase: str) -> None:
    before = read_slots(vault)
    with as_anna() as anna, pytest.raises(UsageProblem) as refusal:
        anna.add_person(
            person_id="p3", person_name="Ferdinand Long-Name", passphrase=passphrase, at=AT, cost=MINIMUM_COST
        )
    assert refusal.value.where == "passphrase"
    assert refusal.value.remedy
    assert passphrase == "" or passphrase not in str(refusal.value)
    assert read_slots(vault) == before


@pytest.mark.parametrize(
    "passphrase", ["five odd wet hen at", "exactly fifteen", "日本 東京 大阪 京都 札幌", "qz" + "yzabcd 12" * 14]
)
def test_what_is_long_enough_is_taken_without_rules_about_its_make_up(passphrase: str) -> None:
    passphrases.check_new_passphrase(passphrase, name="Anna Berg", cost=MINIMUM_COST)


@pytest.mark.parametrize(
    "cost",
    [
        KdfCost(memory_kib=1024, iterations=3, lanes=4),
        KdfCost(memory_kib=65_536, iterations=1, lanes=4),
        KdfCost(memory_kib=4 * 1024**2, iterations=3, lanes=4),
        KdfCost(memory_kib=65_536, iterations=3, lanes=0),
        KdfCost(memory_kib=512 * 1024, iterations=4, lanes=4),
        KdfCost(memory_kib=256 * 1024, iterations=20, lanes=16),
    ],
)
def test_no_slot_is_made_cheaper_or_dearer_than_the_bounds(as_anna: Unlock, cost: KdfCost) -> None:
    with as_anna() as anna:
        with pytest.raises(UsageProblem, match="out of bounds"):
            anna.add_person(person_id="p3", person_name="Eve", passphrase=NEW, at=AT, cost=cost)
        with pytest.raises(UsageProblem, match="out of bounds"):
            anna.change_passphrase(old=ANNA, new=NEW, cost=cost)


def test_the_price_of_a_try_is_not_quietly_lowered() -> None:
    assert KdfCost(memory_kib=262_144, iterations=3, lanes=4) == passphrases.STANDARD_COST
    assert KdfCost(memory_kib=65_536, iterations=3, lanes=4) == MINIMUM_COST
    assert passphrases.default_cost() in (passphrases.STANDARD_COST, MINIMUM_COST)


def test_after_a_change_only_the_new_passphrase_opens(vault: Path, as_ben: Unlock) -> None:
    with as_ben() as ben:
        old_salt = ben._own.kdf.salt
        identity, store_key = ben.identity, ben.store_key
        with pytest.raises(WrongPassphrase):
            ben.change_passphrase(old=ANNA, new=NEW, cost=MINIMUM_COST)
        with pytest.raises(UsageProblem):
            ben.change_passphrase(old=BEN, new="weak", cost=MINIMUM_COST)
        ben.change_passphrase(old=BEN, new=NEW, cost=MINIMUM_COST)
        assert ben._own.kdf.salt != old_salt
        ben.reauthenticate(NEW)
        with pytest.raises(WrongPassphrase):
            ben.reauthenticate(BEN)
    _refusal(vault, "Ben Oak", BEN)
    with unlock(vault, person_name="Ben Oak", passphrase=NEW) as ben:
        assert (ben.identity, ben.store_key) == (identity, store_key)
        ben.reconcile_copies()
    (vault / read_slots(vault).copies[0].file).write_bytes(b"")
    _refusal(vault, "Ben Oak", BEN)


def test_an_old_passphrase_in_the_generation_before_opens_nothing_while_the_newest_holds(
    vault: Path, as_ben: Unlock
) -> None:
    with as_ben() as ben:
        ben.change_passphrase(old=BEN, new=NEW, cost=MINIMUM_COST)
    assert len({copy.hash for copy in read_slots(vault).copies}) == 2
    _refusal(vault, "Ben Oak", BEN)
