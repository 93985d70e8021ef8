"""Proofs that one entry is in the log, as C2SP tlog-proof@v1 text: index, audit path, signed checkpoint."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

import msgspec

from domain.log.checkpoint import NoteError, SignedCheckpoint, b64decode_strict, open_note
from domain.log.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from domain.messages import message

FIRST_LINE = "c2sp.org/tlog-proof@v1"


class TlogProof(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof text says. Reading is not verifying: see `proves`."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: SignedCheckpoint

    def proves(self, leaf_data: bytes) -> bool:
        """Whether these leaf bytes are at `index` under the checkpoint's root (its signatures are checked apart)."""
        point = self.checkpoint.checkpoint
        return verify_inclusion(
            index=self.index, size=point.size, leaf=leaf_hash(leaf_data), proof=self.path, root=point.root
        )


def write_proof(*, index: int, path: Sequence[bytes], note: str) -> str:
    """The text of a proof; `note` is the signed checkpoint, verbatim."""
    lines = [FIRST_LINE, f"index {index}", *(b64encode(step).decode() for step in path), "", note]
    return "\n".join(lines)


def read_proof(text: str) -> TlogProof:
    """Parse a proof. An `extra` line is passed over: it is not authenticated, and this program writes none.

    Raises:
        NoteError: not a proof, or its checkpoint is not one.
    """
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != FIRST_LINE:
        raise NoteError(message("tlog_proof.not_a_tlog_proof"))
    if len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]
    index = lines[1].removeprefix("index ") if len(lines) > 1 and lines[1].startswith("index ") else ""
    if not (index.isascii() and index.isdigit()) or (index[0] == "0" and index != "0"):
        raise NoteError(message("tlog_proof.the_index_of_the"))
    path = tuple(b64decode_strict(line) or b"" for line in lines[2:])
    if any(len(step) != HASH_SIZE for step in path):
        raise NoteError(message("tlog_proof.a_step_of_the"))
    return TlogProof(index=int(index), path=path, checkpoint=open_note(note))
