"""Whether the scenarios of a version show what it demands: each demand is taken away in turn, and one must then fail.

A demand that can be taken away without a scenario failing is shown by none: the scenarios would hold just as well for
a process without it. What is demanded of one field or one piece of evidence at several gates counts as one demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from domain.messages import message
from domain.process.advised import Advice, should
from domain.process.definition import LEVELS, ApprovalLevel, Gate, OutcomeRule, ProcessVersion
from domain.simulation.run import run_scenario

replace = msgspec.structs.replace


class Weakened(msgspec.Struct, frozen=True, kw_only=True):
    """A version without one of its demands. `place` is where the demand stands, such as "closure.gate.evidence", `what`
    the field, requirement, role or text it is about.
    """

    kind: str
    place: str
    what: str
    version: ProcessVersion


def weakened(version: ProcessVersion) -> Iterator[Weakened]:
    """The version without each of its demands in turn: fields, evidence, conditions, signatures and separations."""
    yield from _fields(version)
    yield from _evidence(version)
    for place, gate in _gates(version):
        yield from _gate(version, place, gate)
    for number, outcome in enumerate(version.closure.outcomes):
        yield from _outcome(version, number, outcome)
    yield from _separations(version)


def vacuous(version: ProcessVersion, others: Mapping[str, ProcessVersion]) -> Iterator[Weakened]:
    """The demands that no scenario of the version shows; `others` are the processes that scenarios may name."""
    scenarios = list(version.scenarios)
    for each in weakened(version):
        failed = next(
            (one for one in scenarios if run_scenario(each.version, one, {**others, version.id: each.version}).failure),
            None,
        )
        if failed is None:
            yield each
        else:  # what failed last is likely to fail next: demands beside one another are shown by one scenario
            scenarios.remove(failed)
            scenarios.insert(0, failed)


def unshown_demands(version: ProcessVersion, others: Mapping[str, ProcessVersion]) -> Iterator[Advice]:
    """Advice for each demand that no scenario shows."""
    for each in vacuous(version, others):
        yield should(
            "advice.unshown",
            each.place,
            message("advice.unshown.text", what=each.what),
            message("advice.unshown.remedy"),
        )


def _gates(version: ProcessVersion) -> Iterator[tuple[str, Gate]]:
    for index, transition in enumerate(version.transitions):
        if transition.target != version.closure.step:
            yield f"transitions[{index}].gate", transition.gate
    yield "closure.gate", version.closure.gate


def _with_gate(version: ProcessVersion, place: str, gate: Gate) -> ProcessVersion:
    if place == "closure.gate":
        return replace(version, closure=replace(version.closure, gate=gate))
    changed = tuple(
        replace(each, gate=gate) if f"transitions[{index}].gate" == place else each
        for index, each in enumerate(version.transitions)
    )
    return replace(version, transitions=changed)


def _everywhere(version: ProcessVersion, member: str, gone: str) -> ProcessVersion:
    """The version with one name less in this list of every gate."""
    for place, gate in _gates(version):
        left = tuple(each for each in getattr(gate, member) if each != gone)
        version = _with_gate(version, place, replace(gate, **{member: left}))
    return version


def _fields(version: ProcessVersion) -> Iterator[Weakened]:
    demanded = [each.id for each in version.fields if each.required_at]
    demanded += [field for _, gate in _gates(version) for field in gate.fields]
    demanded += [field for outcome in version.closure.outcomes for field in outcome.fields]
    for field in dict.fromkeys(demanded):
        if field == "title":  # no item is ever without one, whatever a gate says
            continue
        without = _everywhere(version, "fields", field)
        outcomes = tuple(
            replace(each, fields=tuple(other for other in each.fields if other != field))
            for each in without.closure.outcomes
        )
        own = tuple(replace(each, required_at=()) if each.id == field else each for each in without.fields)
        without = replace(without, fields=own, closure=replace(without.closure, outcomes=outcomes))
        yield Weakened(kind="field", place="fields", what=field, version=without)


def _evidence(version: ProcessVersion) -> Iterator[Weakened]:
    demanded = [requirement for _, gate in _gates(version) for requirement in gate.evidence]
    for requirement in dict.fromkeys(demanded):
        without = _everywhere(version, "evidence", requirement)
        yield Weakened(kind="evidence", place="evidence", what=requirement, version=without)
    for index, each in enumerate(version.evidence):
        if each.different_person and each.id in demanded:
            own = tuple(replace(one, different_person=False) if one is each else one for one in version.evidence)
            yield Weakened(
                kind="separation",
                place=f"evidence[{index}].different_person",
                what=each.id,
                version=replace(version, evidence=own),
            )


def _gate(version: ProcessVersion, place: str, gate: Gate) -> Iterator[Weakened]:
    for index, condition in enumerate(gate.conditions):
        conditions = tuple(each for each in gate.conditions if each is not condition)
        without = _with_gate(version, place, replace(gate, conditions=conditions))
        yield Weakened(kind="condition", place=f"{place}.conditions[{index}]", what=condition.text, version=without)
    for index, level in enumerate(gate.approvals):
        left = _renumbered(tuple(each for each in gate.approvals if each is not level))
        without = _with_gate(version, place, replace(gate, approvals=left))
        if not left:
            without = _everywhere(without, "still_approved", _id_of(version, place))
        yield Weakened(kind="approval", place=f"{place}.approvals[{index}]", what=level.role, version=without)
        for role in level.separate_from:
            if role == LEVELS and len(gate.approvals) == 1:
                continue
            less = replace(level, separate_from=tuple(each for each in level.separate_from if each != role))
            levels = tuple(less if each is level else each for each in gate.approvals)
            if role == LEVELS:  # one level that is apart keeps the others apart too
                levels = tuple(
                    replace(each, separate_from=tuple(one for one in each.separate_from if one != LEVELS))
                    for each in levels
                )
            yield Weakened(
                kind="separation",
                place=f"{place}.approvals[{index}].separate_from",
                what=role,
                version=_with_gate(version, place, replace(gate, approvals=levels)),
            )
    if gate.unblocked and gate != Gate():
        yield Weakened(
            kind="unblocked",
            place=f"{place}.unblocked",
            what="unblocked",
            version=_with_gate(version, place, replace(gate, unblocked=False)),
        )


def _renumbered(levels: tuple[ApprovalLevel, ...]) -> tuple[ApprovalLevel, ...]:
    return tuple(replace(each, level=number) for number, each in enumerate(levels, 1))


def _id_of(version: ProcessVersion, place: str) -> str:
    ids = {f"transitions[{index}].gate": each.id for index, each in enumerate(version.transitions)}
    return ids.get(place, "")


def _outcome(version: ProcessVersion, number: int, outcome: OutcomeRule) -> Iterator[Weakened]:
    for index, condition in enumerate(outcome.conditions):
        left = tuple(each for each in outcome.conditions if each is not condition)
        yield Weakened(
            kind="condition",
            place=f"closure.outcomes[{number}].conditions[{index}]",
            what=condition.text,
            version=_with_outcome(version, number, replace(outcome, conditions=left)),
        )
    if outcome.follow_up_item:
        yield Weakened(
            kind="follow_up",
            place=f"closure.outcomes[{number}].follow_up_item",
            what=outcome.title,
            version=_with_outcome(version, number, replace(outcome, follow_up_item=False)),
        )


def _with_outcome(version: ProcessVersion, number: int, outcome: OutcomeRule) -> ProcessVersion:
    outcomes = tuple(outcome if index == number else each for index, each in enumerate(version.closure.outcomes))
    return replace(version, closure=replace(version.closure, outcomes=outcomes))


def _separations(version: ProcessVersion) -> Iterator[Weakened]:
    for name in ("closure", "cancel", "reopen", "urgent", "extension", "change", "risk_acceptance"):
        rule: Any = getattr(version, name)
        for role in rule.separate_from if rule is not None else ():
            if (name, role) == ("urgent", "asker"):  # whoever asks never signs urgently, whatever the version says
                continue
            left = tuple(each for each in rule.separate_from if each != role)
            yield Weakened(
                kind="separation",
                place=f"{name}.separate_from",
                what=role,
                version=replace(version, **{name: replace(rule, separate_from=left)}),
            )
