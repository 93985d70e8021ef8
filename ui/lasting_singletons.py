"""Keeps None, True and False alive under a Qt binding that counts on their being immortal.

The PySide6 6.12 wheels run on Python 3.11, yet return None, True and False without taking a reference, as is
right only from Python 3.12 on (PEP 683). Each such call takes one reference away, and after some thousands the
interpreter aborts with "deallocating None". Giving the singletons references that no session can use up makes
them as good as immortal. From Python 3.12 on this does nothing.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

SPARE_REFERENCES: Final = 1 << 48
"""More than a session can lose: a billion calls a second would take three days."""


def outlast_the_binding() -> None:
    """Add the spare references, once; nothing happens where the singletons are immortal already."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) >= SPARE_REFERENCES:
        return
    for single in (None, True, False, NotImplemented):
        # The count is the first word of every CPython object (Include/object.h, `ob_refcnt`).
        ctypes.c_ssize_t.from_address(id(single)).value += SPARE_REFERENCES
