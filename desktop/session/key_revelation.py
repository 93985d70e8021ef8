"""Giving out the key of the store, so that nobody is locked into this program."""

from __future__ import annotations

from hashlib import sha256

from desktop.session.meaning import with_meaning
from desktop.session.session import Session
from desktop.vault.key_ring import KeyRing
from domain.commands.oversight import AskKey, RevealKey, open_demand
from domain.commands.settings import setting_value
from domain.records.oversight import REVEAL_NEEDS_TWO

_SHOWN_OF_HASH = 32


def fingerprint_of(key: bytes) -> str:
    """What names a key on record: the first 16 bytes of its SHA-256, in hex."""
    return sha256(key).hexdigest()[:_SHOWN_OF_HASH]


def give_out(vault: Session, keys: KeyRing, *, purpose: str, passphrase: str) -> str:
    """The raw key as 64 hex digits once that is on record; "" when it was only asked for, and a second must give it.

    Raises:
        Refused: a rule refused it. WrongPassphrase: the signature was not given.
    """
    key = keys.store_key
    fingerprint = fingerprint_of(key)
    waits_for_two = setting_value(vault.register, REVEAL_NEEDS_TWO) == "yes"
    kind = AskKey if waits_for_two and open_demand(vault.register, fingerprint) is None else RevealKey
    command = kind(purpose=purpose, fingerprint=fingerprint)
    vault.perform(with_meaning(command), passphrase=passphrase)
    return key.hex() if kind is RevealKey else ""
