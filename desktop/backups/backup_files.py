"""The copies of one open vault: made by hand, when due, and before a great change."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from desktop.backups.backup_folder import (
    AUTOMATIC,
    BY_HAND,
    Snapshot,
    apply_retention,
    backup_folder_of,
    free_file,
    newest_snapshot,
)
from desktop.backups.container import SUFFIX
from desktop.backups.elsewhere import remember_copy
from desktop.backups.making import make_snapshot, sweep
from desktop.store.store import Store
from desktop.vault.ed25519 import verify_signature
from desktop.vault.slots import read_slots
from desktop.vault.unlocked import UnlockedKeys
from domain.errors import Damaged, FileProblem, Unavailable
from domain.identity import parse_iso
from domain.log.checkpoint import Checkpoint, sign_note, signer_name
from domain.messages import message, plural_message
from domain.services import Progress

EVERY = timedelta(minutes=30)
"""Of use: a copy is due when the newest is older than this and the log has grown since."""


class BackupFiles:
    """Makes copies of the vault that `keys` and `store` belong to. Its lock is held all the while."""

    def __init__(self, *, folder: Path, keys: UnlockedKeys, store: Store) -> None:
        self._folder = folder
        self._keys = keys
        self._store = store

    def make(
        self, *, at: datetime, to: Path | None = None, why: str = BY_HAND, progress: Progress | None = None
    ) -> Snapshot:
        """One file with the whole vault, proven by a replay of its log when it is made by hand.

        `to` is a folder, or a file name ending in `.countersign`; without it the copy goes to this
        installation's backup folder.

        Raises:
            FileProblem: there is such a file already, or the disk refused; nothing is left behind.
            Damaged: the vault, or the copy of it, does not hold.
        """
        target = self._target(to, at)
        key = self._keys.store_key
        snapshot = make_snapshot(
            target,
            vault_folder=self._folder,
            vault=self._keys.vault_id,
            name=self._keys.vault_name,
            key=key,
            slots=self._slots(),
            copy_store=lambda path: self._store.copy_to(path, key, progress=progress),
            checkpoint=note_of(self._store.checkpoint(), self._keys),
            at=at,
            why=why,
            prove=(lambda path: self._prove(path, key, progress)) if why == BY_HAND else None,
            progress=progress,
        )
        remember_copy(self._keys.vault_id, self._folder, snapshot)
        if why == AUTOMATIC:
            apply_retention(self._keys.vault_id, now=at)
        return snapshot

    def make_when_due(self, *, at: datetime, since: str) -> Snapshot | None:
        """An automatic copy if the newest one is old enough and the log has grown. `since`: when the vault began."""
        newest = newest_snapshot(self._keys.vault_id)
        last = newest.about if newest else None
        if at - parse_iso(last.made_at if last else since) < EVERY:
            return None
        if last is not None and self._stands_at(last.size, last.root):
            return None
        return self.make(at=at, why=AUTOMATIC)

    def make_before(self, change: str, *, at: datetime) -> Snapshot:
        """A copy before a great change (an import, a migration, a re-key); an equal one that lies there will do."""
        newest = newest_snapshot(self._keys.vault_id)
        if newest is not None and newest.about is not None and self._stands_at(newest.about.size, newest.about.root):
            return newest
        return self.make(at=at, why=message("before {change}", change=change))

    def _stands_at(self, size: int, root: str) -> bool:
        head = self._store.checkpoint()
        return (head.size, head.root.hex()) == (size, root)

    def _target(self, to: Path | None, at: datetime) -> Path:
        if to is not None and to.suffix == SUFFIX and not to.is_dir():
            return to
        folder = to if to is not None else backup_folder_of(self._keys.vault_id)
        if not folder.is_dir():
            raise FileProblem(
                message("There is no such folder."),
                where=str(folder),
                remedy=message("Name a folder, or a file *{suffix}.", suffix=SUFFIX),
            )
        if to is None:
            sweep(folder)
        return free_file(folder, self._folder, at)

    def _slots(self) -> bytes:
        read = read_slots(self._folder)
        if read.hash != self._keys.slots_hash:
            raise Unavailable(
                message("The key slots on disk are not those in force."),
                where=self._folder.name,
                remedy=message("Unlock again."),
            )
        return (self._folder / read.copies[0].file).read_bytes()

    def _prove(self, path: Path, key: bytes, progress: Progress | None) -> None:
        prove_store(path, key, vault=self._keys.vault_id, root_key=self._keys.root_public, progress=progress)


def note_of(checkpoint: Checkpoint, keys: UnlockedKeys) -> str:
    """The checkpoint as a signed note of the vault's log key only: no person is speaking."""
    return sign_note(checkpoint, ((signer_name(checkpoint.origin), keys.log_public, keys.sign_checkpoint_as_vault),))


def prove_store(path: Path, key: bytes, *, vault: str, root_key: bytes, progress: Progress | None = None) -> int:
    """Replay the log of a copied store and compare every table; how many files it holds comes back.

    Raises:
        Damaged: something does not hold; the first findings are named.
    """
    store = Store.open(path, key, vault=vault)
    try:
        verdict = store.verify(verify_signature, root_key=root_key, progress=progress)
    finally:
        store.close()
    if not verdict.intact:
        first = " ".join(finding.text for finding in verdict.findings[:3])
        raise Damaged(
            plural_message(
                "The log of the copy does not hold ({count} finding): {first}",
                "The log of the copy does not hold ({count} findings): {first}",
                len(verdict.findings),
                first=first,
            ),
            where=path.name,
            remedy=message("Verify the log of the vault, and use an older backup."),
        )
    return verdict.files
