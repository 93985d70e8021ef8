"""The check of a store, stage by stage and in the one order that raises no false alarm.

The cipher's page check reads the bare file and knows nothing of a journal that waits to be rolled back, so a
transaction comes first and completes or undoes that. The schema is held against ours before any table is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine

from desktop.store import dialect
from desktop.store.engine import open_engine, without_transaction
from desktop.store.schema import READ_SCHEMA, in_words, schema_differences
from domain.errors import CountersignError, Damaged, Unavailable
from domain.log.verdict import LogVerdict
from domain.messages import message

_MOST_NAMED = 5


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a check: whether it went well, and in words what was found. `ran` is False when it was skipped."""

    stage: str
    ok: bool
    text: str
    ran: bool = True


def check_stages(path: Path, key: bytes, *, replay: Callable[[Engine], LogVerdict]) -> tuple[Stage, ...]:
    """Run every stage over the store; one that cannot run skips those behind it.

    Raises:
        InUse: another program writes to it.
    """
    try:
        engine = open_engine(path, key, any_schema=True)
    except Unavailable:
        raise
    except CountersignError as problem:
        return (Stage(stage="key", ok=False, text=problem.what), *_skipped(list(_STAGES)))
    done = [Stage(stage="key", ok=True, text=message("The store opens under its key."))]
    try:
        waiting = list(_STAGES)
        for name in _STAGES:
            waiting.remove(name)
            try:
                done.append(_replayed(replay(engine)) if name == "replay" else _run(engine, name))
            except Damaged as problem:
                done.append(Stage(stage=name, ok=False, text=problem.what))
                return (*done, *_skipped(waiting))
    finally:
        engine.dispose()
    return tuple(done)


def must_have_our_schema(path: Path, key: bytes) -> None:
    """Look at the schema of a store from elsewhere, opened for reading only, before anything else is asked of it.

    Raises:
        Damaged: it holds something this program did not put there, or lacks something.
    """
    engine = open_engine(path, key, read_only=True, any_schema=True)
    try:
        with without_transaction(engine) as connection:
            wrong = schema_differences(connection.exec_driver_sql(READ_SCHEMA))
    finally:
        engine.dispose()
    if wrong:
        raise Damaged(
            message("The store is not built as this program builds it: {in_}.", in_=in_words(wrong)),
            where=path.name,
            remedy=message("Do not use this copy; ask where it comes from."),
        )


def _run(engine: Engine, stage: str) -> Stage:
    with without_transaction(engine) as connection:
        problems = tuple(_STAGES[stage](connection))
    return Stage(stage=stage, ok=not problems, text=_first(problems) or _FINE[stage])


def _first(problems: tuple[str, ...]) -> str:
    more = message(" and {count} more", count=len(problems) - _MOST_NAMED) if len(problems) > _MOST_NAMED else ""
    return "; ".join(problems[:_MOST_NAMED]) + more


def _skipped(stages: list[str]) -> Iterator[Stage]:
    return (Stage(stage=stage, ok=False, text=message("not run"), ran=False) for stage in stages)


def _recover(connection: Connection) -> tuple[str, ...]:
    dialect.recover(connection)
    return ()


def _schema(connection: Connection) -> tuple[str, ...]:
    wrong = schema_differences(connection.exec_driver_sql(READ_SCHEMA))
    return tuple(f"{name} {what}" for name, what in wrong.items())


def _nothing(_connection: Connection) -> tuple[str, ...]:
    return ()


def _replayed(verdict: LogVerdict) -> Stage:
    problems = tuple(f"{finding.kind}: {finding.text}" for finding in verdict.findings)
    fine = message(
        "{entries} entries, {rows} rows and {files} files are what the log adds up to.",
        entries=verdict.entries,
        rows=verdict.rows,
        files=verdict.files,
    )
    return Stage(stage="replay", ok=verdict.intact, text=_first(problems) or fine)


_STAGES: dict[str, Callable[[Connection], Iterable[str]]] = {
    "recovery": _recover,
    "pages": dialect.page_problems,
    "structure": dialect.structure_problems,
    "links": dialect.reference_problems,
    "schema": _schema,
    "replay": _nothing,
}
_FINE = {
    "recovery": message("No interrupted transaction is left."),
    "pages": message("Every page is as it was encrypted."),
    "structure": message("Tables and indexes fit together."),
    "links": message("Every reference has its row."),
    "schema": message("Tables, indexes and guards are ours and complete."),
}
