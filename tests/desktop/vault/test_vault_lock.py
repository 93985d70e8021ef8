"""The lock, held by real second processes: one writer, honest words, nobody locked out by a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.machine.vault_creation import making_place
from desktop.vault.lock import LockHolder, VaultLock, read_holder
from domain.errors import FileProblem, InUse, Unavailable

AT = "2026-11-22T08:00:00Z"
PROJECT = Path(__file__).resolve().parents[3]
HOLD = """
import sys
from pathlib import Path
from desktop.vault.lock import VaultLock
with VaultLock(Path(sys.argv[1]), at="2026-11-22T07:30:00Z"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def _held_elsewhere(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_program_is_shown_who_holds_the_vault(tmp_path: Path) -> None:
    with _held_elsewhere(tmp_path) as process:
        with pytest.raises(InUse) as refusal:
            VaultLock(tmp_path, at=AT).acquire()
        assert f"process {process.pid}" in refusal.value.where
        assert "since 2026-11-22T07:30:00Z" in refusal.value.where
        assert refusal.value.remedy
        process.communicate("\n", timeout=20)
    with VaultLock(tmp_path, at=AT) as lock:
        assert lock.left_behind is None, "it was given back in order"


def test_a_killed_holder_locks_nobody_out(tmp_path: Path) -> None:
    with _held_elsewhere(tmp_path) as process:
        process.kill()
        process.wait()
        with VaultLock(tmp_path, at=AT) as lock:
            assert lock.left_behind is not None
            assert lock.left_behind.pid == process.pid


def test_another_path_to_the_same_folder_is_the_same_vault(tmp_path: Path) -> None:
    real = tmp_path / "Plant.vault"
    real.mkdir()
    alias = tmp_path / "alias"
    alias.symlink_to(real, target_is_directory=True)
    with _held_elsewhere(real), pytest.raises(InUse):
        VaultLock(alias, at=AT).acquire()


def test_a_second_opener_in_the_same_program_is_refused_too(tmp_path: Path) -> None:
    with VaultLock(tmp_path, at=AT) as lock:
        lock.acquire()
        with pytest.raises(InUse):
            VaultLock(tmp_path, at=AT).acquire()
        assert lock.is_held
    assert not lock.is_held


def test_reading_the_note_does_not_give_the_lock_away(tmp_path: Path) -> None:
    with VaultLock(tmp_path, at=AT):
        note = read_holder(tmp_path)
        assert note is not None
        assert note.pid == os.getpid()
        with pytest.raises(InUse):
            VaultLock(tmp_path, at=AT).acquire()


def test_emptying_or_forging_the_note_lets_nobody_in(tmp_path: Path) -> None:
    with _held_elsewhere(tmp_path):
        for note in (b"", b"{}", b"\xff\xfe", b"x" * 10_000):
            (tmp_path / "lock").write_bytes(note)
            with pytest.raises(InUse, match="open in another program") as refusal:
                VaultLock(tmp_path, at=AT).acquire()
            assert "not stated who it is" in refusal.value.where


def test_a_note_alone_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(
        b'{"host":"desk-9","user":"eve","pid":1,"since":"2020-01-01T00:00:00Z","heartbeat":"2020-01-01T00:00:00Z"}'
    )
    with VaultLock(tmp_path, at=AT) as lock:
        assert lock.left_behind is not None
        assert lock.left_behind.user == "eve"


def test_a_hostile_note_cannot_write_on_the_terminal() -> None:
    holder = LockHolder(host="h\x1b[2J", user="u\nroot", pid=1, since="\u202e" + "x" * 500, heartbeat="")
    assert holder.in_words().isprintable()
    assert len(holder.in_words()) < 400


def test_a_heartbeat_is_noted_and_needs_the_lock(tmp_path: Path) -> None:
    lock = VaultLock(tmp_path, at=AT)
    with pytest.raises(Unavailable, match="not held"):
        lock.heartbeat(at=AT)
    with lock:
        lock.heartbeat(at="2026-11-22T08:05:00Z")
        note = read_holder(tmp_path)
        assert note is not None
        assert (note.since, note.heartbeat) == (AT, "2026-11-22T08:05:00Z")
    assert read_holder(tmp_path) is None
    assert (tmp_path / "lock").exists(), "removing it would race with the next opener"


def test_a_vault_that_is_not_there_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no vault here"):
        VaultLock(tmp_path / "Nowhere.vault", at=AT).acquire()
    assert not (tmp_path / "Nowhere.vault").exists()


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_something_else_in_place_of_the_lock_file_is_refused(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "precious"
    target.write_text("keep me")
    vault = tmp_path / "Plant.vault"
    vault.mkdir()
    if kind == "link":
        (vault / "lock").symlink_to(target)
    elif kind == "folder":
        (vault / "lock").mkdir()
    else:
        os.mkfifo(vault / "lock")
    with pytest.raises(FileProblem, match="cannot be locked"):
        VaultLock(vault, at=AT).acquire()
    assert target.read_text() == "keep me"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list open files")
def test_what_a_stopped_program_left_of_a_new_vault_is_cleared_and_nothing_stays_open(tmp_path: Path) -> None:
    left = tmp_path / ".New.vault.making"
    left.mkdir()
    (left / "lock").touch()
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert making_place(tmp_path / "New.vault") == left
    assert not left.exists()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
