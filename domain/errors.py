"""The three families of failure, shown apart by whose fault it is.

A judgement (a gate verdict, a log verdict, an import plan) is a value, not an exception. Exceptions
are for calls that could not be carried out:

* `Refused`: a rule of the process, of the vault or of the law refused. Nothing changed.
* `Damaged`: data cannot be trusted; the error says where.
* `Unavailable`: a file, a lock, a passphrase or the disk is missing or unusable.

Every error carries `what` (one sentence for a person), `where` (a place such as a file, a cell or a
table row) and `remedy` (what the person can do). Exit codes and words on screen are chosen at the edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.obstacle import Obstacle


class CountersignError(Exception):
    """The root of every error this program raises on purpose."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f" [{self.where}]" if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.what}{place}{remedy}"


class Refused(CountersignError):
    """A rule refused it. `obstacles` names each rule, its remedy and who can remedy it."""

    def __init__(self, what: str, obstacles: tuple[Obstacle, ...] = (), *, where: str = "") -> None:
        super().__init__(what, where=where)
        self.obstacles = obstacles


class Damaged(CountersignError):
    """Data cannot be trusted. `where` names the file, table, row and field as far as known."""


class Unavailable(CountersignError):
    """Something outside the rules is missing: a file, a lock, a passphrase, disk space."""


class WrongPassphrase(Unavailable):
    """The passphrase does not open this person's key slot (same text for an unknown person)."""


class LockedOut(WrongPassphrase):
    """Too many wrong passphrases in a row: no further one is looked at, and only a new key opens again."""


class InUse(Unavailable):
    """Another program holds the vault. `where` says who, on which host, since when."""


class NewerFormat(Unavailable):
    """Written by a newer Countersign; refusing is safer than guessing."""


class FileProblem(Unavailable):
    """A file handed in or asked for cannot be read or written as what it should be."""


class UsageProblem(CountersignError):
    """The call itself makes no sense (unknown item, unknown step, missing argument)."""


class Cancelled(CountersignError):
    """The person cancelled; nothing was changed."""
