"""Copies of a vault that were made on another volume: this computer remembers them, for the disk may be put away.

A copy beside the vault is lost with it. What counts is where the copy was when it was made; whether it is still there,
nobody can see from here.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import msgspec

from desktop.backups.backup_folder import Snapshot, snapshots_in
from desktop.machine import installation
from desktop.machine.places import is_on_one_volume

_MOST_KEPT = 50


class CopyElsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """One copy on another volume than its vault: its file's name, when it was made, how many entries it holds."""

    name: str
    made_at: str
    entries: int


def remember_copy(vault: str, vault_folder: Path, made: Snapshot) -> None:
    """Keep a copy just made in memory, if it is on another volume than the vault's folder.

    Raises:
        FileProblem: the disk of this installation refused.
    """
    if made.about is None or is_on_one_volume(made.file, vault_folder):
        return
    copy = CopyElsewhere(name=made.file.name, made_at=made.made_at, entries=made.about.size)
    kept = (*copies_elsewhere(vault), copy)[-_MOST_KEPT:]
    installation.keep_whole(_file(vault), msgspec.json.encode(kept))


def copies_elsewhere(vault: str) -> tuple[CopyElsewhere, ...]:
    """The copies on other volumes that this computer remembers, in the order of making."""
    try:
        return msgspec.json.decode(_file(vault).read_bytes(), type=tuple[CopyElsewhere, ...])
    except (OSError, msgspec.DecodeError):
        return ()  # nothing that could be relied on: no copy is known then


def snapshots_elsewhere(folder: Path, *, vault: str, vault_folder: Path) -> tuple[tuple[Snapshot, bool], ...]:
    """The good copies in a folder, newest first, each with whether it is on another volume than the vault."""
    good = (each for each in snapshots_in(folder, vault=vault) if each.about is not None)
    return tuple((each, not is_on_one_volume(each.file, vault_folder)) for each in good)


def _file(vault: str) -> Path:
    return installation.own_folder("backups") / f"{uuid.UUID(vault)}.elsewhere"
