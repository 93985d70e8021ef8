"""What one installation has proven of a log: how far, with which tree, by which build, and when last as a whole."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence

import msgspec

from domain.log.canonical import CanonicalError, canonical
from domain.log.checkpoint import NoteError, b64decode_strict, open_note, signer_name
from domain.log.merkle import Frontier, node_hash, root_hash

FULL_PROOF_DAYS = 7
"""After so many days without a whole verification one is asked for."""
BLOCK = 1024
"""Entries whose root is remembered together, so that one of them is proven without reading all the others."""
_PREFIX = b"countersign/proven/v1\n"


class Proven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first entries of a log, checked in full here. Kept outside the vault.

    `note` is a checkpoint signed with the vault's log key, `roots` the roots (hex) of the full subtrees it
    hashes up from, so that the tree can grow on, `blocks` those over each `BLOCK` entries; `build` names the program
    that proved them; `whole_at` is when every entry and table was last proven together ("" = never here),
    `known_from` when this installation met the vault. `signature` is the log key's over all of it (base64).
    """

    note: str
    roots: tuple[str, ...]
    blocks: tuple[str, ...]
    build: str
    whole_at: str
    known_from: str
    signature: str = ""

    def signed(self, sign: Callable[[bytes], bytes]) -> Proven:
        """This memory with its signature."""
        return msgspec.structs.replace(self, signature=b64encode(sign(_bytes_of(self))).decode())


def _bytes_of(proven: Proven) -> bytes:
    values = msgspec.to_builtins(proven)
    return _PREFIX + canonical({name: value for name, value in values.items() if name != "signature"})


def proven_tree(
    proven: Proven, *, log_key: bytes, verify: Callable[[bytes, bytes, bytes], bool], build: str
) -> Frontier | None:
    """The tree over the proven entries, or None when the memory is not what this vault's log key signed for this build
    of the program: what another build proved, it proved by rules of its own.
    """
    try:
        signature = b64decode_strict(proven.signature)
        if proven.build != build or not signature or not verify(log_key, signature, _bytes_of(proven)):
            return None
        signed = open_note(proven.note)
        tree = Frontier(signed.checkpoint.size, [bytes.fromhex(root) for root in proven.roots])
    except (NoteError, CanonicalError, ValueError):
        return None
    if tree.root() != signed.checkpoint.root:
        return None
    return tree if signed.signed_by(signer_name(signed.checkpoint.origin), log_key, verify) else None


def root_over(blocks: Sequence[bytes], rest: Sequence[bytes]) -> bytes:
    """The root (RFC 9162, 2.1.1) over entries of which whole blocks are given by their roots and the rest by leaves."""
    size = len(blocks) * BLOCK + len(rest)

    def of(first: int, end: int) -> bytes:
        count = end - first
        if count == BLOCK and first % BLOCK == 0 and first // BLOCK < len(blocks):
            return blocks[first // BLOCK]
        if count <= BLOCK:
            start = len(blocks) * BLOCK
            return root_hash(list(rest[first - start : end - start]))
        half = 1 << ((count - 1).bit_length() - 1)
        return node_hash(of(first, first + half), of(first + half, end))

    return of(0, size)
