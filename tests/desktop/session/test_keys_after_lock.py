"""After locking there is no key, no store, no way to sign; before it, nothing is signed without the passphrase."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest
from command_line import PASSPHRASE

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.primitives import Secret
from domain.commands.command import Command
from domain.errors import CountersignError, UsageProblem, WrongPassphrase
from domain.registry import COMMANDS

SIGNING = sorted(word for word, kind in COMMANDS.items() if kind.signing)
"""New commands that sign join by themselves."""


def some_command(word: str) -> Command:
    """A command of this word about nothing."""
    fields = [field for field in msgspec.structs.fields(COMMANDS[word]) if field.required]
    return COMMANDS[word](**{field.name: _nothing(field.type) for field in fields})


def _nothing(hint: Any) -> Any:
    kind = get_origin(hint) or hint
    return get_args(hint)[0] if kind is Literal else kind() if kind in (str, int, bool, tuple, list, dict) else None


@pytest.fixture(scope="module")
def vault(site_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UnlockedSession]:
    """An open vault in which nothing is recorded."""
    folder = tmp_path_factory.mktemp("signing")
    shutil.copytree(site_made_once / "home", folder / "home")
    place = Path(shutil.copytree(site_made_once / "Site.vault", folder / "Site.vault"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        opened = CountersignApplication().unlock(place, person="Quinn QA", passphrase=PASSPHRASE)
        yield opened
        opened.discard()


def test_there_are_commands_that_sign() -> None:
    assert {"approve_item", "close_item", "decide_request", "review_access"} <= set(SIGNING)


@pytest.mark.parametrize("word", SIGNING)
def test_no_command_that_signs_is_carried_out_without_the_right_passphrase(vault: UnlockedSession, word: str) -> None:
    before = vault.register.log_size()
    with pytest.raises(UsageProblem, match="passphrase"):
        vault.perform(some_command(word))
    assert vault.register.log_size() == before


def test_a_wrong_passphrase_signs_nothing(vault: UnlockedSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.machine.failed_unlocks._note", lambda _unlock_target: None)
    before = vault.register.log_size()
    with pytest.raises(WrongPassphrase):
        vault.perform(some_command("review_access"), passphrase="not the passphrase of anybody")
    assert vault.register.log_size() == before


def test_locking_leaves_no_key_in_memory_and_no_store_to_ask(site_vault: Path) -> None:
    opened = CountersignApplication().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
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
