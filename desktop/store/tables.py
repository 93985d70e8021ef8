"""The tables, as SQLAlchemy Core. Record tables follow the record values of `domain.records` field for field.

Four kinds of tables:

* records (`RECORDS`): what the log's changes add up to; replay compares them row by row, field by field;
* the log: `entry`, `change`, `file_chunk`, append-only by trigger, and `log_head`, the tree's frontier;
* derived: `item_search`, the full-text index, rebuilt from `item`;
* private: `draft`, what a person has typed and not recorded, sealed for that person; no fact, never compared.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_type_hints

import msgspec
from sqlalchemy import CheckConstraint, Column, ColumnElement, Index, MetaData, Table, func, literal_column
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import text

from desktop.store.dialect import BYTES, CREATE_SEARCH, DIALECT, TEXTS, WHOLE, guards
from domain.log.canonical import canonical
from domain.records.registry import ABOUT_ITEMS, DEFAULTS, RECORDS

metadata = MetaData()


def _column(record: str, name: str, hint: Any) -> Column[Any]:
    """The column of a field; one with a default has it in the table too, so that a migration can add it."""
    kind = WHOLE if hint is int else TEXTS
    default = default_column(record, name)
    return Column(
        name,
        kind,
        primary_key=name == "id",
        nullable=is_json(hint) and name != "id",
        server_default=text(str(default)) if isinstance(default, int) else default,
    )


def default_column(record: str, field: str) -> Any:
    """What the column holds when the field is at its default; None when it has none, or that is its default."""
    default = DEFAULTS[record].get(field)
    return canonical(default).decode() if isinstance(default, list | dict) else default


def is_json(hint: Any) -> bool:
    """Whether a record field is kept as canonical JSON text (objects, lists, optional objects)."""
    return not (
        hint is int or hint is str or (getattr(hint, "__origin__", None) is not None and "Literal" in str(hint))
    )


def _hints(record: type[msgspec.Struct]) -> dict[str, Any]:
    hints = get_type_hints(record)
    return {name: hints[name] for name in record.__struct_fields__}


FIELDS: dict[str, tuple[str, ...]] = {name: struct.__struct_fields__ for name, struct in RECORDS.items()}
JSON_FIELDS: dict[str, frozenset[str]] = {
    name: frozenset(field for field, hint in _hints(struct).items() if is_json(hint))
    for name, struct in RECORDS.items()
}

record_tables: dict[str, Table] = {
    name: Table(
        name, metadata, *(_column(name, field, hint) for field, hint in _hints(struct).items()), sqlite_strict=True
    )
    for name, struct in RECORDS.items()
}

item = record_tables["item"]
Index("item_number", item.c.number, unique=True)

# numbers grow past their padding: shorter ones come first
BY_NUMBER: tuple[ColumnElement[Any], ...] = (func.length(item.c.number), item.c.number)


def known_or_null(column: ColumnElement[str]) -> ColumnElement[str]:
    """A date or a name, NULL when it is not known. The index of due days is declared in these words."""
    return func.nullif(column, literal_column("''"))


Index("item_order", item.c.process, *BY_NUMBER)
Index("item_place", item.c.process, item.c.step, item.c.state)
Index("item_key", item.c.process, item.c.source_key)
Index("item_watch", item.c.process_version, item.c.step, item.c.state, item.c.step_since)
# the orders people sort the register of a process by; the number makes each total, undated items come last either way
Index("item_title", item.c.process, item.c.title, *BY_NUMBER)
Index("item_step", item.c.process, item.c.step, *BY_NUMBER, item.c.state)
Index("item_due", item.c.process, known_or_null(item.c.due), *BY_NUMBER)
Index("item_owner", item.c.owner)
for _name in ABOUT_ITEMS:
    Index(f"{_name}_item", record_tables[_name].c.item)
Index("link_other", record_tables["link"].c.other)
Index("alert_key", record_tables["alert"].c.key, unique=True)
Index("obligation_state", record_tables["obligation"].c.state)

entry = Table(
    "entry",
    metadata,
    Column("seq", WHOLE, primary_key=True),
    Column("at", TEXTS, nullable=False),
    Column("by", TEXTS, nullable=False),
    Column("act", TEXTS, nullable=False),
    Column("subject", TEXTS, nullable=False),
    Column("first_change", WHOLE, nullable=False),
    Column("header", BYTES, nullable=False),
    Column("signature", BYTES, nullable=False),
    Column("leaf", BYTES, nullable=False),
    sqlite_strict=True,
)
Index("entry_subject", entry.c.subject)
Index("entry_by", entry.c.by)
Index("entry_act", entry.c.act)

change = Table(
    "change",
    metadata,
    Column("position", WHOLE, primary_key=True),
    Column("seq", WHOLE, nullable=False),
    Column("record", TEXTS, nullable=False),
    Column("id", TEXTS, nullable=False),
    Column("data", BYTES, nullable=False),
    sqlite_strict=True,
)
Index("change_id", change.c.id)

file_chunk = Table(
    "file_chunk",
    metadata,
    Column("file", TEXTS, primary_key=True),
    Column("n", WHOLE, primary_key=True),
    Column("data", BYTES, nullable=False),
    sqlite_strict=True,
)

log_head = Table(
    "log_head",
    metadata,
    Column("one", WHOLE, CheckConstraint("one = 1"), primary_key=True),
    Column("size", WHOLE, nullable=False),
    Column("roots", BYTES, nullable=False),
    sqlite_strict=True,
)

draft = Table(
    "draft",
    metadata,
    Column("person", TEXTS, primary_key=True),
    Column("place", TEXTS, primary_key=True),
    Column("sealed", BYTES, nullable=False),
    Column("saved_at", TEXTS, nullable=False),
    sqlite_strict=True,
)


def schema_statements() -> list[str]:
    """Every statement that makes an empty store: tables, indexes, guards, the search index."""
    statements = [_ddl(CreateTable(table)) for table in metadata.sorted_tables]
    statements += [
        _ddl(CreateIndex(index))
        for table in metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda i: str(i.name))
    ]
    return [*statements, *guards(("entry", "change", "file_chunk"), tuple(RECORDS)), CREATE_SEARCH]


@cache
def in_schema(record: str, schema: str) -> Table:
    """The table of a record in a named schema: `main`, or the attached `replay`."""
    return record_tables[record].to_metadata(MetaData(), schema=schema)


@cache
def replay_statements(schema: str) -> tuple[str, ...]:
    """Statements that make empty record tables in the attached database `schema`."""
    return tuple(_ddl(CreateTable(in_schema(name, schema))) for name in RECORDS)


def _ddl(element: CreateTable | CreateIndex) -> str:
    return " ".join(str(element.compile(dialect=DIALECT)).split())
