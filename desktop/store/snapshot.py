"""A consistent encrypted copy of an open store, made page by page, and the quick look that proves it readable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.engine import driver_of, open_engine, translated, without_transaction
from desktop.store.record import read_head
from domain.errors import Damaged
from domain.log.merkle import Frontier
from domain.ports import Progress

_PAGES_AT_ONCE = 4096


def copy_store(engine: Engine, target: Path, key: bytes, *, progress: Progress | None = None) -> None:
    """Copy the open store into a new file under the same key, through SQLite's backup, with its own salt.

    VACUUM INTO would give rows other row numbers, which the search index goes by. The copy is not flushed:
    the caller reads it back.

    Raises:
        Unavailable: the disk refused. Cancelled: `progress` asked to stop; the copy is worthless then.
    """
    target.touch(mode=0o600, exist_ok=False)

    def show(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress("copy pages", total - remaining, total)

    with translated(target.name):
        copy: Any = sqlcipher.connect(f"{target.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        try:
            copy.execute("PRAGMA cipher_log = off")
            copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            # Whoever is interrupted starts again with a new file: a journal of this one would help nobody.
            copy.execute("PRAGMA journal_mode = OFF").fetchall()
            copy.execute("PRAGMA synchronous = OFF")
            with without_transaction(engine) as connection:
                source: Any = connection.connection.driver_connection
                source.backup(copy, pages=_PAGES_AT_ONCE, progress=show)
        finally:
            copy.close()


def copy_file(path: Path, target: Path, key: bytes) -> None:
    """Copy a store of any known format that nobody has open; its lock is held by the caller.

    Raises:
        Damaged, NewerFormat, Unavailable: as `open_engine` raises them.
    """
    engine = open_engine(path, key, any_format=True)
    try:
        copy_store(engine, target, key)
    finally:
        engine.dispose()


def quick_look(path: Path, key: bytes, *, any_format: bool = False) -> Frontier:
    """Read every page of a store (each is authenticated on the way) and give back the head of its log.

    Raises:
        Damaged: a page, an index or a row does not hold. NewerFormat: written by a newer program.
    """
    engine = open_engine(path, key, read_only=True, any_format=any_format)
    try:
        with without_transaction(engine) as connection:
            problems = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(1)") if row[0] != "ok"]
            if problems:
                raise Damaged(f"The copy does not hold: {problems[0]}.", where=path.name, cure="Make another one.")
        return read_head(driver_of(engine))
    finally:
        engine.dispose()
