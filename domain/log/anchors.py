"""Anchors: a checkpoint that somebody kept on paper or in a file, held against the log of today.

What an anchor proves: every entry it covers is in today's log, unaltered and in its place. It says nothing of
entries recorded after it was made.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Sequence

import msgspec

from domain.log.checkpoint import Checkpoint, NoteError, SignedCheckpoint, b64decode_strict, open_note, signer_name
from domain.log.merkle import EMPTY_ROOT, HASH_SIZE, consistency_proof, root_hash, verify_consistency
from domain.messages import message

LONGEST_ANCHOR = 1_000_000
"""Characters of text that are searched for a checkpoint."""
_TYPED = re.compile(r"\s*([0-9][0-9 ,.']*)\s+([0-9A-Za-z+/=\s-]{43,200})\s*")
_NOTE = re.compile(r"^(\S[^\n]*)\n(\d+)\n([0-9A-Za-z+/]{43}=)\n\n((?:\u2014 [^\n]+\n?)+)", re.MULTILINE)


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """A size and a root to hold the log against; `note` is there when it came with its signatures."""

    size: int
    root: bytes
    origin: str = ""
    note: SignedCheckpoint | None = None


class AnchorVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether today's log extends the anchor. `proof` (hex) is the consistency proof of RFC 9162, 2.1.4.

    `signed` says whether the vault's log key signed the anchor; typed from paper, an anchor has no signature,
    and what it proves rests on the paper.
    """

    extends: bool
    text: str
    anchor_size: int
    anchor_root: str
    size: int
    root: str
    signed: bool
    proof: tuple[str, ...] = ()


def read_anchor(text: str) -> Anchor:
    """The checkpoint in a text: a signed note, also inside other text; or a size and a root, as typed from paper.

    The root may be base64 or hex; spaces and hyphens in hex, and separators in the size, are passed over.

    Raises:
        NoteError: there is no checkpoint in it.
    """
    text = text[:LONGEST_ANCHOR].replace("\r\n", "\n")
    found = _NOTE.search(text)
    if found:
        origin, size, root, lines = found.groups()
        signed = open_note(f"{origin}\n{size}\n{root}\n\n{lines if lines.endswith(chr(10)) else lines + chr(10)}")
        point = signed.checkpoint
        return Anchor(size=point.size, root=point.root, origin=point.origin, note=signed)
    typed = _TYPED.fullmatch(text)
    if typed is None:
        raise NoteError(message("anchors.no_checkpoint_expected_a"))
    size = re.sub(r"[ ,.']", "", typed[1])
    return Anchor(size=int(size), root=_typed_root(typed[2]))


def _typed_root(text: str) -> bytes:
    squeezed = "".join(text.split())
    digits = squeezed.replace("-", "")
    if re.fullmatch(r"[0-9A-Fa-f]{64}", digits):
        return bytes.fromhex(digits)
    root = b64decode_strict(squeezed if squeezed.endswith("=") else f"{squeezed}=")
    if root is None or len(root) != HASH_SIZE:
        raise NoteError(message("anchors.the_root_is_neither"))
    return root


def check_anchor(
    anchor: Anchor,
    *,
    now: Checkpoint,
    leaves: Sequence[bytes],
    log_key: bytes,
    verify: Callable[[bytes, bytes, bytes], bool],
) -> AnchorVerdict:
    """Prove that the log of today extends the anchor, or say why it does not.

    `now` is the log's checkpoint today and `leaves` its leaf hashes; `verify(public, signature, message)`.
    """
    signed = anchor.note is not None and anchor.note.signed_by(signer_name(now.origin), log_key, verify)
    why = _foreign(anchor, now, signed=signed) or _cut(anchor, now, leaves)
    proof: list[bytes] = []
    if not why and anchor.size:
        proof = consistency_proof(anchor.size, leaves)
        if not verify_consistency(
            old_size=anchor.size, new_size=now.size, old_root=anchor.root, new_root=now.root, proof=proof
        ):
            why, proof = message("anchors.the_first_entries_are", size=anchor.size), []
    return AnchorVerdict(
        extends=not why,
        text=why or message("anchors.the_log_extends_the", size=anchor.size),
        anchor_size=anchor.size,
        anchor_root=b64encode(anchor.root).decode(),
        size=now.size,
        root=b64encode(now.root).decode(),
        signed=signed,
        proof=tuple(step.hex() for step in proof),
    )


def _foreign(anchor: Anchor, now: Checkpoint, *, signed: bool) -> str:
    if anchor.origin and anchor.origin != now.origin:
        return message("anchors.the_checkpoint_belongs_to", origin=anchor.origin)
    if anchor.note is not None and not signed:
        return message("anchors.the_checkpoint_is_not")
    return ""


def _cut(anchor: Anchor, now: Checkpoint, leaves: Sequence[bytes]) -> str:
    if root_hash(leaves) != now.root or len(leaves) != now.size:
        return message("anchors.the_log_s_head")
    if anchor.size > now.size:
        return message("anchors.the_log_has_entries", size=now.size, size_2=anchor.size)
    if not anchor.size and anchor.root != EMPTY_ROOT:
        return message("anchors.the_checkpoint_s_root")
    return ""
