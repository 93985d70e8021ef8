"""What every connection is set to, read back at each opening; a library or a file that is otherwise is refused."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from small_store import KEY, build
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store import engine as opening
from desktop.store.engine import driver_of, open_engine, pragmas_asked
from domain.errors import Damaged, Unavailable

SETTINGS = {
    "cipher_memory_security": "0",
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "secure_delete": 1,
    "temp_store": 2,
    "mmap_size": 0,
    "journal_mode": "delete",
    "synchronous": 3,
    "locking_mode": "exclusive",
    "page_size": "4096",
    "auto_vacuum": 0,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    small = build(tmp_path / "store.db")
    small.close()
    return small.path


@pytest.mark.parametrize("read_only", [False, True], ids=["to_write", "to_read"])
def test_every_setting_holds_on_every_connection(path: Path, *, read_only: bool) -> None:
    for _ in range(2):
        engine = open_engine(path, KEY, read_only=read_only)
        try:
            sql = driver_of(engine)
            found = {name: sql.execute(f"PRAGMA {name}").fetchone()[0] for name in SETTINGS}
            with pytest.raises(sqlcipher.Error, match="not authorized"):
                sql.execute("SELECT load_extension('anything')")
        finally:
            engine.dispose()
        wanted = SETTINGS if not read_only else {**SETTINGS, "synchronous": found["synchronous"]}
        assert found == wanted
    assert set(SETTINGS) - {"page_size", "auto_vacuum"} <= set(pragmas_asked())


@pytest.mark.parametrize("name", sorted(pragmas_asked()))
def test_a_setting_that_does_not_take_is_no_way_in(path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    other = tuple((n, v, "otherwise" if n == name else e) for n, v, e in opening._PRAGMAS)
    monkeypatch.setattr(opening, "_PRAGMAS", other)
    with pytest.raises(Unavailable, match=f"does not accept {name}"):
        open_engine(path, KEY)


@pytest.mark.parametrize("version", ["4.5.7 community", "3.4.1", "4", "", "four.six"])
def test_an_older_cipher_library_is_refused(version: str) -> None:
    with pytest.raises(Unavailable, match=r"4\.6 or newer"):
        opening._must_be_able(version)


@pytest.mark.parametrize("version", ["4.6.0 community", "4.19.0 community", "5.0.1"])
def test_a_newer_cipher_library_is_taken(version: str) -> None:
    opening._must_be_able(version)


def test_a_store_with_pages_of_another_size_is_refused(tmp_path: Path) -> None:
    def made(size: int) -> Path:
        path = tmp_path / f"{size}.db"
        connection: Any = sqlcipher.connect(str(path), isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute(f"PRAGMA cipher_page_size = {size}")
        connection.execute("CREATE TABLE t (a)")
        connection.close()
        return path

    with pytest.raises(Damaged):
        open_engine(made(8192), KEY, any_schema=True)


def test_a_key_is_thirty_two_bytes_and_another_one_opens_nothing(path: Path) -> None:
    for key in (KEY[:31], KEY + b"x", b""):
        with pytest.raises(ValueError, match="32 bytes"):
            open_engine(path, key)
    with pytest.raises(Damaged):
        open_engine(path, secrets.token_bytes(32))
