"""Answers that rest on records which hardly ever change: kept until a record of such a kind does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

_Made = TypeVar("_Made")
_MOST = 256
"""Different questions kept at a time."""


class Remembered:
    """Answers by question. Whoever keeps the records says which kinds an act touched."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._answers: dict[Any, tuple[tuple[int, ...], Any]] = {}

    def touch(self, records: Iterable[str]) -> None:
        """Records of these kinds have changed."""
        for record in records:
            self._versions[record] = self._versions.get(record, 0) + 1

    def clear(self) -> None:
        """Anything may have changed."""
        self._answers.clear()

    def answer(self, records: tuple[str, ...], question: Any, make: Callable[[], _Made]) -> _Made:
        """What `make` brought last time, made again only when a record of these kinds has changed since."""
        now = tuple([self._versions.get(record, 0) for record in records])
        known = self._answers.get(question)
        if known is None or known[0] != now:
            if len(self._answers) >= _MOST:
                self._answers.clear()
            known = self._answers[question] = (now, make())
        answer: _Made = known[1]
        return answer
