"""Collecting what a verification finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from desktop.store.dialect import DriverError
from desktop.store.engine import our_error
from domain.errors import Damaged
from domain.log.verdict import Finding
from domain.messages import message

_MOST_FINDINGS = 200


class Findings(list[Finding]):
    """What was found, up to a number a person can read."""

    def note(self, kind: str, text: str, *, table: str = "", row: str = "", field: str = "", entry: int = -1) -> None:
        """Add one finding; past the limit the rest is not listed."""
        if len(self) < _MOST_FINDINGS:
            self.append(Finding(kind=kind, text=text, table=table, row=row, field=field, entry=entry))


class Unreadable(Damaged):
    """Some page of a table cannot be read. SQLCipher then refuses every further question on that connection."""

    def __init__(self, table: str, what: str) -> None:
        super().__init__(
            what, where=table, remedy=message("Keep the file for investigation and restore the newest backup.")
        )
        self.table = table


@contextmanager
def reading(table: str) -> Iterator[None]:
    """Tell a table that cannot be read by its name.

    Raises:
        Unreadable: the pages are damaged.
        Unavailable: the disk is full, the file is locked: that says nothing of the store.
    """
    try:
        yield
    except (DBAPIError, DriverError) as problem:
        ours = our_error(problem, table)
        if isinstance(ours, Damaged):
            raise Unreadable(table, ours.what) from problem
        raise ours from problem
