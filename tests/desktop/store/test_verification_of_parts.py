"""Verification when a part is spoiled or cannot be read: search index, a lost table, a connection that died."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_store import KEY, VAULT, SmallStore, beyond_commands, build, raw
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.engine import open_engine, without_transaction
from desktop.store.verify import _verify, quietly, verify_store
from desktop.vault.ed25519 import verify_signature
from domain.errors import Damaged


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallStore]:
    small = build(tmp_path_factory.mktemp("store") / "store.db")
    small.close()
    yield small
    small.close()


@pytest.fixture
def path(whole: SmallStore, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole.path, tmp_path / "store.db"))


def test_a_search_index_that_does_not_fit_the_items_is_shown_and_is_no_damage_of_the_log(
    whole: SmallStore, path: Path
) -> None:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute("INSERT INTO item_search (item_search) VALUES ('delete-all')")
    connection.close()
    engine = open_engine(path, KEY)
    try:
        output = {"vault": VAULT, "root_key": raw(whole.root), "verify_signature": verify_signature}
        found = beyond_commands(verify_store(engine, **output)).findings
        assert [(each.kind, each.table) for each in found] == [("derived", "item_search")]
        assert beyond_commands(verify_store(engine, derived=False, **output)).findings == ()
    finally:
        engine.dispose()


@pytest.mark.parametrize("table", ["file_chunk", "log_head"])
def test_a_table_that_cannot_be_read_is_named_and_counts_for_nothing(whole: SmallStore, path: Path, table: str) -> None:
    engine = open_engine(path, KEY)
    try:
        verdict = _verify(
            engine,
            {table: "its pages are damaged"},
            vault=VAULT,
            root_key=raw(whole.root),
            verify_signature=verify_signature,
            progress=None,
            derived=True,
        )
    finally:
        engine.dispose()
    assert [(each.kind, each.table) for each in beyond_commands(verdict).findings] == [("page", table)]
    assert verdict.files == (0 if table == "file_chunk" else 1)


def test_a_connection_that_died_is_let_go_of(path: Path) -> None:
    engine = open_engine(path, KEY)
    try:
        before = engine.pool
        with contextlib.suppress(Damaged), without_transaction(engine) as connection:
            quietly(connection, "SELECT 1")
            assert engine.pool is before
            quietly(connection, "DETACH DATABASE nothing_of_this_name")
        assert engine.pool is not before
        with without_transaction(engine) as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM vault").scalar() == 1
    finally:
        engine.dispose()
