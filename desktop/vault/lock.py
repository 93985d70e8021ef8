"""One program at a time: an operating-system lock on the file `lock`, and a note in it saying who holds it.

The note is for people. Only the lock counts: it dies with its process, so a note left by a crash locks
nobody out, and a note wiped by somebody lets nobody in.
"""

from __future__ import annotations

import contextlib
import errno
import getpass
import os
import platform
import stat
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from desktop.scratch.file_lock import try_lock
from domain.errors import FileProblem, InUse, Unavailable
from domain.messages import message

LOCK_FILE = "lock"
LARGEST_NOTE = 4096
SILENT_AFTER = timedelta(minutes=5)
"""A holder who beats every minute and has not for so long is taken for gone, if only the note can tell."""
_NO_LOCKS_HERE = frozenset((errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP))


class LockHolder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a vault: host, user, process, and ISO 8601 UTC times of opening and of the last heartbeat."""

    host: str
    user: str
    pid: int
    since: str
    heartbeat: str

    def in_words(self) -> str:
        """For a person: `anna on desk-3, process 4711, since 2026-11-22T08:00:00Z`."""
        user, host, since = (_plain(text) for text in (self.user, self.host, self.since))
        return message(
            "{user} on {host}, process {pid}, since {since}", user=user, host=host, pid=self.pid, since=since
        )


class VaultLock:
    """The right to write to one vault folder. `acquire` or use as a context; `release` gives it back."""

    def __init__(self, folder: Path, *, at: str, take_over: bool = False) -> None:
        self._path = folder / LOCK_FILE
        self._since = at
        self._take_over = take_over
        self._descriptor: int | None = None
        self._holder: LockHolder | None = None
        self.left_behind: LockHolder | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock. `left_behind` then shows who held it last without giving it back, if anyone.

        Raises:
            InUse: another program holds it; `where` says who, on which host, since when.
            Unavailable: there is no such folder.
            FileProblem: the lock file cannot be made or is no plain file.
        """
        if self._descriptor is not None:
            return
        descriptor = self._open()
        try:
            note = _read_note(descriptor)
            try:
                taken = try_lock(descriptor)
            except OSError as problem:
                if problem.errno not in _NO_LOCKS_HERE:
                    raise
                self._must_be_silent(note)
            else:
                if not taken:
                    raise _in_use(note)
            self.left_behind = note
            self._holder = LockHolder(
                host=platform.node() or "unknown",
                user=_user(),
                pid=os.getpid(),
                since=self._since,
                heartbeat=self._since,
            )
            self._write_note(descriptor, self._holder)
        except OSError as problem:
            os.close(descriptor)
            raise self._problem(problem) from problem
        except InUse:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def heartbeat(self, *, at: str) -> None:
        """Note a heartbeat. `at` is an ISO 8601 UTC time.

        Raises:
            Unavailable: the lock is not held.
            FileProblem: the disk refused.
        """
        if self._descriptor is None or self._holder is None:
            raise Unavailable(
                message("The vault's lock is not held."), where=LOCK_FILE, remedy=message("Open the vault again.")
            )
        self._holder = msgspec.structs.replace(self._holder, heartbeat=at)
        try:
            self._write_note(self._descriptor, self._holder)
        except OSError as problem:
            raise self._problem(problem) from problem

    def release(self) -> None:
        """Give the lock back. The empty file stays: removing it would race with the next opener."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor, self._holder = self._descriptor, None, None
        try:
            with contextlib.suppress(OSError):  # the note is only for people; closing frees the lock in any case
                os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _must_be_silent(self, note: LockHolder | None) -> None:
        """Where the file system has no locks the note must do: a holder who gave it back, or is silent for long.

        Raises:
            InUse: the holder gave a heartbeat lately, or may not be passed over without an order.
        """
        if note is None and self._path.stat().st_size == 0:
            return
        silent = note is not None and _silent_for(note, self._since) >= SILENT_AFTER
        if silent and self._take_over:
            return
        problem = _in_use(note)
        remedy = message("Close it there first.")
        if silent:
            remedy = message(
                "If that computer was switched off, open it again and say that you take it over (--take-over)."
            )
        raise InUse(problem.what, where=problem.where, remedy=remedy)

    def _open(self) -> int:
        if not self._path.parent.is_dir():
            raise Unavailable(
                message("There is no vault here."),
                where=self._path.parent.name,
                remedy=message("Check the path of the vault folder."),
            )
        flags = os.O_RDWR | os.O_CREAT | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(self._path, flags, 0o600)
        except OSError as problem:
            raise self._problem(problem) from problem
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise self._problem(OSError(errno.EINVAL, message("not a regular file")))
        return descriptor

    def _problem(self, problem: OSError) -> FileProblem:
        return FileProblem(
            message(
                "The vault cannot be locked for writing: {strerror}.",
                strerror=problem.strerror or message("input/output error"),
            ),
            where=f"{self._path.parent.name}/{LOCK_FILE}",
            remedy=message("Check free space and that you may write to the vault folder."),
        )

    @staticmethod
    def _write_note(descriptor: int, holder: LockHolder) -> None:
        data = msgspec.json.encode(holder)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, data)


def read_holder(folder: Path) -> LockHolder | None:
    """What the note says, whether or not anybody holds the lock now."""
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0))
    except OSError:  # no note, or none we may read: then there is nothing to report
        return None
    try:
        return _read_note(descriptor)
    finally:
        os.close(descriptor)


def _read_note(descriptor: int) -> LockHolder | None:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return msgspec.json.decode(os.read(descriptor, LARGEST_NOTE), type=LockHolder)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):  # an empty or foreign note shows nothing
        return None


def _in_use(note: LockHolder | None) -> InUse:
    return InUse(
        message("This vault is open in another program; only one at a time can write to it."),
        where=note.in_words() if note else message("another program, which has not stated who it is"),
        remedy=message("Close it there first. A program that has crashed holds nothing: then simply try again."),
    )


def _silent_for(note: LockHolder, at: str) -> timedelta:
    try:
        return datetime.fromisoformat(at) - datetime.fromisoformat(note.heartbeat)
    except (ValueError, TypeError):  # a note somebody wrote by hand: never a reason to let anyone in
        return timedelta(0)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a process may run under a number that has no name
        return "unknown"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:100]


_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
