"""The program dies in the middle of an import: the vault opens, is intact, and holds all of it or nothing."""

from __future__ import annotations

import csv
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import PASSPHRASE, PROJECT, environment

from desktop.application.application import CountersignApplication
from domain.state import ItemFilter

ROWS, DEATHS = 1_000, 10
# Says each phase of the import as it begins, and dies by its own hand at the call it is reported.
IMPORT = """
import os, signal, sys
from pathlib import Path
from desktop.application.application import CountersignApplication
folder, tracker, passphrase, last_call = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
vault = CountersignApplication().unlock(folder, person="Quinn QA", passphrase=passphrase)
plan = vault.plan_import(tracker, process="capa")
calls = 0
def progress(phase, done, of):
    global calls
    calls += 1
    print(phase, flush=True)
    if calls == last_call:
        os.kill(os.getpid(), signal.SIGKILL)
vault.run_import(plan, tracker, process="capa", progress=progress)
print("recorded", flush=True)
vault.lock()
"""


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("killed") / "tracker.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        write = csv.writer(out)
        write.writerow(("No.", "Finding", "Details", "Raised on", "Due date", "Status"))
        for n in range(ROWS):
            write.writerow((f"N-{n:05d}", f"Guard {n} loose", f"Words {n} " * 20, "2026-03-04", "2026-05-06", "open"))
    return file


def start(vault: Path, tracker: Path, *, last_call: int = 0) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", IMPORT, str(vault), str(tracker), PASSPHRASE, str(last_call)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=environment())


def own_vault(vault: Path, folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A copy of the vault on an installation of its own, which remembers nothing of the other copies."""
    patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
    (folder / "home").mkdir(parents=True)
    return Path(shutil.copytree(vault, folder / vault.name))


def items_after(vault: Path) -> int:
    """Open the vault again as a person would, prove it whole, and count."""
    opened = CountersignApplication().unlock(vault, person="Priya Process", passphrase=PASSPHRASE)
    try:
        verdict = opened.verify()
        assert verdict.intact, verdict.findings
        imports = opened.register.imports()
        items = opened.register.count(ItemFilter())
        assert items == (ROWS if imports else 0)
        return items
    finally:
        opened.lock()


def test_killed_at_a_step_of_its_nothing_or_all_is_there(
    site_vault: Path, tracker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for last_call in (1, 2, 3):
        vault = own_vault(site_vault, tmp_path / str(last_call), monkeypatch)
        with start(vault, tracker, last_call=last_call) as process:
            process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert items_after(vault) == 0, "nothing was stated to be recorded yet"


def test_killed_from_outside_at_any_moment_nothing_or_all_is_there(
    site_vault: Path, tracker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random()
    seen: dict[int, int] = {}
    for n in range(DEATHS):
        vault = own_vault(site_vault, tmp_path / f"death {n}", monkeypatch)
        # Half of them die around the commit, where files are being changed; the rest anywhere in the import.
        phase, wait = ("commit", 0.2) if n % 2 else ("write", 0.4)
        with start(vault, tracker) as process:
            assert process.stdout is not None
            heard = ""
            while not heard.startswith(phase):
                heard = process.stdout.readline()
                assert heard, f"the import ended before it stated {phase}"
            pause = chance.uniform(0, wait)
            time.sleep(pause)
            process.kill()
            acknowledged = "recorded" in process.stdout.read()
        items = items_after(vault)
        assert items == ROWS or not acknowledged, f"recorded, stated so, and gone (killed {pause:.4f} s after {phase})"
        seen[items] = seen.get(items, 0) + 1
    print(f"items found after {DEATHS} kills: {seen}")
    assert set(seen) <= {0, ROWS}
