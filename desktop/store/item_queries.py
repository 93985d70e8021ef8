"""Questions about many items, answered by the database: filter, sort, count and page never load the register."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, or_, select

from desktop.store.dialect import TRIGRAM, found_by_words, has_part, join_in_order, part, place_of, searched
from desktop.store.statements import Kept
from desktop.store.tables import BY_NUMBER, known_or_null, record_tables
from domain.errors import UsageProblem
from domain.messages import message
from domain.records.item import CLOSED_BEFORE
from domain.state import ItemFilter, ItemLine

_item, _person, _transition_record = (record_tables[name] for name in ("item", "person", "transition_record"))
_known_owner = func.coalesce(_person.c.name, _item.c.owner_name)
_owner = case((_item.c.owner == "", _item.c.owner_name), else_=_known_owner)
_with_person = _item.outerjoin(_person, _person.c.id == _item.c.owner)
_COLUMNS = (
    *(_item.c[name] for name in ("id", "number", "title", "process", "step", "state")),
    _owner.label("shown_owner"),
    *(_item.c[name] for name in ("due", "severity", "raised", "closed", "legacy_status")),
)
SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "owner": _owner,
    **{name: _item.c[name] for name in ("title", "process", "step", "state")},
    **{name: _item.c[name] for name in ("due", "severity", "raised", "closed", "legacy_status")},
}
_MAY_BE_UNKNOWN = ("owner", "due", "severity", "raised", "closed")
_EQUAL = ("process", "step", "state")
_LONG, _SHORT = "x" * TRIGRAM, "x"


def _shape(wanted: ItemFilter) -> ItemFilter:
    """The filter without its values: filters of one shape are one statement."""
    words = (_LONG if len(word) >= TRIGRAM else _SHORT for word in wanted.search.split())
    given = {name: "x" for name in _EQUAL if getattr(wanted, name)}
    return ItemFilter(search=" ".join(words), sort=wanted.sort, descending=wanted.descending, **given)


def _values(wanted: ItemFilter) -> tuple[str, ...]:
    """The values of a filter, in the order of `_names`."""
    given = tuple(value for name in _EQUAL if (value := getattr(wanted, name)))
    return given + tuple(searched(word) if len(word) >= TRIGRAM else part(word) for word in wanted.search.split())


def _names(shape: ItemFilter) -> tuple[str, ...]:
    given = tuple(name for name in _EQUAL if getattr(shape, name))
    return given + tuple(f"word_{n}" for n, _ in enumerate(shape.search.split()))


def _where(shape: ItemFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [_item.c[name] == bindparam(name) for name in _EQUAL if getattr(shape, name)]
    if shape.step:
        clauses.append(_item.c.state != CLOSED_BEFORE)
    for n, word in enumerate(shape.search.split()):
        given = bindparam(f"word_{n}", type_=_item.c.title.type)
        if word == _LONG:
            clauses.append(found_by_words(_item, given))
        else:
            clauses.append(or_(*(has_part(_item.c[name], given) for name in ("number", "title", "owner_name"))))
    return clauses


def _order(shape: ItemFilter) -> list[ColumnElement[Any]]:
    def directed(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return column.desc() if shape.descending else column.asc()

    by_number = [directed(each) for each in BY_NUMBER]
    if shape.sort == "number":
        return by_number
    if shape.sort not in SORT_COLUMNS:
        raise UsageProblem(
            message("Items cannot be sorted by {sort!r}.", sort=shape.sort),
            remedy=message("Sort by {list}.", list=", ".join(SORT_COLUMNS)),
        )
    column = SORT_COLUMNS[shape.sort]
    if shape.sort in _MAY_BE_UNKNOWN:
        # unknown dates and owners sort last in either direction
        return [directed(known_or_null(column)).nulls_last(), *by_number]
    return [directed(column), *by_number]


@lru_cache(maxsize=64)
def _counting(shape: ItemFilter) -> Kept:
    return Kept(select(func.count()).select_from(_item).where(*_where(shape)), *_names(shape))


def count_items(connection: Connection, wanted: ItemFilter) -> int:
    """How many items match."""
    row = _counting(_shape(wanted)).through(connection, *_values(wanted)).fetchone()
    return int(row[0]) if row else 0


@lru_cache(maxsize=64)
def _paging(shape: ItemFilter) -> Kept:
    """One window of the register.

    The rows of the window are found first, in an index where there is one, and only they are read: rows that
    the offset passes over would each cost a page of the file.
    """
    order = _order(shape)
    window = select(place_of(_item).label("place")).where(*_where(shape)).order_by(*order)
    window = window.select_from(_with_person if shape.sort == "owner" else _item)
    chosen = window.limit(bindparam("limit")).offset(bindparam("offset")).subquery("chosen")
    rows = join_in_order(chosen, _item, place_of(_item) == chosen.c.place)
    found = select(*_COLUMNS).select_from(rows.outerjoin(_person, _person.c.id == _item.c.owner)).order_by(*order)
    return Kept(found, *_names(shape), "limit", "offset")


@lru_cache(maxsize=64)
def _streaming(shape: ItemFilter) -> Kept:
    found = select(*_COLUMNS).select_from(_with_person).where(*_where(shape)).order_by(*_order(shape))
    return Kept(found, *_names(shape))


def page_statement(wanted: ItemFilter, *, offset: int, limit: int) -> tuple[str, tuple[Any, ...]]:
    """The question for one window of the register in the wanted order, as the driver takes it."""
    kept = _paging(_shape(wanted))
    return kept.text, kept.values((*_values(wanted), limit, offset))


def page_of_items(connection: Connection, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
    """One window of the register in the wanted order."""
    return tuple(map(_line, connection.exec_driver_sql(*page_statement(wanted, offset=offset, limit=limit))))


def stream_items(connection: Connection, wanted: ItemFilter) -> Iterator[ItemLine]:
    """All matching items, one after another."""
    for row in _streaming(_shape(wanted)).through(connection, *_values(wanted)):
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
    """Items per step, whatever their state; those closed before they came into the vault stand at none."""
    return {row[0]: row[1] for row in _BY_STEP.through(connection, process)}


def transition_counts(connection: Connection, *, first_day: str, last_day: str) -> dict[tuple[str, str, str], int]:
    """How often items passed from step to step in these days: by process version, from and to."""
    rows = _BY_TRANSITION.through(connection, first_day, last_day)
    return {(row[0], row[1], row[2]): row[3] for row in rows}


_BY_STEP = Kept(
    select(_item.c.step, func.count())
    .where(_item.c.process == bindparam("process"), _item.c.state != CLOSED_BEFORE)
    .group_by(_item.c.step)
)
_TRANSITION = (_item.c.process_version, _transition_record.c.from_step, _transition_record.c.to_step)
_BY_TRANSITION = Kept(
    select(*_TRANSITION, func.count())
    .select_from(_transition_record.join(_item, _item.c.id == _transition_record.c.item))
    .where(
        _transition_record.c.from_step != "",
        func.substr(_transition_record.c.at, 1, 10).between(bindparam("first_day"), bindparam("last_day")),
    )
    .group_by(*_TRANSITION),
    "first_day",
    "last_day",
)
