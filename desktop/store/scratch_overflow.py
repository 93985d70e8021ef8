"""What a replay puts aside while it goes on: in the scratch database beside the store, under a throw-away key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from domain.replay.item_rows import Row
from domain.replay.numbers import Numbers

_TABLES = (
    "CREATE TABLE replay.overflow (space TEXT, key TEXT, data BLOB, PRIMARY KEY (space, key)) WITHOUT ROWID",
    "CREATE TABLE replay.place (id TEXT PRIMARY KEY, number TEXT, process TEXT, step TEXT) WITHOUT ROWID",
    "CREATE INDEX replay.place_number ON place (number)",
    "CREATE INDEX replay.place_step ON place (process, step)",
)
_MOST_WAITING = 5_000


class ScratchOverflow:
    """Implements `domain.replay.overflow.Overflow` on a connection to which the scratch database is attached."""

    def __init__(self, connection: Connection) -> None:
        for statement in _TABLES:
            connection.exec_driver_sql(statement)
        self._sql = connection.connection.cursor()

    def get(self, space: str, key: str) -> bytes | None:
        """What is kept under the key, or None."""
        row = self._sql.execute("SELECT data FROM replay.overflow WHERE space = ? AND key = ?", (space, key)).fetchone()
        return None if row is None else bytes(row[0])

    def put(self, space: str, values: Iterable[tuple[str, bytes]]) -> None:
        """Keep these, in place of what was kept under their keys."""
        self._sql.executemany(
            "INSERT OR REPLACE INTO replay.overflow (space, key, data) VALUES (?, ?, ?)",
            [(space, key, data) for key, data in values],
        )

    def close(self) -> None:
        """Stop using the scratch database."""
        self._sql.close()


class ScratchNumbers(Numbers):
    """Where items stand, in the scratch database: the newest in memory, the others written."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._sql = connection.connection.cursor()
        self._waiting: dict[str, tuple[str, str, str]] = {}
        self._highest: dict[str, int] = {}

    def keep(self, row: Row) -> None:
        """Take an item in, or its new values."""
        place = (row["number"], row["process"], row["step"])
        if self._waiting.get(row["id"]) == place:
            return
        self._waiting[row["id"]] = place
        number = int(row["number"].rpartition("-")[2])
        self._highest[row["process"]] = max(number, self._highest.get(row["process"], 0))
        if len(self._waiting) >= _MOST_WAITING:
            self._write()

    def _write(self) -> None:
        self._sql.executemany(
            "INSERT OR REPLACE INTO replay.place (id, number, process, step) VALUES (?, ?, ?, ?)",
            [(id_, *place) for id_, place in self._waiting.items()],
        )
        self._waiting.clear()

    def _ids(self, where: str, *values: Any) -> tuple[str, ...]:
        self._write()
        return tuple(row[0] for row in self._sql.execute(f"SELECT id FROM replay.place WHERE {where}", values))

    def item_numbered(self, number: str) -> str:
        """The id of the item with this number, or ""."""
        return next(iter(self._ids("number = ?", number)), "")

    def last_number(self, process: str) -> int:
        """The highest running number of a process, 0 when it has no item."""
        return self._highest.get(process, 0)

    def at_step(self, process: str, step: str) -> Iterable[str]:
        """The ids of a process's items at a step."""
        return self._ids("process = ? AND step = ?", process, step)

    def of_process(self, process: str) -> Iterable[str]:
        """The ids of a process's items, of all items when it is ""."""
        return self._ids("process = ?", process) if process else self._ids("1")

    def close(self) -> None:
        """Stop using the scratch database."""
        self._sql.close()
