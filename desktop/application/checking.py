"""The check of a whole vault, stage by stage: slots, key, interrupted work, pages, structure, schema, replay."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from desktop.backups.container import STORE
from desktop.machine.clock import now
from desktop.machine.places import must_not_be_remote
from desktop.store.stages import Stage, check_stages
from desktop.store.verify import verify_store
from desktop.vault.ed25519 import verify_signature
from desktop.vault.lock import VaultLock
from desktop.vault.session import unlock
from desktop.vault.slots import SLOT_FILES, read_slots
from domain.errors import Damaged
from domain.identity import iso
from domain.log.verdict import LogVerdict
from domain.messages import message
from domain.services import Progress


def check_vault(
    folder: Path, *, person: str, passphrase: str, take_over: bool = False, progress: Progress | None = None
) -> tuple[Stage, ...]:
    """Run every stage and say what was found; nothing is recorded or mended, but interrupted work is rolled back.

    Raises:
        WrongPassphrase: name or passphrase is not right. InUse: another program holds the vault.
        Unavailable: files are missing. NewerFormat: written by a newer program.
    """
    try:
        read = read_slots(folder)
    except Damaged as problem:
        return (Stage(stage="slots", ok=False, text=problem.what),)
    must_not_be_remote(folder)
    whole = len(read.copies) == len(SLOT_FILES) and not read.notices
    slots = Stage(stage="slots", ok=whole, text=" ".join(read.notices) or message("Both copies of the key slots hold."))
    with VaultLock(folder, at=iso(now()), take_over=take_over):
        try:
            keys = unlock(folder, person_name=person, passphrase=passphrase)
        except Damaged as problem:
            return (slots, Stage(stage="keys", ok=False, text=problem.what))
        with keys:

            def replay(engine: Engine) -> LogVerdict:
                return verify_store(
                    engine,
                    vault=keys.vault_id,
                    root_key=keys.root_public,
                    verify_signature=verify_signature,
                    progress=progress,
                )

            return (slots, *check_stages(folder / STORE, keys.store_key, replay=replay))
