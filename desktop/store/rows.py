"""Between record values and table rows: JSON fields travel as canonical text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Select, insert, select

from desktop.store.statements import Kept
from desktop.store.tables import FIELDS, JSON_FIELDS, default_column, in_schema, record_tables
from domain.act import Change
from domain.errors import Damaged
from domain.log.canonical import canonical, encode_in_order, fits
from domain.messages import message
from domain.records.registry import DEFAULTS, RECORDS, upcast


def to_row(record: str, id_: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The row of a whole new record, in column order, from the values that differ from their default.

    Raises:
        KeyError: a field without a default is missing.
    """
    json_fields, known = JSON_FIELDS[record], upcast(record, dict(values))
    return tuple(
        id_ if name == "id" else to_column(known[name]) if name in json_fields else known[name]
        for name in FIELDS[record]
    )


class _Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How new records of one kind that state the same fields are written, in canonical order, and what a row holds.

    A row is picked out of the stated values, the column values of the fields that are not stated, and the id.
    `never` are the values that each stated field does not state.
    """

    after: type[msgspec.Struct]
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    unstated: tuple[Any, ...]
    never: tuple[tuple[Any, ...], ...]
    json_places: tuple[int, ...]
    plain_places: Callable[[Sequence[Any]], tuple[Any, ...]]
    in_row: Callable[[Sequence[Any]], tuple[Any, ...]]


class _Created(msgspec.Struct, frozen=True):
    """A change that brings a record into being, its members in canonical order."""

    after: msgspec.Struct
    before: None
    id: str
    record: str


def _several(*places: Any) -> Callable[[Any], tuple[Any, ...]]:
    pick = itemgetter(*places)
    return pick if len(places) > 1 else lambda values: (pick(values),)


@lru_cache(maxsize=1024)
def _shape(record: str, stated: tuple[str, ...]) -> _Shape:
    """The shape of a new record that states these fields.

    Raises:
        ValueError: a field is missing or unknown.
    """
    defaults, json_fields = DEFAULTS[record], JSON_FIELDS[record]
    names = sorted(stated)
    unstated = [name for name in FIELDS[record] if name != "id" and name not in stated]
    if {*names, *unstated, "id"} != {*FIELDS[record]} or "id" in stated or not defaults.keys() >= {*unstated}:
        raise ValueError(f"a new {record} needs its fields and no others: {FIELDS[record]}")
    place = {name: number for number, name in enumerate((*names, *unstated, "id"))}
    json_places = tuple(place[name] for name in names if name in json_fields)
    return _Shape(
        after=msgspec.defstruct(f"New_{record}", [(name, Any) for name in names], frozen=True),
        pick=_several(*names),
        unstated=tuple(default_column(record, name) for name in unstated),
        never=tuple(_spellings(defaults[name]) if name in defaults else () for name in names),
        json_places=json_places,
        plain_places=_several(*(each for each in place.values() if each not in json_places)),
        in_row=_several(*(place[name] for name in FIELDS[record])),
    )


def _spellings(default: Any) -> tuple[Any, ...]:
    return ([], ()) if default == [] else (default,)


def row_and_data(change: Change) -> tuple[tuple[Any, ...], bytes]:
    """The row and the canonical bytes of a new record; JSON fields are encoded once for both.

    Thousands of rows of an import pass here: the members are written in canonical order instead of being sorted.

    Raises:
        ValueError: a field is missing, unknown or stated at its default, or a value has no canonical form.
    """
    shape = _shape(change.record, tuple(change.after))
    stated = shape.pick(change.after)
    if [value for value, never in zip(stated, shape.never, strict=True) if not value and value in never]:
        raise ValueError(f"a new {change.record} states a field that is at its default: {sorted(change.after)}")
    row = [*stated, *shape.unstated, change.id]
    if not fits(shape.plain_places(row)):
        return to_row(change.record, change.id, change.after), change.data()
    encoded = list(stated)
    for place in shape.json_places:
        if row[place] is not None:
            part = canonical(row[place])
            row[place], encoded[place] = part.decode(), msgspec.Raw(part)
    data = encode_in_order(_Created(shape.after(*encoded), None, change.id, change.record))
    return shape.in_row(row), data


def to_column(value: Any) -> str | None:
    """Canonical JSON text of a JSON field; None stays NULL."""
    return None if value is None else canonical(value).decode()


def from_column(text: str | None) -> Any:
    """The value of a JSON field."""
    return None if text is None else msgspec.json.decode(text)


def values_of(record: str, row: tuple[Any, ...]) -> dict[str, Any]:
    """Field values of a row in column order, JSON decoded, with its id."""
    json_fields = JSON_FIELDS[record]
    return {
        name: from_column(value) if name in json_fields else value
        for name, value in zip(FIELDS[record], row, strict=True)
    }


def record_of(record: str, row: tuple[Any, ...]) -> Any:
    """The record value (a frozen struct) of a row in column order.

    Raises:
        Damaged: the row holds values that no such record can have.
    """
    try:
        return msgspec.convert(values_of(record, row), RECORDS[record], strict=True)
    except (msgspec.MsgspecError, TypeError, ValueError) as problem:
        raise Damaged(
            message("A row holds what no {record} can hold.", record=record.replace("_", " ")),
            where=f"{record} {row[0]}",
            remedy=message("Verify the log and restore the newest backup."),
        ) from problem


@cache
def insert_row(record: str, schema: str = "main") -> str:
    """The text of an INSERT of a whole record in column order."""
    return Kept(insert(in_schema(record, schema))).text


@cache
def whole(record: str, schema: str = "main") -> Select[Any]:
    """SELECT of all fields of a record in column order, without WHERE."""
    return select(record_tables[record] if schema == "main" else in_schema(record, schema))
