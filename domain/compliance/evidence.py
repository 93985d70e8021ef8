"""What a vault can show for itself: gathered once, then judged clause by clause without asking again."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from domain.log.verdict import LogVerdict


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """How often an act is on record and in which entry last (-1: never)."""

    count: int = 0
    last: int = -1


class SigningEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One signature: entry, act, who, whether the passphrase was given for it, and its meaning."""

    entry: int
    act: str
    person: str
    passphrase: bool
    meaning: str


class VaultEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one vault at the instant `at`. Times are ISO UTC, "" = never.

    `signatures` are the newest signings; `undeclared` the names of people who sign without a declaration;
    `shared_names` names that more than one person bears; `newest_backup` and `whole_proof` are what this
    installation knows. `key_cost` and `store` describe the protection in words.
    """

    vault: str
    name: str
    at: str
    program: str
    verdict: LogVerdict
    acts: Mapping[str, Trace]
    signatures: tuple[SigningEvidence, ...]
    signed_acts: int
    people: int
    active: int
    administrators: tuple[str, ...]
    shared_names: tuple[str, ...]
    reused_keys: tuple[str, ...]
    undeclared: tuple[str, ...]
    revoked_keys: int
    roles_held: int
    processes: tuple[str, ...]
    gates_with_approvals: int
    devices: int
    imports: int
    imports_with_source: int
    files: int
    newest_backup: str
    newest_restore_test: str
    restore_test_entry: int
    trail_review: str
    trail_review_entry: int
    access_review: str
    access_review_entry: int
    failed_unlock_reports: int
    failed_unlock_entry: int
    clock_jumps: int
    refusals: int
    whole_proof: str
    key_cost: str
    store: str

    def trace(self, act: str) -> Trace:
        """How often and where last an act is on record."""
        return self.acts.get(act, Trace())
