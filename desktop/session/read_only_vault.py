"""A copy looked into: everything can be read and verified, nothing recorded, and it is gone when it is locked."""

from __future__ import annotations

from typing import Any, NoReturn

from desktop.machine.private_files import PrivateFiles
from desktop.session.unlocked_session import UnlockedSession
from domain.errors import Refused
from domain.messages import message
from domain.obstacle import Obstacle


class ReadOnlyVault(UnlockedSession):
    """An unlocked copy in a private place. Every act is refused; the refusal is not recorded either."""

    def __init__(self, *, place: PrivateFiles, made_at: str, **parts: Any) -> None:
        super().__init__(**parts)
        self._private = place
        self._made_at = made_at
        self.notice(self.why_read_only)
        self.notice(*self._prover.unchecked_files())

    @property
    def why_read_only(self) -> str:
        """A copy is only looked into."""
        return message("This is a copy from {made_at}, opened for reading only.", made_at=self._made_at)

    def must_be_writable(self, act: str) -> NoReturn:
        """Nothing is recorded in a copy.

        Raises:
            Refused: always.
        """
        text, who = self.why_read_only, self.person.name
        remedy = message("Open the vault itself, or restore the copy to work in it.")
        raise Refused(text, (Obstacle(rule="vault.read_only", text=text, remedy=remedy, responsible=who),), where=act)

    def copy_before(self, change: str) -> None:
        """A copy is not copied."""

    def maybe_snapshot(self) -> None:
        """A copy is not copied."""

    def lock(self) -> None:
        """Drop the keys and remove the copy; this installation's memory stays that of the vault itself."""
        self.discard()
