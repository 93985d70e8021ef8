"""What one installation has proven of a log: how far, with which tree, and when last as a whole."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from domain.log.checkpoint import NoteError, open_note, signer_name
from domain.log.merkle import Frontier

FULL_PROOF_DAYS = 7
"""After so many days without a whole verification one is asked for."""


class Proven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first entries of a log, checked in full here. Kept outside the vault.

    `note` is a checkpoint signed with the vault's log key, `roots` the roots (hex) of the full subtrees it
    hashes up from, so that the tree can grow on; `whole_at` is when every entry and table was last proven
    together ("" = never here), `known_from` when this installation met the vault.
    """

    note: str
    roots: tuple[str, ...]
    whole_at: str
    known_from: str


def proven_tree(proven: Proven, *, log_key: bytes, verify: Callable[[bytes, bytes, bytes], bool]) -> Frontier | None:
    """The tree over the proven entries, or None when the memory is not what this vault's log key signed."""
    try:
        signed = open_note(proven.note)
        tree = Frontier(signed.checkpoint.size, [bytes.fromhex(root) for root in proven.roots])
    except (NoteError, ValueError):
        return None
    if tree.root() != signed.checkpoint.root:
        return None
    return tree if signed.signed_by(signer_name(signed.checkpoint.origin), log_key, verify) else None
