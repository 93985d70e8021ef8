"""Between record values and table rows: JSON fields travel as canonical text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec

from desktop.store.tables import FIELDS, JSON_FIELDS
from domain.act import Change, Values
from domain.errors import Damaged
from domain.log.canonical import canonical, encode_in_order, fits
from domain.records.registry import RECORDS


def to_row(record: str, id_: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The row of a whole new record, in column order.

    Raises:
        KeyError: a field is missing.
    """
    json_fields = JSON_FIELDS[record]
    return tuple(
        id_ if name == "id" else to_column(values[name]) if name in json_fields else values[name]
        for name in FIELDS[record]
    )


class _Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How new records of one kind are written: their fields in canonical order, and where each goes in a row."""

    after: type[msgspec.Struct]
    pick: Callable[[Values], tuple[Any, ...]]
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


def _shape(record: str) -> _Shape:
    names = sorted(name for name in FIELDS[record] if name != "id")
    place = {name: number for number, name in enumerate((*names, "id"))}
    json_places = tuple(place[name] for name in names if name in JSON_FIELDS[record])
    return _Shape(
        after=msgspec.defstruct(f"New_{record}", [(name, Any) for name in names], frozen=True),
        pick=_several(*names),
        json_places=json_places,
        plain_places=_several(*(each for each in place.values() if each not in json_places)),
        in_row=_several(*(place[name] for name in FIELDS[record])),
    )


_SHAPES = {name: _shape(name) for name in RECORDS}


def row_and_data(change: Change) -> tuple[tuple[Any, ...], bytes]:
    """The row and the canonical bytes of a new record; JSON fields are encoded once for both.

    Thousands of rows of an import pass here: the members are written in canonical order instead of being sorted.

    Raises:
        ValueError: a field is missing or unknown, or a value has no canonical form.
    """
    shape = _SHAPES[change.record]
    try:
        values = [*shape.pick(change.after), change.id]
    except KeyError:
        values = []
    if len(values) != len(change.after) + 1:
        raise ValueError(f"a new {change.record} needs exactly the fields {FIELDS[change.record]}")
    if not fits(shape.plain_places(values)):
        return to_row(change.record, change.id, change.after), change.data()
    encoded = list(values)
    for place in shape.json_places:
        if values[place] is not None:
            part = canonical(values[place])
            values[place], encoded[place] = part.decode(), msgspec.Raw(part)
    data = encode_in_order(_Created(shape.after(*encoded[:-1]), None, change.id, change.record))
    return shape.in_row(values), data


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
            f"A row holds what no {record.replace('_', ' ')} can hold.",
            where=f"{record} {row[0]}",
            cure="Verify the log and restore the newest backup.",
        ) from problem


@cache
def select_all(record: str, schema: str = "main") -> str:
    """SELECT of all fields of a record in column order, without WHERE."""
    columns = ", ".join(f'"{name}"' for name in FIELDS[record])
    return f'SELECT {columns} FROM {schema}."{record}"'


@cache
def insert_row(record: str, schema: str = "main") -> str:
    """INSERT of a whole record in column order."""
    fields = FIELDS[record]
    columns = ", ".join(f'"{name}"' for name in fields)
    return f'INSERT INTO {schema}."{record}" ({columns}) VALUES ({", ".join("?" * len(fields))})'
