"""A person's own keys: who they are in public, and the private halves while the vault is unlocked."""

from __future__ import annotations

import msgspec

from desktop.vault.primitives import (
    Secret,
    ed25519_public,
    ed25519_sign,
    new_ed25519_seed,
    new_p256_secret,
    new_x25519_secret,
    p256_pkcs8,
    p256_public,
    p256_sign,
    x25519_public,
)
from desktop.vault.statements import (
    ENROLMENT_PREFIX,
    LOG_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    Certificate,
    LogCertificate,
    Publics,
    key_id,
    log_statement,
    person_statement,
)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """A person as others see them: id, name, the id of the signing key, the public keys."""

    person: str
    name: str
    key: str
    public: Publics


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What the log must record when a person gets keys: who, and the certificate with its proof."""

    identity: Identity
    certificate: Certificate


class SigningKeys:
    """The three private keys of one person. Held while unlocked, overwritten on `wipe`, never shown."""

    __slots__ = ("ed25519", "p256", "public", "x25519")

    def __init__(self, *, ed25519: Secret, p256: Secret, x25519: Secret) -> None:
        self.ed25519 = ed25519
        self.p256 = p256
        self.x25519 = x25519
        self.public = Publics(ed25519=ed25519_public(ed25519), p256=p256_public(p256), x25519=x25519_public(x25519))

    @classmethod
    def new(cls) -> SigningKeys:
        """Fresh keys from the operating system's random source."""
        return cls(ed25519=new_ed25519_seed(), p256=new_p256_secret(), x25519=new_x25519_secret())

    @property
    def key_id(self) -> str:
        """The id of the signing key (hex, 16 bytes)."""
        return key_id(self.public.ed25519)

    def sign_entry(self, signing_input: bytes) -> bytes:
        """The 64-byte Ed25519 signature over bytes that already carry their domain prefix."""
        return ed25519_sign(self.ed25519, signing_input)

    def sign_document(self, data: bytes) -> bytes:
        """ECDSA P-256 with SHA-256 over `data`, DER: for PDF signatures only, never for the log."""
        return p256_sign(self.p256, data)

    def document_key_pkcs8(self) -> bytes:
        """The PDF key as PKCS #8 DER, for a signer that works in memory."""
        return p256_pkcs8(self.p256)

    def wipe(self) -> None:
        """Overwrite all three."""
        for secret in (self.ed25519, self.p256, self.x25519):
            secret.wipe()

    def __repr__(self) -> str:
        return f"SigningKeys(key={self.key_id})"


def certify(root: Secret, keys: SigningKeys, *, vault: str, person: str, name: str, since: str) -> Certificate:
    """Have the root say that these keys are this person's, and the person prove to hold them.

    `since` is the ISO 8601 UTC time from which the certificate speaks.
    """
    statement = person_statement(vault=vault, person=person, name=name, public=keys.public, since=since)
    return Certificate(
        statement=statement,
        root_signature=ed25519_sign(root, PERSON_CERTIFICATE_PREFIX + statement),
        proof=ed25519_sign(keys.ed25519, ENROLMENT_PREFIX + statement),
    )


def certify_log_key(root: Secret, log_public: bytes, *, vault: str, since: str) -> LogCertificate:
    """Have the root say that this key signs the vault's checkpoints."""
    statement = log_statement(vault=vault, log_public=log_public, since=since)
    return LogCertificate(statement=statement, root_signature=ed25519_sign(root, LOG_CERTIFICATE_PREFIX + statement))
