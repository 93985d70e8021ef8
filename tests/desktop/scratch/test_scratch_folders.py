"""Folders of killed runs go at the next start; those of programs that still run, of others and behind links stay."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from command_line import PROJECT, environment

from desktop.excel.write_workbook import write_workbook
from desktop.machine.private_files import sweep
from desktop.scratch.folders import PREFIX, scratch_folder, sweep_scratch
from domain.errors import Cancelled
from domain.table_report import Table, TableReport

LEAVES_BEHIND = """
import os, signal, sys, tempfile
tempfile.tempdir = sys.argv[1]
from desktop.scratch.folders import scratch_folder
with scratch_folder() as folder:
    (folder / "replay.db").write_bytes(b"pages")
    print(folder, flush=True)
    if sys.stdin.readline() == "die\\n":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _other(place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LEAVES_BEHIND, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=PROJECT,
    )


def test_a_start_removes_what_a_killed_verification_left_and_spares_a_running_one(place: Path) -> None:
    with _other(place) as killed, _other(place) as running:
        assert killed.stdout is not None
        assert running.stdout is not None
        left, used = Path(killed.stdout.readline().strip()), Path(running.stdout.readline().strip())
        assert sweep() == 0, "both are alive"
        killed.communicate("die\n", timeout=20)
        assert left.exists()
        assert sweep() == 1
        assert not left.exists()
        assert (used / "replay.db").read_bytes() == b"pages"
        running.communicate("end\n", timeout=20)
        assert not used.exists()


def test_a_folder_is_for_its_user_only_and_gone_with_its_block(place: Path) -> None:
    with scratch_folder() as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o077 == 0
        assert sweep_scratch() == 0, "this very program uses it"
    assert not folder.exists()


def test_a_sweep_follows_no_link_and_takes_nothing_of_another_name(place: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kept.txt").write_text("kept")
    (place / f"{PREFIX}link").symlink_to(mine)
    (place / "other").mkdir()
    (place / f"{PREFIX}file").write_text("no folder")
    assert sweep_scratch() == 0
    assert (mine / "kept.txt").read_text() == "kept"
    assert (place / "other").is_dir()


def test_rows_of_a_workbook_wait_in_a_scratch_folder_and_nowhere_else(place: Path) -> None:
    seen: list[str] = []

    def look(_phase: str, done: int, _of: int) -> None:
        seen.extend(str(file.relative_to(place)) for file in place.rglob("*.xml"))
        if done == 2:
            raise Cancelled("enough")

    table = Table(heading="Items", columns=(("Number", 10), ("Title", 20)), rows=(("A-1", "one"), ("A-2", "two")))
    report = TableReport(title="Items", about="", facts=(), tables=(table,))
    with pytest.raises(Cancelled):
        write_workbook(report, (), progress=look)
    assert seen
    assert all(name.startswith(PREFIX) for name in seen)
    assert not list(place.iterdir())
    assert write_workbook(report, ()).startswith(b"PK")
    assert not list(place.iterdir())
