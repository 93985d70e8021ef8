"""What is done with copies of a vault: put one in use, test its restore, look into one, bring an old one up to date."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop.application.newer_format import BEFORE_A_MIGRATION
from desktop.backups.backup_files import note_of
from desktop.backups.backup_folder import Snapshot, backup_folder_of, free_file, newest_snapshot
from desktop.backups.container import STORE, SUFFIX, read_about, unpack_slots
from desktop.backups.making import make_snapshot
from desktop.backups.restoring import unpack_and_prove
from desktop.machine import installation
from desktop.machine.clock import now
from desktop.machine.failed_unlocks import counted_unlock
from desktop.machine.private_files import PrivateFiles
from desktop.machine.vault_creation import making_place, put_in_place
from desktop.session.read_only_vault import ReadOnlyVault
from desktop.session.unlocked_session import UnlockedSession
from desktop.store.migrations import MIGRATIONS, migrate_store, store_format
from desktop.store.snapshot import copy_file, quick_look
from desktop.store.store import Store
from desktop.vault.lock import VaultLock
from desktop.vault.session import people, read_header
from desktop.vault.slots import read_slots
from domain.errors import CountersignError, FileProblem, InUse, UsageProblem
from domain.identity import iso
from domain.log.checkpoint import Checkpoint, origin_of
from domain.messages import message
from domain.services import Progress

Unlock = Callable[..., UnlockedSession]


def restore(
    file: Path,
    folder: Path,
    *,
    person: str,
    passphrase: str,
    unlock_vault: Unlock,
    reason: str = "",
    progress: Progress | None = None,
) -> UnlockedSession:
    """A new vault folder from a backup file: proven whole before it appears, and shown apart by its first entry.

    Raises:
        FileProblem: there is something in the place already, or the disk refused.
        Damaged: the backup does not hold; nothing was made.
        UsageProblem: this computer has seen newer entries, and there is no reason for going on without them.
    """
    about = read_about(file)
    seen = installation.remembered_checkpoint(about.vault)
    if seen is not None and seen.size > about.size and not reason.strip():
        raise UsageProblem(
            message(
                "This backup has {size} entries; this computer has already seen {size_2} of this vault.",
                size=about.size,
                size_2=seen.size,
            ),
            where=file.name,
            remedy=message("Restore the newest backup; or give a reason (--reason) for going on from this one."),
        )
    making = making_place(folder)
    try:
        proven = unpack_and_prove(file, making, person=person, passphrase=passphrase, progress=progress)
        vault = unlock_vault(making, person=person, passphrase=passphrase, in_making=True)
        try:
            checkpoint = vault.accept_older(reason=reason, source=proven.source)
        finally:
            vault.discard()
        put_in_place(making, folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    try:
        # From here on this installation follows the restored line; the signed entry says since when.
        installation.remember_checkpoint(about.vault, checkpoint)
        installation.remember_files_checked(about.vault, iso(now()))  # proven whole, evidence bytes and all
        return unlock_vault(folder, person=person, passphrase=passphrase)
    except CountersignError as problem:
        raise FileProblem(
            message("The vault is restored and in its place, but could not be opened: {what}", what=problem.what),
            where=str(folder),
            remedy=message("Unlock it there; it need not be restored again."),
        ) from problem


def is_snapshot(path: Path) -> bool:
    """Whether a path given as a vault names a backup file instead."""
    return path.suffix == SUFFIX and path.is_file()


def people_in(file: Path) -> tuple[str, ...]:
    """Names that can open a backup, from the clear header of its key slots.

    Raises:
        FileProblem, Damaged, NewerFormat: it is no backup that can be read.
    """
    place = PrivateFiles()
    try:
        folder = place.folder() / file_name_as_vault(file)
        unpack_slots(file, folder)
        return people(folder)
    finally:
        place.close()


def open_snapshot(file: Path, *, person: str, passphrase: str) -> ReadOnlyVault:
    """Look into a backup: unpacked to a private place, still encrypted, read only, removed when it is locked.

    Raises:
        WrongPassphrase, Damaged, FileProblem, NewerFormat: as `unpack_and_prove` raises them; the log is not
        replayed before opening, ask `verify` for that.
    """
    place = PrivateFiles()
    try:
        folder = place.folder() / file_name_as_vault(file)
        proven = unpack_and_prove(file, folder, person=person, passphrase=passphrase, whole=False)
        lock = VaultLock(folder, at=iso(now()))
        lock.acquire()
        keys = counted_unlock(folder, person=person, passphrase=passphrase)
        try:
            store = Store.open(folder / STORE, keys.store_key, vault=keys.vault_id, read_only=True)
        except BaseException:
            keys.close()
            lock.release()
            raise
    except BaseException:
        place.close()
        raise
    return ReadOnlyVault(place=place, made_at=proven.about.made_at, folder=folder, keys=keys, store=store, lock=lock)


def in_use(problem: InUse, folder: Path) -> InUse:
    """The refusal of a second opening, with the newest copy that can be looked into meanwhile."""
    newest = newest_snapshot(read_header(folder).vault)
    if newest is None:
        return problem
    offer = message(
        "Or look into the newest copy, from {made_at}, read only: {file}", made_at=newest.made_at, file=newest.file
    )
    return InUse(problem.what, where=problem.where, remedy=f"{problem.remedy} {offer}")


def file_name_as_vault(file: Path) -> str:
    """The folder name under which a looked-into copy is shown."""
    return f"{file.stem}.vault"


class Migrated(msgspec.Struct, frozen=True, kw_only=True):
    """What a migration did: from which format to which, and the backup made before."""

    before: int
    after: int
    backup: Snapshot | None


def migrate(folder: Path, *, person: str, passphrase: str, unlock_vault: Unlock) -> Migrated:
    """Bring a store to today's format: a backup first, then every step in one transaction, then the entry that says so.

    Raises:
        NewerFormat: written by a newer program. InUse: another program holds the vault.
        Damaged: the result is not today's schema; the store is as it was.
    """
    people(folder)
    with VaultLock(folder, at=iso(now())), counted_unlock(folder, person=person, passphrase=passphrase) as keys:
        path, key = folder / STORE, keys.store_key
        before = store_format(path, key)
        made: list[Snapshot] = []

        def backup() -> None:
            head = quick_look(path, key, any_format=True)
            note = note_of(Checkpoint(origin=origin_of(keys.vault_id), size=head.size, root=head.root()), keys)
            at = now()
            read = read_slots(folder)
            made.append(
                make_snapshot(
                    free_file(backup_folder_of(keys.vault_id), folder, at),
                    vault_folder=folder,
                    vault=keys.vault_id,
                    name=keys.vault_name,
                    key=key,
                    slots=(folder / read.copies[0].file).read_bytes(),
                    copy_store=lambda target: copy_file(path, target, key),
                    checkpoint=note,
                    at=at,
                    why=BEFORE_A_MIGRATION,
                    any_format=True,
                )
            )

        after = migrate_store(path, key, migrations=MIGRATIONS, before=backup)
    if after != before:
        unlock_vault(folder, person=person, passphrase=passphrase).lock()
    return Migrated(before=before, after=after, backup=made[0] if made else None)
