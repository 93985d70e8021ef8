"""Folders for a piece of work: for this user only, locked while it goes on, gone with it, swept if it was killed.

Each holds a lock that the operating system frees with the process, so a sweep takes only what nobody uses any more:
never a folder of a program that still runs, of another user, or behind a link.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.scratch.file_lock import open_lock, try_lock

PREFIX = "countersign-scratch-"
_LOCK = "in-use"


@contextmanager
def scratch_folder(where: Path | None = None, *, prefix: str = PREFIX) -> Iterator[Path]:
    """A folder in `where` (None = the system's place for such) that is there until the block ends.

    Raises:
        OSError: the disk refused.
    """
    parent = Path(tempfile.gettempdir()) if where is None else where
    folder, lock = _locked_folder(parent, prefix)
    try:
        yield folder
    finally:
        if os.name == "nt":
            os.close(lock)  # Windows removes no file that is open
            shutil.rmtree(folder, ignore_errors=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked_folder(parent: Path, prefix: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            lock = open_lock(folder / _LOCK, make=True)
        except FileNotFoundError:  # a sweep of another start came between
            continue
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if try_lock(lock) and (folder / _LOCK).exists():
            return folder, lock
        os.close(lock)


def sweep_scratch(where: Path | None = None, *, prefix: str = PREFIX) -> int:
    """Remove the folders in `where` that killed programs left; how many went comes back."""
    parent = Path(tempfile.gettempdir()) if where is None else where
    gone = 0
    with contextlib.suppress(OSError):  # a place that cannot be listed holds nothing that could be removed
        for folder in sorted(parent.glob(f"{prefix}*")):
            gone += _swept(folder)
    return gone


def _swept(folder: Path) -> bool:
    try:
        if folder.is_symlink() or not folder.is_dir() or not _is_mine(folder):
            return False
        lock = open_lock(folder / _LOCK, make=True)
    except OSError:  # gone meanwhile, or nothing we may touch
        return False
    try:
        if not try_lock(lock):
            return False
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return False
    finally:
        os.close(lock)
    if folder.exists():  # a system that does not remove an open file (Windows)
        shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _is_mine(folder: Path) -> bool:
    return os.name == "nt" or folder.lstat().st_uid == os.getuid()
