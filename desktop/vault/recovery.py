"""From a recovery code to keys: nothing is written before the log has agreed."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import msgspec

from desktop.vault.data_key import data_keys, root_left_for
from desktop.vault.key_ring import KeyRing
from desktop.vault.passphrases import KdfCost, default_cost
from desktop.vault.person_keys import SigningKeys
from desktop.vault.primitives import ed25519_public
from desktop.vault.recovery_code import read_code, sign_with_sheet
from desktop.vault.recovery_slot import RecoverySecrets, open_recovery_slot
from desktop.vault.sealing import SlotSecrets, open_log_key
from desktop.vault.slot_format import Slot, SlotFile
from desktop.vault.slots import read_slots
from desktop.vault.unlocked import new_person_slot
from domain.errors import Damaged
from domain.log.certificates import SHEET_PROOF_PREFIX
from domain.messages import message


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """What a code gives: new keys for the sheet's person, on no disk yet, and the sheet's proof (base64)."""

    keys: KeyRing
    sheet: str
    proof: str


def open_with_code(folder: Path, *, code: str, passphrase: str, at: str, cost: KdfCost | None = None) -> Recovered:
    """Make new keys for the person whose recovery sheet this is, under a new passphrase.

    Nothing is written: `KeyRing.take_recovered_place` does that, when the rules allow it.

    Raises:
        UsageProblem: the code was mistyped, or the passphrase is too weak.
        WrongPassphrase: the code opens nothing here.
        Damaged: the slots were altered. Unavailable: no vault here.
    """
    secret = read_code(code)
    try:
        read = read_slots(folder)
        where = f"{folder.name}/{read.copies[0].file}"
        slot, held = open_recovery_slot(read.slots, secret, where=where)
        try:
            _reconcile(read.slots, slot, held, where=where)
            log_seed = open_log_key(read.slots.vault_keys, dek=held.dek, vault=read.slots.vault, where=where)
            secrets = SlotSecrets(dek=held.dek, dek_next=held.dek_next, keys=SigningKeys.new(), root=held.root)
            enrolled, own = new_person_slot(
                secrets,
                root=held.root,
                vault=read.slots.vault,
                person_id=slot.person,
                name=slot.name,
                names=tuple(each.name for each in read.slots.slots),
                generation=read.slots.generation + 1,
                passphrase=passphrase,
                cost=cost or default_cost(),
                at=at,
            )
        except BaseException:
            held.wipe()
            raise
        held.x25519.wipe()
        keys = KeyRing(
            folder=folder, slots=read.slots, own=own, secrets=secrets, log_seed=log_seed, notices=read.notices
        )
        proof = sign_with_sheet(secret, SHEET_PROOF_PREFIX + enrolled.certificate.statement)
        return Recovered(keys=keys, sheet=slot.slot, proof=b64encode(proof).decode())
    finally:
        secret.wipe()


def _reconcile(slots: SlotFile, slot: Slot, held: RecoverySecrets, *, where: str) -> None:
    own = [key for key in (held.dek, held.dek_next) if key is not None]
    held.dek, held.dek_next = data_keys(slots, slot, own=own, x25519=held.x25519, where=where)
    left = root_left_for(slots, slot, x25519=held.x25519, where=where)
    if left is not None:
        held.root.wipe()
        held.root = left
    if ed25519_public(held.root) != slots.vault_keys.root_public:
        raise Damaged(message("The root key is not the one the slots name."), where=where)
