"""Records about the vault itself: reviews, settings, clock jumps, exports and the key given out."""

from __future__ import annotations

from typing import Literal

import msgspec

REVEAL_NEEDS_TWO = "reveal_needs_two"
"""Setting: "yes" when giving out the store's key takes two persons."""

SETTINGS: dict[str, tuple[str, ...]] = {REVEAL_NEEDS_TWO: ("no", "yes")}
"""Every setting of a vault with its values, the one that holds without a record first."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting of the vault; `id` is its name. What differs from the shipped value is on record."""

    id: str
    value: str
    set_at: str
    set_by: str


class ClockJump(msgspec.Struct, frozen=True, kw_only=True):
    """A person has seen that this computer's clock and the log disagree, and says why that is so.

    `last` is the time of the newest entry then, `shown` what the clock stated.
    """

    id: str
    direction: Literal["backwards", "forwards"]
    last: str
    shown: str
    acknowledged_by: str
    device: str


class StoreMigration(msgspec.Struct, frozen=True, kw_only=True):
    """The store was brought from one format to a newer one: its structure, never a value.

    `entries` and `root` say where the log stood; nothing was added to it since. `backup` is the SHA-256 of the copy
    made before, "" when it is not known any more or the vault itself came out of a copy.
    """

    id: str
    before: int
    after: int
    entries: int
    root: str
    backup: str = ""
    at: str
    by: str
    device: str


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A signed look at how the vault is used.

    `kind` is audit_trail (entries `first` to `last`, of which `sample` were read closely) or access_review
    (`snapshot` is the SHA-256 of the matrices looked at). `findings` are the reviewer's words.
    """

    id: str
    kind: Literal["audit_trail", "access_review"]
    at: str
    person: str
    first: int = 0
    last: int = 0
    sample: list[int] = []
    snapshot: str = ""
    verdict: Literal["in_order", "with_findings"]
    findings: str = ""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """Data left the vault as a file: what, to which name, with which hash. Its copies are not controlled."""

    id: str
    kind: str
    name: str
    sha256: str
    size: int
    purpose: str = ""
    at: str
    by: str


class KeyRevelation(msgspec.Struct, frozen=True, kw_only=True):
    """The store's raw key is given out: asked for by one person and, where the vault wants two, confirmed by another.

    The key itself is nowhere on record; `fingerprint` is the first 16 bytes of its SHA-256, in hex.
    """

    id: str
    state: Literal["asked", "given"]
    purpose: str
    fingerprint: str
    asked_at: str
    asked_by: str
    given_at: str = ""
    given_by: str = ""
