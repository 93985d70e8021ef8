"""`kill -9` at every file operation of a backup, a restore and a restore test: whole or not there, and the vault as it
was.

The child kills itself at its n-th operation (as Python's audit events tell them), for every n until it lives.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PASSPHRASE, files_of

from desktop.application.application import CountersignApplication
from desktop.backups.backup_folder import snapshots_in
from desktop.backups.container import file_sha256, unpack
from desktop.backups.restoring import unpack_and_prove
from desktop.machine import installation
from desktop.machine.clock import now
from desktop.session.restore_test import restore_test
from domain.errors import CountersignError
from domain.records.backup_records import Restore

COUNTED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "shutil.rmtree")
EVERY = 5
"""In the test run every fifth point; the others differ only in which byte of a temp file came last."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def _killed_at(n: int, work: Callable[[], object]) -> bool:
    """Do the work in a child that is killed at its n-th file operation; False if it lived to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            left = n

            def count(event: str, arguments: tuple[object, ...]) -> None:
                nonlocal left
                if event in COUNTED and not (event == "open" and str(arguments[0]).endswith((".py", ".pyc"))):
                    left -= 1
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the work failed"
    return False


def _at_every_point(work: Callable[[], object], look: Callable[[bool], None]) -> int:
    n, points = 1, 0
    while _killed_at(n, work):
        look(False)
        n, points = n + EVERY, points + 1
        assert points < 400
    look(True)
    return points


def test_a_killed_backup_leaves_whole_files_only_and_the_vault_as_it_was(site_vault: Path, tmp_path: Path) -> None:
    target = tmp_path / "stick"
    before = files_of(site_vault)

    def work() -> None:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        vault = CountersignApplication().unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
        vault.backup_files.make(at=now(), to=target, why="killed")
        vault.lock()

    def look(finished: bool) -> None:  # noqa: FBT001 (called once, below its meaning)
        found = snapshots_in(target) if target.exists() else ()
        for each in found:
            assert each.problem == ""
            shutil.rmtree(tmp_path / "out", ignore_errors=True)
            unpack(each.file, tmp_path / "out")
        assert not finished or len(found) == 1
        assert {**files_of(site_vault), "lock": ""} == {**before, "lock": ""}

    assert _at_every_point(work, look) > 5


def test_a_killed_restore_leaves_a_whole_vault_or_none(site_vault: Path, tmp_path: Path) -> None:
    opener = CountersignApplication()
    vault = opener.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    made = vault.backup_files.make(at=now(), to=tmp_path)
    vault.lock()
    folder, source = tmp_path / "Back.vault", file_sha256(made.file)

    def work() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        opener.restore(made.file, folder, person="Ada Admin", passphrase=PASSPHRASE, reason="trial").lock()

    def look(finished: bool) -> None:  # noqa: FBT001 (same)
        assert finished <= folder.exists()
        if folder.exists():
            there = opener.unlock(folder, person="Ada Admin", passphrase=PASSPHRASE)
            assert made.about is not None
            assert there.register.log_size() == made.about.size + 1, "no copy appears without its first entry"
            assert [restored.source for restored in there.register.all_of(Restore)] == [source]
            there.discard()
        unpack_and_prove(made.file, _fresh(tmp_path / "out"), person="Ada Admin", passphrase=PASSPHRASE, whole=False)

    assert _at_every_point(work, look) > 5


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def test_a_killed_restore_test_leaves_nothing_behind_after_the_next_start(site_vault: Path, tmp_path: Path) -> None:
    opener = CountersignApplication()
    vault = opener.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    made = vault.backup_files.make(at=now(), to=tmp_path)
    vault.lock()

    def work() -> None:
        vault = opener.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
        restore_test(vault, made.file, person="Ada Admin", passphrase=PASSPHRASE)
        vault.lock()

    assert _killed_at(60, work), "there is that much to do"
    try:
        opener.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE).lock()
    except CountersignError as problem:
        pytest.fail(f"the vault does not open: {problem}")
    assert list((installation.home() / "open").iterdir()) == []
