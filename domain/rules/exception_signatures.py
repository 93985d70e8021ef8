"""Whether an exception is signed by who owns the process that it is from."""

from __future__ import annotations

from domain.obstacle import Obstacle
from domain.rules.approvals import judge_approvals
from domain.rules.exception_rules import excepted, is_granted_at, not_owner, owner_roles
from domain.rules.facts import Facts
from domain.rules.signing import urgent_signature


def unsigned_by_owner(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """An obstacle unless who owns the process concerned has signed the exception in person."""
    process, rules = excepted(facts.concerned) if facts.concerned else (None, None)
    if process is None or rules is None or not is_granted_at(facts, gate):
        return ()
    counted = (each for level in judge_approvals(facts, gate).levels for each in level.counted)
    signers = {each.person for each in counted if not each.mandate}
    urgent = urgent_signature(facts, gate)
    signers |= {urgent.signed_by} if urgent and not urgent.mandate else set()
    return tuple(
        not_owner(facts, process, role)
        for role in owner_roles(facts, rules, process)
        if not _holds(facts, role, signers)
    )


def _holds(facts: Facts, role: str, people: set[str]) -> bool:
    return bool(people & set(facts.holders.get(role, ())))
