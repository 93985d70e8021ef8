"""What an untouched store is built of, and what in a given one differs: asked before any of its tables is.

A store that comes from elsewhere may hold a trigger, a view or an index that changes what a question answers, or
lack a guard. SQLite keeps the text of every such thing; it is held against the text of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from desktop.store.dialect import READ_SCHEMA, in_memory, schema_rows
from desktop.store.tables import schema_statements
from domain.messages import message

__all__ = ["READ_SCHEMA", "expected_schema", "in_words", "schema_differences"]

_MOST_NAMED = 5


@lru_cache(maxsize=1)
def expected_schema() -> dict[str, str]:
    """Name -> SQL of everything an untouched store contains, search shadow tables included."""
    fresh = in_memory()
    try:
        fresh.execute("BEGIN")
        for statement in schema_statements():
            fresh.execute(statement)
        return {row[0]: row[1] or "" for row in schema_rows(fresh)}
    finally:
        fresh.close()


def schema_differences(rows: Iterable[Any], expected: Mapping[str, str] | None = None) -> dict[str, str]:
    """Name -> what is wrong with it, for the rows of `READ_SCHEMA`; a name may stand there only once."""
    ours = expected_schema() if expected is None else expected
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, sql in rows:
        if name in found:
            wrong[str(name)] = message("is there more than once")
        found[name] = sql or ""
    for name in {*ours, *found}:
        if ours.get(name) != found.get(name):
            wrong[str(name)] = (
                message("is missing")
                if name not in found
                else message("is not ours")
                if name not in ours
                else message("was altered")
            )
    return dict(sorted(wrong.items()))


def in_words(differences: Mapping[str, str]) -> str:
    """The first few differences as one line."""
    named = [f"{name} {what}" for name, what in list(differences.items())[:_MOST_NAMED]]
    more = message(" and {count} more", count=len(differences) - _MOST_NAMED) if len(differences) > _MOST_NAMED else ""
    return "; ".join(named) + more
