"""The first unlocking of a vault on a computer looks at the bytes of its evidence, or says that it did not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PASSPHRASE

from desktop.application.application import CountersignApplication
from desktop.machine import installation
from desktop.session import proving
from desktop.session.proving import FILES_UNCHECKED
from desktop.session.unlocked_session import UnlockedSession
from desktop.store.store import Store
from domain.errors import Cancelled

Unlock = Callable[[], UnlockedSession]


@pytest.fixture
def mailed(sample_vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unlock:
    """A copy of the sample, opened on a computer that has never seen it."""
    folder = tmp_path / "mailed.vault"
    shutil.copytree(sample_vault, folder)
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "new_computer"))
    application = CountersignApplication()
    name = application.people_of(folder)[0]
    return lambda: application.unlock(folder, person=name, passphrase=PASSPHRASE)


def spoil_one_file(mailed: Unlock) -> None:
    """Somebody with the data key has put other bytes in the place of a file's, page MACs and all."""
    vault = mailed()
    with vault._store._engine.begin() as connection:
        run = connection.exec_driver_sql
        guards = run(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'file_chunk'"
        ).fetchall()
        for name, _ in guards:
            run(f"DROP TRIGGER {name}")
        run("UPDATE file_chunk SET data = x'00' WHERE file = (SELECT min(file) FROM file_chunk) AND n = 0")
        for _, text in guards:
            run(text)
    vault.discard()


def forget(mailed: Unlock) -> str:
    """This computer has not seen the vault yet; its id comes back."""
    vault = mailed()
    id_ = vault.register.vault().id
    vault.discard()
    shutil.rmtree(installation.own_folder("checkpoints"))
    return id_


def test_a_few_files_are_checked_at_once_and_that_is_remembered(
    mailed: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = mailed()
    assert FILES_UNCHECKED not in vault.notices
    assert vault.log.state().files_checked
    assert installation.files_checked_at(vault.register.vault().id)
    vault.lock()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr(Store, "check_files", never)
    mailed().lock()


def test_a_file_whose_bytes_are_not_those_on_record_leaves_the_mailed_vault_read_only(mailed: Unlock) -> None:
    spoil_one_file(mailed)
    id_ = forget(mailed)
    vault = mailed()
    assert vault.damaged
    assert vault.read_only
    assert any("not the file of this hash" in notice for notice in vault.notices)
    assert not installation.files_checked_at(id_)
    vault.lock()


def test_many_files_are_not_looked_at_while_opening_and_the_vault_says_so_on_its_face(
    mailed: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "UNLOCK_BYTES", 0)
    vault = mailed()
    assert FILES_UNCHECKED in vault.notices
    assert not vault.log.state().files_checked

    def cancelled(_phase: str, _done: int, _of: int) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        vault.log.check_files(progress=cancelled)
    assert FILES_UNCHECKED in vault.notices, "it was cancelled"
    steps: list[tuple[int, int]] = []
    verdict = vault.log.check_files(progress=lambda _phase, done, of: steps.append((done, of)))
    assert verdict.intact
    assert verdict.files == len(steps) > 0
    assert FILES_UNCHECKED not in vault.notices
    assert vault.log.state().files_checked
    vault.lock()
    again = mailed()
    assert FILES_UNCHECKED not in again.notices
    again.lock()


def test_damage_found_later_by_the_check_ends_all_acts(mailed: Unlock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "UNLOCK_BYTES", 0)
    spoil_one_file(mailed)
    vault = mailed()
    assert not vault.read_only
    assert not vault.log.check_files().intact
    assert vault.read_only
    assert vault.log.state().damaged
    vault.lock()


def test_a_vault_without_files_has_nothing_to_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "new_computer"))
    monkeypatch.setattr(proving, "UNLOCK_BYTES", 0)
    application = CountersignApplication()
    made = application.create_vault(tmp_path / "new.vault", name="New", person="Ada", passphrase=PASSPHRASE)
    assert made.log.state().files_checked
    made.lock()
    vault = application.unlock(tmp_path / "new.vault", person="Ada", passphrase=PASSPHRASE)
    assert FILES_UNCHECKED not in vault.notices
    vault.lock()
