"""The crash shim: compiled when the machine can, loaded before libc, steered from inside by a few calls."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("crash_shim.c")


def missing() -> str:
    """Why the shim cannot be used here; empty if it can."""
    if not sys.platform.startswith("linux"):
        return "the crash shim is for Linux (it is loaded with LD_PRELOAD)"
    if shutil.which("gcc") is None:
        return "no gcc on this machine to compile the crash shim with"
    return ""


def compiled(folder: Path) -> Path:
    """The shim as a shared library in `folder`."""
    library = folder / "crash_shim.so"
    if not library.exists():
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE)], check=True)
    return library


def fast_folder() -> Path:
    """Where many small vaults are written and thrown away: memory if there is a file system in it."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


class Shim:
    """The calls into the library, in a process that was started with it loaded."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.crash_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_char_p, ctypes.c_char_p]

    def arm(self, under: Path, *, n: int = 0, mode: str = "", record: str = "") -> None:
        """From now on count what happens under a folder and spoil operation `n` (0: nothing)."""
        self._library.crash_arm(os.fsencode(under), n, mode.encode(), os.fsencode(record))

    def disarm(self) -> None:
        self._library.crash_disarm()

    def mark(self) -> None:
        """Note in the record that an act was acknowledged."""
        self._library.crash_mark()

    @property
    def counted(self) -> int:
        return int(self._library.crash_counted())

    @property
    def reads(self) -> int:
        return int(self._library.crash_reads())
