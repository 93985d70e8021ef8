"""Making a copy of an open vault: pages, slots, a checkpoint; proven before the file gets its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from desktop.backups.backup_folder import Snapshot
from desktop.backups.container import FORMAT, STORE, About, must_have_space, write_container
from desktop.scratch.folders import scratch_folder, sweep_scratch
from desktop.store.snapshot import quick_look
from domain.errors import Damaged, FileProblem
from domain.identity import iso
from domain.log.checkpoint import NoteError, open_note
from domain.messages import message
from domain.services import Progress

_MAKING = ".countersign-making-"


def make_snapshot(
    target: Path,
    *,
    vault_folder: Path,
    vault: str,
    name: str,
    key: bytes,
    slots: bytes,
    copy_store: Callable[[Path], None],
    checkpoint: str,
    at: datetime,
    why: str,
    prove: Callable[[Path], None] | None = None,
    any_format: bool = False,
    progress: Progress | None = None,
) -> Snapshot:
    """Write the copy `target` of an open vault whose lock is held.

    `slots` are the bytes of the slot file in force; `copy_store` writes the store's pages to a path;
    `checkpoint` is the signed note over the log as it stands.
    Every page of the copy is read and its log's head held against the checkpoint; `prove` may ask for more.

    Raises:
        FileProblem: there is such a file already, or the disk refused; nothing is left behind.
        Damaged: the copy is not what was to be copied.
    """
    if target.exists():
        raise FileProblem(
            message("There is a file of this name already."), where=str(target), remedy=message("Choose another name.")
        )
    must_have_space(target.parent, (vault_folder / STORE).stat().st_size)
    sweep(target.parent)
    try:
        # Encrypted pages only, beside the target: one disk to fill, and nothing in the system's temp folder.
        with scratch_folder(target.parent, prefix=_MAKING) as making:
            store = making / STORE
            copy_store(store)
            head = quick_look(store, key, any_format=any_format)
            _must_stand_at(checkpoint, size=head.size, root=head.root())
            if prove is not None:
                prove(store)
            about = About(
                format=FORMAT,
                vault=vault,
                name=name,
                made_at=iso(at),
                why=why,
                size=head.size,
                root=head.root().hex(),
                checkpoint=checkpoint,
                sha256={},
            )
            written = write_container(target, store=store, slots=slots, about=about, part_in=making, progress=progress)
    except OSError as problem:
        why_not = problem.strerror or message("input/output error")
        remedy = message("Choose a folder where you may write.")
        raise FileProblem(
            message("The copy cannot be written: {why_not}.", why_not=why_not), where=str(target), remedy=remedy
        ) from problem
    return Snapshot(file=target, size=target.stat().st_size, about=written)


def sweep(folder: Path) -> None:
    """Take away what a program that was killed while making a copy left in a folder; one that runs keeps its own."""
    sweep_scratch(folder, prefix=_MAKING)


def _must_stand_at(checkpoint: str, *, size: int, root: bytes) -> None:
    try:
        stands = open_note(checkpoint).checkpoint
    except NoteError as problem:
        raise Damaged(
            message("The checkpoint of the copy is none: {problem}.", problem=problem), where="log"
        ) from problem
    if (stands.size, stands.root) != (size, root):
        raise Damaged(
            message(
                "The copy's log has {size} entries, the vault's {size_2}, or another root.",
                size=size,
                size_2=stands.size,
            ),
            where=STORE,
            remedy=message("Verify the log of the vault."),
        )
