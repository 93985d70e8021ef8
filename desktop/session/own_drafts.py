"""The drafts of the person who is unlocked: `domain.drafts.Drafts` over the store and this person's own keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.machine.clock import now
from desktop.store.store import Store
from desktop.vault.held_keys import HeldKeys
from domain.errors import Damaged
from domain.identity import iso

LARGEST = 1_000_000
"""Bytes of one draft; what is larger is not kept (an item holds far less)."""


class OwnDrafts:
    """Sealed so that nobody else opens them, not even with the store's key; a vault that is only read keeps none."""

    def __init__(self, store: Store, keys: HeldKeys, *, may_write: Callable[[], bool]) -> None:
        self._store, self._keys, self._may_write = store, keys, may_write

    def save(self, place: str, data: str) -> None:
        """Keep what was typed at a place.

        Raises:
            Unavailable: the disk refused, or the vault is locked.
        """
        plain = data.encode()
        if not self._may_write() or len(plain) > LARGEST:
            return
        sealed = self._keys.seal_private(plain, about=place)
        self._store.save_draft(person=self._keys.identity.person, place=place, sealed=sealed, at=iso(now()))

    def all(self) -> Mapping[str, str]:
        """What was left unfinished, by place, the newest first.

        What cannot be opened is left out: it was sealed for a key that this person no longer has, or altered.
        """
        found = {}
        for place, sealed in self._store.drafts_of(person=self._keys.identity.person).items():
            try:
                found[place] = self._keys.open_private(sealed, about=place).decode()
            except (Damaged, UnicodeDecodeError):
                continue
        return found

    def forget(self, place: str) -> None:
        """It was recorded or thrown away.

        Raises:
            Unavailable: the disk refused.
        """
        if self._may_write():
            self._store.forget_draft(person=self._keys.identity.person, place=place)
