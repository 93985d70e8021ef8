"""A program of the next store format, planted over this one: migrations are proven with it before there is any.

The format has one table and a few indexes more than today's, and one step that makes them. Everything else of the
program is as it is: it makes a copy before, migrates in one transaction, and records that it did.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import TEXT, Column, Connection, Index, Table

from desktop.store import engine, migrations, schema
from desktop.store.engine import STORE_FORMAT
from desktop.store.migrations import MIGRATIONS, Migration
from desktop.store.tables import item, metadata, schema_statements
from domain.log.entry import SCHEMA_VERSION

NEXT_FORMAT = STORE_FORMAT + 1
_TODAY: dict[str, object] = {
    "STORE_FORMAT": STORE_FORMAT,
    "SCHEMA_VERSION": SCHEMA_VERSION,
    "MIGRATIONS": MIGRATIONS,
}
_BEFORE = frozenset(schema_statements())
_FIELDS = ("priority", "severity", "raised", "created_by")


def planted_statements() -> list[str]:
    """What the planted tables have more than today's, in the order it is made."""
    return [statement for statement in schema_statements() if statement not in _BEFORE]


def _make(connection: Connection) -> None:
    for statement in planted_statements():
        connection.exec_driver_sql(statement)


PLANTED = Migration(to=NEXT_FORMAT, what="colours, and more orders to sort items by", run=_make)
"""The step from today's format to the planted one."""


@contextmanager
def planted() -> Iterator[None]:
    """Within it this process is a program of the next format."""
    colour = Table("colour", metadata, Column("id", TEXT, primary_key=True), sqlite_strict=True)
    indexes = {Index(f"item_by_{name}", item.c[name]) for name in _FIELDS}
    _become({"STORE_FORMAT": NEXT_FORMAT, "SCHEMA_VERSION": NEXT_FORMAT, "MIGRATIONS": (*MIGRATIONS, PLANTED)})
    try:
        yield
    finally:
        metadata.remove(colour)
        item.indexes -= indexes
        _become(_TODAY)


def _become(values: dict[str, Any]) -> None:
    """Put the values wherever the program has them: in its modules and in what its functions take by default."""
    schema.expected_schema.cache_clear()
    for module in list(sys.modules.values()):
        if module.__name__.partition(".")[0] in ("domain", "desktop", "ui"):
            for name in values.keys() & vars(module).keys():
                setattr(module, name, values[name])
    _default(engine.check_format, known=values["STORE_FORMAT"])
    _default(migrations.migrate_store, known=values["STORE_FORMAT"], migrations=values["MIGRATIONS"])


def _default(function: Any, **values: object) -> None:
    assert values.keys() <= function.__kwdefaults__.keys()
    function.__kwdefaults__.update(values)
