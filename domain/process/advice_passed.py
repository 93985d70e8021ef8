"""Advice about what may be passed, and about scenarios: what a version must show before it goes in force."""

from __future__ import annotations

from collections.abc import Iterator

from domain.messages import message
from domain.process.advised import Advice, must, should
from domain.process.definition import Gate, ProcessVersion
from domain.process.passable import PASSABLE


def passed_advice(version: ProcessVersion) -> Iterator[Advice]:
    """Rules listed as passable that never are, and durations and roles that make no sense."""
    lists = (("exceptions", version.exceptions), ("risk_acceptance", version.risk_acceptance))
    ready = any(condition.readiness for each in _gates(version) for condition in each.conditions)
    for place, rule in lists:
        for index, each in enumerate(rule.rules if rule else ()):
            if each not in PASSABLE:
                yield must(
                    "advice.never_passed",
                    f"{place}.rules[{index}]",
                    message("advice.never_passed.text", rule=each),
                    message("advice.never_passed.remedy", rules=", ".join(sorted(PASSABLE))),
                )
            elif each == "condition.unmet" and not ready:
                yield should(
                    "advice.never_passed",
                    f"{place}.rules[{index}]",
                    message("advice.never_passed.text.no_readiness"),
                    message("advice.never_passed.remedy.no_readiness"),
                )
        if rule is not None and rule.longest_days < 1:
            yield must(
                "advice.longest_days",
                f"{place}.longest_days",
                message("advice.longest_days.text", longest_days=rule.longest_days),
                message("advice.longest_days.remedy"),
            )
    for number, outcome in enumerate(version.closure.outcomes):
        for index, condition in enumerate(outcome.conditions):
            if condition.readiness:
                yield must(
                    "advice.never_passed",
                    f"closure.outcomes[{number}].conditions[{index}].readiness",
                    message("advice.never_passed.text.outcome", title=outcome.title),
                    message("advice.never_passed.remedy.outcome"),
                )


def scenario_advice(version: ProcessVersion) -> Iterator[Advice]:
    """The kinds of scenario that a version needs by what it allows, and how many at least."""
    kinds = {scenario.kind for scenario in version.scenarios}
    if not kinds:
        yield must(
            "advice.scenarios", "scenarios", message("advice.scenarios.text"), message("advice.scenarios.remedy")
        )
        return
    for kind, words in _needed(version):
        if kind not in kinds:
            yield must(
                "advice.scenarios",
                "scenarios",
                message("advice.scenarios.text.no_scenario_shows", words=words),
                message("advice.scenarios.remedy.write_one"),
            )
    rules = rules_stated(version)
    if len(version.scenarios) < len(rules):
        yield must(
            "advice.scenarios",
            "scenarios",
            message(
                "advice.scenarios.text.too_few",
                count=len(version.scenarios),
                wanted=len(rules),
                rules=", ".join(rules),
            ),
            message("advice.scenarios.remedy.write_one"),
        )


def _needed(version: ProcessVersion) -> Iterator[tuple[str, str]]:
    yield "normal_path", message("advice.the_normal_path_to")
    yield "refused", message("advice.what_has_to_be")
    if version.urgent is not None:
        yield "urgent", message("advice.the_urgent_path")
    if has_deadlines(version):
        yield "late", message("advice.what_happens_when_late")


def has_deadlines(version: ProcessVersion) -> bool:
    """Whether anything of the version can be late."""
    steps = any(step.sla_days or step.sla_hours or step.handoff_hours for step in version.steps)
    levels = [level for gate in _gates(version) for level in gate.approvals]
    return steps or any(level.deadline_days for level in levels) or version.extension is not None


def rules_stated(version: ProcessVersion) -> tuple[str, ...]:
    """The parts of a version, by their names in the definition, of which each needs a scenario: its outcomes, and the
    rules for what is not the ordinary way that it states.
    """
    outcomes = tuple(f"closure.{each.outcome}" for each in version.closure.outcomes)
    optional = ("urgent", "extension", "change", "risk_acceptance", "exceptions", "categories")
    return (*outcomes, "hold", "cancel", "reopen", *(each for each in optional if getattr(version, each) is not None))


def _gates(version: ProcessVersion) -> tuple[Gate, ...]:
    return (*(each.gate for each in version.transitions), version.closure.gate)
