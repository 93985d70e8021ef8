"""Between record values and table rows: JSON fields travel as canonical text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from desktop.store.tables import FIELDS, JSON_FIELDS
from domain.act import Change
from domain.errors import Damaged
from domain.items.records import RECORDS
from domain.log.canonical import canonical


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


def row_and_data(change: Change) -> tuple[tuple[Any, ...], bytes]:
    """The row and the canonical bytes of a new record; JSON fields are encoded once for both.

    Raises:
        ValueError: a field is missing or unknown.
    """
    record, after = change.record, change.after
    fields = FIELDS[record]
    if len(after) + 1 != len(fields) or "id" in after:
        raise ValueError(f"a new {record} needs exactly the fields {fields}")
    parts = {name: canonical(after[name]) for name in JSON_FIELDS[record] if after[name] is not None}
    row = tuple(
        [change.id if name == "id" else parts[name].decode() if name in parts else after[name] for name in fields]
    )
    return row, change.data(parts)


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
