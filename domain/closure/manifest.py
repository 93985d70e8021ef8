"""What proves a closure pack: entries with their paths to the signed root, keys with their certificates, and the
signatures of whoever printed it over the whole manifest.

The manifest is {"pack", "proof", "signatures"} in canonical form (RFC 8785). Signed is `PACK_PREFIX` and the canonical
form of {"pack", "proof"}: with the person's Ed25519 key and with the vault's log key.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import msgspec

from domain.closure.pack import ClosurePack, Value
from domain.log.canonical import canonical

PACK_PREFIX = b"countersign/pack/v1\n"


class VaultKeys(Value, frozen=True, kw_only=True):
    """The vault's public keys (base64) and the root's signature over its log key."""

    id: str
    name: str
    root_key: str
    log_key: str
    log_certificate: str


class CertifiedKey(Value, frozen=True, kw_only=True):
    """A person key with its certificate, as the vault's record holds it (base64, canonical text)."""

    id: str
    person: str
    statement: str
    certificate: str
    possession: str


class ProvenChange(Value, frozen=True, kw_only=True):
    """One leaf of an entry (of its command, or a change): canonical text, its place in the entry's tree, and the path
    to that tree's root.
    """

    data: str
    index: int
    proof: tuple[str, ...]


class ProvenEntry(Value, frozen=True, kw_only=True):
    """One entry: leaf text, its index in the log (= seq), the path to the checkpoint's root, its changes."""

    leaf: str
    index: int
    proof: tuple[str, ...]
    changes: tuple[ProvenChange, ...]


class Proof(Value, frozen=True, kw_only=True):
    """Everything a verifier needs and the vault does not have to be present for.

    `about` are the numbers of all entries about the item as of the checkpoint, `site` those of all entries about
    people, keys, roles, process versions and settings. `entries` holds exactly these, in order: entries about the
    site whole, those about the item with this item's changes only (an import has 100,000 others). `printer` is the
    key id of the person who signs the pack.
    """

    format: int
    item: str
    printer: str
    about: tuple[int, ...]
    site: tuple[int, ...]
    vault: VaultKeys
    keys: tuple[CertifiedKey, ...]
    entries: tuple[ProvenEntry, ...]
    definition: str
    checkpoint: str


class PackSignatures(Value, frozen=True, kw_only=True):
    """Who stands for the manifest: base64 Ed25519 signatures by the person (`Proof.printer`) and by the log key."""

    person: str
    log: str


Sign = Callable[[bytes], bytes]
"""Makes the 64-byte Ed25519 signature over a message."""


def content_bytes(pack: ClosurePack, proof: Proof) -> bytes:
    """The canonical bytes of all that is signed: the pack and its proof."""
    return canonical({"pack": msgspec.to_builtins(pack), "proof": msgspec.to_builtins(proof)})


def pack_bytes(pack: ClosurePack, proof: Proof, signatures: PackSignatures | None) -> bytes:
    """The canonical bytes of the manifest that is embedded in the PDF; without signatures it is a draft."""
    return canonical(
        {
            "pack": msgspec.to_builtins(pack),
            "proof": msgspec.to_builtins(proof),
            "signatures": msgspec.to_builtins(signatures),
        }
    )


def pack_fingerprint(pack: ClosurePack, proof: Proof) -> str:
    """SHA-256 of what is signed, hex: printed on every page, so that pages of two packs cannot be mixed unseen."""
    return sha256(content_bytes(pack, proof)).hexdigest()


def signed_message(pack: ClosurePack, proof: Proof) -> bytes:
    """The domain-separated bytes that both keys sign."""
    return PACK_PREFIX + content_bytes(pack, proof)


def sign_pack(pack: ClosurePack, proof: Proof, *, person: Sign, log: Sign) -> PackSignatures:
    """The signatures of whoever prints a pack."""
    covered = signed_message(pack, proof)
    return PackSignatures(person=b64encode(person(covered)).decode(), log=b64encode(log(covered)).decode())
