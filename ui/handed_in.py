"""A file a person hands in, hashed on the worker before it is offered; the store hashes it again while storing."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from domain.act import IncomingFile
from domain.errors import FileProblem


def handed_in(path: Path) -> IncomingFile:
    """Hash and size of a file.

    Raises:
        FileProblem: there is no such file, or it cannot be read.
    """
    try:
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        return IncomingFile(sha256=digest, size=path.stat().st_size, path=str(path))
    except OSError as problem:
        raise FileProblem(
            f"The file cannot be read: {problem.strerror}.", where=path.name, cure="Check the name and the rights."
        ) from problem


def media_type_of(path: Path) -> str:
    """A media type guessed from the name only; nothing is opened because of it."""
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
