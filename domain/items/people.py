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
    """Who acts. Ids are never used again, names are shown and printed."""

    id: str
    name: str
    state: Literal["active", "disabled"]
    enrolled_at: str
    enrolled_by: str


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
    revoked_from: str


class PersonRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role held from a moment, until a moment ("" = open end)."""

    id: str
    person: str
    role: str
    scope: str
    valid_from: str
    valid_until: str
    granted_by: str


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
    in_force_from: str


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refused attempt at a governed act: what was tried and which rules said no.

    `obstacles` holds {"rule", "text", "cure", "who"} objects.
    """

    id: str
    at: str
    person: str
    act: str
    subject: str
    obstacles: list[dict[str, str]]
