"""Files that leave the vault's protection for a while: for this user only, gone at lock, swept at the next start.

Each open vault has a folder of its own with a lock in it, so that a sweep takes only what a program left behind
that is no longer there. Removing a file does not wipe it from a flash disk; the manual says so.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from desktop.machine import installation
from desktop.machine.clock import now
from desktop.scratch.folders import sweep_scratch
from desktop.vault.lock import VaultLock
from domain.errors import CountersignError, FileProblem, InUse, Unavailable, UsageProblem
from domain.identity import iso
from domain.messages import message

_DOCUMENTS = (".pdf", ".txt", ".csv", ".md", ".log", ".json", ".xml", ".rtf", ".eml", ".msg")
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".mp4", ".mov")
SHOWN_ELSEWHERE = frozenset((*_DOCUMENTS, *_OFFICE, *_PICTURES))
"""Extensions another program may be asked to open: documents and pictures, nothing that runs, no macros."""


class PrivateFiles:
    """A private folder of one open vault, made when it is first needed."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock: VaultLock | None = None

    def folder(self) -> Path:
        """The folder, for this user only.

        Raises:
            FileProblem: the disk refused.
        """
        while self._folder is None:
            folder = _everyones() / secrets.token_hex(16)
            try:
                folder.mkdir(mode=0o700)
            except OSError as problem:
                raise _not_kept(folder, problem) from problem
            lock = VaultLock(folder, at=iso(now()))
            try:
                lock.acquire()
            except (InUse, Unavailable):  # the sweep of another start came between
                continue
            if not folder.is_dir():
                lock.release()
                continue
            self._folder, self._lock = folder, lock
        return self._folder

    def put(self, chunks: Iterable[bytes], *, name: str) -> Path:
        """Write bytes to a read-only file of a random name that keeps only the extension of `name`.

        Raises:
            UsageProblem: no program should be asked to open a file of this kind.
            FileProblem: the disk refused; nothing is left.
        """
        suffix = Path(name).suffix.lower()
        if suffix not in SHOWN_ELSEWHERE:
            raise UsageProblem(
                message(
                    "A file of the kind '{suffix}' is not opened in other programs from here.",
                    suffix=suffix or message("without extension"),
                ),
                where=name,
                remedy=message("Write a copy with `countersign evidence get` and look at it with care."),
            )
        file = self.folder() / f"{secrets.token_hex(16)}{suffix}"
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as out:
                for data in chunks:
                    out.write(data)
            file.chmod(0o400)
        except OSError as problem:
            file.unlink(missing_ok=True)
            raise _not_kept(file, problem) from problem
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return file

    def close(self) -> None:
        """Remove the folder with everything in it. Harmless to repeat."""
        if self._folder is None:
            return
        folder, self._folder = self._folder, None
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        _remove(folder)


def sweep() -> int:
    """Remove what programs left behind that are no longer there; how many folders went comes back.

    Beside the private folders these are the scratch folders of killed verifications and workbooks.
    """
    gone = sweep_scratch()
    for folder in _everyones().iterdir():
        lock = VaultLock(folder, at=iso(now()))
        try:
            lock.acquire()
        except CountersignError:  # in use by a living program, or nothing of ours
            continue
        if os.name == "nt":
            lock.release()  # Windows removes no file that is open
        _remove(folder)
        lock.release()
        gone += 1
    return gone


def _everyones() -> Path:
    return installation.own_folder("open")


def _remove(folder: Path) -> None:
    # Another program may hold a file open (Windows): then the next sweep removes it.
    for file in folder.glob("*"):
        if os.name == "nt" and file.is_file():
            file.chmod(0o600)
    shutil.rmtree(folder, ignore_errors=True)


def _not_kept(place: Path, problem: OSError) -> FileProblem:
    return FileProblem(
        message(
            "The private file cannot be written: {strerror}.",
            strerror=problem.strerror or message("input/output error"),
        ),
        where=place.name,
        remedy=message("Check free space on the disk of your user data."),
    )
