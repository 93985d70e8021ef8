"""Files handed in: hashed before they are offered to the store, which hashes them again while storing."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from domain.act import IncomingFile
from domain.errors import FileProblem
from domain.messages import message

LARGEST_FILE = 4 * 1024**3


def incoming_file(path: Path) -> IncomingFile:
    """The hash and size of a file handed in.

    Raises:
        FileProblem: not a readable, non-empty file, or larger than the limit.
    """
    try:
        if not path.is_file():
            raise FileProblem(message("There is no such file."), where=str(path), remedy=message("Check the name."))
        size = path.stat().st_size
        if size == 0:
            raise FileProblem(message("The file is empty and proves nothing."), where=path.name)
        if size > LARGEST_FILE:
            raise FileProblem(
                message(
                    "The file has {size:,} bytes; the limit is {largest_file:,}.", size=size, largest_file=LARGEST_FILE
                ),
                where=path.name,
            )
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as problem:
        raise FileProblem(
            message("The file cannot be read: {strerror}.", strerror=problem.strerror), where=path.name
        ) from problem
    return IncomingFile(sha256=digest, size=size, path=str(path))


def media_type_of(path: Path) -> str:
    """A media type guessed from the name only; nothing is run or opened because of it."""
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
