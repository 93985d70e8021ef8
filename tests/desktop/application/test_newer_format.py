"""A vault of today in the hands of a program of the next format: refused as it stands, migrated by command, shown.

The next format is planted (`planted_format`): no format was given to anyone yet.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import command, environment
from planted_format import NEXT_FORMAT, planted
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.application.application import CountersignApplication
from desktop.backups.container import STORE, file_sha256, read_about, unpack
from desktop.store.engine import STORE_FORMAT
from desktop.store.migrations import migrate_store, store_format
from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.session import unlock
from domain.commands.items import CreateItem
from domain.errors import NewerFormat, Unavailable
from domain.records.oversight import StoreMigration

PROJECT = Path(__file__).resolve().parents[3]
GOLDEN = PROJECT / "tests" / "golden" / f"vault_v{STORE_FORMAT}.countersign"
FIRST_ADMIN, COLLEAGUE, PASSPHRASE = "Ada Admin", "Quinn Quality", "golden words that everybody may know"
HEAD = read_about(GOLDEN)


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault folder as a program of today's format left it."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    folder = tmp_path / "Golden.vault"
    unpack(GOLDEN, folder)
    return folder


@pytest.fixture(autouse=True)
def next_program() -> Iterator[None]:
    """The program of these tests is one of the next format."""
    with planted():
        yield


def _key(folder: Path) -> bytes:
    with unlock(folder, person_name=FIRST_ADMIN, passphrase=PASSPHRASE) as keys:
        return keys.store_key


def _migrate(folder: Path, tmp_path: Path) -> dict[str, object]:
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    output = command("vault", "migrate", folder, "--as", FIRST_ADMIN, "--passphrase-file", secret, "--json")
    assert output.code == 0, output
    return dict(output.json())


def test_an_old_vault_is_not_opened_as_it_stands_and_is_shown_what_to_do(old: Path) -> None:
    before = (old / STORE).read_bytes()
    with pytest.raises(Unavailable, match=f"older format {STORE_FORMAT}") as refusal:
        CountersignApplication().unlock(old, person=FIRST_ADMIN, passphrase=PASSPHRASE)
    assert "vault migrate" in refusal.value.remedy
    assert (old / STORE).read_bytes() == before


def test_a_migrated_vault_is_copied_before_states_so_first_and_is_worked_in(old: Path, tmp_path: Path) -> None:
    output = _migrate(old, tmp_path)
    assert (output["before"], output["after"]) == (STORE_FORMAT, NEXT_FORMAT)
    copy = Path(json.loads(json.dumps(output["backup"]))["file"])
    assert read_about(copy).root == HEAD.root
    vault = CountersignApplication().unlock(old, person=COLLEAGUE, passphrase=PASSPHRASE)
    (entry,) = vault.register.log_page(before=10**6, limit=10**6)[: -HEAD.size]
    assert (entry.act, entry.seq) == ("record_migration", HEAD.size)
    (record,) = vault.register.all_of(StoreMigration)
    assert (record.before, record.after, record.entries, record.root) == (
        STORE_FORMAT,
        NEXT_FORMAT,
        HEAD.size,
        HEAD.root,
    )
    assert record.backup == file_sha256(copy)
    vault.perform(CreateItem(process="capa", fields={"title": "Work goes on"}))
    assert vault.verify().intact
    vault.lock()


def test_a_migration_is_shown_once(old: Path, tmp_path: Path) -> None:
    _migrate(old, tmp_path)
    _migrate(old, tmp_path)
    vault = CountersignApplication().unlock(old, person=FIRST_ADMIN, passphrase=PASSPHRASE)
    assert len(vault.register.all_of(StoreMigration)) == 1
    vault.lock()


def test_whoever_opens_next_reports_of_a_migration_that_stopped_before_it_was_reported(old: Path) -> None:
    migrate_store(old / STORE, _key(old), before=lambda: None)
    vault = CountersignApplication().unlock(old, person=COLLEAGUE, passphrase=PASSPHRASE)
    (record,) = vault.register.all_of(StoreMigration)
    assert (record.entries, record.root, record.backup) == (HEAD.size, HEAD.root, "")
    assert record.by == vault.person.id
    assert vault.verify().intact
    vault.lock()


def test_a_vault_created_today_reports_of_no_migration(old: Path, tmp_path: Path) -> None:
    opener = CountersignApplication(cost=MINIMUM_COST)
    opener.create_vault(tmp_path / "New.vault", name="New", person=FIRST_ADMIN, passphrase=PASSPHRASE).lock()
    vault = opener.unlock(tmp_path / "New.vault", person=FIRST_ADMIN, passphrase=PASSPHRASE)
    assert vault.register.all_of(StoreMigration) == ()
    assert vault.register.entry(0).header.schema == NEXT_FORMAT
    vault.lock()


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[3]]
from desktop.store import migrations
from planted_format import NEXT_FORMAT, planted, planted_statements
def die(connection):
    lines = planted_statements()
    for line in lines[: len(lines) * int(sys.argv[4]) // 4]:
        connection.exec_driver_sql(line)
    connection.exec_driver_sql("PRAGMA cache_size = 1")
    connection.exec_driver_sql("CREATE TABLE filler (data BLOB)")
    for _ in range(2000):
        connection.exec_driver_sql("INSERT INTO filler VALUES (randomblob(3000))")
    os.kill(os.getpid(), signal.SIGKILL)
steps = (migrations.Migration(to=NEXT_FORMAT, what="", run=die),)
with planted():
    migrations.migrate_store(Path(sys.argv[1]), bytes.fromhex(sys.stdin.read()), migrations=steps, before=lambda: None)
"""


