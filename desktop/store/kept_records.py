"""Answers that hardly ever change and are asked for at every act: people, roles, process versions, settings.

Only the store's own `record` changes records, and it says which kinds it touched; the file itself is held
exclusively. So an answer stays right until an act touches its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

KEPT = frozenset({"calendar", "mandate", "person", "person_key", "person_role", "process_version", "vault"})
"""Kinds of which a vault has few."""
_MOST = 64
"""Different questions kept at a time."""

Answer = tuple[Any, ...]


class KeptRecords:
    """Answers by question, forgotten kind by kind."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, tuple[Any, ...]], Answer] = {}

    def answer(self, record: str, text: str, values: tuple[Any, ...], ask: Callable[[], Answer]) -> Answer:
        """What was answered before, or the answer that `ask` brings."""
        if record not in KEPT:
            return ask()
        question = (record, text, values)
        known = self._answers.get(question)
        if known is None:
            known = ask()
            if len(self._answers) >= _MOST:
                self._answers.clear()
            self._answers[question] = known
        return known

    def forget(self, records: Iterable[str] = KEPT) -> None:
        """Ask again about these kinds."""
        gone = KEPT.intersection(records)
        if gone:
            self._answers = {question: known for question, known in self._answers.items() if question[0] not in gone}
