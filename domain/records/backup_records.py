"""Records about copies of the vault: one was put in use, one was tried out."""

from __future__ import annotations

from typing import Literal

import msgspec


class Restore(msgspec.Struct, frozen=True, kw_only=True):
    """From here on the log goes on from a copy.

    `source` is the SHA-256 of the backup file ("" when a person put an older folder back by other means),
    `entries` and `root` say where the log stood then. `seen` is the newest checkpoint that the installation
    had seen of this vault, a signed note ("" = none newer): the entries between are those that were given up.
    """

    id: str
    source: str = ""
    entries: int
    root: str
    seen: str = ""
    reason: str
    at: str
    by: str
    device: str


class RestoreTest(msgspec.Struct, frozen=True, kw_only=True):
    """A backup file was restored into a place of its own, proven, and thrown away again: its certificate.

    `source` is the file's SHA-256, `made_at` when the copy was made, `entries` and `root` where its log stood,
    `files` how many evidence files hashed to their names. `problem` says why a failed restore test failed.
    """

    id: str
    source: str
    made_at: str
    entries: int
    root: str
    files: int = 0
    outcome: Literal["restored", "failed"]
    problem: str = ""
    at: str
    by: str
    device: str
