"""Collecting what a verification finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.engine import our_error
from domain.errors import Damaged
from domain.log.verdict import Finding

_MOST_FINDINGS = 200


class Findings(list[Finding]):
    """What was found, up to a number a person can read."""

    def note(self, kind: str, text: str, *, table: str = "", row: str = "", field: str = "", entry: int = -1) -> None:
        """Add one finding; past the limit the rest is not listed."""
        if len(self) < _MOST_FINDINGS:
            self.append(Finding(kind=kind, text=text, table=table, row=row, field=field, entry=entry))

    @contextmanager
    def unreadable(self, table: str, *, entry: Callable[[], int] = lambda: -1) -> Iterator[None]:
        """Turn pages that cannot be read into a finding, so that the rest is still looked at.

        `entry` says which entry was next, if entries were being read.

        Raises:
            Unavailable: the disk is full, the file is locked: that says nothing of the store.
        """
        try:
            yield
        except (DBAPIError, sqlcipher.Error) as problem:
            ours = our_error(problem, table)
            if not isinstance(ours, Damaged):
                raise ours from problem
            at = entry()
            text = f"{table} cannot be read{f' from entry {at} on' if at >= 0 else ''}: {ours.what}"
            self.note("page", text, table=table, entry=at)
