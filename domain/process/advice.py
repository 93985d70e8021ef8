"""What is unwise about a definition that holds together, with its place and its remedy: lint beyond contradictions.

`must` advice keeps a version from going in force; `should` advice is for its author to weigh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.messages import message
from domain.process.advice_passed import passed_advice, scenario_advice
from domain.process.advised import Advice, must, should
from domain.process.definition import APPROVERS, CREATOR, LEVELS, OWNER, ApprovalLevel, ProcessVersion
from domain.process.lint import check_process

__all__ = ["Advice", "Holders", "advise", "levels_of", "lint"]


Holders = Mapping[str, tuple[str, ...]]
"""Each role with the people who hold it."""


def lint(version: ProcessVersion, holders: Holders | None = None) -> tuple[Advice, ...]:
    """Everything to say about a definition: contradictions, else advice. Without `holders`, nothing about people."""
    contradictions = tuple(
        Advice(rule="contradiction", weight="must", place=each.place, text=each.text, remedy=each.remedy)
        for each in check_process(version)
    )
    return contradictions or advise(version, holders)


def advise(version: ProcessVersion, holders: Holders | None = None) -> tuple[Advice, ...]:
    """What is unwise about a definition without contradictions, what must be mended first."""
    found = [
        *_four_eyes(version),
        *scenario_advice(version),
        *passed_advice(version),
        *_times(version),
        *_evidence(version),
        *_transitions(version),
        *_controls(version),
        *(() if holders is None else _people(version, holders)),
    ]
    return tuple(sorted(found, key=lambda each: each.weight != "must"))


def levels_of(version: ProcessVersion) -> Iterator[tuple[str, str, tuple[ApprovalLevel, ...]]]:
    """Every gate with approvals: its place, its words, its levels."""
    for index, transition in enumerate(version.transitions):
        if transition.target != version.closure.step and transition.gate.approvals:
            yield f"transitions[{index}].gate", transition.title, transition.gate.approvals
    if version.closure.gate.approvals:
        yield "closure.gate", message("advice.closing"), version.closure.gate.approvals
    for place, title, levels in (
        ("cancel", message("advice.cancelling"), version.cancel.approvals),
        ("reopen", message("advice.reopening"), version.reopen.approvals),
    ):
        if levels:
            yield place, title, levels


def _four_eyes(version: ProcessVersion) -> Iterator[Advice]:
    for place, title, levels in levels_of(version):
        for number, level in enumerate(levels):
            if not {OWNER, CREATOR} & set(level.separate_from):
                yield must(
                    "advice.four_eyes",
                    f"{place}.approvals[{number}].separate_from",
                    message("advice.four_eyes.text", title=title, level=level.level),
                    message("advice.four_eyes.remedy"),
                )
        roles = [level.role for level in levels]
        if len(set(roles)) < len(roles) and not any(LEVELS in level.separate_from for level in levels):
            yield must(
                "advice.four_eyes",
                f"{place}.approvals",
                message("advice.four_eyes.text.one_person_may", title=title),
                message("advice.four_eyes.remedy.separate_the_levels"),
            )
        for severity in version.severities:
            if not any(not level.severities or severity in level.severities for level in levels):
                yield should(
                    "advice.level_severities",
                    f"{place}.approvals",
                    message("advice.level_severities.text", title=title, severity=severity),
                    message("advice.level_severities.remedy", severity=severity),
                )
    if version.reopen.approvals and APPROVERS not in version.reopen.separate_from:
        yield should(
            "advice.own_reopening",
            "reopen.separate_from",
            message("advice.own_reopening.text"),
            message("advice.own_reopening.remedy"),
        )
    closure = version.closure
    if not closure.gate.approvals and OWNER not in closure.separate_from:
        yield should(
            "advice.own_closure",
            "closure.separate_from",
            message("advice.own_closure.text"),
            message("advice.own_closure.remedy"),
        )
    for index, requirement in enumerate(version.evidence):
        if not requirement.different_person:
            yield should(
                "advice.four_eyes",
                f"evidence[{index}].different_person",
                message("advice.four_eyes.text.whoever_adds_may", title=requirement.title),
                message("advice.four_eyes.remedy.let_a_different"),
            )


def _times(version: ProcessVersion) -> Iterator[Advice]:
    timed = False
    for index, step in enumerate(version.steps):
        if step.sla_days or step.sla_hours:
            timed = True
        elif step.id != version.closure.step and step.effect != "exception":  # an exception ends by its own last day
            yield should(
                "advice.sla",
                f"steps[{index}].sla_days",
                message("advice.sla.text", title=step.title),
                message("advice.sla.remedy"),
            )
    if timed and not version.escalation:
        yield should(
            "advice.escalation",
            "escalation",
            message("advice.escalation.text"),
            message("advice.escalation.remedy"),
        )
    for place, title, levels in levels_of(version):
        for number, level in enumerate(levels):
            if not level.deadline_days:
                yield should(
                    "advice.deadline",
                    f"{place}.approvals[{number}].deadline_days",
                    message("advice.deadline.text", title=title, level=level.level),
                    message("advice.deadline.remedy"),
                )


def _evidence(version: ProcessVersion) -> Iterator[Advice]:
    gates = [*(transition.gate for transition in version.transitions), version.closure.gate]
    demanded = {requirement for gate in gates for requirement in gate.evidence} | {*version.reopen.evidence}
    for index, requirement in enumerate(version.evidence):
        if requirement.id not in demanded:
            yield should(
                "advice.evidence",
                f"evidence[{index}]",
                message("advice.evidence.text", title=requirement.title),
                message("advice.evidence.remedy"),
            )
    if demanded and not any(right.verb == "add_evidence" for right in version.rights):
        yield must(
            "advice.evidence",
            "rights",
            message("advice.evidence.text.evidence_is_demanded"),
            message("advice.evidence.remedy.add_a_right"),
        )
    if not version.closure.gate.evidence and not version.closure.gate.approvals:
        yield should(
            "advice.closure",
            "closure.gate",
            message("advice.closure.text"),
            message("advice.closure.remedy"),
        )


def _transitions(version: ProcessVersion) -> Iterator[Advice]:
    order = {step.id: number for number, step in enumerate(version.steps)}
    for index, transition in enumerate(version.transitions):
        if order[transition.target] < order[transition.source] and not transition.reason_required:
            yield should(
                "advice.back",
                f"transitions[{index}].reason_required",
                message("advice.back.text", title=transition.title),
                message("advice.back.remedy"),
            )
    for loop in _loops(version):
        titles = ", ".join(step.title for step in version.steps if step.id in loop)
        yield should(
            "advice.loop",
            "transitions",
            message("advice.loop.text", titles=titles),
            message("advice.loop.remedy"),
        )


def _loops(version: ProcessVersion) -> Iterator[frozenset[str]]:
    """Rounds that work can go without a reason, a new cycle, or a gate on the way back."""
    order = {step.id: number for number, step in enumerate(version.steps)}
    for transition in version.transitions:
        backward = order[transition.target] < order[transition.source]
        if backward and not (
            transition.new_cycle
            or transition.reason_required
            or transition.gate.conditions
            or transition.gate.approvals
        ):
            yield frozenset({transition.source, transition.target})


def _controls(version: ProcessVersion) -> Iterator[Advice]:
    places = {
        "closure.gate",
        "cancel",
        "reopen",
        "hold",
        "urgent",
        *(transition.id for transition in version.transitions),
    }
    places |= {each.id for each in version.fields} | {each.id for each in version.evidence}
    places |= {each.id for each in version.steps}
    for index, control in enumerate(version.risk_controls):
        if control.where not in places:
            yield should(
                "advice.control",
                f"risk_controls[{index}].where",
                message("advice.control.text", where=control.where),
                message("advice.control.remedy"),
            )
    if version.version > 1 and version.migration is None:
        yield should(
            "advice.migration",
            "migration",
            message("advice.migration.text"),
            message("advice.migration.remedy"),
        )


def _people(version: ProcessVersion, holders: Holders) -> Iterator[Advice]:
    asked = [
        (f"{place}.approvals[{number}].role", level.role, message("advice.sign", title=title))
        for place, title, levels in levels_of(version)
        for number, level in enumerate(levels)
    ]
    asked += [
        (f"evidence[{index}].reviewer_role", each.reviewer_role, message("advice.review", title=each.title))
        for index, each in enumerate(version.evidence)
    ]
    for place, role, doing in asked:
        if not holders.get(role):
            yield must(
                "advice.nobody",
                place,
                message("advice.nobody.text", role=version.role_title(role), doing=doing),
                message("advice.nobody.remedy"),
            )
    for place, title, levels in levels_of(version):
        apart = [level for level in levels if LEVELS in level.separate_from]
        people = {person for level in apart for person in holders.get(level.role, ())}
        if apart and all(holders.get(level.role) for level in apart) and len(people) < len(apart):
            yield must(
                "advice.four_eyes",
                f"{place}.approvals",
                message("advice.four_eyes.text.asks_for_different", title=title, count=len(apart), people=len(people)),
                message("advice.four_eyes.remedy.let_another_person"),
            )
