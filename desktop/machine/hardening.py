"""What the process does for its secrets before it has any: no core dump, no look into its memory by other programs."""

from __future__ import annotations

import ctypes
import os
import sys

from domain.messages import message

_PR_SET_DUMPABLE = 4


def harden_process() -> tuple[str, ...]:
    """Files for this user only, no core dumps, no debugger of the same user (Linux). What could not be had is named.

    A program that runs as the same user and is already inside, or an administrator, is not kept out by this.
    """
    os.umask(0o077)
    missing = []
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (not there on Windows)

        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        except (OSError, ValueError):  # a system that does not let its limits be lowered
            missing.append(message("core dumps could not be switched off"))
    if sys.platform == "linux":
        try:
            refused = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        except (OSError, AttributeError):  # a C library without prctl
            refused = -1
        if refused:
            missing.append(message("the memory of the process could not be closed to debuggers"))
    return tuple(missing)
