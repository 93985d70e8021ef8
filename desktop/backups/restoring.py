"""From one file back to a vault: unpacked into a place of its own, proven there, and only then put in use."""

from __future__ import annotations

from pathlib import Path

import msgspec

from desktop.backups.backup_files import prove_store
from desktop.backups.container import STORE, About, file_sha256, unpack
from desktop.machine.failed_unlocks import counted_unlock
from desktop.store.migrations import migrate_store
from desktop.store.stages import must_have_our_schema
from desktop.store.store import Store
from desktop.vault.ed25519 import verify_signature
from desktop.vault.unlocked import UnlockedKeys
from domain.errors import Damaged
from domain.log.checkpoint import NoteError, open_note, signer_name
from domain.messages import message
from domain.services import Progress


class Unpacked(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was unpacked and proven: the file's SHA-256, its output of itself, its evidence by hash."""

    source: str
    about: About
    files: frozenset[str]


def unpack_and_prove(
    file: Path, folder: Path, *, person: str, passphrase: str, whole: bool = True, progress: Progress | None = None
) -> Unpacked:
    """Unpack a backup into `folder` and prove it with the keys that its own slots give.

    The file is hostile until proven: members and their hashes, key slots, schema (opened for reading only,
    before anything else), the signed checkpoint, the slots against the log; with `whole` then the replay of
    every entry and the hash of every evidence file.

    Raises:
        WrongPassphrase: name or passphrase is not right. FileProblem: the file or the disk.
        Damaged: something does not hold. NewerFormat: written by a newer program.
        Cancelled: `progress` asked to stop.
    """
    source = file_sha256(file)
    about = unpack(file, folder, progress=progress)
    store = folder / STORE
    with counted_unlock(folder, person=person, passphrase=passphrase) as keys:
        if keys.vault_id != about.vault:
            raise _not_its_own(file, message("its key slots belong to another vault"))
        # A copy of an older program is brought up to date here, in its own place: the file is the state before.
        migrate_store(store, keys.store_key, before=lambda: None)
        must_have_our_schema(store, keys.store_key)
        _check_note(file, about, keys)
        files = _check_store(file, about, keys, store)
        if whole:
            prove_store(store, keys.store_key, vault=keys.vault_id, root_key=keys.root_public, progress=progress)
    return Unpacked(source=source, about=about, files=files)


def _check_note(file: Path, about: About, keys: UnlockedKeys) -> None:
    try:
        note = open_note(about.checkpoint)
    except NoteError as problem:
        raise _not_its_own(
            file, message("its checkpoint cannot be understood: {problem}", problem=problem)
        ) from problem
    stands = note.checkpoint
    if (stands.size, stands.root.hex()) != (about.size, about.root):
        raise _not_its_own(file, message("its checkpoint is not the one it says it was made at"))
    if not note.signed_by(signer_name(stands.origin), keys.log_public, verify_signature):
        raise _not_its_own(file, message("its checkpoint is not signed by the vault's log key"))


def _check_store(file: Path, about: About, keys: UnlockedKeys, path: Path) -> frozenset[str]:
    store = Store.open(path, keys.store_key, vault=keys.vault_id, read_only=True)
    try:
        head = store.checkpoint()
        if (head.size, head.root.hex()) != (about.size, about.root):
            raise _not_its_own(file, message("its log does not stand where its checkpoint says"))
        keys.check_slots_hash(store.register.vault().slots)
        return store.register.files()
    finally:
        store.close()


def _not_its_own(file: Path, why: str) -> Damaged:
    return Damaged(
        message("This backup was put together from parts: {why}.", why=why),
        where=file.name,
        remedy=message("Use another backup."),
    )
