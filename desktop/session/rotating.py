"""A change of the data key: a new store under the new key, made and proven beside the old one, then put in its place.

Until the key slots name the new key, stopping leaves everything as it was. From then on both keys are in the slots of
everyone who stays; whatever stops the program, the store in place opens under one of them, and `finish` completes the
rest. It is safe to call again after a stop at any point: each step looks at what is done already.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from desktop.backups.backup_files import prove_store
from desktop.machine.vault_creation import sync_folder
from desktop.session.session import KeySession
from desktop.store.store import Store
from desktop.vault.key_ring import KeyRing
from domain.commands.keys import FinishRotation
from domain.errors import Cancelled, CountersignError, Damaged, FileProblem, Unavailable
from domain.log.entry import Entry
from domain.messages import message
from domain.services import Progress

STEPS = 4
NEXT_STORE = "store.next"
"""The store under the new key, while it is made: encrypted like the other, and never read if the program stops."""


def notify(progress: Progress | None, phase: str, done: int) -> None:
    """Say how far it is. What was begun is completed: asking to stop is not heard any more."""
    if progress is not None:
        with contextlib.suppress(Cancelled):
            progress(phase, done, STEPS)


def open_store(path: Path, keys: KeyRing) -> Store:
    """The store under whichever key it has: during a rotation the next one is tried first.

    The caller holds the vault's lock; a new store that was never put in place is removed.

    Raises:
        Damaged, Unavailable, InUse, NewerFormat: as `Store.open`.
    """
    _clear(path.with_name(NEXT_STORE))
    if keys.next_store_key is not None:
        try:
            store = Store.open(path, keys.next_store_key, vault=keys.vault_id)
        except Damaged:
            keys.store_has_next_key = False
        else:
            keys.store_has_next_key = True
            return store
    return Store.open(path, keys.store_key, vault=keys.vault_id)


def make_next(folder: Path, *, keys: KeyRing, store: Store, key: bytes, progress: Progress | None = None) -> Path:
    """Every page of the open store anew under `key`, in a file beside it; its whole log is replayed there.

    Raises:
        Cancelled: `progress` asked to stop. Damaged: the replay does not hold. Unavailable: the disk refused.
        Nothing is left behind then.
    """
    target = folder / NEXT_STORE

    def pages(_phase: str, done: int, of: int) -> None:
        if progress is not None:
            progress(message("encrypt pages anew"), done, of)

    try:
        _clear(target)
        store.copy_to(target, key, progress=pages)
        _on_disk(target)
        prove_store(target, key, vault=keys.vault_id, root_key=keys.root_public, progress=progress)
    except BaseException as problem:
        with contextlib.suppress(OSError):  # then the next opening removes it
            _clear(target)
        if isinstance(problem, OSError):
            raise _refused(problem, target) from problem
        raise
    return target


def put_next_in_place(*, keys: KeyRing, store: Store, key: bytes, target: Path) -> None:
    """The new store takes the old one's name, durably; from here on the store is under `key`.

    Raises:
        Unavailable: the disk refused. Both keys are in the slots, so the next opening completes it.
    """

    def rename(path: Path) -> None:
        try:
            target.replace(path)
            sync_folder(path.parent)
        except OSError as problem:
            raise _refused(problem, path) from problem

    try:
        store.exchange(key, rename)
    except CountersignError as problem:
        raise Unavailable(
            message("The change of the data key was begun and then stopped: {what}", what=problem.what),
            where=problem.where,
            remedy=message("Nothing is lost. Lock the vault; unlocking it again completes the change."),
        ) from problem
    keys.store_has_next_key = True


def finish(vault: KeySession, *, keys: KeyRing, store: Store, progress: Progress | None = None) -> Entry:
    """Bring store, slots and log to the next data key.

    Raises:
        FileProblem, Unavailable: the disk refused; both keys are still known and the next opening goes on.
        Damaged: the store does not hold under the new key.
    """
    if not keys.store_has_next_key:
        key = keys.next_store_key or b""
        target = make_next(vault.folder, keys=keys, store=store, key=key)
        put_next_in_place(keys=keys, store=store, key=key, target=target)
    notify(progress, message("new store in place"), 2)
    keys.finish_rotation()
    notify(progress, message("slots written"), 3)
    entry = vault.perform(FinishRotation(slots=keys.slots_hash))
    notify(progress, message("end recorded"), STEPS)
    reconcile_or_report(vault, keys)
    return entry


def reconcile_or_report(vault: KeySession, keys: KeyRing) -> None:
    """Bring the older slot file up to date. What is recorded stays done if the disk refuses this."""
    try:
        keys.reconcile_copies()
    except FileProblem as problem:
        vault.notice(
            message("{what} The older copy of the key slots is replaced at the next opening.", what=problem.what)
        )


def _clear(target: Path) -> None:
    for file in (target, target.with_name(f"{target.name}-journal")):
        file.unlink(missing_ok=True)


def _on_disk(file: Path) -> None:
    with file.open("r+b") as made:
        os.fsync(made.fileno())


def _refused(problem: OSError, file: Path) -> Unavailable:
    return Unavailable(
        message(
            "The store cannot be written anew: {strerror}.", strerror=problem.strerror or message("input/output error")
        ),
        where=file.name,
        remedy=message("Free as much space as the store takes, and check the medium."),
    )
