"""The self-check: every clause with its demand, what was looked at, what was found, and what no program can do."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import Found, Result
from domain.messages import Message


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One demand of a rule, in our own words. `checks` says what is checked; `stays` what the organisation does."""

    id: str
    demand: Message
    checks: Message
    stays: Message
    check: Callable[[VaultEvidence], Found]


class ClauseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One clause judged. `entries` are numbers in the log that show it."""

    rule: str
    clause: str
    demand: str
    checked: str
    result: Result
    found: str
    entries: tuple[int, ...]
    organisation: str


class SelfCheck(msgspec.Struct, frozen=True, kw_only=True):
    """All clauses of all rules for one vault at one instant. It is evidence, no certificate of compliance."""

    vault: str
    name: str
    at: str
    program: str
    entries: int
    root: str
    clauses: tuple[ClauseResult, ...]

    @property
    def attention(self) -> tuple[ClauseResult, ...]:
        """Clauses where something is to be done."""
        return tuple(each for each in self.clauses if each.result == "attention")


def judge(evidence: VaultEvidence, rules: tuple[tuple[str, tuple[Clause, ...]], ...]) -> SelfCheck:
    """Judge every clause of every rule, in the order written."""
    results = []
    for rule, clauses in rules:
        for clause in clauses:
            found = clause.check(evidence)
            results.append(
                ClauseResult(
                    rule=rule,
                    clause=clause.id,
                    demand=str(clause.demand),
                    checked=str(clause.checks),
                    result=found.result,
                    found=found.text,
                    entries=tuple(dict.fromkeys(entry for entry in found.entries if entry >= 0)),
                    organisation=str(clause.stays),
                )
            )
    return SelfCheck(
        vault=evidence.vault,
        name=evidence.name,
        at=evidence.at,
        program=evidence.program,
        entries=evidence.verdict.entries,
        root=evidence.verdict.root,
        clauses=tuple(results),
    )
