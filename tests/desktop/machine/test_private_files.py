"""Files for other programs: private, read only, of harmless kinds, on record, and gone when they should be."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import PASSPHRASE, PROJECT, environment

from desktop.application.application import CountersignApplication
from desktop.machine import installation
from desktop.machine.private_files import SHOWN_ELSEWHERE, PrivateFiles, sweep
from domain.errors import UsageProblem
from domain.records.oversight import Export
from domain.state import ItemFilter


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_file_is_read_only_and_reports_nothing_by_its_name() -> None:
    place = PrivateFiles()
    file = place.put([b"one", b"two"], name="Customer complaint 4711.PDF")
    assert file.read_bytes() == b"onetwo"
    assert _mode(file) == 0o400
    assert _mode(file.parent) == 0o700
    assert file.suffix == ".pdf"
    assert "complaint" not in str(file)
    place.close()
    assert not file.parent.exists()
    place.close()


@pytest.mark.parametrize("name", ["run.exe", "a.bat", "a.xlsm", "a.html", "a.svg", "a.desktop", "a.pdf.sh", "noending"])
def test_what_other_programs_might_run_is_not_opened(name: str, own_home: Path) -> None:
    with pytest.raises(UsageProblem, match="not opened in other programs"):
        PrivateFiles().put([b"x"], name=name)
    assert not list(own_home.rglob("*.*"))
    assert ".pdf" in SHOWN_ELSEWHERE


def test_bytes_that_fail_half_way_leave_no_file() -> None:
    def broken() -> object:
        yield b"half"
        raise RuntimeError("the store broke")

    place = PrivateFiles()
    with pytest.raises(RuntimeError):
        place.put(broken(), name="a.pdf")  # type: ignore[arg-type]
    assert [file.name for file in place.folder().iterdir()] == ["lock"]
    place.close()


LEAVES_BEHIND = """
import os, signal, sys
from desktop.machine.private_files import PrivateFiles
print(PrivateFiles().put([b"secret evidence"], name="a.txt"), flush=True)
if sys.stdin.readline() == "die\\n":
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_start_sweeps_what_a_killed_program_left_and_spares_a_living_one() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LEAVES_BEHIND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=PROJECT,
    ) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        assert left.read_bytes() == b"secret evidence"
        assert sweep() == 0, "it is alive"
        assert left.exists()
        other.communicate("die\n", timeout=20)
    assert left.exists()
    assert sweep() == 1
    assert not left.parent.exists()


def test_evidence_opened_in_another_program_is_on_record_and_gone_after_lock(
    sample_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(sample_vault.parent / "home"))
    opener = CountersignApplication()
    name = opener.people_of(sample_vault)[0]
    vault = opener.unlock(sample_vault, person=name, passphrase=PASSPHRASE)
    files = [vault.register.item_file(line.id) for line in vault.register.items(ItemFilter())]
    found = next(each for file in files for each in file.evidence)
    shown = vault.open_evidence(found.item, found.id, purpose="to print it")
    assert shown.read_bytes() == b"".join(vault.register.file_bytes(found.file))
    record = vault.register.all_of(Export)[-1]
    assert (record.kind, record.sha256, record.purpose) == ("evidence", found.file, "to print it")
    assert vault.register.log_page(before=10**9, limit=1)[0].act == "open_evidence"
    size = vault.register.log_size()
    with pytest.raises(UsageProblem):
        vault.open_evidence(found.item, "no such evidence", purpose="")
    assert vault.register.log_size() == size
    vault.lock()
    assert not shown.exists()
    assert list((installation.home() / "open").iterdir()) == []


HARDENED = """
import ctypes, os, resource
from desktop.machine.hardening import harden_process
missing = harden_process()
dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
print(missing, resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable, os.umask(0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_a_hardened_process_leaves_no_core_and_shows_no_memory() -> None:
    words = [sys.executable, "-c", HARDENED]
    run = subprocess.run(words, capture_output=True, text=True, env=environment(), check=True, timeout=60)
    assert run.stdout.split() == ["()", "0", "0", str(0o077)]


def test_both_programs_harden_themselves_before_anything_else() -> None:
    for module in ("__main__", "app"):
        text = (PROJECT / "desktop" / f"{module}.py").read_text(encoding="utf-8")
        body = text[text.index("def main") :].split('"""')[2]
        assert body.strip().startswith("harden_process()"), module
