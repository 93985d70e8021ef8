from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import command, secret_file
from page_decryptor import decrypted
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.tables import metadata

TABLES = tuple(table.name for table in metadata.sorted_tables)


@pytest.fixture
def opened_up(sample_vault: Path, tmp_path: Path) -> tuple[Path, str]:
    """The sample's store and its key, as `vault reveal-key` gives it out."""
    words = ("vault", "reveal-key", sample_vault, "--purpose", "to read it elsewhere", "--as", "Ada Admin")
    output = command(*words, "--passphrase-file", secret_file(tmp_path), "--json")
    assert output.code == 0, output
    return sample_vault / "store.db", output.json()["key"]


def everything(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: [tuple(row) for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2')] for name in TABLES
    }


@pytest.fixture
def ours(opened_up: tuple[Path, str]) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    store, key = opened_up
    connection = sqlcipher.connect(str(store))
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    yield everything(connection)
    connection.close()


def test_stock_sqlite_reads_every_table_behind_a_page_decryptor(
    opened_up: tuple[Path, str], ours: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    store, key = opened_up
    plain = tmp_path / "plain.db"
    plain.write_bytes(decrypted(store, bytes.fromhex(key)))
    connection = sqlite3.connect(plain)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert everything(connection) == ours
    connection.close()
    assert len(ours["item"]) > 300
    program = shutil.which("sqlite3")
    if program is None:
        pytest.skip("the sqlite3 program is not installed; Python's own SQLite has read everything")
    for name in TABLES:
        counted = subprocess.run(
            [program, str(plain), f'SELECT count(*) FROM "{name}"'], capture_output=True, text=True, check=True
        )
        assert int(counted.stdout) == len(ours[name])


def test_another_cipher_library_reads_every_table(
    opened_up: tuple[Path, str], ours: dict[str, list[tuple[Any, ...]]]
) -> None:
    apsw = pytest.importorskip("apsw", reason="apsw-sqlite3mc is not installed: no second cipher library here")
    if not hasattr(apsw, "mc_version"):
        pytest.skip("this apsw was built without SQLite3 Multiple Ciphers")
    store, key = opened_up
    connection = apsw.Connection(str(store), flags=apsw.SQLITE_OPEN_READONLY)
    for pragma in ("cipher = 'sqlcipher'", "legacy = 4", f"key = \"x'{key}'\""):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    assert everything(connection) == ours
    connection.close()


def test_the_page_decryptor_finds_an_altered_byte(opened_up: tuple[Path, str]) -> None:
    store, key = opened_up
    data = bytearray(store.read_bytes())
    data[3 * 4096 + 100] ^= 1
    store.write_bytes(data)
    with pytest.raises(ValueError, match="page 4"):
        decrypted(store, bytes.fromhex(key))
