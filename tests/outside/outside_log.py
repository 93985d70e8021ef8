"""Logs of any size made of real signed entries, for programs that are not ours to judge."""

from __future__ import annotations

from base64 import b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.act import Change
from domain.commands.command import NONCE_SIZE
from domain.commands.items import EditItem
from domain.log.checkpoint import Checkpoint, origin_of, sign_note, signer_name, verifier_key
from domain.log.entry import NO_PREVIOUS, ChangeTree, Entry, Header, signing_input
from domain.log.merkle import leaf_hash, root_hash

VAULT = "01930000-0000-7000-8000-00000000000f"
ORIGIN = origin_of(VAULT)
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"a throw-away seed of a test log!")
PERSON_KEY = Ed25519PrivateKey.from_private_bytes(b"a throw-away seed of a person   ")
PERSON = "01930000-0000-7000-8000-00000000000a"
LARGEST = 1_025


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def log_verifier_key() -> str:
    return verifier_key(signer_name(ORIGIN), public(LOG_KEY))


def person_verifier_key() -> str:
    return verifier_key(signer_name(ORIGIN, PERSON), public(PERSON_KEY))


@cache
def leaves() -> tuple[bytes, ...]:
    """The leaf bytes of `LARGEST` entries, each signed and chained to the one before."""
    made: list[bytes] = []
    previous = NO_PREVIOUS
    for seq in range(LARGEST):
        change = Change("item", f"item-{seq}", {"due": "2026-12-01"}, {"due": "2026-12-02"}).data()
        command = EditItem(item=f"item-{seq}", fields={"due": "2026-12-02"}).leaves(bytes(NONCE_SIZE))
        header = Header(
            v=1,
            law=1,
            vault=VAULT,
            seq=seq,
            prev=previous,
            at="2026-11-22T08:00:00.000Z",
            zone="+01:00 test clock",
            behind="",
            by=PERSON,
            role="quality",
            mandate="",
            key="0" * 32,
            device="desk-1",
            act="edit_item",
            subject=f"item-{seq}",
            process_version="capa@1",
            reason="Müller – größer als 5 °C ✓",
            meaning="",
            auth="session",
            schema=1,
            commands=1,
            changes=ChangeTree(2, root_hash([leaf_hash(*command), leaf_hash(change)]).hex()),
        )
        entry = Entry(header=header, signature=PERSON_KEY.sign(signing_input(header.data())))
        made.append(entry.leaf_data())
        previous = entry.leaf().hex()
    return tuple(made)


@cache
def leaf_hashes() -> tuple[bytes, ...]:
    return tuple(leaf_hash(data) for data in leaves())


@cache
def root(size: int) -> bytes:
    return root_hash(leaf_hashes()[:size])


def note(size: int) -> str:
    """The checkpoint over the first `size` entries, signed by the log and by a person."""
    return sign_note(
        Checkpoint(origin=ORIGIN, size=size, root=root(size)),
        (
            (signer_name(ORIGIN), public(LOG_KEY), LOG_KEY.sign),
            (signer_name(ORIGIN, PERSON), public(PERSON_KEY), PERSON_KEY.sign),
        ),
    )
