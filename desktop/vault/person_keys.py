"""A person's own keys: who they are in public, and the private halves while the vault is unlocked."""

from __future__ import annotations

from base64 import b64encode

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
from desktop.vault.slot_format import Certificate, Publics
from domain.log.certificates import (
    ENROLMENT_PREFIX,
    LOG_KEY_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    log_key_statement,
    person_statement,
    signing_key_id,
)
from domain.records.people import PersonKey


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

    def person_key(self, *, valid_from: str, revoked_from: str = "") -> PersonKey:
        """The record of this key, as the log keeps it."""
        public = self.identity.public
        return PersonKey(
            id=self.identity.key,
            person=self.identity.person,
            ed25519=_text(public.ed25519),
            p256=_text(public.p256),
            x25519=_text(public.x25519),
            statement=self.certificate.statement.decode(),
            certificate=_text(self.certificate.root_signature),
            possession=_text(self.certificate.possession),
            valid_from=valid_from,
            revoked_from=revoked_from,
        )


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
        return signing_key_id(self.public.ed25519)

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


def certify(root: Secret, keys: SigningKeys, *, vault: str, person: str, name: str, at: str) -> Certificate:
    """Have the root say that these keys are this person's, and the person prove to hold them.

    `at` is the ISO 8601 UTC time from which the certificate speaks.
    """
    public = keys.public
    statement = person_statement(
        vault=vault,
        person=person,
        name=name,
        ed25519=public.ed25519,
        p256=public.p256,
        x25519=public.x25519,
        valid_from=at,
    )
    return Certificate(
        statement=statement,
        root_signature=ed25519_sign(root, PERSON_CERTIFICATE_PREFIX + statement),
        possession=ed25519_sign(keys.ed25519, ENROLMENT_PREFIX + statement),
    )


def certify_log_key(root: Secret, log_public: bytes, *, vault: str) -> bytes:
    """The root's signature that this key signs the vault's checkpoints."""
    return ed25519_sign(root, LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault=vault, log_key=log_public))


def _text(data: bytes) -> str:
    return b64encode(data).decode()
