"""After locking there is no key, no store, no way to sign; before it, nothing is signed without the passphrase."""

from __future__ import annotations

import ast
import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import PASSPHRASE

from desktop.application.building import CountersignBuilding
from desktop.session.open_vault import UnlockedVault
from desktop.vault.primitives import Secret
from domain.act import Act, created
from domain.errors import CountersignError, UsageProblem, WrongPassphrase

USE_CASES = Path(__file__).resolve().parents[3] / "domain" / "commands"


def signing_acts() -> list[str]:
    """The acts of every use case that says `ceremony=True`, read from the code so that new ones join by themselves."""
    found = set()
    for path in sorted(USE_CASES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Act":
                given = {word.arg: word.value for word in node.keywords}
                ceremony, name = given.get("ceremony"), given.get("name")
                if isinstance(ceremony, ast.Constant) and ceremony.value is True and isinstance(name, ast.Constant):
                    found.add(str(name.value))
    return sorted(found)


@pytest.fixture(scope="module")
def vault(site_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UnlockedVault]:
    """An open vault in which nothing is recorded."""
    folder = tmp_path_factory.mktemp("signing")
    shutil.copytree(site_made_once / "home", folder / "home")
    place = Path(shutil.copytree(site_made_once / "Site.vault", folder / "Site.vault"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        opened = CountersignBuilding().unlock(place, person="Quinn QA", passphrase=PASSPHRASE)
        yield opened
        opened.abandon()


def test_there_are_acts_that_sign() -> None:
    assert {"approve_item", "close_item", "decide_request", "review_access"} <= set(signing_acts())


@pytest.mark.parametrize("name", signing_acts())
def test_no_act_that_signs_is_recorded_without_the_right_passphrase(vault: UnlockedVault, name: str) -> None:
    change = created("item", "x", {})
    act = Act(name=name, changes=(change,), role="quality", meaning="I sign", ceremony=True)
    before = vault.register.log_size()
    with pytest.raises(UsageProblem, match="passphrase"):
        vault._record(act, vault.actor())
    assert vault.register.log_size() == before


def test_a_wrong_passphrase_signs_nothing(vault: UnlockedVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.machine.attempts._note", lambda _keyhole: None)
    before = vault.register.log_size()
    act = Act(name="approve_item", changes=(created("item", "x", {}),), meaning="I sign", ceremony=True)
    with pytest.raises(WrongPassphrase):
        vault._record(act, vault.actor(), passphrase="not the passphrase of anybody")
    assert vault.register.log_size() == before


def test_locking_leaves_no_key_in_memory_and_no_store_to_ask(site_vault: Path) -> None:
    opened = CountersignBuilding().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    keys = opened._keys
    held = [each for each in gc.get_objects() if isinstance(each, Secret)]
    held += [keys._secrets.dek, keys._store_key, keys._log_seed, keys._secrets.keys.ed25519]
    assert any(not secret.is_wiped for secret in held)
    opened.lock()
    assert all(secret.is_wiped for secret in held[-4:])
    for forbidden in (
        lambda: keys.sign_entry(b"countersign"),
        lambda: keys.sign_checkpoint_as_vault(b"countersign"),
        lambda: keys.store_key,
        lambda: keys.reauthenticate(PASSPHRASE),
        opened.checkpoint,
    ):
        with pytest.raises(CountersignError):
            forbidden()
