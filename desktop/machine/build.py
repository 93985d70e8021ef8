"""Which build of the program this is: what one build has proven of a log, another proves again by its own rules."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import domain
from domain.log.entry import FORMAT_VERSION, newest_law


@cache
def build_id() -> str:
    """The version, the law, the interpreter, and the hash of the rules' own source where it is at hand."""
    try:
        number = version("countersign")
    except PackageNotFoundError:
        number = "0"
    sources = sha256()
    root = Path(domain.__file__).parent
    for file in sorted(root.rglob("*.py")):
        sources.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{number}/{FORMAT_VERSION}.{newest_law()}/{python}/{sources.hexdigest()[:32]}"
