"""What an exception or an accepted risk may ever pass: obstacles that say that work is not ready, and nothing else."""

from __future__ import annotations

from typing import Final

from domain.process.definition import ProcessVersion

PASSABLE: Final = frozenset(
    {
        "field.missing",
        "condition.unmet",
        "evidence.missing",
        "evidence.unreviewed",
        "evidence.expired",
        "blocked.open",
    }
)
"""Rules about the readiness of work: the only ones that an exception or a risk acceptance may pass, whatever a process
version lists. `condition.unmet` is a condition that the version calls readiness; other conditions judge an outcome.
"""


def is_passable(process: ProcessVersion, rule: str, about: str) -> bool:
    """Whether an obstacle of this rule about this thing is one of readiness: a verdict that is missing never is."""
    return rule in PASSABLE and not (rule == "field.missing" and about in verdicts(process))


def verdicts(process: ProcessVersion) -> frozenset[str]:
    """The fields that judge the work: those that say so, and those that a condition of outcome looks at."""
    gates = [*(each.gate for each in process.transitions), process.closure.gate]
    asked = [condition for gate in gates for condition in gate.conditions if not condition.readiness]
    asked += [condition for outcome in process.closure.outcomes for condition in outcome.conditions]
    return frozenset((*(each.id for each in process.fields if each.verdict), *(each.field for each in asked)))
