"""A vault appears whole or not at all: it is made in a folder beside its place and then renamed into it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from desktop.machine.clock import now
from desktop.vault.lock import VaultLock
from domain.errors import FileProblem
from domain.identity import iso
from domain.messages import message


def making_place(folder: Path) -> Path:
    """Where a vault is made before it is put in its place: beside it, so that one rename moves it.

    What a program that was stopped half-way left there is cleared away.

    Raises:
        FileProblem: there is something in the vault's own place, or the left-over cannot be removed.
        InUse: another program is making a vault of this name right now.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileProblem(
            message("There is something here already."), where=str(folder), remedy=message("Choose a new folder.")
        )
    making = folder.with_name(f".{folder.name}.making")
    if making.is_dir() and not making.is_symlink():
        with VaultLock(making, at=iso(now())):
            try:
                shutil.rmtree(making)
            except OSError as problem:
                raise _problem(problem, making) from problem
    return making


def put_in_place(making: Path, folder: Path) -> None:
    """Rename the finished vault into its place and make the new name durable.

    Raises:
        FileProblem: the disk refused; the vault is still in `making`.
    """
    try:
        if os.name == "nt" and folder.exists():
            folder.rmdir()  # Windows renames onto nothing only
        making.replace(folder)
    except OSError as problem:
        raise _problem(problem, folder) from problem
    try:
        sync_folder(folder.parent)
    except OSError as problem:
        folder.replace(making)
        raise _problem(problem, folder) from problem


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; where a system cannot, its file system journals them."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _problem(problem: OSError, folder: Path) -> FileProblem:
    return FileProblem(
        message(
            "The vault cannot be made here: {strerror}.", strerror=problem.strerror or message("input/output error")
        ),
        where=str(folder),
        remedy=message("Check free space and that you may write to the folder."),
    )
