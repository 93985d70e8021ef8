"""What is unwise about a definition that holds together, with its place and its remedy: lint beyond contradictions.

`must` advice keeps a version from going in force; `should` advice is for its author to weigh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from domain.process.definition import CREATOR, LEVELS, OWNER, ApprovalLevel, ProcessVersion
from domain.process.lint import check_process


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend. `rule` is a stable id, `place` a path such as "transitions[3].gate.approvals[0]"."""

    rule: str
    weight: Literal["must", "should"]
    place: str
    text: str
    remedy: str


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
        *_scenarios(version),
        *_times(version),
        *_evidence(version),
        *_transitions(version),
        *_controls(version),
        *(() if holders is None else _people(version, holders)),
    ]
    return tuple(sorted(found, key=lambda each: each.weight != "must"))


def _must(rule: str, place: str, text: str, remedy: str) -> Advice:
    return Advice(rule=rule, weight="must", place=place, text=text, remedy=remedy)


def _should(rule: str, place: str, text: str, remedy: str) -> Advice:
    return Advice(rule=rule, weight="should", place=place, text=text, remedy=remedy)


def levels_of(version: ProcessVersion) -> Iterator[tuple[str, str, tuple[ApprovalLevel, ...]]]:
    """Every gate with approvals: its place, its words, its levels."""
    for index, transition in enumerate(version.transitions):
        if transition.target != version.closure.step and transition.gate.approvals:
            yield f"transitions[{index}].gate", transition.title, transition.gate.approvals
    if version.closure.gate.approvals:
        yield "closure.gate", "Closing", version.closure.gate.approvals
    for place, title, levels in (
        ("cancel", "Cancelling", version.cancel.approvals),
        ("reopen", "Reopening", version.reopen.approvals),
    ):
        if levels:
            yield place, title, levels


def _four_eyes(version: ProcessVersion) -> Iterator[Advice]:
    for place, title, levels in levels_of(version):
        for number, level in enumerate(levels):
            if not {OWNER, CREATOR} & set(level.separate_from):
                yield _must(
                    "advice.four_eyes",
                    f"{place}.approvals[{number}].separate_from",
                    f"'{title}': whoever owns or created the work may sign level {level.level} of it.",
                    "Separate the level from owner and creator.",
                )
        roles = [level.role for level in levels]
        if len(set(roles)) < len(roles) and not any(LEVELS in level.separate_from for level in levels):
            yield _must(
                "advice.four_eyes",
                f"{place}.approvals",
                f"'{title}': one person may sign two of its levels.",
                "Separate the levels from each other.",
            )
    closure = version.closure
    if not closure.gate.approvals and OWNER not in closure.separate_from:
        yield _should(
            "advice.own_closure",
            "closure.separate_from",
            "The owner of the work may close it without anybody else's signature.",
            "Ask for an approval at closing, or separate closing from the owner.",
        )
    for index, requirement in enumerate(version.evidence):
        if not requirement.different_person:
            yield _should(
                "advice.four_eyes",
                f"evidence[{index}].different_person",
                f"Whoever adds '{requirement.title}' may accept it.",
                "Let a different person review it.",
            )


def _scenarios(version: ProcessVersion) -> Iterator[Advice]:
    kinds = {scenario.kind for scenario in version.scenarios}
    if not kinds:
        yield _must(
            "advice.scenarios", "scenarios", "Nothing shows that this version works.", "Write a scenario or more."
        )
        return
    for kind, words in (("normal_path", "the normal path to closure"), ("refused", "what has to be refused")):
        if kind not in kinds:
            yield _should("advice.scenarios", "scenarios", f"No scenario shows {words}.", "Write one.")


