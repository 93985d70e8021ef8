"""A consistent encrypted copy of an open store, made page by page, and the quick look that proves it readable."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from desktop.store.dialect import copy_pages, quick_problems
from desktop.store.engine import driver_of, open_engine, translated, without_transaction
from desktop.store.record import read_head
from domain.errors import Damaged
from domain.log.merkle import Frontier
from domain.messages import message
from domain.services import Progress

_PAGES_AT_ONCE = 4096


def copy_store(engine: Engine, target: Path, key: bytes, *, progress: Progress | None = None) -> None:
    """Copy the open store into a new file under the same key, with a salt of its own.

    The copy is not flushed: the caller reads it back.

    Raises:
        Unavailable: the disk refused. Cancelled: `progress` asked to stop; the copy is worthless then.
    """
    target.touch(mode=0o600, exist_ok=False)

    def show(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(message("copy pages"), total - remaining, total)

    with translated(target.name), without_transaction(engine) as connection:
        copy_pages(connection.connection.driver_connection, target, key, pages=_PAGES_AT_ONCE, progress=show)


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
            if problems := quick_problems(connection):
                raise Damaged(
                    message("The copy does not hold: {problems}.", problems=problems[0]),
                    where=path.name,
                    remedy=message("Make another one."),
                )
        return read_head(driver_of(engine))
    finally:
        engine.dispose()