@pytest.mark.parametrize("quarter", [0, 2, 4])
def test_a_migration_killed_in_the_middle_is_undone_and_can_be_done_again(
    old: Path, tmp_path: Path, quarter: int
) -> None:
    key = _key(old)
    words = [sys.executable, "-c", KILLED, str(old / STORE), str(PROJECT), str(PROJECT / "tests"), str(quarter)]
    run = subprocess.run(
        words, cwd=PROJECT, env=environment(), input=key.hex(), text=True, check=False, timeout=60, capture_output=True
    )
    assert run.returncode == -9, run.stderr
    assert (old / f"{STORE}-journal").exists(), "it was in the middle of it"
    assert store_format(old / STORE, key) == STORE_FORMAT
    assert _migrate(old, tmp_path)["after"] == NEXT_FORMAT


def test_a_vault_of_a_format_yet_to_come_is_refused_untouched(old: Path, tmp_path: Path) -> None:
    _migrate(old, tmp_path)
    connection = sqlcipher.connect(str(old / STORE), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{_key(old).hex()}'\"")
    connection.execute(f"PRAGMA user_version = {NEXT_FORMAT + 1}")
    connection.close()
    before = (old / STORE).read_bytes()
    with pytest.raises(NewerFormat):
        CountersignApplication().unlock(old, person=FIRST_ADMIN, passphrase=PASSPHRASE)
    assert (old / STORE).read_bytes() == before


def test_a_vault_that_was_migrated_is_refused_by_the_program_of_before(old: Path, tmp_path: Path) -> None:
    _migrate(old, tmp_path)
    before = (old / STORE).read_bytes()
    words = (sys.executable, "-m", "desktop", "item", "list", str(old), "--as", FIRST_ADMIN)
    secret = ("--passphrase-file", str(tmp_path / "secret"), "--json")
    run = subprocess.run(
        [*words, *secret], cwd=PROJECT, env=environment(), text=True, check=False, timeout=60, capture_output=True
    )
    assert run.returncode != 0
    error = json.loads(run.stdout)["error"]
    assert error["what"] == f"The store has format {NEXT_FORMAT}; this program knows up to {STORE_FORMAT}."
    assert "newer Countersign" in error["remedy"]
    assert (old / STORE).read_bytes() == before


def test_a_copy_of_an_older_program_is_brought_up_to_date_where_it_is_restored(old: Path, tmp_path: Path) -> None:
    vault = CountersignApplication().restore(GOLDEN, tmp_path / "Back.vault", person=FIRST_ADMIN, passphrase=PASSPHRASE)
    acts = [line.act for line in vault.register.log_page(before=10**6, limit=10**6)][: -HEAD.size]
    assert acts == ["record_migration", "record_restore"], "newest first"
    assert vault.verify().intact
    vault.lock()
