"""Every secret that comes to be while a vault is worked with is overwritten when the work is over, or has failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.vault.key_ring import KeyRing
from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.primitives import Secret, random_secret
from desktop.vault.session import unlock
from domain.errors import Damaged, Unavailable, WrongPassphrase

AT = "2026-11-22T08:00:00Z"
ANNA = "anna's long enough passphrase"
BEN = "ben's quite different passphrase"
OTHER = "some other thirteen purple kites"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Secret]:
    """Every secret made during the test."""
    found: list[Secret] = []
    real = Secret.__init__

    def noted(secret: Secret, data: bytes | bytearray) -> None:
        real(secret, data)
        found.append(secret)

    monkeypatch.setattr(Secret, "__init__", noted)
    return found


def enter(vault: Path) -> KeyRing:
    return unlock(vault, person_name="Anna Berg", passphrase=ANNA)


def look(keys: KeyRing) -> None:
    keys.reauthenticate(ANNA)


def mistake(keys: KeyRing) -> None:
    with pytest.raises(WrongPassphrase):
        keys.reauthenticate(OTHER)


def change(keys: KeyRing) -> None:
    keys.change_passphrase(old=ANNA, new=OTHER, cost=MINIMUM_COST)


def enrol(keys: KeyRing) -> None:
    keys.add_person(person_id="c", person_name="Cy", passphrase=OTHER, at=AT, administrator=True, cost=MINIMUM_COST)


def reset(keys: KeyRing) -> None:
    keys.reset_person("person-ben", passphrase=OTHER, at=AT, administrator=False, cost=MINIMUM_COST)


def appoint(keys: KeyRing) -> None:
    keys.set_root_access("person-ben", granted=True)


def rotate(keys: KeyRing) -> None:
    keys.begin_rotation()
    keys.finish_rotation()


def rotate_to_a_key_made_before(keys: KeyRing) -> None:
    keys.begin_rotation(keys.new_data_key()[0])


def print_a_sheet(keys: KeyRing) -> None:
    code = random_secret(16)
    keys.add_recovery_slot(code, slot_id="sheet")
    code.wipe()


@pytest.mark.parametrize(
    "work",
    [look, mistake, change, enrol, reset, appoint, rotate, rotate_to_a_key_made_before, print_a_sheet],
    ids=lambda work: work.__name__,
)
def test_nothing_secret_is_left_once_the_keys_are_closed(
    vault: Path, made: list[Secret], work: Callable[[KeyRing], None]
) -> None:
    with enter(vault) as keys:
        work(keys)
        assert any(not secret.is_wiped for secret in made), "while it is open there are keys"
    left = [n for n, secret in enumerate(made) if not secret.is_wiped]
    assert left == [], f"of {len(made)}"
    with pytest.raises(Unavailable):
        made[0].expose()


@pytest.mark.parametrize("name", ["Anna Berg", "Nobody Known"])
def test_a_wrong_try_leaves_no_secret_behind(vault: Path, made: list[Secret], name: str) -> None:
    with pytest.raises(WrongPassphrase):
        unlock(vault, person_name=name, passphrase=OTHER)
    assert made
    assert all(secret.is_wiped for secret in made)


def test_who_finds_a_key_left_for_them_leaves_none_behind(vault: Path, made: list[Secret]) -> None:
    with enter(vault) as keys:
        rotate(keys)
        keys.reconcile_copies()
    with unlock(vault, person_name="Ben Oak", passphrase=BEN) as keys:
        keys.take_over(BEN)
    assert all(secret.is_wiped for secret in made)


def test_a_next_key_that_is_not_kept_as_made_begins_no_rotation(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: (vault / name).read_bytes() for name in ("slots.a", "slots.b")}
    with enter(vault) as keys:
        monkeypatch.setattr("desktop.vault.key_ring.open_parcel", lambda *_, **__: random_secret())
        with pytest.raises(Damaged, match="not kept as written"):
            keys.begin_rotation()
        assert not keys.is_rotating
        assert keys.next_store_key is None
    assert {name: (vault / name).read_bytes() for name in before} == before
