"""From one format to the next: proven with invented formats."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.engine import STORE_FORMAT, create_schema, open_engine
from desktop.store.migrations import MIGRATIONS, Migration, migrate_store, store_format
from desktop.store.schema import expected_schema
from desktop.store.snapshot import copy_file
from domain.errors import Damaged, NewerFormat, Unavailable

PROJECT = Path(__file__).resolve().parents[4]
KEY = bytes(range(32))
NEW_TABLE = 'CREATE TABLE colour (id TEXT NOT NULL, "name" TEXT NOT NULL, PRIMARY KEY (id)) STRICT'
NEW_INDEX = "CREATE INDEX colour_name ON colour (name)"


def _add_table(connection: Connection) -> None:
    connection.exec_driver_sql(NEW_TABLE)


def _add_index(connection: Connection) -> None:
    connection.exec_driver_sql(NEW_INDEX)


def _fails(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE item (id TEXT)")


NEXT, AFTER_NEXT = STORE_FORMAT + 1, STORE_FORMAT + 2
TABLE = Migration(to=NEXT, what="colours", run=_add_table)
INDEX = Migration(to=AFTER_NEXT, what="colours by name", run=_add_index)


def _third_format() -> Mapping[str, str]:
    return {**expected_schema(), "colour": NEW_TABLE, "sqlite_autoindex_colour_1": "", "colour_name": NEW_INDEX}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "store.db"
    engine = open_engine(path, KEY, create=True)
    create_schema(engine)
    engine.dispose()
    yield path
    assert not path.with_name("store.db-journal").exists()


def _raw(path: Path, *statements: str) -> list[tuple[object, ...]]:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    found = [connection.execute(statement).fetchall() for statement in statements][-1]
    connection.close()
    return list(found)


def _schema(path: Path) -> list[tuple[object, ...]]:
    return [*_raw(path, "SELECT name, sql FROM sqlite_master ORDER BY name"), *_raw(path, "PRAGMA user_version")]


def test_steps_run_in_order_after_a_backup_and_end_in_the_declared_schema(store: Path, tmp_path: Path) -> None:
    before = _schema(store)
    backup = tmp_path / "backup.db"
    after = migrate_store(
        store,
        KEY,
        migrations=(INDEX, TABLE),
        known=AFTER_NEXT,
        expected=_third_format,
        before=lambda: copy_file(store, backup, KEY),
    )
    assert after == AFTER_NEXT
    assert _raw(store, "PRAGMA user_version") == [(AFTER_NEXT,)]
    assert dict(_raw(store, "SELECT name, coalesce(sql, '') FROM sqlite_master")) == _third_format()
    assert _schema(backup) == before


def test_a_store_of_todays_format_is_left_alone(store: Path) -> None:
    before = store.read_bytes()
    backups: list[int] = []
    assert migrate_store(store, KEY, before=lambda: backups.append(1)) == STORE_FORMAT
    assert backups == []
    assert store.read_bytes() == before


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((TABLE, Migration(to=AFTER_NEXT, what="breaks", run=_fails)), "refused"),
        ((TABLE,), f"no way from format {STORE_FORMAT} to {AFTER_NEXT}"),
        ((TABLE, Migration(to=AFTER_NEXT, what="forgets the index", run=lambda _: None)), "colour_name"),
    ],
)
def test_a_migration_that_fails_changes_nothing(store: Path, steps: tuple[Migration, ...], why: str) -> None:
    before = _schema(store)
    with pytest.raises(Damaged, match=why):
        migrate_store(store, KEY, migrations=steps, known=AFTER_NEXT, expected=_third_format, before=lambda: None)
    assert _schema(store) == before


def test_a_backup_that_fails_stops_the_migration(store: Path) -> None:
    before = _schema(store)

    def disk_full() -> None:
        raise Unavailable("The disk is full.")

    with pytest.raises(Unavailable):
        migrate_store(store, KEY, migrations=(TABLE,), known=NEXT, expected=_third_format, before=disk_full)
    assert _schema(store) == before


def test_a_newer_store_is_refused_by_every_entrance(store: Path) -> None:
    _raw(store, f"PRAGMA user_version = {STORE_FORMAT + 1}")
    with pytest.raises(NewerFormat):
        open_engine(store, KEY)
    with pytest.raises(NewerFormat):
        store_format(store, KEY)
    with pytest.raises(NewerFormat):
        migrate_store(store, KEY, before=lambda: None)


def test_an_older_store_is_not_opened_before_it_is_migrated(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.store.engine.check_format.__kwdefaults__", {"known": NEXT, "any_format": False})
    with pytest.raises(Unavailable, match=f"older format {STORE_FORMAT}") as refusal:
        open_engine(store, KEY)
    assert "vault migrate" in refusal.value.remedy
    assert store_format(store, KEY) == STORE_FORMAT


def test_a_store_without_a_number_is_no_store_of_ours(store: Path) -> None:
    _raw(store, "PRAGMA user_version = 0")
    with pytest.raises(Damaged, match="no format number"):
        migrate_store(store, KEY, migrations=(TABLE,), before=lambda: None)


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[3]]
import test_migrations as t
from desktop.store.migrations import Migration, migrate_store
def die(connection):
    t._add_index(connection)
    connection.exec_driver_sql("PRAGMA cache_size = 1")
    for n in range(2000):
        connection.exec_driver_sql("INSERT INTO colour VALUES (?, ?)", (str(n), "x" * 500))
    os.kill(os.getpid(), signal.SIGKILL)
steps = (t.TABLE, Migration(to=t.AFTER_NEXT, what="", run=die))
migrate_store(Path(sys.argv[1]), t.KEY, migrations=steps, known=t.AFTER_NEXT,
              expected=t._third_format, before=lambda: None)
"""


def test_a_migration_that_is_killed_half_way_is_rolled_back(store: Path) -> None:
    before = _schema(store)
    words = [sys.executable, "-c", KILLED, str(store), str(PROJECT), str(Path(__file__).parent)]
    run = subprocess.run(words, cwd=PROJECT, check=False, timeout=60)
    assert run.returncode == -9
    assert store.with_name("store.db-journal").exists(), "it was in the middle of it"
    assert store_format(store, KEY) == STORE_FORMAT
    assert _schema(store) == before


def test_every_step_has_the_number_of_its_place() -> None:
    assert [step.to for step in MIGRATIONS] == list(range(2, STORE_FORMAT + 1))
