"""What clocks ask of the store: standing items behind a moment, records that wait, alerts on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    union_all,
)

from desktop.store.rows import whole
from desktop.store.statements import Kept, given_in, one_of
from desktop.store.tables import record_tables
from domain.calendar.standing import AlertFilter, Standing, StandingFilter, Stop
from domain.records.item import ENDED

_item, _alert, _link, _evidence = (record_tables[name] for name in ("item", "alert", "link", "evidence"))
_WAITING = {"handoff": ("state", "offered"), "obligation": ("state", "open"), "risk_acceptance": ("state", "in_force")}
_WAITING |= {"question": ("answered_at", "")}
"""By which field and value a record waits for somebody or something."""
_AT_ONCE = 500  # values bound to one statement; SQLite takes far more
_NAMES = ("id", "number", "process_version", "step", "state", "cycle", "step_since", "due", "owner", "created_by")
_COLUMNS = tuple(_item.c[name] for name in (*_NAMES, "created_at", "hold"))
_MOMENT = {"since": _item.c.step_since, "due": _item.c.due, "cycle": cast(_item.c.cycle, Text)}


def _alive(item: Any) -> ColumnElement[bool]:
    return one_of(item.c.state, "open", "on_hold")


def standing(connection: Connection, wanted: StandingFilter) -> tuple[Standing, ...]:
    """Open and held items that match, those longest at their step first."""
    if not wanted.items:
        return tuple(_standing(connection, wanted, ()))
    found: list[Standing] = []
    for some in chunks(wanted.items):
        found += _standing(connection, wanted, some)
    return tuple(found)


_GIVEN: dict[str, ColumnElement[bool]] = {
    "state": _item.c.state == bindparam("state"),
    "process_version": _item.c.process_version == bindparam("process_version"),
    "step": _item.c.step == bindparam("step"),
    "since_until": _item.c.step_since <= bindparam("since_until"),
    "due_until": and_(_item.c.due != "", _item.c.due <= bindparam("due_until")),
    "cycle_from": _item.c.cycle >= bindparam("cycle_from"),
}


@lru_cache(maxsize=128)
def _of_shape(given: tuple[str, ...], items: int, moment: str) -> Kept:
    """Standing items, filtered by the fields that are given, by so many ids and by alerts that are not on record."""
    clauses = [_GIVEN[name] for name in given]
    if "state" not in given:
        clauses.append(_alive(_item))
    names = given
    if items:
        among, ids = given_in(_item.c.id, "item", items)
        clauses.append(among)
        names += ids
    if moment:
        start = bindparam("unraised", type_=_item.c.id.type)
        key = start + "|" + _item.c.id + "|" + cast(_item.c.cycle, Text) + "|" + _MOMENT[moment]
        clauses.append(~exists().where(_alert.c.key == key))
        names += ("unraised",)
    return Kept(select(*_COLUMNS).where(*clauses).order_by(_item.c.step_since), *names)


def _standing(connection: Connection, wanted: StandingFilter, items: Sequence[str]) -> Iterable[Standing]:
    given = tuple(name for name in _GIVEN if getattr(wanted, name))
    values = (*(getattr(wanted, name) for name in given), *items, *((wanted.unraised,) if wanted.unraised else ()))
    asked = _of_shape(given, len(items), wanted.moment if wanted.unraised else "")
    for row in asked.through(connection, *values):
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


def _stopping(record: str, since: str, until: str) -> Select[Any]:
    """Records that stop the clock of an item at its present step."""
    table = record_tables[record]
    here = and_(_item.c.id == table.c.item, _alive(_item), _item.c.cycle == table.c.cycle)
    still = or_(table.c[until] == "", table.c[until] > _item.c.step_since)
    found = select(table.c.item, table.c[since], table.c[until]).select_from(table.join(_item, here))
    return found.where(table.c.stops_clock == "yes", still)


_STOPS = Kept(union_all(_stopping("hold_period", "since", "until"), _stopping("question", "asked_at", "answered_at")))


def stops(connection: Connection) -> dict[str, tuple[Stop, ...]]:
    """What stopped the clocks of open and held items at their present step or stops them now, by item."""
    found: dict[str, tuple[Stop, ...]] = {}
    for item, since, until in _STOPS.through(connection):
        found[item] = (*found.get(item, ()), Stop(item=item, since=since, until=until))
    return found


@lru_cache(maxsize=64)
def _known(count: int) -> Kept:
    among, names = given_in(_alert.c.key, "key", count)
    return Kept(select(_alert.c.key).where(among), *names)


def known_keys(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys for which an alert is on record."""
    found: set[str] = set()
    for some in chunks(keys):
        found.update(row[0] for row in _known(len(some)).through(connection, *some))
    return frozenset(found)


