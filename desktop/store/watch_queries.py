"""What clocks ask of the store: standing items behind a moment, records that wait, alerts on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from domain.calendar.standing import AlertFilter, Standing, StandingFilter, Stop

WAITING = {
    "handoff": "state = 'offered'",
    "obligation": "state = 'open'",
    "waiver": "state = 'in_force'",
    "question": "answered_at = ''",
}
"""Which records of a kind wait for somebody or something."""
ALIVE = "state IN ('open', 'on_hold')"
_AT_ONCE = 500  # values bound to one statement; SQLite takes far more
_COLUMNS = (
    "item.id, item.number, item.process_version, item.step, item.state, item.cycle, item.step_since, item.due, "
    "item.owner, item.created_by, item.created_at, item.hold"
)
_MOMENT = {"since": "item.step_since", "due": "item.due", "cycle": "item.cycle"}


def standing(connection: Connection, wanted: StandingFilter) -> tuple[Standing, ...]:
    """Open and held items that match, those longest at their step first."""
    if not wanted.items:
        return tuple(_standing(connection, wanted, ()))
    found: list[Standing] = []
    for some in chunks(wanted.items):
        found += _standing(connection, wanted, some)
    return tuple(found)


def _standing(connection: Connection, wanted: StandingFilter, items: Sequence[str]) -> Iterable[Standing]:
    clauses = ["item.state = ?" if wanted.state else f"item.{ALIVE}"]
    values: list[Any] = [wanted.state] if wanted.state else []
    given: tuple[tuple[str, Any], ...] = (
        ("item.process_version = ?", wanted.process_version),
        ("item.step = ?", wanted.step),
        ("item.step_since <= ?", wanted.since_until),
        ("item.due <> '' AND item.due <= ?", wanted.due_until),
        ("item.cycle >= ?", wanted.cycle_from),
    )
    for clause, value in given:
        if value:
            clauses.append(clause)
            values.append(value)
    if items:
        clauses.append(f"item.id IN ({', '.join('?' * len(items))})")
        values += items
    if wanted.unraised:
        key = f"? || '|' || item.id || '|' || item.cycle || '|' || {_MOMENT[wanted.moment]}"
        clauses.append(f"NOT EXISTS (SELECT 1 FROM alert WHERE alert.key = {key})")
        values.append(wanted.unraised)
    sql = f"SELECT {_COLUMNS} FROM item WHERE {' AND '.join(clauses)} ORDER BY item.step_since"
    for row in connection.exec_driver_sql(sql, tuple(values)):
        yield Standing(
            item=row[0],
            number=row[1],
            process_version=row[2],
            step=row[3],
            state=row[4],
            cycle=row[5],
            since=row[6],
            due=row[7],
            owner=row[8],
            created_by=row[9],
            created_at=row[10],
            hold=msgspec.json.decode(row[11]) if row[11] else None,
        )


def stops(connection: Connection) -> dict[str, tuple[Stop, ...]]:
    """What stopped the clocks of open and held items at their present step or stops them now, by item."""
    here = f"{ALIVE} AND item.cycle = stopping.cycle"
    rows = connection.exec_driver_sql(
        "SELECT stopping.item, stopping.since, stopping.until FROM hold_period AS stopping "
        f"JOIN item ON item.id = stopping.item AND {here} "
        "WHERE stopping.stops_clock = 'yes' AND (stopping.until = '' OR stopping.until > item.step_since) "
        "UNION ALL SELECT stopping.item, stopping.asked_at, stopping.answered_at FROM question AS stopping "
        f"JOIN item ON item.id = stopping.item AND {here} "
        "WHERE stopping.stops_clock = 'yes' AND (stopping.answered_at = '' OR stopping.answered_at > item.step_since)"
    )
    found: dict[str, tuple[Stop, ...]] = {}
    for item, since, until in rows:
        found[item] = (*found.get(item, ()), Stop(item=item, since=since, until=until))
    return found


def known_keys(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys for which an alert is on record."""
    found: set[str] = set()
    for some in chunks(keys):
        marks = ", ".join("?" * len(some))
        rows = connection.exec_driver_sql(f"SELECT key FROM alert WHERE key IN ({marks})", tuple(some))
        found.update(row[0] for row in rows)
    return frozenset(found)


def alerts_tail(wanted: AlertFilter) -> tuple[str, tuple[Any, ...]]:
    """The end of a query for alerts, with its values."""
    clauses: list[str] = []
    values: list[Any] = []
    if wanted.person or wanted.roles:
        marks = ", ".join("?" * len(wanted.roles))
        clauses.append(f"((person <> '' AND person = ?) OR (person = '' AND role IN ({marks})))")
        values += [wanted.person, *wanted.roles]
    if wanted.state:
        clauses.append("state = ?")
        values.append(wanted.state)
    where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
    return where, tuple(values)


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """The values in portions that fit one statement."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
