"""The two generations of the slot file on disk: read the newest that holds, replace only the older.

A write never touches the newest file: power may fail at any instruction and one whole generation remains.
Nothing here needs a key; what only the data key can tell (the MAC) is checked by a callable of the caller.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop.vault.slot_format import LARGEST_FILE, SlotFile, decode, encode, file_hash, names_a_newer_format
from domain.errors import CountersignError, Damaged, FileProblem, NewerFormat, Unavailable
from domain.messages import message

SLOT_FILES = ("slots.a", "slots.b")
PART = ".part"
_REMEDY_BACKUP = message("Put back a backup of the whole vault folder.")


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """One slot file as found: its values if they hold, else the problem that says why not."""

    file: str
    slots: SlotFile | None = None
    hash: str = ""
    problem: CountersignError | None = None
    missing: bool = False
    claims_newer: bool = False


class SlotsRead(msgspec.Struct, frozen=True, kw_only=True):
    """What reading found: the copies that hold, newest first, and notices about what does not hold."""

    copies: tuple[Copy, ...]
    notices: tuple[str, ...] = ()

    @property
    def slots(self) -> SlotFile:
        """The newest generation."""
        newest = self.copies[0].slots
        assert newest is not None
        return newest

    @property
    def hash(self) -> str:
        """SHA-256 of the newest file, hex."""
        return self.copies[0].hash


def read_slots(folder: Path) -> SlotsRead:
    """Read both generations and say which holds.

    Raises:
        Unavailable: no vault here, or its files cannot be read.
        Damaged: neither copy can be trusted, or they belong to different vaults.
        NewerFormat: written by a newer Countersign.
    """
    if not folder.is_dir():
        raise Unavailable(
            message("There is no vault here."), where=folder.name, remedy=message("Check the path of the vault folder.")
        )
    found = tuple(_read_copy(folder, file) for file in SLOT_FILES)
    if all(copy.missing for copy in found):
        raise Unavailable(
            message("This folder holds no key slots, so it is no vault or an incomplete copy of one."),
            where=folder.name,
            remedy=message("Check the path. {remedy_backup}", remedy_backup=_REMEDY_BACKUP),
        )
    good = tuple(sorted((copy for copy in found if copy.slots), key=_rank))
    for copy in found:
        if isinstance(copy.problem, NewerFormat) or (copy.claims_newer and not good):
            raise _newer(copy)
    if not good:
        for copy in found:
            if isinstance(copy.problem, Unavailable):
                raise copy.problem
        raise Damaged(
            message("Neither copy of the key slots can be trusted: ")
            + " ".join(f"{copy.file}: {copy.problem.what if copy.problem else 'missing.'}" for copy in found),
            where=f"{folder.name}/{SLOT_FILES[0]}, {SLOT_FILES[1]}",
            remedy=_REMEDY_BACKUP,
        )
    if len({copy.slots.vault for copy in good if copy.slots}) > 1:
        raise Damaged(
            message("slots.a and slots.b belong to different vaults."),
            where=folder.name,
            remedy=message("Remove the one that was put there. {remedy_backup}", remedy_backup=_REMEDY_BACKUP),
        )
    return SlotsRead(copies=good, notices=_notices(found, good))


def write_slots(folder: Path, slots: SlotFile, *, replaces: str, verify: Callable[[SlotFile], None]) -> str:
    """Write a new generation over the older copy and return the hash of the new file.

    The newest copy stays as the previous generation. `replaces` is the hash of the generation the change was
    made from ("" for a new vault, which gets both copies at once); `verify` is called with the values as read
    back from the disk, before anything is replaced, and raises if they are not what was meant.

    Raises:
        Unavailable: the slots on disk are no longer those the change was made from.
        FileProblem: the disk refused; the slots on disk are as they were.
    """
    data = encode(slots)
    if replaces:
        read = read_slots(folder)
        if read.hash != replaces:
            raise Unavailable(
                message("The key slots were changed by another program meanwhile."),
                where=folder.name,
                remedy=message("Unlock again."),
            )
        try:
            _replace(folder / _other(read.copies[0].file), data, verify=verify)
        except FileProblem:
            # The new file may be in place already and only its durability in doubt: then it must not stay.
            with contextlib.suppress(CountersignError):
                take_back(folder, recorded=replaces)
            raise
        return file_hash(data)
    for target in SLOT_FILES:
        _replace(folder / target, data, verify=verify)
    return file_hash(data)


def take_back(folder: Path, *, recorded: str) -> SlotFile | None:
    """Undo a change that was written but never recorded: the generation the log knows replaces the newer one.

    Returns the slots in force afterwards, or None when the recorded generation is no longer on the disk.

    Raises:
        FileProblem: the disk refused; both generations are as they were.
    """
    read = read_slots(folder)
    kept = next((copy for copy in read.copies if copy.hash == recorded), None)
    if kept is None or kept.slots is None:
        return None
    if read.copies[0] is not kept:
        # Copied from a file whose hash the log knows: there is nothing more to verify it by.
        newer = folder / read.copies[0].file
        try:
            _replace(newer, encode(kept.slots), verify=lambda _: None)
        except FileProblem:
            _rename_over(folder / kept.file, newer)
    return kept.slots


def _rename_over(file: Path, newer: Path) -> None:
    """Take a generation back where there is no room for a second copy of the other: a rename needs none."""
    try:
        file.replace(newer)
        _sync_folder(newer.parent)
    except OSError as problem:
        raise FileProblem(
            message(
                "A change of the key slots could not be taken back: {strerror}.",
                strerror=problem.strerror or message("input/output error"),
            ),
            where=f"{newer.parent.name}/{newer.name}",
            remedy=message("Check the disk; the next opening takes it back or records it."),
        ) from problem


def reconcile_copies(folder: Path, *, hash_in_force: str, verify: Callable[[SlotFile], None]) -> bool:
    """Bring the other copy to the generation in force, once that one has been unlocked and recorded.

    Returns whether anything was written. Heals a damaged or missing copy, and takes an outdated passphrase
    off the disk.

    Raises:
        Unavailable: the newest copy is not the one in force.
        FileProblem: the disk refused; the copy in force is untouched.
    """
    read = read_slots(folder)
    newest = read.copies[0]
    if newest.hash != hash_in_force:
        raise Unavailable(
            message("The key slots on disk are not those in force."), where=newest.file, remedy=message("Unlock again.")
        )
    for file in SLOT_FILES:
        _discard(folder / (file + PART))  # a stopped write may have left an outdated passphrase in it
    if len(read.copies) == len(SLOT_FILES) and read.copies[1].hash == newest.hash:
        return False
    _replace(folder / _other(newest.file), encode(read.slots), verify=verify)
    return True


def _rank(copy: Copy) -> tuple[int, str]:
    assert copy.slots is not None
    return -copy.slots.generation, copy.file


def _other(file: str) -> str:
    return SLOT_FILES[1] if file == SLOT_FILES[0] else SLOT_FILES[0]


def _newer(copy: Copy) -> NewerFormat:
    if isinstance(copy.problem, NewerFormat):
        return copy.problem
    return NewerFormat(
        message("The key slots have a format this Countersign does not know."),
        where=copy.file,
        remedy=message("Open the vault with the newer Countersign that wrote it."),
    )


def _notices(found: tuple[Copy, ...], good: tuple[Copy, ...]) -> tuple[str, ...]:
    notices = [
        message("{file} is missing; {file_2} is used.", file=copy.file, file_2=good[0].file)
        if copy.missing
        else message(
            "{file} is damaged ({what}); {file_2} is used.",
            file=copy.file,
            what=copy.problem.what if copy.problem else "",
            file_2=good[0].file,
        )
        for copy in found
        if copy not in good
    ]
    if len(good) == len(SLOT_FILES) and good[0].hash != good[1].hash:
        one, other = good[0].slots, good[1].slots
        if one and other and one.generation == other.generation:
            notices.append(message("slots.a and slots.b are of the same generation but differ."))
    return tuple(notices)


def _read_copy(folder: Path, file: str) -> Copy:
    try:
        data = _read_bytes(folder / file)
    except FileNotFoundError:
        return Copy(file=file, missing=True)
    except OSError as problem:
        unreadable = Unavailable(
            message(
                "The key slots cannot be read: {strerror}.", strerror=problem.strerror or message("input/output error")
            ),
            where=f"{folder.name}/{file}",
            remedy=message("Check that you may read the folder and that the disk is well."),
        )
        return Copy(file=file, problem=unreadable)
    try:
        return Copy(file=file, slots=decode(data, where=f"{folder.name}/{file}"), hash=file_hash(data))
    except CountersignError as problem:
        return Copy(file=file, problem=problem, claims_newer=names_a_newer_format(data))


def _read_bytes(path: Path) -> bytes:
    # No link is followed and no pipe waited for: a vault carried here by somebody else is hostile until proven.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, message("not a regular file"))
        return stream.read(LARGEST_FILE + 1)


def _replace(path: Path, data: bytes, *, verify: Callable[[SlotFile], None]) -> None:
    part = path.with_name(path.name + PART)
    try:
        _write_through(part, data)
        written = _read_bytes(part)
        if written != data:
            raise Damaged(
                message("The disk did not keep what was written."), where=part.name, remedy=message("Check the disk.")
            )
        verify(decode(written, where=part.name))
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as problem:
        _discard(part)
        raise FileProblem(
            message(
                "The key slots could not be written: {strerror}.",
                strerror=problem.strerror or message("input/output error"),
            ),
            where=f"{path.parent.name}/{path.name}",
            remedy=message("Check free space and that you may write to the folder; the slots are as they were."),
        ) from problem
    except CountersignError:
        _discard(part)
        raise


def _write_through(path: Path, data: bytes) -> None:
    _discard(path)  # left by a program that was stopped while writing; never a file in force
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | _BINARY
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _discard(path: Path) -> None:
    with contextlib.suppress(OSError):  # a left-over is never read; the next write removes it
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no way to sync a directory; NTFS journals the rename
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_BINARY = getattr(os, "O_BINARY", 0)
