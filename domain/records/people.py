"""People, their keys and their roles, as records."""

from __future__ import annotations

from typing import Literal

import msgspec

ADMINISTRATOR = "administrator"


class Vault(msgspec.Struct, frozen=True, kw_only=True):
    """The vault's own record. Keys are base64; `slots` is the SHA-256 of the key slot file last written."""

    id: str
    name: str
    created: str
    format: int
    prefix: str
    root_key: str
    log_key: str
    log_certificate: str
    slots: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts. Ids are never used again, names are shown and printed.

    `identity_checked` says how whoever enrolled them made sure who they are (21 CFR 11.100(b)). Who is `proposed` can
    do nothing until another administrator confirms the enrolment: `confirmed_by` at `confirmed_at` ("" = one person
    alone enrolled them).
    """

    id: str
    name: str
    state: Literal["proposed", "active", "disabled"]
    enrolled_at: str
    enrolled_by: str
    identity_checked: str = ""
    confirmed_by: str = ""
    confirmed_at: str = ""

    @property
    def by_one_person(self) -> bool:
        """Whether one person alone enrolled them."""
        return self.confirmed_by in ("", self.enrolled_by)


class PersonKey(msgspec.Struct, frozen=True, kw_only=True):
    """A person's public keys, certified by the vault's root key. `id` is the key id in entry headers.

    `statement` is the canonical certificate statement, `certificate` the root's signature over it and
    `possession` the new key's own signature over it (base64).
    """

    id: str
    person: str
    ed25519: str
    p256: str
    x25519: str
    statement: str
    certificate: str
    possession: str
    valid_from: str
    revoked_from: str = ""


class PersonRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role held from a moment, until a moment ("" = open end).

    Nobody holds a role whose `state` is proposed; another administrator confirms it (`confirmed_by`; "" = one person
    alone gave it), and it is held from then on.
    """

    id: str
    person: str
    role: str
    scope: str = ""
    valid_from: str
    valid_until: str = ""
    granted_by: str
    state: Literal["", "proposed"] = ""
    confirmed_by: str = ""

    @property
    def by_one_person(self) -> bool:
        """Whether one person alone gave the role."""
        return self.confirmed_by in ("", self.granted_by)

    @property
    def is_proposal(self) -> bool:
        """Whether it waits for another administrator."""
        return self.state == "proposed" and not self.valid_until


class ProcessRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A process: the name under which its versions live."""

    id: str
    title: str


class ProcessVersionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a process. `definition` is the canonical JSON text, `sha256` its hash."""

    id: str
    process: str
    version: int
    state: Literal["draft", "in_review", "in_force", "retired"]
    definition: str
    sha256: str
    in_force_from: str = ""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refused command at a governed act: what was tried and which rules refused it.

    `obstacles` holds {"rule", "about"} objects: which rule decided, and about what.
    """

    id: str
    at: str
    person: str
    act: str
    subject: str = ""
    obstacles: list[dict[str, str]] = []


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word that their signatures here bind them like handwriting, signed before the first of them.

    21 CFR 11.10(j) and 11.100. `text` is what was shown, `key` the signing key it was given with.
    """

    id: str
    person: str
    key: str
    text: str
    signed_at: str


class KeyReset(msgspec.Struct, frozen=True, kw_only=True):
    """How a person who lost the passphrase gets a new key: one person asks, another one gives it.

    While it is open, whoever asked for it or would get the key may withdraw it. It is given by an administrator
    (`given_by`), or by the person's recovery sheet: then `sheet` names it and `proof` is the sheet's signature
    over the new certificate's statement (base64). What the old keys signed stays valid; nobody has them back.
    """

    id: str
    person: str
    state: Literal["asked", "given", "withdrawn"]
    reason: str = ""
    asked_by: str
    asked_at: str
    given_by: str = ""
    given_at: str = ""
    new_key: str = ""
    sheet: str = ""
    proof: str = ""


class RecoverySheet(msgspec.Struct, frozen=True, kw_only=True):
    """A printed recovery code of one person: only its public half is here.

    `public` is the Ed25519 key (base64) that the code gives; `tested_at` when a part of it was typed back
    from paper ("" = never).
    """

    id: str
    person: str
    public: str
    state: Literal["in_force", "used", "replaced"]
    made_at: str
    tested_at: str = ""
    ended_at: str = ""


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the data key, from its first step to its last."""

    id: str
    state: Literal["begun", "finished"]
    reason: str = ""
    begun_by: str
    begun_at: str
    finished_by: str = ""
    finished_at: str = ""


class FailedUnlockReport(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may be misuse, found by an installation and reported at the next unlock (21 CFR 11.300(d)).

    `person` is whose passphrase was tried ("" = a name unknown here), `count` how often; `locked_out` when so many
    were wrong in a row that only a new key opens there again.
    """

    id: str
    kind: Literal["wrong_passphrase", "locked_out"]
    person: str = ""
    count: int
    first_at: str
    last_at: str
    device: str
    reported_at: str
    reported_by: str
