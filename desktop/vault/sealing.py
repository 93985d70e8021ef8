"""Slots under key: seal a person's keys under a passphrase, open them again, and prove the file whole.

From the passphrase comes one key; from it, by HKDF, a sub-key for each purpose, so no two sealed values and
no commitment ever share a key. AES-GCM alone would let a crafted value open under two keys, so the
commitment is compared first, in constant time.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from desktop.vault.passphrases import SALT_SIZE, KdfCost, key_from_passphrase, same_name
from desktop.vault.person_keys import SigningKeys
from desktop.vault.primitives import (
    Secret,
    ed25519_public,
    hkdf,
    hmac_sha256,
    open_sealed,
    open_sealed_to,
    random_bytes,
    same_bytes,
    seal,
    seal_to,
)
from desktop.vault.slot_format import (
    COMMIT_SIZE,
    FORMAT,
    Certificate,
    Kdf,
    Parcel,
    Slot,
    SlotFile,
    VaultKeys,
    Wrapped,
)
from domain.errors import Damaged, WrongPassphrase
from domain.log.canonical import canonical
from domain.messages import message

_SLOT_INFO = "countersign/slot/v1/"
_VAULT_INFO = "countersign/vault/v1/"


class SlotSecrets:
    """What one slot opens: the data key, the next one during a rotation, the person's keys, perhaps the root."""

    __slots__ = ("dek", "dek_next", "keys", "root")

    def __init__(
        self, *, dek: Secret, keys: SigningKeys, dek_next: Secret | None = None, root: Secret | None = None
    ) -> None:
        self.dek = dek
        self.dek_next = dek_next
        self.keys = keys
        self.root = root

    def wipe(self) -> None:
        """Overwrite everything."""
        self.keys.wipe()
        for secret in (self.dek, self.dek_next, self.root):
            if secret is not None:
                secret.wipe()


def wrong_passphrase(vault_folder: str) -> WrongPassphrase:
    """The one answer to a wrong passphrase and to an unknown name, so that neither shows which names exist."""
    return WrongPassphrase(
        message("The name or the passphrase is not right."),
        where=vault_folder,
        remedy=message("Type both again; capitals and the keyboard layout matter."),
    )


def seal_slot(
    secrets: SlotSecrets,
    *,
    vault: str,
    slot: str,
    person: str,
    name: str,
    generation: int,
    certificate: Certificate,
    passphrase: str,
    cost: KdfCost,
) -> Slot:
    """A person's slot under a passphrase, with a fresh salt."""
    kdf = Kdf(
        name="argon2id",
        memory_kib=cost.memory_kib,
        iterations=cost.iterations,
        lanes=cost.lanes,
        salt=random_bytes(SALT_SIZE),
    )
    kek = key_from_passphrase(passphrase, cost=cost, salt=kdf.salt)

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
            kind="person",
            person=person,
            name=name,
            generation=generation,
            kdf=kdf,
            commit=commitment(kek),
            wrapped=Wrapped(
                dek=wrap("dek", secrets.dek),
                dek_next=wrap("dek_next", secrets.dek_next) if secrets.dek_next else None,
                ed25519=wrap("ed25519", secrets.keys.ed25519),
                p256=wrap("p256", secrets.keys.p256),
                x25519=wrap("x25519", secrets.keys.x25519),
                root=wrap("root", secrets.root) if secrets.root else None,
            ),
            public=secrets.keys.public,
            certificate=certificate,
        )
    finally:
        kek.wipe()


def open_slot(slot: Slot, *, vault: str, passphrase: str, where: str, folder: str) -> SlotSecrets:
    """Everything a person's slot holds. `folder` is all a wrong passphrase learns; `where` is for damage.

    Raises:
        WrongPassphrase: the passphrase does not open this slot.
        Damaged: it does, but a sealed value was altered or a private key does not match its public one.
    """
    kek = _matching_key(slot, passphrase=passphrase, folder=folder)
    opened: list[Secret] = []

    def unwrap(purpose: str, sealed: bytes | None) -> Secret:
        aad = slot_aad(
            vault=vault, slot=slot.slot, person=slot.person, generation=slot.generation, kdf=slot.kdf, purpose=purpose
        )
        key = sub_key(kek, purpose)
        try:
            secret = open_sealed(key, sealed or b"", aad=aad)
        except Damaged as problem:
            raise Damaged(
                problem.what,
                where=message("{where}, slot of {slot!r}, {purpose}", where=where, slot=slot.name, purpose=purpose),
            ) from problem
        finally:
            key.wipe()
        opened.append(secret)
        return secret

    wrapped = slot.wrapped
    try:
        keys = SigningKeys(
            ed25519=unwrap("ed25519", wrapped.ed25519),
            p256=unwrap("p256", wrapped.p256),
            x25519=unwrap("x25519", wrapped.x25519),
        )
        _check_halves(keys, slot, where=where)
        return SlotSecrets(
            dek=unwrap("dek", wrapped.dek),
            dek_next=unwrap("dek_next", wrapped.dek_next) if wrapped.dek_next else None,
            keys=keys,
            root=unwrap("root", wrapped.root) if wrapped.root else None,
        )
    except Damaged:
        for secret in opened:
            secret.wipe()
        raise
    finally:
        kek.wipe()


def check_passphrase(slot: Slot, *, passphrase: str, folder: str) -> None:
    """Say nothing if the passphrase opens the slot.

    Raises:
        WrongPassphrase: it does not.
    """
    _matching_key(slot, passphrase=passphrase, folder=folder).wipe()


