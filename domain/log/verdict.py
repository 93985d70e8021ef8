"""The judgement over a log: what was checked, what is proven, what is not."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that does not hold. `table`, `row`, `field` name the place; `entry` the log entry (-1: none)."""

    kind: str
    text: str
    table: str = ""
    row: str = ""
    field: str = ""
    entry: int = -1


class BehindEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry whose computer's clock was behind what the log claimed already: its number, its time and that one."""

    entry: int
    at: str
    latest: str


MOST_BEHIND = 1000
"""So many entries behind the high water mark are named; the others are counted."""


class LogVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a verification. Being intact says nothing of entries cut before this copy was made:
    only a checkpoint held elsewhere shows that.

    `since` is the first entry that was checked in full; those before it were proven earlier, and only their hashes
    were held against what was proven then. `rows` counts the rows compared. `behind` names entries of clocks that were
    behind the log, the first ones, and `behind_count` counts them: a fact that makes no log less intact.
    """

    vault: str
    entries: int
    root: str
    changes: int
    rows: int
    files: int
    findings: tuple[Finding, ...]
    since: int = 0
    behind: tuple[BehindEntry, ...] = ()
    behind_count: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def proven(self) -> int:
        """How many entries, from the first on, hold without exception: before the first entry with a finding."""
        return min((found.entry for found in self.findings if found.entry >= 0), default=self.entries)


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was checked: its name for people, the outcome, and what was seen."""

    name: str
    passed: bool
    detail: str


class PackVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of a pack: verified, or NOT VERIFIED with findings; there is nothing in between.

    Verified means: changes to entries covered by this checkpoint are detectable by anyone holding it, and the
    pages say what those entries say. It does not say that `root_fingerprint` is the right vault's: compare it
    with one obtained elsewhere.
    """

    verified: bool
    item: str
    number: str
    vault: str
    root_fingerprint: str
    checkpoint_size: int
    checks: tuple[Check, ...]
    findings: tuple[str, ...]
