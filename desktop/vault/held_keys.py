"""The keys of an unlocked vault in memory: who is here, what the keys sign, and how they go away."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from desktop.vault.passphrases import KdfCost
from desktop.vault.person_keys import Enrolment, Identity
from desktop.vault.primitives import Secret, ed25519_sign, hkdf, open_sealed, seal
from desktop.vault.sealing import SlotSecrets, check_passphrase, has_mac_of, vault_key
from desktop.vault.slot_format import Slot, SlotFile, encode, file_hash
from domain.log.canonical import canonical
from domain.messages import message

_PRIVATE_INFO = b"countersign/person/v1/private"


class HeldKeys:
    """The keys of one person in one vault, from unlock to `close`. Not shared between threads."""

    def __init__(
        self,
        *,
        folder: Path,
        slots: SlotFile,
        own: Slot,
        secrets: SlotSecrets,
        log_seed: Secret,
        notices: tuple[str, ...] = (),
    ) -> None:
        self._folder = folder
        self._slots = slots
        self._own = own
        self._secrets = secrets
        self._log_seed = log_seed
        self._store_key = vault_key(secrets.dek, "sqlcipher")
        self._next_store_key = vault_key(secrets.dek_next, "sqlcipher") if secrets.dek_next else None
        self._slots_hash = file_hash(encode(slots))
        self.notices = notices

    @property
    def vault_id(self) -> str:
        """The vault's id."""
        return self._slots.vault

    @property
    def vault_name(self) -> str:
        """The vault's name as its first administrator gave it."""
        return self._slots.name

    @property
    def identity(self) -> Identity:
        """Who is unlocked here."""
        return Identity(
            person=self._own.person,
            name=self._own.name,
            key=self._secrets.keys.key_id,
            public=self._secrets.keys.public,
        )

    @property
    def enrolment(self) -> Enrolment:
        """The unlocked person's certificate, for the log."""
        assert self._own.certificate is not None
        return Enrolment(identity=self.identity, certificate=self._own.certificate)

    @property
    def is_administrator(self) -> bool:
        """Whether this person holds the vault's root key."""
        return self._secrets.root is not None

    @property
    def root_public(self) -> bytes:
        """The vault's root public key; its fingerprint is what people compare."""
        return self._slots.vault_keys.root_public

    @property
    def log_public(self) -> bytes:
        """The public key of the vault's checkpoints."""
        return self._slots.vault_keys.log_public

    @property
    def log_certificate(self) -> bytes:
        """The root's signature that certifies the log key."""
        return self._slots.vault_keys.log_certificate

    @property
    def key_cost(self) -> KdfCost:
        """What one try of this person's passphrase costs whoever has the file."""
        return self._own.kdf.cost

    @property
    def slots_hash(self) -> str:
        """SHA-256 (hex) of the slot file in force."""
        return self._slots_hash

    @property
    def slots_generation(self) -> int:
        """The generation of the slot file in force, counted from 1."""
        return self._slots.generation

    @property
    def store_key(self) -> bytes:
        """The 32-byte key of the store: a sub-key of the data key, never the data key.

        Raises:
            Unavailable: closed.
        """
        return bytes(self._store_key.expose())

    @property
    def next_store_key(self) -> bytes | None:
        """While the vault is changing its data key: the store key to try first; else None."""
        return bytes(self._next_store_key.expose()) if self._next_store_key else None

    def sign_entry(self, signing_input: bytes) -> bytes:
        """This person's 64-byte Ed25519 signature over bytes that carry their domain prefix.

        Raises:
            Unavailable: closed.
        """
        return self._secrets.keys.sign_entry(signing_input)

    def sign_checkpoint_as_vault(self, note: bytes) -> bytes:
        """The log key's Ed25519 signature over the text of a checkpoint.

        That the checkpoint extends the last one is for the caller to prove first.

        Raises:
            Unavailable: closed.
        """
        return ed25519_sign(self._log_seed, note)

    def sign_document(self, data: bytes) -> bytes:
        """This person's ECDSA P-256 signature (DER) for a PDF."""
        return self._secrets.keys.sign_document(data)

    def document_key_pkcs8(self) -> bytes:
        """This person's PDF key as PKCS #8 DER, for a signer in memory. Never written anywhere."""
        return self._secrets.keys.document_key_pkcs8()

    def seal_private(self, data: bytes, *, about: str) -> bytes:
        """Bytes that nobody opens but this person, not even with the data key; bound to what they are `about`.

        Raises:
            Unavailable: closed.
        """
        key = self._private_key()
        try:
            return seal(key, data, aad=self._private_place(about))
        finally:
            key.wipe()

    def open_private(self, sealed: bytes, *, about: str) -> bytes:
        """What `seal_private` was given.

        Raises:
            Damaged: altered, about something else, or sealed for a key this person no longer has.
            Unavailable: closed.
        """
        key = self._private_key()
        try:
            return bytes(open_sealed(key, sealed, aad=self._private_place(about)).expose())
        finally:
            key.wipe()

    def _private_key(self) -> Secret:
        return hkdf(self._secrets.keys.x25519, info=_PRIVATE_INFO)

    def _private_place(self, about: str) -> bytes:
        return canonical({"vault": self.vault_id, "person": self._own.person, "about": about})

    def reauthenticate(self, passphrase: str) -> None:
        """Prove anew that it is this person who signs: asked before every signing.

        Raises:
            WrongPassphrase: it is not this person's passphrase.
            Unavailable: closed.
        """
        self._check_open()
        check_passphrase(self._own, passphrase=passphrase, folder=self._folder.name)

    def wrote(self, slots: SlotFile) -> bool:
        """Whether a holder of this data key wrote these slots."""
        return has_mac_of(slots, self._secrets.dek)

    def moved_to(self, folder: Path) -> None:
        """The vault's folder was renamed while its keys are held."""
        self._folder = folder

    def close(self) -> None:
        """Overwrite every key held here. Harmless to repeat."""
        self._secrets.wipe()
        for secret in (self._log_seed, self._store_key, self._next_store_key):
            if secret is not None:
                secret.wipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return message(
            "{name}({own!r} in {slots!r})", name=type(self).__name__, own=self._own.name, slots=self._slots.name
        )

    def _check_open(self) -> None:
        self._secrets.dek.expose()
