"""Giving the store another key in place. SQLite's own journal makes it all or nothing."""

from __future__ import annotations

from sqlalchemy import Engine

from desktop.store.engine import KEY_SIZE, without_transaction
from domain.errors import Damaged


def rekey(engine: Engine, key: bytes) -> None:
    """Encrypt every page anew under `key` (32 bytes) and read every page back.

    Raises:
        Damaged: a page does not hold afterwards. Unavailable: the disk refused; the key is as it was.
    """
    if len(key) != KEY_SIZE:
        raise ValueError("the store key has 32 bytes")
    with without_transaction(engine) as connection:
        connection.exec_driver_sql(f"PRAGMA rekey = \"x'{key.hex()}'\"")
        problems = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
        problems += [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check") if str(row[0]) != "ok"]
    if problems:
        raise Damaged(
            f"The store does not hold after its key was changed: {problems[0]}",
            where="store.db",
            cure="Restore the copy that was made before.",
        )
