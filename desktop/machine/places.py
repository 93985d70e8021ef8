"""What kind of place a vault lies in: a local disk, a network share, a stick, a folder that is synchronised.

SQLite's locks and flushes hold on local disks only; a synchronising program copies files while they change.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import msgspec

from desktop.vault.session import read_header
from domain.errors import CountersignError, FileProblem
from domain.messages import message

NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre", "glusterfs", "beegfs"),
        *("gfs2", "ocfs2", "davfs", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.s3fs"),
        *("fuse.gvfsd-fuse", "fuse.curlftpfs", "fuse.smbnetfs", "fuse.glusterfs", "fuse.ceph", "fuse.cifs"),
    )
)
FAT = frozenset(("vfat", "msdos", "exfat", "fuse.exfat", "FAT", "FAT32", "exFAT"))
_MARKERS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".tmp.drivedownload": "Google Drive",
    ".seafile-data": "Seafile",
}
_FOLDER_NAMES = (
    (re.compile(r"onedrive( - .+)?", re.IGNORECASE), "OneDrive"),
    (re.compile(r"dropbox( \(.+\))?", re.IGNORECASE), "Dropbox"),
    (re.compile(r"google ?drive( \(.+\))?|googledrive-.+", re.IGNORECASE), "Google Drive"),
    (re.compile(r"nextcloud", re.IGNORECASE), "Nextcloud"),
    (re.compile(r"owncloud", re.IGNORECASE), "ownCloud"),
    (re.compile(r"icloud ?drive|com~apple~clouddocs", re.IGNORECASE), "iCloud Drive"),
    (re.compile(r"pcloud ?drive", re.IGNORECASE), "pCloud"),
)
_OURS = frozenset(("store.db", "store.db-journal", "slots.a", "slots.b", "slots.a.part", "slots.b.part", "lock"))
_DRIVE_REMOTE = 4


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a folder lies. `file_system` is the system's own word, `sync` the program that copies it ("" = none)."""

    file_system: str = ""
    network: bool = False
    sync: str = ""

    @property
    def fat(self) -> bool:
        """Whether it is a file system of sticks and cards, without a journal and without owners of files."""
        return self.file_system in FAT


def place_of(folder: Path) -> Place:
    """What can be known of the place of a folder, which need not exist yet."""
    path = Path(os.path.realpath(folder))
    system, network = _kind_of(path)
    return Place(file_system=system, network=network, sync=_synchronised_by(path))


def is_on_one_volume(one: Path, other: Path) -> bool:
    """Whether two files or folders lie on the same volume, so that one fault can take both; unknown counts as yes."""
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:  # what cannot be looked at is no proof of another place
        return True


def must_not_be_remote(folder: Path) -> None:
    """Go on only where locks and flushes can be relied on.

    Raises:
        FileProblem: the folder lies on a network file system.
    """
    place = place_of(folder)
    if place.network:
        raise FileProblem(
            message(
                "A vault is not worked in over a network ({file_system}): two people could write at once, and what "
                "was reported as saved may not be.",
                file_system=place.file_system,
            ),
            where=str(folder),
            remedy=message(
                "Copy the whole vault folder to a disk of this computer, or carry it as one file (`countersign "
                "vault export`)."
            ),
        )


def place_notices(folder: Path) -> tuple[str, ...]:
    """What a person should know about where a vault lies and what lies beside its files."""
    place = place_of(folder)
    notices = []
    if place.sync:
        notices.append(
            message(
                "{sync} synchronises this folder: it may copy the vault while it changes, or leave two versions. "
                "Keep the vault outside and put backups there.",
                sync=place.sync,
            )
        )
    if place.fat:
        notices.append(
            message(
                "The vault lies on {file_system}, which keeps no journal and protects no file from other users. "
                "Make a backup before you pull the stick out.",
                file_system=place.file_system,
            )
        )
    leftovers = conflicted_copies(folder)
    if leftovers:
        notices.append(
            message(
                "Another version of this vault lies here: {list}. Only {folder} as opened is used; keep the other "
                "one until you know which entries it holds.",
                list=", ".join(leftovers),
                folder=folder.name,
            )
        )
    return tuple(notices)


def conflicted_copies(folder: Path) -> tuple[str, ...]:
    """Names of what a synchronising program or a hurried person made of the vault: its files twice, or the folder."""
    try:
        inside = [file.name for file in folder.iterdir() if _is_a_version_of_ours(file.name)]
        beside = [other.name for other in folder.parent.iterdir() if _is_a_version_of(other, folder)]
    except OSError:  # a folder we may not list shows nothing
        return ()
    return tuple(sorted(inside) + sorted(beside))


def _is_a_version_of_ours(name: str) -> bool:
    return name not in _OURS and re.match(r"(store|slots)\b", name, re.IGNORECASE) is not None


def _is_a_version_of(other: Path, folder: Path) -> bool:
    stem = folder.name.removesuffix(".vault")
    if other.name == folder.name or not other.name.startswith(stem) or not other.is_dir() or other.is_symlink():
        return False
    try:
        return read_header(other).vault == read_header(folder).vault
    except CountersignError:  # no vault, or none that says whose it is
        return False


def _synchronised_by(path: Path) -> str:
    for folder in (path, *path.parents):
        for pattern, client in _FOLDER_NAMES:
            if pattern.fullmatch(folder.name):
                return client
        for marker, client in _MARKERS.items():
            if (folder / marker).exists():
                return client
    return ""


def _mounted_as(path: Path) -> str:
    try:
        return file_system_in(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace"), path)
    except OSError:  # no Linux, or none that describes
        return ""


def file_system_in(mountinfo: str, path: Path) -> str:
    """The type of the file system that holds `path`, by the text of /proc/self/mountinfo (proc(5)); "" if unknown."""
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, tail = before.split(), after.split()
        if len(fields) < 5 or not tail:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4]))
        depth = len(point.parts)
        # A later line covers an earlier one of the same place.
        if (path == point or point in path.parents) and depth >= best:
            best, kind = depth, tail[0]
    return kind


if sys.platform == "win32":
    import ctypes

    def _kind_of(path: Path) -> tuple[str, bool]:
        """The file system's name, and whether the drive is a share."""
        root = path.anchor
        if root.startswith("\\\\"):
            return message("network share"), True
        name = ctypes.create_unicode_buffer(64)
        ctypes.windll.kernel32.GetVolumeInformationW(root, None, 0, None, None, None, name, len(name))
        return name.value, ctypes.windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE
else:

    def _kind_of(path: Path) -> tuple[str, bool]:
        system = _mounted_as(path)
        return system, system in NETWORK
