"""The one-file copy of a vault: a plain ZIP with four stored members, so that any unzip program gets at them.

`store.db` and the two slot files are as in the vault folder, encrypted; `about.json` says in the clear what the
file is. Nothing in it is trusted: whoever opens a copy proves it with the keys that its slots give.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from domain.errors import Damaged, FileProblem, NewerFormat
from domain.identity import parse_iso
from domain.messages import message
from domain.services import Progress

SUFFIX = ".countersign"
FORMAT = 1
STORE, SLOTS_A, SLOTS_B, ABOUT = MEMBERS = ("store.db", "slots.a", "slots.b", "about.json")
LARGEST_SLOTS = 16 * 1024**2
LARGEST_ABOUT = 64 * 1024
_CHUNK = 1024 * 1024
_PART = ".part"


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a copy says of itself: whose it is, when and why it was made, and where its log stood.

    `size` and `root` are those of the log, `checkpoint` the signed note over them; `sha256` holds the hash of
    every other member.
    """

    format: int
    vault: str
    name: str
    made_at: str
    why: str
    size: int
    root: str
    checkpoint: str
    sha256: dict[str, str]


def write_container(
    target: Path,
    *,
    store: Path,
    slots: bytes,
    about: About,
    part_in: Path | None = None,
    progress: Progress | None = None,
) -> About:
    """Write a copy sideways, flush it, read it back, and only then give it its name.

    `about.sha256` is filled in here. The finished value comes back. `part_in` is the folder, on the disk of the
    target, in which it is written; None = beside the target.

    Raises:
        FileProblem: there is such a file already, or the disk refused; nothing is left behind.
        Damaged: the disk did not keep what was written.
    """
    if target.exists():
        raise FileProblem(
            message("There is a file of this name already."), where=str(target), remedy=message("Choose another name.")
        )
    part = (part_in or target.parent) / f".{target.name}{_PART}"
    try:
        with _disk_errors(target):
            part.unlink(missing_ok=True)
            written = _write(part, store=store, slots=slots, about=about, progress=progress)
            if read_about(part) != written:
                raise Damaged(
                    message("The disk did not keep what was written."),
                    where=target.name,
                    remedy=message("Check the disk."),
                )
            check_hashes(part, written)
            part.replace(target)
            sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return written


def _write(part: Path, *, store: Path, slots: bytes, about: About, progress: Progress | None) -> About:
    moment = parse_iso(about.made_at)
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    hashes = {}
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_STORED, allowZip64=True) as archive:
            of = store.stat().st_size
            with store.open("rb") as source, archive.open(_member(STORE, stamp), "w", force_zip64=True) as out:
                hashes[STORE] = _copy(source, out, of=of, progress=progress)
            for name in (SLOTS_A, SLOTS_B):
                archive.writestr(_member(name, stamp), slots)
                hashes[name] = hashlib.sha256(slots).hexdigest()
            written = msgspec.structs.replace(about, sha256=hashes)
            archive.writestr(_member(ABOUT, stamp), msgspec.json.format(msgspec.json.encode(written), indent=2))
        file.flush()
        os.fsync(file.fileno())
    return written


def _member(name: str, stamp: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=stamp)
    info.external_attr = 0o600 << 16
    return info


def _copy(source: IO[bytes], out: IO[bytes], *, of: int, progress: Progress | None) -> str:
    hasher, done = hashlib.sha256(), 0
    while data := source.read(_CHUNK):
        hasher.update(data)
        out.write(data)
        done += len(data)
        if progress is not None:
            progress("copy", done, of)
    return hasher.hexdigest()


def read_about(file: Path) -> About:
    """What a copy says of itself, after a look at its outer form. A handed-in file is hostile until proven.

    Raises:
        FileProblem: there is no such file, or it cannot be read.
        Damaged: it is no such copy, or its form is not as written by this program.
        NewerFormat: written by a newer Countersign.
    """
    with _opened(file) as archive:
        return _about(archive, file)


def check_hashes(file: Path, about: About) -> None:
    """Read every member and hold it against the hash `about` gives.

    Raises:
        Damaged: a member is not the one that was written.
    """
    with _opened(file) as archive:
        for name in (STORE, SLOTS_A, SLOTS_B):
            with archive.open(name) as source, Path(os.devnull).open("wb") as nowhere:
                digest = _copy(source, nowhere, of=0, progress=None)
            if digest != about.sha256[name]:
                raise _damaged(file, message("{name} is not what was written", name=name))


