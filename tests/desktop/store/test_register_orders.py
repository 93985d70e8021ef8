"""The orders people sort the register by: answered from an index, total, with what is unknown at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_store import KEY, build, item_values
from sqlalchemy import Engine, event

from desktop.store.engine import open_engine
from desktop.store.item_queries import page_of_items
from desktop.store.log_queries import window_of_entries
from domain.act import Act, created
from domain.ports import LogFilter
from domain.state import ItemFilter

DUES = ("2026-12-01", "", "2026-11-01", "", "2026-12-01")
NAMES = ("Zoe", "", "Ben", "ben", "")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A small store with a few more items, in no order at all."""
    path: Path = tmp_path_factory.mktemp("orders") / "store.db"
    small = build(path)
    more = tuple(
        created(
            "item",
            f"item-1{n}",
            {**item_values(f"SA-CAPA-{10**n}", f"Title {n % 2}"), "due": due, "owner": "", "owner_name": name},
        )
        for n, (due, name) in enumerate(zip(DUES, NAMES, strict=True))
    )
    small.record(Act(name="work", changes=more, role="administrator", subject="item-1"))
    small.close()
    opened = open_engine(path, KEY)
    yield opened
    opened.dispose()


def _plans(engine: Engine, ask: object) -> str:
    """How SQLite answers what `ask` asks through a connection."""
    asked: list[tuple[str, object]] = []
    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
        ask(connection)  # type: ignore[operator]
    with engine.connect() as connection:
        rows = [row for sql, values in asked for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    return " / ".join(str(row[3]) for row in rows)


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", ["title", "step", "due"])
def test_a_page_in_an_order_is_read_from_its_index(engine: Engine, sort: str, *, descending: bool) -> None:
    wanted = ItemFilter(process="capa", sort=sort, descending=descending)
    plan = _plans(engine, lambda connection: page_of_items(connection, wanted, offset=0, limit=50))
    assert f"USING COVERING INDEX item_{sort}" in plan
    assert "SCAN item" not in plan
    assert plan.count("TEMP B-TREE") == 1, "the window itself is put in order, nothing else"
    assert plan.endswith("TEMP B-TREE FOR ORDER BY")


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", ["title", "step", "state", "due", "owner", "severity", "closed"])
def test_an_order_is_total_and_what_is_unknown_comes_last(engine: Engine, sort: str, *, descending: bool) -> None:
    with engine.connect() as connection:
        wanted = ItemFilter(sort=sort, descending=descending)
        lines = page_of_items(connection, wanted, offset=0, limit=50)
        pages = [page_of_items(connection, wanted, offset=n, limit=1)[0] for n in range(len(lines))]
    assert [line.id for line in pages] == [line.id for line in lines]
    keys = [(getattr(line, sort), len(line.number), line.number) for line in lines]
    known = [key for key in keys if key[0]]
    assert keys[: len(known)] == sorted(known, reverse=descending)
    assert len(lines) == len(DUES) + 2


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(LogFilter(person="person-ada"), "entry_by"), (LogFilter(act="work"), "entry_act")],
    ids=["by person", "by act"],
)
def test_the_log_is_filtered_by_an_index(engine: Engine, wanted: LogFilter, index: str) -> None:
    plan = _plans(engine, lambda connection: window_of_entries(connection, wanted, offset=0, limit=50))
    assert f"USING INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan
