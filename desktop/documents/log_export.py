"""The log as plain JSON lines that anyone can check with published formats and no copy of this program.

Line 1 is the checkpoint with the vault's record; then the people's keys with their certificates; then every entry
with its leaf text, its inclusion proof and the texts of its changes; the last line counts what came before it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import msgspec

from desktop.store.register import StoreRegister
from domain.closure.paths import Paths
from domain.errors import FileProblem, UsageProblem
from domain.messages import message
from domain.services import Progress

FORMAT = "countersign-log-export/v1"
_EVERY = 256


class WrittenExport(msgspec.Struct, frozen=True, kw_only=True):
    """An export that was written: where, its hash, its size, the entries in it, how many changes and files."""

    path: str
    sha256: str
    size: int
    first: int
    last: int
    changes: int
    files: int = 0


def export_lines(
    register: StoreRegister, *, note: str, first: int, last: int, progress: Progress | None = None
) -> Iterator[dict[str, Any]]:
    """The lines of an export of entries `first` to `last`, proven against the checkpoint `note`."""
    vault = msgspec.to_builtins(register.vault())
    yield {"kind": "checkpoint", "format": FORMAT, "note": note, "vault": vault, "first": first, "last": last}
    certified = register.keys()
    for key in certified:
        yield {"kind": "key", **msgspec.to_builtins(key)}
    paths = Paths(register.leaves())
    count = 0
    for seq in range(first, last + 1):
        changes = [data.decode() for data in register.changes(seq)]
        count += len(changes)
        yield {
            "kind": "entry",
            "seq": seq,
            "leaf": register.entry(seq).leaf_data().decode(),
            "proof": [step.hex() for step in paths.of(seq)],
            "changes": changes,
        }
        if progress is not None and (seq % _EVERY == 0 or seq == last):
            progress(message("export entries"), seq - first + 1, last - first + 1)
    yield {"kind": "end", "entries": last - first + 1, "changes": count}


def write_export(
    register: StoreRegister,
    out: Path,
    *,
    note: str,
    first: int,
    last: int | None,
    record: Callable[[WrittenExport], object],
    files: Path | None = None,
    progress: Progress | None = None,
) -> WrittenExport:
    """Write the export sideways, have it recorded by its hash, and only then give it its name.

    `files` is a folder that takes every stored file under its SHA-256.

    Raises:
        UsageProblem: the range is not in the log.
        FileProblem: the folder or the disk refused; nothing was recorded.
        Cancelled: `progress` asked to stop; nothing was recorded or left behind.
    """
    size = register.log_size()
    last = size - 1 if last is None else last
    if not 0 <= first <= last < size:
        raise UsageProblem(
            message("Entries {first} to {last} are not in this log.", first=first, last=last),
            remedy=message("It has entries 0 to {size}.", size=size - 1),
        )
    try:
        descriptor, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}-")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                digest, length, changes = _write(
                    stream, export_lines(register, note=note, first=first, last=last, progress=progress)
                )
            kept = _write_files(register, files, progress=progress) if files is not None else 0
            written = WrittenExport(
                path=str(out), sha256=digest, size=length, first=first, last=last, changes=changes, files=kept
            )
            record(written)
            part.replace(out)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise FileProblem(
            message(
                "The export cannot be written: {strerror}.", strerror=problem.strerror or message("input/output error")
            ),
            where=str(out),
            remedy=message("Name a file in a folder that exists, with free space, where you may write."),
        ) from problem
    return written


def _write(stream: IO[bytes], lines: Iterator[dict[str, Any]]) -> tuple[str, int, int]:
    hasher, size, changes = sha256(), 0, 0
    for line in lines:
        data = msgspec.json.encode(line) + b"\n"
        stream.write(data)
        hasher.update(data)
        size += len(data)
        changes = line["changes"] if line["kind"] == "end" else changes
    stream.flush()
    os.fsync(stream.fileno())
    return hasher.hexdigest(), size, changes


def _write_files(register: StoreRegister, folder: Path, *, progress: Progress | None) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = sorted(register.files())
    for done, digest in enumerate(wanted):
        with (folder / digest).open("wb") as stream:
            stream.writelines(register.file_bytes(digest))
        if progress is not None:
            progress(message("export files"), done + 1, len(wanted))
    return len(wanted)
