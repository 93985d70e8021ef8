"""Comparing stored tables with replayed tables, field by field, in constant memory."""

from __future__ import annotations

from collections.abc import Container

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from desktop.store.findings import Findings, reading
from desktop.store.tables import FIELDS
from domain.ports import Progress
from domain.records.registry import RECORDS

_SHOWN = 40


def compare_tables(
    connection: Connection,
    findings: Findings,
    progress: Progress | None,
    *,
    touched_only: bool = False,
    lost: Container[str] = (),
) -> None:
    """Note every row and field where the stored record is not what the log adds up to.

    `touched_only` compares the rows that were replayed and says nothing of others; tables in `lost` are left out.

    Raises:
        Unreadable: a table's pages are damaged.
    """
    for done, name in enumerate(RECORDS):
        if name not in lost:
            with reading(name):
                _compare_table(connection, name, findings, touched_only=touched_only)
        if progress is not None:
            progress("compare tables", done + 1, len(RECORDS))


def _compare_table(connection: Connection, name: str, findings: Findings, *, touched_only: bool) -> None:
    stored, replayed = f'main."{name}" m', f'replay."{name}" r'
    # of a few replayed rows in a large register, only those are looked up: the order of a CROSS JOIN is kept
    joined = f"{replayed} CROSS JOIN {stored}" if touched_only else f"{stored} LEFT JOIN {replayed}"
    fields = [field for field in FIELDS[name] if field != "id"]
    differs = " OR ".join(f'm."{field}" IS NOT r."{field}"' for field in fields)
    flags = ", ".join(f'm."{field}" IS NOT r."{field}"' for field in fields)
    changed_or_extra = connection.exec_driver_sql(
        f"SELECT m.id, r.id IS NULL, {flags} FROM {joined} ON r.id = m.id "
        f"WHERE r.id IS NULL OR {differs} LIMIT {_SHOWN}"
    )
    for row in changed_or_extra.fetchall():
        if row[1]:
            findings.note(
                "row", f"{name} {row[0]} was never recorded by any entry.", table=name, row=row[0], field="id"
            )
            continue
        for field, different in zip(fields, row[2:], strict=True):
            if different:
                findings.note(
                    "row",
                    f"{name} {row[0]}: {field} is not what the log adds up to.",
                    table=name,
                    row=row[0],
                    field=field,
                )
    missing = connection.exec_driver_sql(
        f'SELECT r.id FROM replay."{name}" r LEFT JOIN main."{name}" m ON m.id = r.id WHERE m.id IS NULL LIMIT {_SHOWN}'
    )
    for row in missing.fetchall():
        findings.note("row", f"{name} {row[0]} is recorded in the log but missing.", table=name, row=row[0], field="id")


def check_search_index(connection: Connection, findings: Findings) -> None:
    """The derived search index against the items; it can be rebuilt, so it is looked at last."""
    try:
        connection.exec_driver_sql("INSERT INTO main.item_search (item_search, rank) VALUES ('integrity-check', 1)")
    except DBAPIError:
        findings.note("derived", "The search index does not match the items; it can be rebuilt.", table="item_search")


def count_rows(connection: Connection) -> int:
    """How many record rows the log adds up to: so many were compared."""
    total = 0
    for name in RECORDS:
        row = connection.exec_driver_sql(f'SELECT count(*) FROM replay."{name}"').fetchone()
        total += int(row[0]) if row else 0
    return total
