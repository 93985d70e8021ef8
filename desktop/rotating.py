"""The second half of a change of the data key: the store, then the slots, then the log.

Safe to call again after a stop at any point: each step looks at what is done already.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.store.store import Store
from desktop.vault.key_ring import KeyRing
from domain.errors import Cancelled, CountersignError, Damaged, FileProblem, Unavailable
from domain.log.entry import Entry
from domain.ports import Progress
from domain.use_cases.finish_rotation import finish_rotation

if TYPE_CHECKING:
    from desktop.open_vault import UnlockedVault

STEPS = 5


def tell(progress: Progress | None, phase: str, done: int) -> None:
    """Say how far it is. What was begun is completed: asking to stop is not heard any more."""
    if progress is not None:
        with contextlib.suppress(Cancelled):
            progress(phase, done, STEPS)


def open_store(path: Path, keys: KeyRing) -> Store:
    """The store under whichever key it has: during a rotation the next one is tried first.

    Raises:
        Damaged, Unavailable, InUse, NewerFormat: as `Store.open`.
    """
    if keys.next_store_key is not None:
        try:
            store = Store.open(path, keys.next_store_key, vault=keys.vault_id)
        except Damaged:
            keys.store_has_next_key = False
        else:
            keys.store_has_next_key = True
            return store
    return Store.open(path, keys.store_key, vault=keys.vault_id)


def finish(vault: UnlockedVault, *, keys: KeyRing, store: Store, progress: Progress | None = None) -> Entry:
    """Bring store, slots and log to the next data key.

    Raises:
        FileProblem, Unavailable: the disk refused; both keys are still known and the next opening goes on.
        Damaged: the store does not hold under the new key.
    """
    if not keys.store_has_next_key:
        tell(progress, "encrypt store", 2)
        try:
            store.rekey(keys.next_store_key or b"")
        except CountersignError as problem:
            # The connection no longer knows under which key the pages are; SQLite finds out when it is opened anew.
            raise Unavailable(
                f"The change of the data key was begun and then stopped: {problem.what}",
                where=problem.where,
                cure="Nothing is lost. Lock the vault; unlocking it again completes the change.",
            ) from problem
        keys.store_has_next_key = True
    tell(progress, "store encrypted", 3)
    keys.finish_rotation()
    tell(progress, "slots written", 4)
    entry = vault.perform(finish_rotation, slots=keys.slots_hash)
    tell(progress, "end recorded", STEPS)
    settle_or_say(vault, keys)
    return entry


def settle_or_say(vault: UnlockedVault, keys: KeyRing) -> None:
    """Bring the older slot file up to date. What is recorded stays done if the disk refuses this."""
    try:
        keys.settle_copies()
    except FileProblem as problem:
        vault.notice(f"{problem.what} The older copy of the key slots is replaced at the next opening.")
