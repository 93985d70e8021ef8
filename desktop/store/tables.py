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
from sqlalchemy import BLOB, INTEGER, TEXT, CheckConstraint, Column, Index, MetaData, Table, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.type_api import TypeEngine

from domain.records.registry import ABOUT_ITEMS, RECORDS

metadata = MetaData()


def _column(name: str, hint: Any) -> Column[Any]:
    kind: TypeEngine[Any] = INTEGER() if hint is int else TEXT()
    return Column(name, kind, primary_key=name == "id", nullable=is_json(hint) and name != "id")


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
    name: Table(name, metadata, *(_column(field, hint) for field, hint in _hints(struct).items()), sqlite_strict=True)
    for name, struct in RECORDS.items()
}

item = record_tables["item"]
Index("item_number", item.c.number, unique=True)
# numbers grow past their padding: shorter ones come first
Index("item_order", item.c.process, text("length(number)"), item.c.number)
Index("item_place", item.c.process, item.c.step, item.c.state)
Index("item_key", item.c.process, item.c.source_key)
Index("item_watch", item.c.process_version, item.c.step, item.c.state, item.c.step_since)
# the orders people sort the register of a process by; the number makes each total, undated items come last either way
_BY_NUMBER = (text("length(number)"), item.c.number)
Index("item_title", item.c.process, item.c.title, *_BY_NUMBER)
Index("item_step", item.c.process, item.c.step, *_BY_NUMBER)
Index("item_due", item.c.process, text("nullif(due, '')"), *_BY_NUMBER)
Index("item_owner", item.c.owner)
for _name in ABOUT_ITEMS:
    Index(f"{_name}_item", record_tables[_name].c.item)
Index("link_other", record_tables["link"].c.other)
Index("alert_key", record_tables["alert"].c.key, unique=True)
Index("obligation_state", record_tables["obligation"].c.state)

entry = Table(
    "entry",
    metadata,
    Column("seq", INTEGER, primary_key=True),
    Column("at", TEXT, nullable=False),
    Column("by", TEXT, nullable=False),
    Column("act", TEXT, nullable=False),
    Column("subject", TEXT, nullable=False),
    Column("first_change", INTEGER, nullable=False),
    Column("header", BLOB, nullable=False),
    Column("signature", BLOB, nullable=False),
    Column("leaf", BLOB, nullable=False),
    sqlite_strict=True,
)
Index("entry_subject", entry.c.subject)
Index("entry_by", entry.c.by)
Index("entry_act", entry.c.act)

change = Table(
    "change",
    metadata,
    Column("position", INTEGER, primary_key=True),
    Column("seq", INTEGER, nullable=False),
    Column("record", TEXT, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("data", BLOB, nullable=False),
    sqlite_strict=True,
)
Index("change_id", change.c.id)

file_chunk = Table(
    "file_chunk",
    metadata,
    Column("file", TEXT, primary_key=True),
    Column("n", INTEGER, primary_key=True),
    Column("data", BLOB, nullable=False),
    sqlite_strict=True,
)

log_head = Table(
    "log_head",
    metadata,
    Column("one", INTEGER, CheckConstraint("one = 1"), primary_key=True),
    Column("size", INTEGER, nullable=False),
    Column("roots", BLOB, nullable=False),
    sqlite_strict=True,
)

draft = Table(
    "draft",
    metadata,
    Column("person", TEXT, primary_key=True),
    Column("place", TEXT, primary_key=True),
    Column("sealed", BLOB, nullable=False),
    Column("saved_at", TEXT, nullable=False),
    sqlite_strict=True,
)

SEARCH_FIELDS = ("number", "title", "description", "owner_name", "source_key")
_SEARCH = f"CREATE VIRTUAL TABLE item_search USING fts5({', '.join(SEARCH_FIELDS)}, content='item', tokenize='trigram')"


def schema_statements() -> list[str]:
    """Every statement that makes an empty store: tables, indexes, guards, the search index."""
    statements = [_ddl(CreateTable(table)) for table in metadata.sorted_tables]
    statements += [
        _ddl(CreateIndex(index))
        for table in metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda i: str(i.name))
    ]
    append_only = ("entry", "change", "file_chunk")
    for table in append_only:
        statements.append(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
    for table in (*append_only, *RECORDS):
        statements.append(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END"
        )
    statements.append(_SEARCH)
    return statements


@cache
def replay_statements(schema: str) -> tuple[str, ...]:
    """Statements that make empty record tables in the attached database `schema`."""
    scratch = MetaData()
    return tuple(_ddl(CreateTable(record_tables[name].to_metadata(scratch, schema=schema))) for name in RECORDS)


def _ddl(element: CreateTable | CreateIndex) -> str:
    return " ".join(str(element.compile(dialect=sqlite.dialect())).split())
