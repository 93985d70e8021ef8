"""A real vault with two people, made once; every test gets its own copy of the folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.session import UnlockedKeys, create_vault_keys, unlock

AT = "2026-11-22T08:00:00Z"
ANNA = "anna's long enough passphrase"
BEN = "ben's quite different passphrase"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vaults") / "Plant.vault"
    with create_vault_keys(
        folder,
        vault_id="vault-1",
        vault_name="Plant",
        person_id="person-anna",
        person_name="Anna Berg",
        passphrase=ANNA,
        at=AT,
        cost=MINIMUM_COST,
    ) as keys:
        keys.add_person(person_id="person-ben", person_name="Ben Oak", passphrase=BEN, at=AT, cost=MINIMUM_COST)
        keys.reconcile_copies()
    return folder


@pytest.fixture
def vault(made_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_once, tmp_path / "Plant.vault"))


@pytest.fixture
def other_vault(tmp_path: Path) -> Path:
    folder = tmp_path / "Other.vault"
    create_vault_keys(
        folder,
        vault_id="vault-2",
        vault_name="Other",
        person_id="person-anna",
        person_name="Anna Berg",
        passphrase=ANNA,
        at=AT,
        cost=MINIMUM_COST,
    ).close()
    return folder


@pytest.fixture
def as_anna(vault: Path) -> Callable[[], UnlockedKeys]:
    return lambda: unlock(vault, person_name="Anna Berg", passphrase=ANNA)


@pytest.fixture
def as_ben(vault: Path) -> Callable[[], UnlockedKeys]:
    return lambda: unlock(vault, person_name="Ben Oak", passphrase=BEN)
