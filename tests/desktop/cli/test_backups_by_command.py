"""The commands for copies of a vault: typed as a person does, with their exit codes and their JSON."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from command_line import PASSPHRASE, CommandOutput, command, environment, files_of, real_command, secret_file

from desktop.application.application import CountersignApplication
from desktop.store.engine import STORE_FORMAT
from desktop.vault.session import unlock
from domain.commands.people import GrantRole


@pytest.fixture
def ada(tmp_path: Path) -> tuple[object, ...]:
    return ("--as", "Ada Admin", "--passphrase-file", secret_file(tmp_path))


def _backup(vault: Path, ada: tuple[object, ...], *more: object) -> dict[str, Any]:
    output = command("vault", "backup", vault, *ada, "--json", *more)
    assert output.code == 0, output
    return dict(output.json())


def test_a_backup_is_made_listed_restored_and_worked_in(
    site_vault: Path, ada: tuple[object, ...], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    made = _backup(site_vault, ada, "--to", stick)
    assert Path(made["file"]).parent == stick
    assert made["problem"] == ""
    _backup(site_vault, ada)
    listed = command("vault", "backups", site_vault, "--json").items()
    assert [each["entries"] for each in listed] == [made["entries"]]
    there = command("vault", "backups", site_vault, "--in", stick, "--json").items()
    assert [each["file"] for each in there] == [made["file"]]
    output = command("vault", "restore", made["file"], "--to", tmp_path / "Back.vault", *ada, "--json")
    assert output.code == 0, output
    assert output.json()["entries"] == made["entries"] + 1
    verified = command("log", "verify", tmp_path / "Back.vault", *ada, "--json")
    assert verified.json()["intact"]
    again = command("vault", "restore", made["file"], "--to", tmp_path / "Back.vault", *ada, "--json", "--reason", "x")
    assert again.code == 8
    assert again.error()["kind"] == "FileProblem"


def test_a_vault_older_than_what_was_seen_is_accepted_with_a_reason(
    site_vault: Path, ada: tuple[object, ...], tmp_path: Path
) -> None:
    made = _backup(site_vault, ada)
    command("vault", "restore", made["file"], "--to", tmp_path / "Back.vault", *ada)
    older = command("vault", "restore", made["file"], "--to", tmp_path / "Back2.vault", *ada, "--json")
    assert older.code == 2
    assert "--reason" in older.error()["remedy"]
    silent = command("vault", "accept", site_vault, *ada, "--json")
    assert silent.code == 2
    output = command("vault", "accept", site_vault, *ada, "--json", "--reason", "the copy was only a trial")
    assert output.code == 0, output
    assert command("vault", "accept", site_vault, *ada, "--reason", "again").code == 2


def test_a_restore_test_needs_a_vault_to_keep_its_certificate(
    site_vault: Path, ada: tuple[object, ...], tmp_path: Path
) -> None:
    made = _backup(site_vault, ada)
    assert command("vault", "restore", made["file"], *ada).code == 2
    assert command("vault", "restore", made["file"], "--restore-test", *ada).code == 2
    output = command("vault", "restore", made["file"], "--restore-test", "--record-in", site_vault, *ada, "--json")
    assert (output.code, output.json()["outcome"]) == (0, "restored")
    bad = tmp_path / "bad.countersign"
    data = bytearray(Path(made["file"]).read_bytes())
    data[len(data) // 2] ^= 1
    bad.write_bytes(data)
    failed = command("vault", "restore", bad, "--restore-test", "--record-in", site_vault, *ada, "--json")
    assert (failed.code, failed.json()["outcome"]) == (1, "failed")


def test_a_vault_is_exported_as_one_file_and_inspected_without_restoring(
    site_vault: Path, ada: tuple[object, ...], tmp_path: Path
) -> None:
    out = tmp_path / "Site.countersign"
    assert command("vault", "export", site_vault, "--out", tmp_path / "Site.zip", *ada).code == 2
    assert command("vault", "export", site_vault, "--out", out, *ada, "--json").code == 0
    assert zipfile.is_zipfile(out)
    output = command("vault", "info", out, *ada, "--json")
    assert output.code == 0, output
    assert output.json()["name"] == "Site A"
    assert "reading only" in output.err
    assert command("log", "verify", out, *ada, "--json").json()["intact"]
    assert command("vault", "export", site_vault, "--out", out, *ada).code == 8


def test_a_migration_of_todays_format_changes_nothing(site_vault: Path, ada: tuple[object, ...]) -> None:
    before = files_of(site_vault)
    output = command("vault", "migrate", site_vault, *ada, "--json")
    assert output.json() == {"before": STORE_FORMAT, "after": STORE_FORMAT, "backup": None}
    assert files_of(site_vault) == before


def _stages(output: CommandOutput) -> dict[str, Any]:
    return {each["stage"]: each for each in output.json()["stages"]}


def test_a_sound_vault_passes_every_stage_in_its_order(site_vault: Path, ada: tuple[object, ...]) -> None:
    output = command("vault", "check", site_vault, *ada, "--json")
    assert output.code == 0, output
    order = ["slots", "key", "recovery", "pages", "structure", "links", "schema", "replay"]
    assert [each["stage"] for each in output.json()["stages"]] == order
    assert all(each["ok"] and each["ran"] for each in output.json()["stages"])
    assert real_command("vault", "check", site_vault, *ada).code == 0


@pytest.mark.parametrize("page", [0, 1, 20, 60])
def test_a_damaged_page_is_found_by_a_stage_and_nothing_is_called_sound(
    site_vault: Path, ada: tuple[object, ...], page: int
) -> None:
    store = site_vault / "store.db"
    data = bytearray(store.read_bytes())
    data[page * 4096 + 100] ^= 1
    store.write_bytes(data)
    output = command("vault", "check", site_vault, *ada, "--json")
    assert output.code == 6, output
    assert not output.json()["sound"]
    failed = next(each for each in output.json()["stages"] if not each["ok"])
    assert failed["stage"] == ("key" if page == 0 else "pages") or failed["stage"] in ("key", "recovery")


def test_a_missing_slot_copy_is_stated_and_a_trigger_from_elsewhere_is_found(
    site_vault: Path, ada: tuple[object, ...]
) -> None:
    (site_vault / "slots.b").unlink()
    output = command("vault", "check", site_vault, *ada, "--json")
    assert "slots.b is missing" in _stages(output)["slots"]["text"]
    with unlock(site_vault, person_name="Ada Admin", passphrase=PASSPHRASE) as keys:
        _run_sql(
            site_vault / "store.db", keys.store_key, "CREATE TRIGGER evil AFTER INSERT ON item BEGIN SELECT 1; END"
        )
    found = _stages(command("vault", "check", site_vault, *ada, "--json"))
    assert not found["schema"]["ok"]
    assert "evil is not ours" in found["schema"]["text"]


def _run_sql(store: Path, key: bytes, *statements: str) -> None:
    from sqlcipher3 import dbapi2  # noqa: PLC0415 (the tamperer's tool)

    connection = dbapi2.connect(str(store), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for statement in statements:
        connection.execute(statement)
    connection.close()


KILLED_IN_A_TRANSACTION = """
import os, signal, sys
from sqlcipher3 import dbapi2
c = dbapi2.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA key = \\"x'%s'\\"" % sys.stdin.readline()[:-1])
c.execute("PRAGMA cache_size = 1")
c.execute("BEGIN IMMEDIATE")
c.execute("UPDATE person SET name = name || '-torn'")
for n in range(3000):
    c.execute("INSERT INTO refusal VALUES (?, '', '', '', '', '[]')", (str(n) + "x" * 300,))
