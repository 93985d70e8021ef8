"""The parts of a process version that watch over the flow: escalation, alerts, metrics, risks, reports, migration."""

from __future__ import annotations

from typing import Literal

from domain.process.definition_parts import Part


class EscalationLevel(Part, frozen=True, kw_only=True):
    """Who hears of it when a step has used this percentage of its working time.

    `days_after`: that many working days after the whole time is used (then `at_percent` is 100).
    """

    at_percent: int
    role: str
    text: str
    days_after: int = 0


class Alert(Part, frozen=True, kw_only=True):
    """A condition that people want to hear of, and who hears.

    `when` is the condition the engine watches ("" = the words of `text` only, read by people); `number` its number
    where it has one: cycles, days before an end.
    """

    id: str
    text: str
    role: str
    when: Literal[
        "",
        "hold_review",
        "cycle",
        "unblocked",
        "blocker_cancelled",
        "approval_late",
        "handoff_late",
        "obligation_late",
        "exception_ending",
        "risk_acceptance_ending",
        "evidence_ending",
        "question_open",
        "due",
    ] = ""
    number: int = 0


class Metric(Part, frozen=True, kw_only=True):
    """A measure of the process: definition in words, unit, target as decimal text."""

    id: str
    title: str
    definition: str
    unit: str
    target: str
    better: Literal["lower", "higher"]


class RiskControl(Part, frozen=True, kw_only=True):
    """A risk of the process and the rule in this definition that answers it (`where` is a gate or field id)."""

    id: str
    risk: str
    control: str
    where: str


class Reporting(Part, frozen=True, kw_only=True):
    """Who is shown what how often."""

    cadence: Literal["weekly", "monthly", "quarterly", "yearly"]
    role: str
    content: str


class Migration(Part, frozen=True, kw_only=True):
    """How open items of the version before may come over: old step -> new step."""

    from_version: int
    steps: dict[str, str]
