"""The operating system's lock on an open file: it dies with its process, so what a crash left locks nobody out."""

from __future__ import annotations

import os
import sys

_FAR_AWAY = 1 << 30
"""The byte that is locked on Windows, beyond what is written in the file, which others must still be able to read."""

if sys.platform == "win32":
    import errno
    import msvcrt

    def try_lock(descriptor: int) -> bool:
        """Take the lock of an open file, if nobody holds it."""
        os.lseek(descriptor, _FAR_AWAY, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as problem:
            if problem.errno in (errno.EACCES, errno.EDEADLOCK):
                return False
            raise
        return True
else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Take the lock of an open file, if nobody holds it.

        By flock, not lockf: it belongs to this opening of the file, so a second opener in the same program is refused
        too, and closing some other descriptor of the file does not silently give it away.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def open_lock(path: str | os.PathLike[str], *, make: bool) -> int:
    """A descriptor of a lock file, for this user only; a link is not followed.

    Raises:
        OSError: there is none and none was to be made, or the disk refused.
    """
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | (os.O_CREAT if make else 0), 0o600)
