"""Where the copies of each vault lie, which of them can be read, and which are removed by retention out."""

from __future__ import annotations

import contextlib
import re
import uuid
from datetime import datetime
from pathlib import Path

import msgspec

from desktop.backups.container import SUFFIX, About, read_about
from desktop.backups.retention import superfluous
from desktop.machine import installation
from domain.errors import CountersignError
from domain.identity import parse_iso
from domain.messages import message

BY_HAND = message("by hand")
AUTOMATIC = "automatic"
_LONGEST_STEM = 60


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One file on the backup folder: its values if its outer form holds, else the problem in words."""

    file: Path
    size: int
    about: About | None = None
    problem: str = ""

    @property
    def made_at(self) -> str:
        """ISO 8601 UTC time of making; "" for a file that cannot be understood."""
        return self.about.made_at if self.about else ""


def backup_folder_of(vault: str) -> Path:
    """The folder of this installation for the copies of one vault; made if it is not there."""
    return installation.own_folder("backups", str(uuid.UUID(vault)))


def snapshots_in(folder: Path, *, vault: str = "") -> tuple[Snapshot, ...]:
    """The copies in a folder, newest first; those that cannot be understood come last, with the reason.

    With `vault`, copies of other vaults are left out.
    """
    found = []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            about = read_about(file)
        except CountersignError as problem:
            found.append(Snapshot(file=file, size=_size(file), problem=problem.what))
            continue
        if not vault or about.vault == vault:
            found.append(Snapshot(file=file, size=_size(file), about=about))
    return tuple(sorted(found, key=lambda each: (each.made_at, each.file.name), reverse=True))


def newest_snapshot(vault: str) -> Snapshot | None:
    """The newest copy of this vault on this installation whose outer form holds."""
    try:
        folder = backup_folder_of(vault)
    except ValueError:  # the id comes from a clear header that anyone may have written
        return None
    return next((each for each in snapshots_in(folder, vault=vault) if each.about), None)


def free_file(folder: Path, vault_folder: Path, at: datetime) -> Path:
    """A file of `folder` that is not there yet: `NAME-YYYYMMDD-HHMMSS.countersign`, in UTC, then `-2`, `-3`.

    Two copies within a second are no rarity: a great change that was killed is made again at once.
    """
    name = vault_folder.name.removesuffix(".vault")
    plain = re.sub(r"[^\w .+-]", "_", name).strip(" .")[:_LONGEST_STEM] or "vault"
    first = folder / f"{plain}-{at:%Y%m%d-%H%M%S}{SUFFIX}"
    again = (first.with_name(f"{first.stem}-{n}{SUFFIX}") for n in range(2, 1000))
    return next((each for each in (first, *again) if not each.exists()), first)


def apply_retention(vault: str, *, now: datetime) -> tuple[Path, ...]:
    """Remove automatic copies that are superfluous by age, and return their files.

    Copies made by hand and before a great change, files that cannot be understood and the newest copy stay.
    """
    by_moment: dict[datetime, list[Path]] = {}
    for each in snapshots_in(backup_folder_of(vault), vault=vault):
        if each.about is not None and each.about.why == AUTOMATIC:
            by_moment.setdefault(parse_iso(each.about.made_at), []).append(each.file)
    removed = []
    for moment in sorted(superfluous(by_moment, now=now)):
        for file in by_moment[moment]:
            with contextlib.suppress(OSError):  # a copy too many harms nobody; the next retention tries again
                file.unlink()
                removed.append(file)
    return tuple(removed)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # gone since it was listed
        return 0
