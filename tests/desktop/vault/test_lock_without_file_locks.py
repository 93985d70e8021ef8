"""Where a file system has no locks, only the note can tell: a living holder is respected, a silent one passed over
only when a person says so.
"""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from desktop.vault.lock import VaultLock, read_holder
from domain.errors import FileProblem, InUse

AT = "2026-11-22T08:00:00Z"


def _no_locks(_descriptor: int) -> bool:
    raise OSError(errno.ENOLCK, "No locks available")


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A vault folder whose holder never gave it back."""
    with VaultLock(tmp_path, at=AT):
        note = (tmp_path / "lock").read_bytes()
    (tmp_path / "lock").write_bytes(note)
    return tmp_path


@pytest.fixture(autouse=True)
def on_a_file_system_without_locks(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.vault.lock.try_lock", _no_locks)


def test_a_holder_heard_of_lately_is_respected_whatever_is_stated(left: Path) -> None:
    for take_over in (False, True):
        with pytest.raises(InUse) as refusal:
            VaultLock(left, at="2026-11-22T08:04:59Z", take_over=take_over).acquire()
        assert "--take-over" not in refusal.value.remedy


def test_a_holder_silent_for_five_minutes_is_passed_over_only_when_reported(left: Path) -> None:
    with pytest.raises(InUse, match="open in another program") as refusal:
        VaultLock(left, at="2026-11-22T08:05:00Z").acquire()
    assert "--take-over" in refusal.value.remedy
    with VaultLock(left, at="2026-11-22T08:05:00Z", take_over=True) as lock:
        assert lock.left_behind is not None
        assert lock.left_behind.since == AT


def test_a_sign_of_life_counts_from_the_last_one(left: Path) -> None:
    with VaultLock(left, at="2026-11-22T09:00:00Z", take_over=True) as lock:
        lock.heartbeat(at="2026-11-22T09:10:00Z")
        with pytest.raises(InUse) as refusal:
            VaultLock(left, at="2026-11-22T09:14:00Z", take_over=True).acquire()
        assert "--take-over" not in refusal.value.remedy


def test_a_vault_given_back_is_free(left: Path) -> None:
    with VaultLock(left, at="2026-11-22T09:00:00Z", take_over=True):
        pass
    with VaultLock(left, at="2026-11-22T09:00:01Z"):
        assert read_holder(left) is not None


@pytest.mark.parametrize("note", [b"{}", b"\xff", b'{"host":"h","user":"u","pid":1,"since":"x","heartbeat":"soon"}'])
def test_a_note_nobody_can_read_lets_nobody_in(left: Path, note: bytes) -> None:
    (left / "lock").write_bytes(note)
    with pytest.raises(InUse):
        VaultLock(left, at="2026-11-22T23:00:00Z", take_over=True).acquire()


def test_another_error_of_the_disk_is_no_missing_lock(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int) -> bool:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("desktop.vault.lock.try_lock", broken)
    with pytest.raises(FileProblem, match="Input/output"):
        VaultLock(left, at="2026-11-22T23:00:00Z", take_over=True).acquire()