def unpack(file: Path, folder: Path, *, progress: Progress | None = None) -> About:
    """Write the store and the slots of a copy into `folder`, which is made, and flush them.

    Raises:
        FileProblem: the file cannot be read, or the disk refused.
        Damaged: it is no such copy, or a member is not the one that was written.
        NewerFormat: written by a newer Countersign.
    """
    with _opened(file) as archive:
        about = _about(archive, file)
        with _disk_errors(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            for name in (STORE, SLOTS_A, SLOTS_B):
                descriptor = os.open(
                    folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
                )
                with os.fdopen(descriptor, "wb") as out, archive.open(name) as source:
                    digest = _copy(source, out, of=archive.getinfo(name).file_size, progress=progress)
                    out.flush()
                    os.fsync(out.fileno())
                if digest != about.sha256[name]:
                    raise _damaged(file, message("{name} is not what was written", name=name))
            sync_folder(folder)
    return about


def file_sha256(file: Path) -> str:
    """SHA-256 of a whole file, hex.

    Raises:
        FileProblem: it cannot be read.
    """
    with _disk_errors(file), file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; where a system cannot, its file system journals them."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        if not file.is_file():
            raise FileProblem(
                message("There is no such file."), where=str(file), remedy=message("Check the name of the copy.")
            )
        with zipfile.ZipFile(file) as archive:
            _check_members(archive, file)
            yield archive
    except OSError as problem:
        why = problem.strerror or message("input/output error")
        raise FileProblem(message("The copy cannot be read: {why}.", why=why), where=str(file)) from problem
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, EOFError, RuntimeError) as problem:
        # What the ZIP reader says of broken and strange archives; RuntimeError covers features it does not know.
        raise _damaged(file, message("its outer form is broken")) from problem


def _check_members(archive: zipfile.ZipFile, file: Path) -> None:
    infos = archive.infolist()
    if sorted(info.filename for info in infos) != sorted(MEMBERS):
        raise _damaged(file, message("it does not hold exactly {list}", list=", ".join(MEMBERS)))
    largest = {SLOTS_A: LARGEST_SLOTS, SLOTS_B: LARGEST_SLOTS, ABOUT: LARGEST_ABOUT, STORE: file.stat().st_size}
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size or info.flag_bits & 0x1:
            raise _damaged(
                file, message("{filename} is packed in a way this program never packs", filename=info.filename)
            )
        if info.file_size > largest[info.filename]:
            raise _damaged(file, message("{filename} is too large", filename=info.filename))


def _about(archive: zipfile.ZipFile, file: Path) -> About:
    data = archive.read(ABOUT)
    try:
        format_ = msgspec.json.decode(data, type=_Format).format
        if format_ > FORMAT:
            raise NewerFormat(
                message(
                    "This copy has format {format}; this program knows up to {format_2}.",
                    format=format_,
                    format_2=FORMAT,
                ),
                where=file.name,
                remedy=message("Restore it with the newer Countersign that wrote it."),
            )
        about = msgspec.json.decode(data, type=About)
        parse_iso(about.made_at)
    except (msgspec.DecodeError, ValueError) as problem:
        raise _damaged(file, message("{about} cannot be understood", about=ABOUT)) from problem
    if sorted(about.sha256) != sorted((STORE, SLOTS_A, SLOTS_B)) or about.size < 0:
        raise _damaged(file, message("{about} is incomplete", about=ABOUT))
    return about


class _Format(msgspec.Struct, frozen=True):
    format: int


def _damaged(file: Path, why: str) -> Damaged:
    return Damaged(
        message("This is no whole copy of a vault: {why}.", why=why),
        where=file.name,
        remedy=message("Use another backup; see `vault backups`."),
    )


@contextmanager
def _disk_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise FileProblem(
            message(
                "The copy cannot be written or read: {strerror}.",
                strerror=problem.strerror or message("input/output error"),
            ),
            where=str(place),
            remedy=message("Check free space and that you may use the folder."),
        ) from problem


def must_have_space(folder: Path, needed: int) -> None:
    """Find out before copying that the disk cannot take `needed` bytes twice (a copy, then the file of it).

    Raises:
        FileProblem: there is too little space, or no such folder.
    """
    with _disk_errors(folder):
        free = shutil.disk_usage(folder).free
    if free < 2 * needed:
        raise FileProblem(
            message("A backup needs {value:,} bytes; {free:,} are free.", value=2 * needed, free=free),
            where=str(folder),
            remedy=message("Free some space."),
        )


def unpack_slots(file: Path, folder: Path) -> None:
    """Write only the key slots of a copy into `folder`, to see who can open it.

    Raises:
        FileProblem, Damaged, NewerFormat: as `unpack`.
    """
    with _opened(file) as archive:
        _about(archive, file)
        with _disk_errors(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            for name in (SLOTS_A, SLOTS_B):
                (folder / name).write_bytes(archive.read(name))
