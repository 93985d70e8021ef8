"""From one store format to the next: numbered steps, one transaction, the declared schema as the judge.

A step is listed in `MIGRATIONS` and changes the structure only: new tables, indexes and guards. Values are never
changed here, else the replay would not add up to the tables. That a store was brought to a newer format is an act
as well (`record_migration`), recorded at its next opening. Once a format is frozen its step never changes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from desktop.store.dialect import BEGIN_WRITING
from desktop.store.engine import STORE_FORMAT, check_format, open_engine, translated
from desktop.store.schema import READ_SCHEMA, expected_schema, in_words, schema_differences
from domain.errors import Damaged
from domain.messages import message


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One step: from format `to` - 1 to format `to`. `run` is called inside the transaction."""

    to: int
    what: str
    run: Callable[[Connection], None]


MIGRATIONS: tuple[Migration, ...] = ()
"""Every step there has ever been, in order. Format 1 is the first, so there is none yet."""


def store_format(path: Path, key: bytes) -> int:
    """The format number of a store, older ones included. Its lock is held by the caller.

    A store that was stopped in a transaction is rolled back first, so it is not opened for reading only.

    Raises:
        NewerFormat: written by a newer program. Damaged: not a store under this key.
    """
    engine = open_engine(path, key, any_format=True)
    try:
        with engine.connect() as connection:
            return _number(connection)
    finally:
        engine.dispose()


def migrate_store(
    path: Path,
    key: bytes,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
    known: int = STORE_FORMAT,
    expected: Callable[[], Mapping[str, str]] = expected_schema,
    before: Callable[[], None],
) -> int:
    """Run every step the store lacks, in one transaction, and return its format afterwards.

    `before` is called once before anything is changed, to make a backup; not at all if there is nothing to do.
    A store that does not end as `expected` (name -> SQL) is left as it was.

    Raises:
        NewerFormat: it is newer than `known`. Damaged: no step leads on from it, or the result is not as declared.
        Unavailable: the disk refused; nothing was changed.
    """
    found = store_format(path, key)
    check_format(found, known=known, any_format=True)
    if found == known:
        return found
    steps = _path_from(found, known, migrations)
    before()
    engine = open_engine(path, key, any_format=True)
    try:
        with (
            translated(path.name),
            engine.connect().execution_options(begin=BEGIN_WRITING) as connection,
            connection.begin(),
        ):
            for step in steps:
                step.run(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {known}")
            _must_be_as_declared(connection, expected())
    finally:
        engine.dispose()
    return known


def _path_from(found: int, known: int, migrations: Sequence[Migration]) -> list[Migration]:
    by_number = {step.to: step for step in migrations}
    missing = [number for number in range(found + 1, known + 1) if number not in by_number]
    if missing:
        raise Damaged(
            message("This program has no way from format {found} to {known}.", found=found, known=known),
            where="store.db",
            remedy=message("Open the vault with the Countersign that wrote it, or restore a backup."),
        )
    return [by_number[number] for number in range(found + 1, known + 1)]


def _number(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _must_be_as_declared(connection: Connection, expected: Mapping[str, str]) -> None:
    different = schema_differences(connection.exec_driver_sql(READ_SCHEMA), expected)
    if different:
        raise Damaged(
            message(
                "The migration did not end in the declared tables ({in_}); nothing was changed.",
                in_=in_words(different),
            ),
            where="store.db",
            remedy=message("Go on with the version before this one and report this."),
        )
