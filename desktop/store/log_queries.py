"""Questions about many entries, answered by the database: the log is filtered, counted and paged without being read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, literal, or_, select

from desktop.store.dialect import has_part, holds_bytes, part
from desktop.store.statements import Kept
from desktop.store.tables import change, entry, record_tables
from domain.log.entry import Header, decode_header
from domain.ports import LogFilter, LogLine

_item, _person = record_tables["item"], record_tables["person"]
_LINE = select(
    entry.c.seq,
    entry.c.header,
    entry.c.leaf,
    func.coalesce(_person.c.name, entry.c.by),
    func.coalesce(_item.c.number, ""),
).select_from(entry.outerjoin(_person, _person.c.id == entry.c.by).outerjoin(_item, _item.c.id == entry.c.subject))
_BEFORE = Kept(
    _LINE.where(entry.c.seq < bindparam("before")).order_by(entry.c.seq.desc()).limit(bindparam("limit")).offset(0),
    "before",
    "limit",
)
_IDS_AT_A_TIME = 500
_SIGNED, _NO_MEANING = '"auth":"passphrase"', '"meaning":""'
"""Headers are canonical JSON: inside a text value the quotation marks would be escaped."""


def page_before(connection: Connection, *, before: int, limit: int) -> tuple[LogLine, ...]:
    """Entries older than seq `before`, newest first."""
    return _lines(_BEFORE.through(connection, before, limit))


def count_entries(connection: Connection, wanted: LogFilter) -> int:
    """How many entries match."""
    row = _counting(_shape(wanted)).through(connection, *_values(wanted)).fetchone()
    return int(row[0]) if row else 0


def window_of_entries(connection: Connection, wanted: LogFilter, *, offset: int, limit: int) -> tuple[LogLine, ...]:
    """One window of matching entries, newest first."""
    return _lines(_window(_shape(wanted)).through(connection, *_values(wanted), limit, offset))


def entries_bringing(connection: Connection, ids: tuple[str, ...]) -> tuple[int, ...]:
    """Entries that created or changed any of these records, oldest first."""
    found = select(change.c.seq).where(change.c.id.in_(ids)).distinct().order_by(change.c.seq)
    return tuple(row[0] for row in connection.execute(found))


def newest_entries(connection: Connection, ids: frozenset[str]) -> dict[str, int]:
    """The newest entry that created or changed each of these records, by the record's id."""
    found: dict[str, int] = {}
    known = sorted(ids)
    for start in range(0, len(known), _IDS_AT_A_TIME):
        some = known[start : start + _IDS_AT_A_TIME]
        rows = connection.execute(
            select(change.c.id, func.max(change.c.seq)).where(change.c.id.in_(some)).group_by(change.c.id)
        )
        found.update((row[0], int(row[1])) for row in rows)
    return found


def signed_entries(connection: Connection, acts: tuple[str, ...]) -> tuple[Header, ...]:
    """Headers of entries that are one of these acts, carry a meaning or have the passphrase, newest first."""
    signs = or_(
        entry.c.act.in_(acts),
        holds_bytes(entry.c.header, literal(_SIGNED)),
        ~holds_bytes(entry.c.header, literal(_NO_MEANING)),
    )
    found = select(entry.c.header).where(signs).order_by(entry.c.seq.desc())
    return tuple(decode_header(row[0]) for row in connection.execute(found))


def _shape(wanted: LogFilter) -> LogFilter:
    """The filter without its values: filters of one shape are one statement."""
    return LogFilter(signed=wanted.signed, **{name: "x" for name in _GIVEN if getattr(wanted, name)})


def _values(wanted: LogFilter) -> tuple[str, ...]:
    """The values of a filter, in the order of `_names`."""
    found: list[str] = []
    for name in _GIVEN:
        value = getattr(wanted, name)
        if name == "about" and value:
            found += (value, part(value))
        elif value:
            # a member's name in canonical JSON; inside a text value its quotation marks would be escaped
            found.append(f'"{value}":' if name == "field" else value)
    return tuple(found)


def _names(shape: LogFilter) -> tuple[str, ...]:
    given = [name for name in _GIVEN if getattr(shape, name)]
    return tuple(each for name in given for each in (("about", "part") if name == "about" else (name,)))


def _about() -> ColumnElement[bool]:
    pattern = bindparam("part", type_=_item.c.number.type)
    return or_(
        entry.c.subject == bindparam("about"),
        entry.c.subject.in_(select(_item.c.id).where(has_part(_item.c.number, pattern))),
        entry.c.subject.in_(select(_person.c.id).where(has_part(_person.c.name, pattern))),
    )


def _sets_field() -> ColumnElement[bool]:
    member = bindparam("field", type_=_item.c.number.type)
    return exists(select(change.c.seq).where(change.c.seq == entry.c.seq, holds_bytes(change.c.data, member)))


_GIVEN: dict[str, Callable[[], ColumnElement[bool]]] = {
    "person": lambda: entry.c.by == bindparam("person"),
    "act": lambda: entry.c.act == bindparam("act"),
    "since": lambda: entry.c.at >= bindparam("since"),
    "until": lambda: entry.c.at < bindparam("until"),
    "about": _about,
    "field": _sets_field,
}


def _where(shape: LogFilter) -> list[ColumnElement[bool]]:
    clauses = [clause() for name, clause in _GIVEN.items() if getattr(shape, name)]
    return [*clauses, holds_bytes(entry.c.header, literal(_SIGNED))] if shape.signed else clauses


@lru_cache(maxsize=64)
def _counting(shape: LogFilter) -> Kept:
    return Kept(select(func.count()).select_from(entry).where(*_where(shape)), *_names(shape))


@lru_cache(maxsize=64)
def _window(shape: LogFilter) -> Kept:
    found = _LINE.where(*_where(shape)).order_by(entry.c.seq.desc())
    return Kept(found.limit(bindparam("limit")).offset(bindparam("offset")), *_names(shape), "limit", "offset")


def _lines(rows: Iterable[Any]) -> tuple[LogLine, ...]:
    found = []
    for seq, data, leaf, name, number in rows:
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