os.kill(os.getpid(), signal.SIGKILL)
"""


def _kill_in_a_transaction(vault: Path) -> None:
    with unlock(vault, person_name="Ada Admin", passphrase=PASSPHRASE) as keys:
        words = [sys.executable, "-c", KILLED_IN_A_TRANSACTION, str(vault / "store.db")]
        secret = keys.store_key.hex() + "\n"
    run = subprocess.run(words, input=secret, text=True, env=environment(), check=False, timeout=60)
    assert run.returncode == -9
    assert (vault / "store.db-journal").stat().st_size > 0


def test_interrupted_work_is_rolled_back_before_a_page_is_judged(site_vault: Path, ada: tuple[object, ...]) -> None:
    _kill_in_a_transaction(site_vault)
    output = command("vault", "check", site_vault, *ada, "--json")
    assert output.code == 0, output
    assert not (site_vault / "store.db-journal").exists()


@pytest.mark.parametrize("journal", ["empty", "garbage", "of another vault", "of an older state"])
def test_a_stray_journal_is_harmless_or_found(
    site_vault: Path, ada: tuple[object, ...], tmp_path: Path, journal: str
) -> None:
    leftover = site_vault / "store.db-journal"
    if journal == "empty":
        leftover.write_bytes(b"")
    elif journal == "garbage":
        leftover.write_bytes(bytes(range(256)) * 64)
    else:
        donor = tmp_path / "Donor.vault"
        if journal == "of another vault":
            words = ("--name", "Donor", "--person", "Ada Admin", "--passphrase-file", secret_file(tmp_path))
            assert command("vault", "new", donor, *words).code == 0
        else:
            shutil.copytree(site_vault, donor)
        _kill_in_a_transaction(donor)
        if journal == "of an older state":
            vault = CountersignApplication().unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
            vault.perform(GrantRole(person=vault.person.id, role="process_owner"))
            vault.lock()
        shutil.copy(donor / "store.db-journal", leftover)
    output = command("vault", "check", site_vault, *ada, "--json")
    assert output.code in (0, 6), output
    if output.code == 0:
        assert command("log", "verify", site_vault, *ada, "--json").json()["intact"]
    else:
        assert not output.json()["sound"]
