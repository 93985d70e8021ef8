"""Recovery slots under key: what the code on a printed sheet opens.

They are of no use to find a passphrase by: the code is random, and no person's own keys lie in them.
"""

from __future__ import annotations

from desktop.vault.passphrases import SALT_SIZE
from desktop.vault.primitives import (
    Secret,
    new_x25519_secret,
    open_sealed,
    random_bytes,
    same_bytes,
    seal,
    x25519_public,
)
from desktop.vault.recovery_code import slot_key
from desktop.vault.sealing import commitment, slot_aad, sub_key
from desktop.vault.slot_format import Kdf, Publics, Slot, SlotFile, Wrapped
from domain.errors import Damaged, WrongPassphrase
from domain.messages import message


class RecoverySecrets:
    """What a recovery slot opens: the data key, the key under which more can be left for it, the root key."""

    __slots__ = ("dek", "dek_next", "root", "x25519")

    def __init__(self, *, dek: Secret, x25519: Secret, root: Secret, dek_next: Secret | None = None) -> None:
        self.dek = dek
        self.dek_next = dek_next
        self.x25519 = x25519
        self.root = root

    def wipe(self) -> None:
        """Overwrite everything."""
        for secret in (self.dek, self.dek_next, self.x25519, self.root):
            if secret is not None:
                secret.wipe()


def seal_recovery_slot(
    code: Secret,
    *,
    dek: Secret,
    root: Secret,
    vault: str,
    slot: str,
    person: str,
    name: str,
    generation: int,
    dek_next: Secret | None = None,
) -> Slot:
    """A slot under the secret of a recovery code, for the person whose sheet it is."""
    kdf = Kdf(name="hkdf-sha256", memory_kib=0, iterations=0, lanes=0, salt=random_bytes(SALT_SIZE))
    kek, x25519 = slot_key(code, salt=kdf.salt), new_x25519_secret()

    def wrap(purpose: str, secret: Secret) -> bytes:
        aad = slot_aad(vault=vault, slot=slot, person=person, generation=generation, kdf=kdf, purpose=purpose)
        key = sub_key(kek, purpose)
        try:
            return seal(key, secret.expose(), aad=aad)
        finally:
            key.wipe()

    try:
        return Slot(
            slot=slot,
            kind="recovery",
            person=person,
            name=name,
            generation=generation,
            kdf=kdf,
            commit=commitment(kek),
            wrapped=Wrapped(
                dek=wrap("dek", dek),
                dek_next=wrap("dek_next", dek_next) if dek_next else None,
                x25519=wrap("x25519", x25519),
                root=wrap("root", root),
            ),
            public=Publics(ed25519=b"", p256=b"", x25519=x25519_public(x25519)),
        )
    finally:
        kek.wipe()
        x25519.wipe()


def open_recovery_slot(slots: SlotFile, code: Secret, *, where: str) -> tuple[Slot, RecoverySecrets]:
    """The recovery slot that this code opens, and what it holds.

    Raises:
        WrongPassphrase: the code opens none of them: it was replaced or belongs to another vault.
        Damaged: it does open one, but a sealed value was altered.
    """
    for slot in slots.slots:
        if slot.kind != "recovery":
            continue
        kek = slot_key(code, salt=slot.kdf.salt)
        try:
            if same_bytes(commitment(kek), slot.commit):
                return slot, _recovered(slots, slot, kek, where=where)
        finally:
            kek.wipe()
    raise WrongPassphrase(
        message("This recovery code opens nothing here."),
        where=where,
        remedy=message("Use the sheet that was printed last for this vault; every new sheet replaces the one before."),
    )


def _recovered(slots: SlotFile, slot: Slot, kek: Secret, *, where: str) -> RecoverySecrets:
    def unwrap(purpose: str, sealed: bytes | None) -> Secret:
        aad = slot_aad(
            vault=slots.vault,
            slot=slot.slot,
            person=slot.person,
            generation=slot.generation,
            kdf=slot.kdf,
            purpose=purpose,
        )
        key = sub_key(kek, purpose)
        try:
            return open_sealed(key, sealed or b"", aad=aad)
        except Damaged as problem:
            raise Damaged(
                problem.what,
                where=message(
                    "{where}, recovery slot of {slot!r}, {purpose}", where=where, slot=slot.name, purpose=purpose
                ),
            ) from problem
        finally:
            key.wipe()

    wrapped = slot.wrapped
    return RecoverySecrets(
        dek=unwrap("dek", wrapped.dek),
        dek_next=unwrap("dek_next", wrapped.dek_next) if wrapped.dek_next else None,
        x25519=unwrap("x25519", wrapped.x25519),
        root=unwrap("root", wrapped.root),
    )
