"""What the services of a session ask of it: three narrow views of one unlocked vault.

`UnlockedSession` makes the services and hands itself to them as one of these, so that no service knows the class.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from desktop.store.register import StoreRegister
from domain.act import Actor, IncomingFile
from domain.commands.command import Command
from domain.log.entry import Entry
from domain.log.verdict import LogVerdict
from domain.records.people import Person
from domain.services import Progress


class Session(Protocol):
    """An unlocked vault in one person's hands: what is on record, who acts, and the one way to record an act."""

    @property
    def register(self) -> StoreRegister:
        """The open register, for reading."""
        ...

    @property
    def person(self) -> Person:
        """Who unlocked the vault."""
        ...

    @property
    def takes_acts(self) -> bool:
        """Whether acts are recorded now."""
        ...

    def actor(self) -> Actor:
        """The person acting now, with the roles held now."""
        ...

    def perform(
        self,
        command: Command,
        *,
        passphrase: str | None = None,
        files: Sequence[IncomingFile] = (),
        progress: Progress | None = None,
    ) -> Entry:
        """Judge a command, decide it and record its act, signed. `files` bring the bytes that it names by hash.

        Raises:
            Refused: a rule refused it; the refusal was recorded.
        """
        ...

    def notice(self, *texts: str) -> None:
        """Add something that opening, or work since, came upon and a person should know."""
        ...

    def checkpoint(self) -> str:
        """A checkpoint of the log now, signed by the vault's log key and by the person.

        Raises:
            Damaged: the log does not extend the checkpoint this installation saw last.
        """
        ...


class KeySession(Session, Protocol):
    """A session whose key slots change together with its log: each step is asked for before a slot is touched."""

    @property
    def folder(self) -> Path:
        """The folder of the vault."""
        ...

    def must_be_writable(self, act: str) -> None:
        """Raise `Refused` unless acts can be recorded."""
        ...

    def dry_run(self, command: Command) -> Actor:
        """Ask whether a command is allowed without recording it; who asked comes back.

        Raises:
            Refused: a rule refused it; the refusal was recorded.
        """
        ...

    def copy_before(self, change: str) -> None:
        """Make a copy of the vault before a great change."""
        ...


class ProvenSession(Session, Protocol):
    """A session whose log is proven here, and in which nothing is recorded once damage was found."""

    damaged: bool

    @property
    def read_only(self) -> bool:
        """Whether nothing may be recorded here."""
        ...

    @property
    def why_read_only(self) -> str:
        """Why nothing may be recorded here; "" = it may."""
        ...

    def take_back_notice(self, text: str) -> None:
        """What was noticed is so no more."""
        ...

    def inspect_only(self, why: str, *, damaged: bool = False) -> None:
        """From now on every act is refused, with this reason."""
        ...

    def verify(self, *, progress: Progress | None = None, quick: bool = False, since: int | None = None) -> LogVerdict:
        """Prove the log and every table against it.

        Raises:
            UsageProblem: not proven as far as `since`. Cancelled: `progress` asked to stop.
        """
        ...
