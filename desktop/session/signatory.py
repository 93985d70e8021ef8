"""Who signs: the unlocked keys of one person, with or without the passphrase typed again."""

from __future__ import annotations

from desktop.vault.unlocked import UnlockedKeys


class KeySignatory:
    """A `domain.ports.Signatory` over unlocked keys. `auth` goes into the entry's header."""

    def __init__(self, keys: UnlockedKeys, *, auth: str) -> None:
        self._keys = keys
        self.auth = auth
        self.person = keys.identity.person
        self.key = keys.identity.key

    def sign(self, data: bytes) -> bytes:
        """Sign with the person's Ed25519 log key."""
        return self._keys.sign_entry(data)
