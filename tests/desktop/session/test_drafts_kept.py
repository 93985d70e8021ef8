"""Drafts: kept encrypted in the vault for one person, outside log, exports and packs, inside its copies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PASSPHRASE, environment
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.application.application import CountersignApplication
from desktop.backups.backup_folder import newest_snapshot
from desktop.session.own_drafts import LARGEST
from desktop.session.unlocked_session import UnlockedSession

ADA, QUINN = "Ada Admin", "Quinn QA"
TYPED = '{"values":{"title":"half a sentence about the burr"},"field":"title"}'
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def opener() -> CountersignApplication:
    return CountersignApplication()


@pytest.fixture
def opened(site_vault: Path, opener: CountersignApplication) -> Callable[..., UnlockedSession]:
    return lambda person=QUINN: opener.unlock(site_vault, person=person, passphrase=PASSPHRASE)


def test_a_draft_comes_back_after_locking_and_goes_when_it_is_forgotten(opened) -> None:
    vault = opened()
    entries = vault.register.log_size()
    vault.drafts.save("item/1", '{"old":1}')
    vault.drafts.save("item/2", TYPED)
    vault.drafts.save("item/1", TYPED)
    vault.lock()
    vault = opened()
    assert list(vault.drafts.all().items()) == [("item/1", TYPED), ("item/2", TYPED)], "the newest first"
    vault.drafts.forget("item/1")
    assert list(vault.drafts.all()) == ["item/2"]
    assert vault.register.log_size() == entries, "a draft is no act"
    assert vault.verify().intact
    vault.lock()


def test_nobody_else_sees_a_draft_not_even_with_the_key_of_the_store(opened, site_vault: Path) -> None:
    vault = opened()
    vault.drafts.save("item/1", TYPED)
    quinn, key = vault.person.id, vault._keys.store_key
    vault.lock()
    vault = opened(ADA)
    assert vault.drafts.all() == {}
    ada = vault.person.id
    vault.lock()
    connection = sqlcipher.connect(str(site_vault / "store.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    ((person, sealed),) = connection.execute("SELECT person, sealed FROM draft").fetchall()
    assert person == quinn
    assert b"burr" not in sealed
    connection.execute("UPDATE draft SET person = ?", (ada,))
    connection.close()
    vault = opened(ADA)
    assert vault.drafts.all() == {}, "put under another name it does not open"
    vault.lock()


def test_a_draft_that_was_moved_to_another_place_does_not_open(opened, site_vault: Path) -> None:
    vault = opened()
    vault.drafts.save("item/1", TYPED)
    key = vault._keys.store_key
    vault.lock()
    connection = sqlcipher.connect(str(site_vault / "store.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("UPDATE draft SET place = 'item/2'")
    connection.close()
    vault = opened()
    assert vault.drafts.all() == {}
    vault.lock()


def test_a_disabled_persons_drafts_are_dropped_at_once(opened) -> None:
    vault = opened()
    person = vault.person.id
    vault.drafts.save("item/1", TYPED)
    vault.lock()
    vault = opened(ADA)
    assert vault._store.drafts_of(person=person)
    vault.people_service.disable(person=person, reason="left")
    assert vault._store.drafts_of(person=person) == {}
    vault.lock()


def test_drafts_are_in_no_export_and_in_every_copy(
    opened, opener: CountersignApplication, tmp_path: Path, site_vault: Path
) -> None:
    vault = opened()
    vault.drafts.save("item/1", TYPED)
    vault.lock()
    vault = opened(ADA)
    export = tmp_path / "log.jsonl"
    vault.log.export(export, purpose="to look for drafts")
    assert b"burr" not in export.read_bytes()
    assert b"item/1" not in export.read_bytes()
    assert b'"record":"draft"' not in export.read_bytes().replace(b"\\", b"")
    vault.backups.make()
    copy = newest_snapshot(vault.register.vault().id)
    vault.lock()
    assert copy is not None
    looked = opener.open_snapshot(copy.file, person=QUINN, passphrase=PASSPHRASE)
    assert dict(looked.drafts.all()) == {"item/1": TYPED}
    looked.drafts.save("item/2", TYPED)
    looked.drafts.forget("item/1")
    assert dict(looked.drafts.all()) == {"item/1": TYPED}, "what is only read is not written"
    looked.lock()


def test_drafts_outlive_a_change_of_the_data_key(opened) -> None:
    vault = opened()
    vault.drafts.save("item/1", TYPED)
    vault.lock()
    vault = opened(ADA)
    vault.people_service.rotate(reason="a laptop was lost")
    vault.lock()
    vault = opened()
    assert dict(vault.drafts.all()) == {"item/1": TYPED}
    vault.lock()


def test_a_draft_beyond_all_measure_is_not_kept(opened) -> None:
    vault = opened()
    vault.drafts.save("item/1", "x" * (LARGEST + 1))
    assert vault.drafts.all() == {}
    vault.lock()


KILLED = """
import os, signal, sys
from pathlib import Path
from desktop.application.application import CountersignApplication
vault = CountersignApplication().unlock(Path(sys.argv[1]), person=sys.argv[2], passphrase=sys.stdin.read())
vault.drafts.save("item/1", sys.argv[3])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_a_draft_outlives_the_program(opened, site_vault: Path) -> None:
    words = [sys.executable, "-c", KILLED, str(site_vault), QUINN, TYPED]
    run = subprocess.run(words, cwd=PROJECT, env=environment(), input=PASSPHRASE, text=True, check=False, timeout=60)
    assert run.returncode == -signal.SIGKILL
    vault = opened()
    assert dict(vault.drafts.all()) == {"item/1": TYPED}
    vault.lock()
