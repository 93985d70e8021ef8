"""What this installation remembers outside any vault: its device id and the last checkpoint seen of each vault.

The remembered checkpoint is the high-water mark against a vault that was cut or put back from an older copy:
a log that is shorter than what was seen here, or does not extend it, is reported.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import platformdirs

from domain.errors import FileProblem
from domain.log.checkpoint import Checkpoint, NoteError, open_note
from domain.messages import message

_OVERRIDE = "COUNTERSIGN_HOME"


def home() -> Path:
    """The folder for this user's installation data (COUNTERSIGN_HOME overrides it, for tests and sticks)."""
    chosen = os.environ.get(_OVERRIDE)
    folder = Path(chosen) if chosen else Path(platformdirs.user_data_dir("countersign", appauthor=False))
    return _made(folder)


def own_folder(*names: str) -> Path:
    """A folder of this installation under `home`, made if it is not there.

    Raises:
        FileProblem: the disk refused.
    """
    return _made(home().joinpath(*names))


def device_id() -> str:
    """This installation's id, made once and kept."""
    return _device_in(home())


@cache
def _device_in(folder: Path) -> str:
    file = folder / "device"
    known = _text_of(file).strip()
    if not known:
        known = str(uuid.uuid4())
        write_whole(file, known.encode())
    return known


def remembered_checkpoint(vault: str) -> Checkpoint | None:
    """The last checkpoint this installation saw of a vault, or None when there is none to rely on."""
    try:
        return open_note(_text_of(_file(vault))).checkpoint
    except NoteError:
        return None


def remembered_note(vault: str) -> str:
    """The text of the last checkpoint seen of a vault, with its signatures; "" when there is none."""
    return _text_of(_file(vault))


def remember_checkpoint(vault: str, note: str) -> None:
    """Keep a signed checkpoint as the newest seen. Call it with the vault's lock held."""
    keep_whole(_file(vault), note.encode())


def files_checked_at(vault: str) -> str:
    """When this installation last held every stored file of a vault against its hash (ISO), or ""."""
    return _text_of(own_folder("checkpoints") / f"{uuid.UUID(vault)}.files").strip()


def remember_files_checked(vault: str, at: str) -> None:
    """Keep that every stored file of a vault was held against its hash here, and held."""
    keep_whole(own_folder("checkpoints") / f"{uuid.UUID(vault)}.files", at.encode())


def _file(vault: str) -> Path:
    folder = own_folder("checkpoints")
    return folder / f"{uuid.UUID(vault)}.note"


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise _not_written(folder, problem.strerror or message("input/output error")) from problem
    return folder


def _text_of(file: Path) -> str:
    """What this installation keeps in a file; "" if there is none, or no text in it."""
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    except OSError as problem:
        raise FileProblem(
            message(
                "What this installation remembers cannot be read: {strerror}.",
                strerror=problem.strerror or message("input/output error"),
            ),
            where=str(file),
            remedy=message("Check the disk and the rights to the folder."),
        ) from problem


def keep_whole(file: Path, data: bytes) -> None:
    """`write_whole` for a file only one program writes at a time: what a stopped one left is cleared away.

    Raises:
        FileProblem: the folder or the disk refused; the old bytes are as they were.
    """
    for left in file.parent.glob(f".{file.name}-*"):
        with contextlib.suppress(OSError):  # a left-over is never read
            left.unlink()
    write_whole(file, data)


def write_whole(file: Path, data: bytes | Iterable[bytes], *, on_disk: Callable[[], object] | None = None) -> None:
    """Write a file sideways, flush it, then swap it in: a reader sees the old bytes or the new, never half.

    `data` may come in pieces. `on_disk` is called when the bytes are safe but have no name yet; what it raises leaves
    everything as it was.

    Raises:
        FileProblem: the folder or the disk refused; the old bytes are as they were.
    """
    try:
        _write_sideways(file, data, on_disk)
    except OSError as problem:
        raise _not_written(file, problem.strerror or message("input/output error")) from problem


def must_take_a_file(file: Path) -> None:
    """Find out that `file` cannot be written before something is recorded that it belongs to.

    Raises:
        FileProblem: its folder is missing or may not be written to, or there is a folder of that name.
    """
    if file.is_dir():
        raise _not_written(file, message("there is a folder of this name"))
    try:
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        os.close(descriptor)
        Path(name).unlink()
    except OSError as problem:
        raise _not_written(file, problem.strerror or message("input/output error")) from problem


def _not_written(file: Path, why: str) -> FileProblem:
    remedy = message("Name a file in a folder that exists, with free space, where you may write.")
    return FileProblem(message("The file cannot be written: {why}.", why=why), where=str(file), remedy=remedy)


def _write_sideways(file: Path, data: bytes | Iterable[bytes], on_disk: Callable[[], object] | None) -> None:
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.writelines((data,) if isinstance(data, bytes) else data)
            out.flush()
            os.fsync(out.fileno())
        if on_disk is not None:
            on_disk()
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
