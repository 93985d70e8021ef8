"""Opening a vault to look into it: damaged, on a medium that cannot be written, or simply untouched."""

from __future__ import annotations

from pathlib import Path

from desktop.machine.clock import now
from desktop.machine.failed_unlocks import counted_unlock
from desktop.session import inspection
from desktop.session.unlocked_session import UnlockedSession
from desktop.store.store import Store
from desktop.vault.lock import VaultLock
from desktop.vault.passphrases import KdfCost
from domain.errors import Damaged, FileProblem
from domain.identity import iso
from domain.messages import message


def inspect_vault(
    store_file: Path, folder: Path, *, person: str, passphrase: str, cost: KdfCost | None = None
) -> UnlockedSession:
    """The vault for reading: the store is opened so that nothing can be written to it, acts are refused.

    A folder that cannot be written takes no lock. What does not hold is reported as notices, not raised, as far as
    the store can be read at all.

    Raises:
        WrongPassphrase: name or passphrase is not right. InUse: another program holds the vault.
        Damaged: the key slots or the first page of the store cannot be read.
        Unavailable: files are missing, or an interrupted transaction waits that only a writer can complete.
    """
    lock = VaultLock(folder, at=iso(now()))
    unlocked = ""
    try:
        lock.acquire()
    except FileProblem as problem:
        unlocked = message("No lock could be taken: {what}", what=problem.what)
    try:
        keys = counted_unlock(folder, person=person, passphrase=passphrase)
        try:
            store = Store.open(store_file, keys.store_key, vault=keys.vault_id, read_only=True, any_schema=True)
        except BaseException:
            keys.close()
            raise
    except BaseException:
        lock.release()
        raise
    vault = UnlockedSession(folder=folder, keys=keys, store=store, lock=lock, cost=cost)
    vault.inspect_only(inspection.ASKED)
    vault.notice(inspection.ASKED, *((unlocked,) if unlocked else ()), *_slots_notice(vault, keys.slots_hash))
    if wrong := store.schema_differences():
        vault.inspect_only(inspection.ASKED, damaged=True)
        vault.notice(
            *(
                message("{name} {what}: this program did not build the store so.", name=name, what=what)
                for name, what in wrong.items()
            )
        )
    vault.notice_damage()
    return vault


def _slots_notice(vault: UnlockedSession, slots_hash: str) -> tuple[str, ...]:
    try:
        recorded = vault.register.vault().slots
    except Damaged as problem:
        return (str(problem),)
    if recorded == slots_hash:
        return ()
    return (message("The key slots are not those that the log recorded last."),)
