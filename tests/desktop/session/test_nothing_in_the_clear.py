"""Markers go into every field and file of a vault; no file that the program leaves behind holds one of them.

The scan covers the vault, the installation's folder and the temp folder of the process: while it works, after it was
killed in the middle of an import, and after the vault was locked.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from command_line import PASSPHRASE, PROJECT

from desktop.store.engine import open_engine, writing
from domain.errors import Damaged

MARKER = "Qz7KpLmWx3Vt"
SECRETS = (PASSPHRASE, MARKER)

WORKER = """
import logging, sys
from pathlib import Path
sys.stderr.reconfigure(line_buffering=True)
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from desktop.machine.hardening import harden_process
harden_process()
from desktop.application.application import CountersignApplication
from desktop.machine.clock import now
from desktop.documents.incoming import incoming_file
from desktop.session.restore_test import restore_test
from desktop.vault.passphrases import MINIMUM_COST
from domain.errors import CountersignError
from domain.commands.evidence import AddEvidence
from domain.commands.items import CreateItem, EditItem, MoveItem

vault_folder, inbox, M = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
passphrase = sys.stdin.readline()[:-1]

def scanned(step):
    print(step, flush=True)
    assert sys.stdin.readline() == "go on\\n"

opener = CountersignApplication(cost=MINIMUM_COST)
vault = opener.unlock(vault_folder, person="Quinn QA", passphrase=passphrase)
title = f"{M} title"
vault.perform(CreateItem(process="capa", fields={"title": title, "description": f"{M} words", "root_cause": M}))
item = vault.register.items(__import__("domain.ports").ports.ItemFilter()).__next__().id
vault.perform(EditItem(item=item, fields={"containment": f"{M} contained"}, reason=f"{M} reason"))
scanned("edited")
file = incoming_file(inbox / "proof.txt")
proof = AddEvidence(item=item, requirement="effectiveness_record", file=file.sha256, size=file.size,
                    file_name=f"{M} proof.txt", note=f"{M} note")
vault.perform(proof, files=(file,))
for wrong in ({"step": f"{M}-step"}, {"step": "closed"}):
    try:
        vault.perform(MoveItem(item=item, reason=f"{M} why", **wrong))
    except CountersignError as problem:
        problem.__repr__()
scanned("refused")
vault.open_evidence(item, vault.register.item_file(item).evidence[0].id, purpose=f"{M} purpose")
scanned("shown")
vault.verify()
made = vault.backup_files.make(at=now(), progress=lambda phase, done, of: None)
restore_test(vault, made.file, person="Quinn QA", passphrase=passphrase)
view = opener.open_snapshot(made.file, person="Quinn QA", passphrase=passphrase)
scanned("looked into")
view.lock()
plan = vault.plan_import(inbox / "tracker.xlsx", process="capa")
scanned("planned")

def step(phase, done, of):
    if phase == "write" and done:
        scanned("in the import")

if sys.argv[4] == "killed":
    vault.run_import(plan, inbox / "tracker.xlsx", process="capa", progress=step)
