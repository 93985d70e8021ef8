"""After a few new entries a large register is not read as a whole: only the rows they touched are looked up."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_store import KEY, build
from sqlalchemy import event

from desktop.store.compare import compare_tables
from desktop.store.engine import open_engine, without_transaction
from desktop.store.findings import Findings
from desktop.store.tables import replay_statements
from desktop.store.verify import scratch


@pytest.mark.parametrize(
    ("touched_only", "transition"), [(True, "SEARCH m"), (False, "SCAN m")], ids=["touched", "all"]
)
def test_how_stored_rows_are_reached(tmp_path: Path, *, touched_only: bool, transition: str) -> None:
    build(tmp_path / "store.db").close()
    engine = open_engine(tmp_path / "store.db", KEY)
    asked: list[str] = []
    with without_transaction(engine) as connection, scratch(connection):
        for statement in replay_statements("replay"):
            connection.exec_driver_sql(statement)
        event.listen(connection, "before_cursor_execute", lambda *a: asked.append(a[2]))
        compare_tables(connection, Findings(), None, touched_only=touched_only)
        compared = [sql for sql in asked if "FROM replay.item AS" in sql or "FROM main.item AS" in sql]
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compared[0]}")]
    engine.dispose()
    assert any(line.startswith(transition) for line in plan), plan
