"""Questions about many items, answered in SQL: filter, sort, count and page never load the register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from domain.errors import UsageProblem
from domain.ports import ItemFilter, ItemLine

_OWNER = "CASE WHEN item.owner = '' THEN item.owner_name ELSE coalesce(person.name, item.owner_name) END"
_COLUMNS = (
    f"item.id, item.number, item.title, item.process, item.step, item.state, {_OWNER} AS owner, "
    "item.due, item.severity, item.raised, item.closed, item.legacy_status"
)
_FROM = "FROM item LEFT JOIN person ON person.id = item.owner"
SORT_COLUMNS = {
    "title": "item.title",
    "process": "item.process",
    "step": "item.step",
    "state": "item.state",
    "owner": _OWNER,
    "due": "item.due",
    "severity": "item.severity",
    "raised": "item.raised",
    "closed": "item.closed",
    "legacy_status": "item.legacy_status",
}
_TRIGRAM = 3


def _where(wanted: ItemFilter) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    for column in ("process", "step", "state"):
        if value := getattr(wanted, column):
            clauses.append(f"item.{column} = ?")
            values.append(value)
    for word in wanted.search.split():
        if len(word) >= _TRIGRAM:
            clauses.append("item.rowid IN (SELECT rowid FROM item_search WHERE item_search MATCH ?)")
            values.append('"' + word.replace('"', '""') + '"')
        else:
            escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            clauses.append(
                "(item.number LIKE ? ESCAPE '\\' OR item.title LIKE ? ESCAPE '\\' "
                "OR item.owner_name LIKE ? ESCAPE '\\')"
            )
            values += [f"%{escaped}%"] * 3
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _order(wanted: ItemFilter) -> str:
    direction = "DESC" if wanted.descending else "ASC"
    by_number = f"length(item.number) {direction}, item.number {direction}"
    if wanted.sort == "number":
        return f"ORDER BY {by_number}"
    if wanted.sort not in SORT_COLUMNS:
        raise UsageProblem(f"Items cannot be sorted by {wanted.sort!r}.", cure=f"Sort by {', '.join(SORT_COLUMNS)}.")
    column = SORT_COLUMNS[wanted.sort]
    if wanted.sort in ("owner", "due", "severity", "raised", "closed"):
        # unknown dates and owners sort last in either direction, in the words that the index of `due` is declared in
        column, direction = f"nullif({column}, '')", f"{direction} NULLS LAST"
    return f"ORDER BY {column} {direction}, {by_number}"


def count_items(connection: Connection, wanted: ItemFilter) -> int:
    """How many items match."""
    where, values = _where(wanted)
    row = connection.exec_driver_sql(f"SELECT count(*) FROM item {where}", tuple(values)).fetchone()
    return int(row[0]) if row else 0


def page_statement(wanted: ItemFilter, *, offset: int, limit: int) -> tuple[str, tuple[Any, ...]]:
    """The question for one window of the register in the wanted order.

    The rows of the window are found first, in an index where there is one, and only they are read: rows that
    the offset passes over would each cost a page of the file.
    """
    where, values = _where(wanted)
    order = _order(wanted)
    joined = _FROM if wanted.sort == "owner" else "FROM item"
    window = f"SELECT item.rowid AS place {joined} {where} {order} LIMIT ? OFFSET ?"
    rows = "CROSS JOIN item ON item.rowid = chosen.place LEFT JOIN person ON person.id = item.owner"
    return f"SELECT {_COLUMNS} FROM ({window}) AS chosen {rows} {order}", (*values, limit, offset)


def page_of_items(connection: Connection, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
    """One window of the register in the wanted order."""
    return tuple(map(_line, connection.exec_driver_sql(*page_statement(wanted, offset=offset, limit=limit))))


def stream_items(connection: Connection, wanted: ItemFilter) -> Iterator[ItemLine]:
    """All matching items, one after another."""
    where, values = _where(wanted)
    rows = connection.exec_driver_sql(f"SELECT {_COLUMNS} {_FROM} {where} {_order(wanted)}", tuple(values))
    for row in rows:
        yield _line(row)


def _line(row: Any) -> ItemLine:
    return ItemLine(
        id=row[0],
        number=row[1],
        title=row[2],
        process=row[3],
        step=row[4],
        state=row[5],
        owner=row[6],
        due=row[7],
        severity=row[8],
        raised=row[9],
        closed=row[10],
        legacy_status=row[11],
    )


def counts_by_step(connection: Connection, process: str) -> dict[str, int]:
    """Open work per step, plus closed and cancelled items under their step."""
    rows = connection.exec_driver_sql("SELECT step, count(*) FROM item WHERE process = ? GROUP BY step", (process,))
    return {row[0]: row[1] for row in rows}


def passages_by_way(connection: Connection, *, first_day: str, last_day: str) -> dict[tuple[str, str, str], int]:
    """How often items passed from step to step in these days: by process version, from and to."""
    rows = connection.exec_driver_sql(
        "SELECT item.process_version, passage.from_step, passage.to_step, count(*) "
        "FROM passage JOIN item ON item.id = passage.item "
        "WHERE passage.from_step <> '' AND substr(passage.at, 1, 10) BETWEEN ? AND ? GROUP BY 1, 2, 3",
        (first_day, last_day),
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}