def spend_a_try(slots: SlotFile, *, person_name: str, passphrase: str) -> None:
    """Work as hard for a name that does not exist as for one that does, so that time does not tell."""
    likeness = next((slot.kdf for slot in slots.slots if slot.kind == "person"), None)
    if likeness is None:
        return
    salt = sha256(canonical([slots.vault, same_name(person_name).encode("utf-8", "replace").decode()])).digest()
    kek = key_from_passphrase(passphrase, cost=likeness.cost, salt=salt[:SALT_SIZE])
    same_bytes(commitment(kek), salt)
    kek.wipe()


def mac_of(slots: SlotFile, dek: Secret) -> bytes:
    """HMAC-SHA256 over the whole file but the MAC and sum, under the data key's sub-key for slots."""
    key = vault_key(dek, "slots-mac")
    try:
        return hmac_sha256(key, slots.maced())
    finally:
        key.wipe()


def with_mac(slots: SlotFile, dek: Secret) -> SlotFile:
    """The same slots, authenticated."""
    return msgspec.structs.replace(slots, mac=mac_of(slots, dek))


def has_mac_of(slots: SlotFile, dek: Secret) -> bool:
    """Whether the holder of this data key wrote these slots."""
    return same_bytes(mac_of(slots, dek), slots.mac)


def vault_key(dek: Secret, purpose: str) -> Secret:
    """A sub-key of the data key: `sqlcipher`, `slots-mac`, `log-key`. The data key itself encrypts nothing."""
    return hkdf(dek, info=(_VAULT_INFO + purpose).encode())


def seal_log_key(
    seed: Secret, *, dek: Secret, vault: str, log_public: bytes, certificate: bytes, root_public: bytes
) -> VaultKeys:
    """The vault's keys as the slot file carries them."""
    key = vault_key(dek, "log-key")
    try:
        sealed = seal(key, seed.expose(), aad=_vault_aad(vault, "log-key"))
    finally:
        key.wipe()
    return VaultKeys(log=sealed, log_public=log_public, log_certificate=certificate, root_public=root_public)


def open_log_key(keys: VaultKeys, *, dek: Secret, vault: str, where: str) -> Secret:
    """The seed of the log key.

    Raises:
        Damaged: altered, of another vault, or not the private half of the log key the slots name.
    """
    key = vault_key(dek, "log-key")
    try:
        seed = open_sealed(key, keys.log, aad=_vault_aad(vault, "log-key"))
    except Damaged as problem:
        raise Damaged(problem.what, where=message("{where}, log key", where=where)) from problem
    finally:
        key.wipe()
    if ed25519_public(seed) != keys.log_public:
        seed.wipe()
        raise Damaged(
            message("The log key is not the one the slots name."), where=message("{where}, log key", where=where)
        )
    return seed


def seal_parcel(secret: Secret, *, vault: str, to: Slot, purpose: str, generation: int) -> bytes:
    """A key for a person who is not here, openable with the X25519 key in that person's slot.

    Raises:
        Damaged: the slot carries no usable public key.
    """
    if to.public is None:
        raise Damaged(message("A slot without public keys cannot be left a key."), where=to.name)
    info = _parcel_info(vault=vault, slot=to.slot, person=to.person, purpose=purpose, generation=generation)
    return seal_to(to.public.x25519, secret.expose(), info=info)


def open_parcel(parcel: Parcel, *, vault: str, x25519: Secret, where: str) -> Secret:
    """The key left in a parcel, with the private key of the slot it was left for.

    Raises:
        Damaged: altered, or not for this person.
    """
    info = _parcel_info(
        vault=vault,
        slot=parcel.slot,
        person=parcel.person,
        purpose=parcel.purpose,
        generation=parcel.generation,
    )
    try:
        return open_sealed_to(x25519, parcel.box, info=info)
    except Damaged as problem:
        raise Damaged(
            problem.what, where=message("{where}, key left for {person!r}", where=where, person=parcel.person)
        ) from problem


def _matching_key(slot: Slot, *, passphrase: str, folder: str) -> Secret:
    kek = key_from_passphrase(passphrase, cost=slot.kdf.cost, salt=slot.kdf.salt)
    if same_bytes(commitment(kek), slot.commit):
        return kek
    kek.wipe()
    raise wrong_passphrase(folder)


def _check_halves(keys: SigningKeys, slot: Slot, *, where: str) -> None:
    if keys.public != slot.public:
        raise Damaged(
            message("The slot's public keys are not those of its private keys."), where=f"{where}, {slot.name!r}"
        )


def commitment(kek: Secret) -> bytes:
    """What is compared before anything is opened: a value that only this key gives."""
    derived = hkdf(kek, info=(_SLOT_INFO + "commit").encode(), length=COMMIT_SIZE)
    try:
        return bytes(derived.expose())
    finally:
        derived.wipe()


def sub_key(kek: Secret, purpose: str) -> Secret:
    """The key that seals one purpose of a slot and nothing else."""
    return hkdf(kek, info=(_SLOT_INFO + purpose).encode())


def slot_aad(*, vault: str, slot: str, person: str, generation: int, kdf: Kdf, purpose: str) -> bytes:
    """Where a sealed value belongs: moved to any other place, it does not open."""
    return canonical(
        {
            "format": FORMAT,
            "vault": vault,
            "slot": slot,
            "person": person,
            "generation": generation,
            "kdf": msgspec.to_builtins(kdf),
            "purpose": purpose,
        }
    )


def _vault_aad(vault: str, purpose: str) -> bytes:
    return canonical({"format": FORMAT, "vault": vault, "purpose": purpose})


def _parcel_info(*, vault: str, slot: str, person: str, purpose: str, generation: int) -> bytes:
    return canonical(
        {
            "format": FORMAT,
            "vault": vault,
            "slot": slot,
            "person": person,
            "purpose": purpose,
            "generation": generation,
        }
    )