vault.run_import(plan, inbox / "tracker.xlsx", process="capa")
vault.lock()
scanned("locked")
"""


def _spellings() -> tuple[bytes, ...]:
    return tuple(
        spelling
        for secret in SECRETS
        for spelling in (
            secret.encode(),
            secret.encode("utf-16-le"),
            secret.encode("utf-16-be"),
            secret.encode().hex().encode(),
            *(b64encode(bytes(shift) + secret.encode())[4:12] for shift in range(3)),
        )
    )


def hits(*folders: Path) -> list[str]:
    """Files under these folders that hold a secret in any spelling, and where."""
    found = []
    for file in (file for folder in folders for file in folder.rglob("*") if file.is_file()):
        data = file.read_bytes()
        found += [f"{file.name}: {spelling!r}" for spelling in _spellings() if spelling in data]
        found += [f"{file.name}: its name" for secret in SECRETS if secret in file.name]
    return found


class Session:
    """The worker, stopped at its next step, with the folders it may write to."""

    def __init__(self, process: subprocess.Popen[str], folders: tuple[Path, ...]) -> None:
        self.process, self.folders = process, folders

    def until(self, step: str) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line == step, (line, step)

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go on\n")
        self.process.stdin.flush()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "proof.txt").write_text(f"{MARKER} evidence " * 2000, encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["No.", "Title", "Description", "Status", "Owner", "Due date", "Comment"])
    for n in range(3000):
        sheet.append([n, f"{MARKER} {n}", f"{MARKER} described", "open", "Quinn QA", "2026-12-01", f"{MARKER} stated"])
    book.save(folder / "tracker.xlsx")
    return folder


@contextmanager
def _session(site_vault: Path, inbox: Path, tmp_path: Path, how: str) -> Iterator[Session]:
    temp = tmp_path / "temp"
    temp.mkdir()
    home = Path(os.environ["COUNTERSIGN_HOME"])
    errors = tmp_path / "stderr"
    errors.mkdir()
    places = {"TMPDIR": str(temp), "SQLITE_TMPDIR": str(temp), "XDG_CACHE_HOME": str(temp), "HOME": str(temp)}
    with (
        (errors / "stderr.txt").open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(site_vault), str(inbox), MARKER, how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **places, "PYTHONPATH": str(PROJECT)},
        ) as process,
    ):
        try:
            assert process.stdin is not None
            process.stdin.write(PASSPHRASE + "\n")
            process.stdin.flush()
            yield Session(process, (site_vault, home, temp, errors))
        finally:
            process.kill()


def _work_until_the_import(session: Session) -> None:
    vault, home, temp, errors = session.folders
    for step in ("edited", "refused"):
        session.until(step)
        assert hits(*session.folders) == []
        session.go_on()
    session.until("shown")
    shown = hits(home / "open")
    assert shown, "the scan sees the one file that was taken out on purpose"
    assert hits(vault, home / "backups", home / "checkpoints", temp, errors) == []
    session.go_on()
    for step in ("looked into", "planned"):
        session.until(step)
        assert set(hits(*session.folders)) == set(shown), "and nothing else"
        session.go_on()


def test_a_session_leaves_nothing_in_the_clear(site_vault: Path, inbox: Path, tmp_path: Path) -> None:
    with _session(site_vault, inbox, tmp_path, "whole") as session:
        _work_until_the_import(session)
        session.until("locked")
        assert hits(*session.folders) == []
        session.go_on()
    assert (site_vault / "store.db").stat().st_size > 1_000_000, "the tracker is in there"
    assert list(session.folders[2].glob("*countersign*")) == []


def test_a_program_killed_in_an_import_leaves_nothing_in_the_clear(
    site_vault: Path, inbox: Path, tmp_path: Path
) -> None:
    with _session(site_vault, inbox, tmp_path, "killed") as session:
        _work_until_the_import(session)
        session.until("in the import")
        session.process.kill()
        session.process.wait()
    vault, home, temp, errors = session.folders
    assert (vault / "store.db-journal").exists(), "it was killed in the middle"
    assert hits(vault, home / "backups", home / "checkpoints", temp, errors) == []
    from desktop.application.application import CountersignApplication  # noqa: PLC0415 (only now: the next start)

    CountersignApplication().unlock(vault, person="Quinn QA", passphrase=PASSPHRASE).lock()
    assert hits(*session.folders) == [], "the next opening sweeps what was shown"


def test_the_scan_finds_what_it_is_for(tmp_path: Path) -> None:
    for n, data in enumerate((MARKER.encode(), f"x{MARKER}".encode("utf-16-le"), b64encode(f"ab{MARKER}".encode()))):
        (tmp_path / str(n)).write_bytes(data)
    (tmp_path / "harmless").write_bytes(zlib.compress(b"other"))
    assert {hit.split(":")[0] for hit in hits(tmp_path)} == {"0", "1", "2"}


def test_an_error_of_the_store_carries_no_value_of_a_row(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "store.db", bytes(32), create=True)
    with pytest.raises(Damaged) as problem, writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (MARKER,))
    engine.dispose()
    output = "".join(traceback.format_exception(problem.value)) + repr(problem.value) + repr(problem.value.__cause__)
    assert "nowhere" in output
    assert MARKER not in output


PRINTER = """
import sys
from pathlib import Path
from desktop.application.application import CountersignApplication
from domain.state import ItemFilter
opener = CountersignApplication()
folder = Path(sys.argv[1])
vault = opener.unlock(folder, person=opener.people_of(folder)[0], passphrase=sys.stdin.readline()[:-1])
closed = next(line for line in vault.register.items(ItemFilter(state="closed")))
touched = []
def watch(event, arguments):
    written = event == "open" and isinstance(arguments[1], str) and set("wax+") & set(arguments[1])
    if written or event.startswith("tempfile."):
        touched.append(f"{event} {arguments[0]}")
sys.addaudithook(watch)
pdf = vault.preview_pack(closed.id)
print(len(pdf) > 10_000, touched)
vault.lock()
"""


def test_a_pack_is_printed_without_a_file_on_the_way(sample_vault: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PRINTER, str(sample_vault)],
        input=PASSPHRASE + "\n",
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        check=False,
        timeout=120,
    )
    assert run.stdout.split("\n")[0] == "True []", run.stdout + run.stderr