@cache
def waiting(record: str) -> Kept:
    """Records of a kind that wait for somebody or something, oldest first."""
    table, (field, value) = record_tables[record], _WAITING[record]
    return Kept(whole(record).where(table.c[field] == value).order_by(table.c.id))


_other = _item.alias("other")
ENDED_BLOCKERS = Kept(
    select(_link.c.id, _other.c.state)
    .select_from(
        _link.join(_other, _other.c.id == _link.c.other).join(_item, and_(_item.c.id == _link.c.item, _alive(_item)))
    )
    .where(_link.c.kind == "blocked_by", _link.c.state == "in_force", one_of(_other.c.state, *ENDED))
)
ACCEPTED_EVIDENCE = Kept(
    whole("evidence")
    .where(
        _evidence.c.requirement == bindparam("requirement"),
        _evidence.c.state == "accepted",
        _evidence.c.reviewed_at <= bindparam("until"),
        _evidence.c.item.in_(
            select(_item.c.id).where(_item.c.process_version == bindparam("process_version"), _alive(_item))
        ),
    )
    .order_by(_evidence.c.id),
    "requirement",
    "until",
    "process_version",
)


def alerts(wanted: AlertFilter) -> tuple[Kept, tuple[Any, ...]]:
    """The question for alerts, the newest true first, with its values."""
    return _alerts(*_alert_shape(wanted), wanted.limit), _alert_values(wanted)


def count_of_alerts(wanted: AlertFilter) -> tuple[Kept, tuple[Any, ...]]:
    """The question how many alerts match, with its values."""
    return _alert_count(*_alert_shape(wanted)), _alert_values(wanted)


def _alert_shape(wanted: AlertFilter) -> tuple[int, bool]:
    """How many roles are given (-1: nobody is named), and whether a state is."""
    return (len(wanted.roles) if wanted.person or wanted.roles else -1), bool(wanted.state)


def _alert_values(wanted: AlertFilter) -> tuple[Any, ...]:
    people = (wanted.person, *wanted.roles) if wanted.person or wanted.roles else ()
    return (*people, *((wanted.state,) if wanted.state else ()))


def _alert_clauses(roles: int, with_state: bool) -> tuple[list[ColumnElement[bool]], tuple[str, ...]]:  # noqa: FBT001
    clauses: list[ColumnElement[bool]] = []
    names: tuple[str, ...] = ()
    if roles >= 0:
        among, role_names = given_in(_alert.c.role, "role", roles)
        theirs = and_(_alert.c.person != "", _alert.c.person == bindparam("person"))
        clauses.append(or_(theirs, and_(_alert.c.person == "", among)))
        names = ("person", *role_names)
    if with_state:
        clauses.append(_alert.c.state == bindparam("state"))
        names += ("state",)
    return clauses, names


@lru_cache(maxsize=64)
def _alerts(roles: int, with_state: bool, limit: int) -> Kept:  # noqa: FBT001 (the key of a kept statement)
    clauses, names = _alert_clauses(roles, with_state)
    found = whole("alert").where(*clauses).order_by(_alert.c.due_at.desc(), _alert.c.id.desc())
    return Kept(found.limit(limit) if limit else found, *names)


@lru_cache(maxsize=64)
def _alert_count(roles: int, with_state: bool) -> Kept:  # noqa: FBT001 (the key of a kept statement)
    clauses, names = _alert_clauses(roles, with_state)
    return Kept(select(func.count()).select_from(_alert).where(*clauses), *names)


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """The values in portions that fit one statement."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
