"""Comparing stored tables with replayed tables, field by field, in constant memory."""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.exc import DBAPIError

from desktop.store.dialect import check_search, join_in_order
from desktop.store.findings import Findings, reading
from desktop.store.statements import Kept
from desktop.store.tables import FIELDS, in_schema
from domain.messages import message
from domain.records.registry import RECORDS
from domain.services import Progress

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
            progress(message("compare tables"), done + 1, len(RECORDS))


def _compare_table(connection: Connection, name: str, findings: Findings, *, touched_only: bool) -> None:
    fields = [field for field in FIELDS[name] if field != "id"]
    changed_or_extra = _differing(name, touched_only=touched_only).through(connection)
    for row in changed_or_extra.fetchall():
        if row[1]:
            findings.note(
                "row",
                message("{name} {row} was never recorded by any entry.", name=name, row=row[0]),
                table=name,
                row=row[0],
                field="id",
            )
            continue
        for field, different in zip(fields, row[2:], strict=True):
            if different:
                findings.note(
                    "row",
                    message(
                        "{name} {row}: {field} is not what the log adds up to.", name=name, row=row[0], field=field
                    ),
                    table=name,
                    row=row[0],
                    field=field,
                )
    missing = _missing(name).through(connection)
    for row in missing.fetchall():
        findings.note(
            "row",
            message("{name} {row} is recorded in the log but missing.", name=name, row=row[0]),
            table=name,
            row=row[0],
            field="id",
        )


@cache
def _differing(name: str, *, touched_only: bool) -> Kept:
    """Rows whose stored fields are not the replayed ones: id, whether it was never recorded, a flag for each field."""
    stored, replayed = in_schema(name, "main").alias("m"), in_schema(name, "replay").alias("r")
    same, unknown = stored.c.id == replayed.c.id, replayed.c.id.is_(None)
    # of a few replayed rows in a large register, only those are looked up
    joined = join_in_order(replayed, stored, same) if touched_only else stored.outerjoin(replayed, same)
    differs = [stored.c[field].is_distinct_from(replayed.c[field]) for field in FIELDS[name] if field != "id"]
    found = select(stored.c.id, unknown, *differs).select_from(joined)
    return Kept(found.where(or_(unknown, *differs)).limit(_SHOWN))


@cache
def _missing(name: str) -> Kept:
    """Ids of records that the log adds up to and that are not stored."""
    stored, replayed = in_schema(name, "main").alias("m"), in_schema(name, "replay").alias("r")
    joined = replayed.outerjoin(stored, stored.c.id == replayed.c.id)
    return Kept(select(replayed.c.id).select_from(joined).where(stored.c.id.is_(None)).limit(_SHOWN))


def check_search_index(connection: Connection, findings: Findings) -> None:
    """The derived search index against the items; it can be rebuilt, so it is looked at last."""
    try:
        check_search(connection)
    except DBAPIError:
        findings.note(
            "derived", message("The search index does not match the items; it can be rebuilt."), table="item_search"
        )


def count_rows(connection: Connection) -> int:
    """How many record rows the log adds up to: so many were compared."""
    total = 0
    for name in RECORDS:
        total += int(connection.execute(select(func.count()).select_from(in_schema(name, "replay"))).scalar_one())
    return total
