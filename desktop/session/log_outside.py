"""What an open vault gives to people outside it: anchors checked, proofs of entries, exports of the log."""

from __future__ import annotations

from pathlib import Path

from desktop.documents.log_export import WrittenExport, write_export
from desktop.session.session import Session
from desktop.vault.ed25519 import verify_signature
from domain.closure.paths import Paths
from domain.commands.vault_events import RecordExport
from domain.errors import FileProblem, UsageProblem
from domain.log.anchors import LONGEST_ANCHOR, AnchorVerdict, check_anchor, read_anchor
from domain.log.checkpoint import Checkpoint, NoteError, b64decode_strict, origin_of
from domain.log.merkle import root_hash
from domain.log.tlog_proof import write_proof
from domain.messages import message
from domain.services import Progress

_PDF = b"%PDF-"
_NOT_AN_ANCHOR = message("Give a signed checkpoint, a closure pack, or type the size and the root as printed.")


def anchor_text(data: bytes, *, where: str) -> str:
    """The text that holds a checkpoint: of a closure pack what it carries, else the bytes as text.

    Raises:
        FileProblem: neither a closure pack nor text.
    """
    if data.startswith(_PDF):
        from desktop.pdf.read_pack import read_pack  # noqa: PLC0415 (it is slow to import and not needed for reading)

        return read_pack(data)[1].checkpoint
    try:
        return data[:LONGEST_ANCHOR].decode()
    except UnicodeDecodeError as problem:
        what = message("This file is neither a closure pack nor text.")
        raise FileProblem(what, where=where, remedy=_NOT_AN_ANCHOR) from problem


def hold_anchor(vault: Session, text: str, *, where: str = "") -> AnchorVerdict:
    """Prove that the log of today extends the checkpoint in `text`.

    Raises:
        FileProblem: there is no checkpoint in it.
    """
    try:
        anchor = read_anchor(text)
    except NoteError as problem:
        raise FileProblem(
            message("This is no checkpoint: {problem}.", problem=problem), where=where, remedy=_NOT_AN_ANCHOR
        ) from problem
    leaves = vault.register.leaves()
    record = vault.register.vault()
    now = Checkpoint(origin=origin_of(record.id), size=len(leaves), root=root_hash(leaves))
    return check_anchor(
        anchor, now=now, leaves=leaves, log_key=b64decode_strict(record.log_key) or b"", verify=verify_signature
    )


def proof_of_entry(vault: Session, seq: int) -> tuple[str, bytes]:
    """The tlog-proof text of entry `seq` under a checkpoint made now, and the leaf bytes that it proves.

    Raises:
        UsageProblem: there is no such entry. Damaged: the log went back; there is nothing to prove with.
    """
    leaves = vault.register.leaves()
    if not 0 <= seq < len(leaves):
        raise UsageProblem(
            message("There is no entry {seq} in this log.", seq=seq),
            remedy=message("It has entries 0 to {count}.", count=len(leaves) - 1),
        )
    text = write_proof(index=seq, path=Paths(leaves).of(seq), note=vault.checkpoint())
    return text, vault.register.entry(seq).leaf_data()


def export_log(
    vault: Session,
    out: Path,
    *,
    first: int = 0,
    last: int | None = None,
    purpose: str = "",
    files: Path | None = None,
    progress: Progress | None = None,
) -> WrittenExport:
    """Write the log as JSON lines with proofs, and record that it was exported, by the hash of the file.

    Under inspection the file is written for whoever investigates, and nothing is recorded.

    Raises:
        UsageProblem: the range is not in the log. FileProblem: the disk refused; nothing was recorded.
        Cancelled: nothing was recorded or left behind. Damaged: the log went back, there is nothing to prove with.
    """
    recorded = vault.takes_acts

    def record(written: WrittenExport) -> None:
        if not recorded:
            return
        vault.perform(
            RecordExport(kind="log", name=out.name, sha256=written.sha256, size=written.size, purpose=purpose)
        )

    return write_export(
        vault.register,
        out,
        note=vault.checkpoint(),
        first=first,
        last=last,
        record=record,
        files=files,
        progress=progress,
    )
