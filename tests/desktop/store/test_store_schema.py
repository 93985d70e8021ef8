"""A store is held to be ours before any table is asked: whose file, which format, every table, index, guard."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from small_store import VAULT, build
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.engine import APPLICATION_ID, STORE_FORMAT, create_schema, open_engine, writing
from desktop.store.schema import READ_SCHEMA, expected_schema, schema_differences
from desktop.store.stages import check_stages
from desktop.store.store import Store
from desktop.store.tables import metadata, schema_statements
from domain.errors import Damaged, NewerFormat
from domain.log.canonical import canonical
from domain.log.entry import FORMAT_VERSION
from domain.log.verdict import LogVerdict

KEY = bytes(range(32))
STRANGE = {
    "a foreign trigger": (("CREATE TRIGGER spy AFTER INSERT ON item BEGIN SELECT 1; END",), "spy is not ours"),
    "a foreign view": (("CREATE VIEW cheap_look AS SELECT * FROM item",), "cheap_look is not ours"),
    "a foreign table": (("CREATE TABLE more (id TEXT)",), "more is not ours"),
    "a foreign index": (("CREATE INDEX quick ON item (title)",), "quick is not ours"),
    "a missing guard": (("DROP TRIGGER entry_no_update",), "entry_no_update is missing"),
    "a missing index": (("DROP INDEX item_due",), "item_due is missing"),
    "a missing table": (("DROP TABLE draft",), "draft is missing"),
    "one column more": (("ALTER TABLE failed_unlock_report ADD COLUMN more TEXT",), "failed_unlock_report was altered"),
    "a guard that guards nothing": (
        (
            "DROP TRIGGER entry_no_delete",
            "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT 'the log is append-only'; END",
        ),
        "entry_no_delete was altered",
    ),
    "a view in the place of a table": (
        ("DROP TABLE draft", "CREATE VIEW draft AS SELECT 1 AS person"),
        "draft was altered",
    ),
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    engine = open_engine(path, KEY, create=True)
    create_schema(engine)
    engine.dispose()
    return path


def _raw(path: Path, *statements: str) -> None:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("read_only", [False, True], ids=["for writing", "for reading"])
@pytest.mark.parametrize("strange", STRANGE)
def test_a_store_built_otherwise_is_refused_by_name_and_left_alone(
    store: Path, strange: str, *, read_only: bool
) -> None:
    statements, named = STRANGE[strange]
    _raw(store, *statements)
    before = store.read_bytes()
    with pytest.raises(Damaged, match=named):
        open_engine(store, KEY, read_only=read_only)
    assert store.read_bytes() == before


@pytest.mark.parametrize("strange", STRANGE)
def test_a_store_built_otherwise_can_be_inspected_and_checked(store: Path, strange: str) -> None:
    statements, named = STRANGE[strange]
    _raw(store, *statements)
    engine = open_engine(store, KEY, read_only=True, any_schema=True)
    with engine.connect() as connection:
        wrong = schema_differences(connection.exec_driver_sql(READ_SCHEMA))
    engine.dispose()
    assert named in {f"{name} {what}" for name, what in wrong.items()}

    def not_asked(_engine: object) -> LogVerdict:
        raise Damaged("not looked at here")

    stages = {stage.stage: stage for stage in check_stages(store, KEY, replay=not_asked)}
    assert stages["key"].ok
    assert not stages["schema"].ok
    assert named in stages["schema"].text


def test_a_name_that_stands_in_the_schema_twice_is_found() -> None:
    rows: list[tuple[str, str]] = [*expected_schema().items(), ("item", expected_schema()["item"])]
    assert schema_differences(rows) == {"item": "is there more than once"}


@pytest.mark.parametrize(
    "statement",
    ["PRAGMA application_id = 7", "PRAGMA application_id = 0"],
    ids=["another program's", "nobody's"],
)
def test_a_file_that_does_not_state_it_is_ours_is_refused(store: Path, statement: str) -> None:
    _raw(store, statement)
    with pytest.raises(Damaged, match="not a store that Countersign made"):
        open_engine(store, KEY, any_format=True, any_schema=True)


def test_pages_that_move_by_themselves_are_refused(store: Path) -> None:
    _raw(store, "PRAGMA auto_vacuum = FULL", "VACUUM")
    with pytest.raises(Damaged, match="not a store that Countersign made"):
        open_engine(store, KEY)


def test_a_newer_format_is_shown_before_anything_in_it_is_judged(store: Path) -> None:
    _raw(store, f"PRAGMA user_version = {STORE_FORMAT + 1}", "CREATE TABLE new_in_it (id TEXT)")
    with pytest.raises(NewerFormat):
        open_engine(store, KEY)


def test_a_store_states_whose_file_it_is(store: Path) -> None:
    engine = open_engine(store, KEY)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
    engine.dispose()
    assert APPLICATION_ID.to_bytes(4, "big") == b"CSGN"


def test_nothing_is_asked_of_a_store_before_it_is_held_to_be_ours(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    connect = sqlcipher.connect

    def watched(*arguments: Any, **options: Any) -> Any:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(asked.append)
        return connection

    monkeypatch.setattr("desktop.store.dialect.sqlcipher.connect", watched)
    open_engine(store, KEY).dispose()
    first = asked.index(READ_SCHEMA)
    assert all(each.startswith("PRAGMA") for each in asked[:first])
    assert asked[first + 1 : first + 4] == ["PRAGMA application_id", "PRAGMA user_version", "PRAGMA auto_vacuum"]
    tables = {table.name for table in metadata.sorted_tables}
    assert not [each for each in asked if any(f" {table}" in each for table in tables)]


def test_holding_a_store_to_be_ours_takes_a_few_milliseconds(store: Path) -> None:
    engine = open_engine(store, KEY)
    with engine.connect() as connection:
        spent = []
        for _ in range(20):
            start = time.perf_counter()
            assert schema_differences(connection.exec_driver_sql(READ_SCHEMA)) == {}
            spent.append(time.perf_counter() - start)
    engine.dispose()
    assert min(spent) < 0.005


def test_a_log_that_a_newer_program_wrote_in_is_not_opened(tmp_path: Path) -> None:
    small = build(tmp_path / "store.db")
    entry = small.store.register.entry(small.store.register.log_size() - 1)
    newer = json.loads(entry.header.data()) | {"v": FORMAT_VERSION + 1, "law": 1}
    with writing(small.store._engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_no_update")
        data = canonical(newer)
        connection.exec_driver_sql("UPDATE entry SET header = ? WHERE seq = ?", (data, entry.header.seq))
        connection.exec_driver_sql(next(s for s in schema_statements() if "entry_no_update" in s))
    small.close()
    with pytest.raises(NewerFormat, match=rf"entries of format {FORMAT_VERSION + 1}\."):
        Store.open(tmp_path / "store.db", KEY, vault=VAULT)
