"""Using a recovery sheet: new keys for its person, allowed by the rules, recorded, with a new sheet at once."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import msgspec

from desktop.machine.clock import now
from desktop.session.keys_and_people import NOT_YET, certified_key
from desktop.session.rotating import open_store
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.key_ring import KeyRing
from desktop.vault.lock import VaultLock
from desktop.vault.passphrases import KdfCost
from desktop.vault.recovery import Recovered, open_with_code
from desktop.vault.recovery_code import read_code
from desktop.vault.slots import read_slots
from domain.commands.deciding import judge
from domain.commands.keys import RecoverKey
from domain.errors import Refused
from domain.identity import iso
from domain.messages import message
from domain.services import SheetDraft


def recover(
    folder: Path, *, store_file: str, code: str, passphrase: str, cost: KdfCost | None
) -> tuple[UnlockedSession, SheetDraft]:
    """Open the vault with a recovery code; its person has new keys under `passphrase` afterwards.

    The old sheet is used up; the one that comes back is in force already and has to be printed.

    Raises:
        UsageProblem: the code was mistyped, or the passphrase is too weak.
        WrongPassphrase: the code opens nothing here.
        Refused: nobody else has asked for this person's new key, or the sheet is not in force; nothing changed.
        Damaged, InUse, Unavailable: as for unlocking.
    """
    read_slots(folder)
    lock = VaultLock(folder, at=iso(now()))
    lock.acquire()
    try:
        recovered = open_with_code(folder, code=code, passphrase=passphrase, at=iso(now()), cost=cost)
        try:
            store = open_store(folder / store_file, recovered.keys)
        except BaseException:
            recovered.keys.close()
            raise
    except BaseException:
        lock.release()
        raise
    vault = UnlockedSession(folder=folder, keys=recovered.keys, store=store, lock=lock, cost=cost)
    try:
        draft = _take_place(vault, recovered, keys=recovered.keys)
        vault.reconcile()
    except BaseException:
        vault.discard()
        raise
    return vault, draft


def _take_place(vault: UnlockedSession, recovered: Recovered, *, keys: KeyRing) -> SheetDraft:
    from desktop.documents.recovery_sheets import draft_sheet  # noqa: PLC0415 (it is slow to import and not needed for reading)

    actor = vault.actor()
    recorded = vault.register.vault().slots
    keys.check_slots_hash(recorded)
    ask = RecoverKey(
        sheet=recovered.sheet,
        proof=recovered.proof,
        key=certified_key(keys.enrolment),
        new_sheet_id=NOT_YET,
        new_sheet_public="",
        slots=keys.slots_hash,
    )
    verdict = judge(ask, vault.register, actor)
    if not verdict.allowed:
        # Not recorded: there is no key yet that could sign the refusal.
        raise Refused(message("This sheet cannot be used: {text}", text=verdict.obstacles[0].text), verdict.obstacles)
    vault.copy_before(message("a recovery"))
    draft = draft_sheet(keys, vault=vault.register.vault(), at=actor.at)
    code = read_code(draft.code)
    try:
        public = keys.take_recovered_place(code=code, slot_id=draft.sheet)
    finally:
        code.wipe()
    vault.perform(
        msgspec.structs.replace(
            ask,
            new_sheet_id=draft.sheet,
            new_sheet_public=b64encode(public).decode(),
            slots=keys.slots_hash,
        )
    )
    return draft