def _times(version: ProcessVersion) -> Iterator[Advice]:
    timed = False
    for index, step in enumerate(version.steps):
        if step.sla_days or step.sla_hours:
            timed = True
        elif step.id != version.closure.step and step.effect != "exception":  # an exception ends by its own last day
            yield _should(
                "advice.sla",
                f"steps[{index}].sla_days",
                f"'{step.title}' has no time: nobody is warned however long work stands there.",
                "Give it working days or hours.",
            )
    if timed and not version.escalation:
        yield _should(
            "advice.escalation",
            "escalation",
            "Steps have times, and nobody hears when they are over.",
            "Add escalation levels.",
        )
    for place, title, levels in levels_of(version):
        for number, level in enumerate(levels):
            if not level.deadline_days:
                yield _should(
                    "advice.deadline",
                    f"{place}.approvals[{number}].deadline_days",
                    f"'{title}': level {level.level} may be left unsigned for ever.",
                    "Give it a deadline.",
                )


def _evidence(version: ProcessVersion) -> Iterator[Advice]:
    gates = [*(transition.gate for transition in version.transitions), version.closure.gate]
    demanded = {requirement for gate in gates for requirement in gate.evidence}
    for index, requirement in enumerate(version.evidence):
        if requirement.id not in demanded:
            yield _should(
                "advice.evidence",
                f"evidence[{index}]",
                f"No gate demands '{requirement.title}'.",
                "Demand it at a gate, or take it out.",
            )
    if demanded and not any(right.verb == "add_evidence" for right in version.rights):
        yield _must("advice.evidence", "rights", "Evidence is demanded, and nobody may add any.", "Add a right for it.")
    if not version.closure.gate.evidence and not version.closure.gate.approvals:
        yield _should(
            "advice.closure",
            "closure.gate",
            "Work closes without evidence and without anybody's approval.",
            "Demand evidence or an approval at closing.",
        )


def _transitions(version: ProcessVersion) -> Iterator[Advice]:
    order = {step.id: number for number, step in enumerate(version.steps)}
    for index, transition in enumerate(version.transitions):
        if order[transition.target] < order[transition.source] and not transition.reason_required:
            yield _should(
                "advice.back",
                f"transitions[{index}].reason_required",
                f"'{transition.title}' sends work back without saying why.",
                "Ask for a reason.",
            )
    for loop in _loops(version):
        titles = ", ".join(step.title for step in version.steps if step.id in loop)
        yield _should(
            "advice.loop",
            "transitions",
            f"Work can go round for ever between {titles}, and no cycle is counted.",
            "Let a transition back begin a new cycle, or watch cycles by an alert.",
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
            yield _should(
                "advice.control",
                f"risk_controls[{index}].where",
                f"'{control.where}' is no gate, step, field or evidence of this version.",
                "Name the rule that answers the risk.",
            )
    if version.version > 1 and version.migration is None:
        yield _should(
            "advice.migration",
            "migration",
            "Nothing says how open items of the version before may come over.",
            "Map its steps, if open items are to come over.",
        )


def _people(version: ProcessVersion, holders: Holders) -> Iterator[Advice]:
    asked = [
        (f"{place}.approvals[{number}].role", level.role, f"sign '{title}'")
        for place, title, levels in levels_of(version)
        for number, level in enumerate(levels)
    ]
    asked += [
        (f"evidence[{index}].reviewer_role", each.reviewer_role, f"review '{each.title}'")
        for index, each in enumerate(version.evidence)
    ]
    for place, role, doing in asked:
        if not holders.get(role):
            yield _must(
                "advice.nobody",
                place,
                f"Nobody holds {version.role_title(role)}, and only they may {doing}.",
                "Grant the role, or name another one.",
            )
    for place, title, levels in levels_of(version):
        apart = [level for level in levels if LEVELS in level.separate_from]
        people = {person for level in apart for person in holders.get(level.role, ())}
        if apart and all(holders.get(level.role) for level in apart) and len(people) < len(apart):
            yield _must(
                "advice.four_eyes",
                f"{place}.approvals",
                f"'{title}' asks for {len(apart)} different people, and only {len(people)} could sign.",
                "Let another person hold one of the roles.",
            )
