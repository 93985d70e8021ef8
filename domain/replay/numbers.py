"""Items by number and by the place where they stand: in dictionaries, for states that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable

from domain.replay.item_rows import Row


class Numbers:
    """Items by number, source and step: plain dictionaries. A replay of many items gives others of the same shape."""

    def __init__(self) -> None:
        self._by_number: dict[str, str] = {}
        self._last: dict[str, int] = {}
        self._of_process: dict[str, dict[str, None]] = {}
        self._at: dict[str, tuple[str, str]] = {}
        self._there: dict[tuple[str, str], dict[str, None]] = {}

    def keep(self, row: Row) -> None:
        """Take an item in, or its new values."""
        process, id_ = row["process"], row["id"]
        self._place(id_, (process, row["step"]))
        self._by_number[row["number"]] = id_
        number = int(row["number"].rpartition("-")[2])
        self._last[process] = max(number, self._last.get(process, 0))
        self._of_process.setdefault(process, {})[id_] = None

    def _place(self, id_: str, place: tuple[str, str]) -> None:
        before = self._at.get(id_)
        if before == place:
            return
        if before is not None:
            del self._there[before][id_]
        self._at[id_] = place
        self._there.setdefault(place, {})[id_] = None

    def at_step(self, process: str, step: str) -> Iterable[str]:
        """The ids of a process's items at a step."""
        return tuple(self._there.get((process, step), ()))

    def item_numbered(self, number: str) -> str:
        """The id of the item with this number, or ""."""
        return self._by_number.get(number, "")

    def last_number(self, process: str) -> int:
        """The highest running number of a process, 0 when it has no item."""
        return self._last.get(process, 0)

    def of_process(self, process: str) -> Iterable[str]:
        """The ids of a process's items, of all items when it is ""."""
        if process:
            return tuple(self._of_process.get(process, ()))
        return tuple(id_ for ids in self._of_process.values() for id_ in ids)
