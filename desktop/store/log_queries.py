"""Questions about many entries, answered in SQL: the log is filtered, counted and paged without being read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from domain.log.entry import decode_header
from domain.ports import LogFilter, LogLine

_LINE = (
    "SELECT entry.seq, entry.header, entry.leaf, coalesce(person.name, entry.by), coalesce(item.number, '') "
    "FROM entry LEFT JOIN person ON person.id = entry.by LEFT JOIN item ON item.id = entry.subject"
)
_SIGNED = 'instr(entry.header, CAST(\'"auth":"passphrase"\' AS BLOB)) > 0'
"""Headers are canonical JSON: inside a text value the quotation marks would be escaped."""
_FIELD = "EXISTS (SELECT 1 FROM change WHERE change.seq = entry.seq AND instr(change.data, CAST(? AS BLOB)) > 0)"
"""A member's name in canonical JSON; inside a text value its quotation marks would be escaped."""
_ABOUT = (
    "(entry.subject = ? OR entry.subject IN (SELECT id FROM item WHERE number LIKE ? ESCAPE '\\') "
    "OR entry.subject IN (SELECT id FROM person WHERE name LIKE ? ESCAPE '\\'))"
)


def page_before(connection: Connection, *, before: int, limit: int) -> tuple[LogLine, ...]:
    """Entries older than seq `before`, newest first."""
    return _lines(connection, f"{_LINE} WHERE entry.seq < ? ORDER BY entry.seq DESC LIMIT ?", (before, limit))


def count_entries(connection: Connection, wanted: LogFilter) -> int:
    """How many entries match."""
    where, values = _where(wanted)
    row = connection.exec_driver_sql(f"SELECT count(*) FROM entry {where}", tuple(values)).fetchone()
    return int(row[0]) if row else 0


def window_of_entries(connection: Connection, wanted: LogFilter, *, offset: int, limit: int) -> tuple[LogLine, ...]:
    """One window of matching entries, newest first."""
    where, values = _where(wanted)
    return _lines(connection, f"{_LINE} {where} ORDER BY entry.seq DESC LIMIT ? OFFSET ?", (*values, limit, offset))


def _where(wanted: LogFilter) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    for clause, value in (
        ("entry.by = ?", wanted.person),
        ("entry.act = ?", wanted.act),
        ("entry.at >= ?", wanted.since),
        ("entry.at < ?", wanted.until),
    ):
        if value:
            clauses.append(clause)
            values.append(value)
    if wanted.about:
        escaped = wanted.about.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        clauses.append(_ABOUT)
        values += [wanted.about, f"%{escaped}%", f"%{escaped}%"]
    if wanted.field:
        clauses.append(_FIELD)
        values.append(f'"{wanted.field}":')
    if wanted.signed:
        clauses.append(_SIGNED)
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _lines(connection: Connection, sql: str, values: tuple[Any, ...]) -> tuple[LogLine, ...]:
    found = []
    for seq, data, leaf, name, number in connection.exec_driver_sql(sql, values):
        header = decode_header(data)
        found.append(
            LogLine(
                seq=seq,
                at=header.at,
                person=name,
                role=header.role,
                act=header.act,
                subject=header.subject,
                subject_number=number,
                reason=header.reason,
                meaning=header.meaning,
                changes=header.changes.count - header.commands,
                leaf=leaf.hex(),
            )
        )
    return tuple(found)
