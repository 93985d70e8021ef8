"""Does a process definition hold together: every contradiction, with its place and its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from domain.law.letters import is_blank
from domain.process.definition import (
    APPROVERS,
    CORE_FIELDS,
    CREATOR,
    LEVELS,
    MOVER,
    OWNER,
    RELATIONS,
    ApprovalLevel,
    Condition,
    FieldDefinition,
    Gate,
    ProcessVersion,
)
from domain.process.layout_pins import pinned_at
from domain.records.people import ADMINISTRATOR

_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_RESERVED_ROLES: Final = {ADMINISTRATOR, OWNER, CREATOR, MOVER, LEVELS, APPROVERS}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One contradiction. `place` is a path such as "steps[2].responsible"."""

    place: str
    text: str
    remedy: str


def check_process(version: ProcessVersion) -> tuple[Problem, ...]:
    """Every contradiction in a definition, in the order of the text; none means it can be run."""
    return tuple(
        problem
        for rule in (_ids, _shape, _roles, _fields, _rules, _gates, _approvals, _closure, _paths, _migration)
        for problem in rule(version)
    )


def _problem(place: str, text: str, remedy: str) -> Problem:
    return Problem(place=place, text=f"{place}: {text}", remedy=remedy)


def _ids(version: ProcessVersion) -> Iterator[Problem]:
    if not _WORD.fullmatch(version.id):
        yield _bad_word("id", version.id)
    groups: tuple[tuple[str, list[str]], ...] = (
        ("roles", [each.id for each in version.roles]),
        ("fields", [each.id for each in version.fields]),
        ("evidence", [each.id for each in version.evidence]),
        ("steps", [each.id for each in version.steps]),
        ("metrics", [each.id for each in version.metrics]),
        ("risk_controls", [each.id for each in version.risk_controls]),
        ("alerts", [each.id for each in version.alerts]),
    )
    for group, ids in groups:
        for index, word in enumerate(ids):
            place = f"{group}[{index}].id"
            if not _WORD.fullmatch(word):
                yield _bad_word(place, word)
            if word in ids[:index]:
                yield _problem(place, f"'{word}' is used twice", "Give each its own id.")
    transitions = [each.id for each in version.transitions]
    for index, transition in enumerate(transitions):
        if transition in transitions[:index]:
            yield _problem(
                f"transitions[{index}]", f"the transition {transition} is written twice", "Keep one of them."
            )
    for index, role in enumerate(version.roles):
        if role.id in _RESERVED_ROLES:
            yield _problem(f"roles[{index}].id", f"'{role.id}' has a fixed meaning of its own", "Choose another id.")


def _bad_word(place: str, word: str) -> Problem:
    return _problem(
        place, f"'{word}' is not an id", "Use lower-case letters, digits and underscores, beginning with a letter."
    )


def _shape(version: ProcessVersion) -> Iterator[Problem]:
    if version.version < 1:
        yield _problem("version", f"{version.version} is not a version number", "Count from 1.")
    if not version.roles:
        yield _problem("roles", "nobody can act without a role", "Declare at least one role.")
    if len(version.steps) < 2:
        yield _problem("steps", "a process has a first step and a closed step", "Declare at least two steps.")
    for name in ("title", "objective", "scope"):
        if is_blank(getattr(version, name)):
            yield _problem(name, "it is empty", "Say it in a sentence.")
    if not _PREFIX.fullmatch(version.numbering.prefix):
        yield _problem(
            "numbering.prefix", f"'{version.numbering.prefix}' is not a prefix", "Use up to 8 capitals and digits."
        )
    if not 1 <= version.numbering.digits <= 9:
        yield _problem("numbering.digits", f"{version.numbering.digits} digits", "Use 1 to 9 digits.")
    for index, step in enumerate(version.steps):
        if step.sla_days < 0:
            yield _problem(f"steps[{index}].sla_days", "a time cannot be negative", "Use 0 for none.")
        if step.place and pinned_at(step.place) is None:
            yield _problem(
                f"steps[{index}].place", f"'{step.place}' is not a place", "Write x,y in pixels up to 9999, or nothing."
            )


def _unknown(place: str, kind: str, word: str, known: Iterable[str], group: str) -> Problem:
    listed = ", ".join(known) or "none"
    return _problem(
        place,
        f"{kind} '{word}' is not declared (declared: {listed})",
        f"Declare it under {group} or correct the name.",
    )


def _roles(version: ProcessVersion) -> Iterator[Problem]:
    declared = {each.id for each in version.roles}
    asked: list[tuple[str, str]] = [("owner_role", version.owner_role)]
    with_relations: list[tuple[str, str]] = []
    for index, step in enumerate(version.steps):
        with_relations.append((f"steps[{index}].responsible", step.responsible))
        asked.append((f"steps[{index}].accountable", step.accountable))
    asked += [(f"evidence[{i}].reviewer_role", each.reviewer_role) for i, each in enumerate(version.evidence)]
    asked += [(f"{place}.role", level.role) for place, level in _levels(version)]
    asked += [(f"escalation[{i}].role", each.role) for i, each in enumerate(version.escalation)]
    with_relations += [(f"alerts[{i}].role", each.role) for i, each in enumerate(version.alerts)]
    asked += [(f"reporting[{i}].role", each.role) for i, each in enumerate(version.reporting)]
    if version.urgent:
        asked.append(("urgent.role", version.urgent.role))
    for index, transition in enumerate(version.transitions):
        with_relations += [(f"transitions[{index}].roles", role) for role in transition.roles]
    for index, right in enumerate(version.rights):
        with_relations += [(f"rights[{index}].roles", role) for role in right.roles]
    for name, roles in (
        ("hold", version.hold.roles),
        ("cancel", version.cancel.roles),
        ("reopen", version.reopen.roles),
    ):
        with_relations += [(f"{name}.roles", role) for role in roles]
        if not roles:
            yield _problem(f"{name}.roles", "nobody could ever do it", "Name at least one role.")
    for place, role in asked:
        if role not in declared:
            yield _unknown(place, "role", role, sorted(declared), "roles")
    for place, role in with_relations:
        if role not in declared and role not in RELATIONS and role != ADMINISTRATOR:
            yield _unknown(place, "role", role, sorted(declared | set(RELATIONS)), "roles")


def _fields(version: ProcessVersion) -> Iterator[Problem]:
    steps = [each.id for each in version.steps]
    for index, each in enumerate(version.fields):
        place = f"fields[{index}]"
        if each.id in CORE_FIELDS:
            yield _problem(f"{place}.id", f"'{each.id}' is a field every item has", "Choose another id.")
        yield from _choices(place, each)
        yield from _special(place, each, version)
        for step in each.required_at:
            if step not in steps:
                yield _unknown(f"{place}.required_at", "step", step, steps, "steps")


def _special(place: str, each: FieldDefinition, version: ProcessVersion) -> Iterator[Problem]:
    for field, values in each.required_when.items():
        asked = version.field(field)
        if asked is None or not values or (asked.choices and not set(values) <= set(asked.choices)):
            yield _problem(f"{place}.required_when", f"'{field}' cannot hold {list(values)}", "Use a field's choices.")
    if each.answers and each.kind != "text":
        yield _problem(f"{place}.answers", "only a text begins with an answer", "Use choices, or a text field.")
    if each.not_owner and each.kind != "person":
        yield _problem(f"{place}.not_owner", "only a person can be another than the owner", "Use a person field.")


def _choices(place: str, each: FieldDefinition) -> Iterator[Problem]:
    if (each.kind == "choice") != bool(each.choices):
        yield _problem(f"{place}.choices", "only a choice field has choices, and it needs some", "List them.")
    if (each.kind == "table") != bool(each.columns):
        yield _problem(f"{place}.columns", "only a table field has columns, and it needs some", "List them.")
    seen: set[str] = set()
    for number, column in enumerate(each.columns):
        where = f"{place}.columns[{number}]"
        if not _WORD.fullmatch(column.id):
            yield _bad_word(f"{where}.id", column.id)
        if column.id in seen:
            yield _problem(f"{where}.id", f"'{column.id}' is used twice", "Give each column its own id.")
        seen.add(column.id)
        if (column.kind == "choice") != bool(column.choices):
            yield _problem(f"{where}.choices", "only a choice column has choices, and it needs some", "List them.")


def _rules(version: ProcessVersion) -> Iterator[Problem]:
    steps = [each.id for each in version.steps]
    allowed = {right.verb for right in version.rights}
    for verb in ("create", "edit", "move", "close"):
        if verb not in allowed:
            yield _problem("rights", f"nobody has the right to {verb}", f"Add a right for {verb}.")
    for index, right in enumerate(version.rights):
        if not right.roles:
            yield _problem(f"rights[{index}].roles", "nobody is named", "Name at least one role.")
        for step in right.steps:
            if step not in steps:
                yield _unknown(f"rights[{index}].steps", "step", step, steps, "steps")
    if version.reopen.step not in steps or version.reopen.step == version.closure.step:
        yield _unknown("reopen.step", "open step", version.reopen.step, steps, "steps")


def _levels(version: ProcessVersion) -> list[tuple[str, ApprovalLevel]]:
    return [
        (f"{place}.approvals[{number}]", level)
        for place, levels in _level_groups(version)
        for number, level in enumerate(levels)
    ]


def _level_groups(version: ProcessVersion) -> list[tuple[str, tuple[ApprovalLevel, ...]]]:
    groups = [(place, gate.approvals) for place, gate in _all_gates(version)]
    return [*groups, ("cancel", version.cancel.approvals), ("reopen", version.reopen.approvals)]


def _all_gates(version: ProcessVersion) -> list[tuple[str, Gate]]:
    gates = [(f"transitions[{index}].gate", each.gate) for index, each in enumerate(version.transitions)]
    return [*gates, ("closure.gate", version.closure.gate)]


def _gates(version: ProcessVersion) -> Iterator[Problem]:
    fields = [*CORE_FIELDS, *(each.id for each in version.fields)]
    evidence = [each.id for each in version.evidence]
    signing = [
        transition.id for transition in version.transitions if (gate := version.gate(transition.id)) and gate.approvals
    ]
    for place, gate in _all_gates(version):
        for field in (*gate.fields, *gate.signs):
            if field not in fields:
                yield _unknown(f"{place}.fields", "field", field, fields, "fields")
        yield from _conditions(place, gate.conditions, version)
        for requirement in gate.evidence:
            if requirement not in evidence:
                yield _unknown(f"{place}.evidence", "evidence", requirement, evidence, "evidence")
        for earlier in gate.still_approved:
            if earlier not in signing:
                yield _unknown(f"{place}.still_approved", "gate with approvals", earlier, signing, "transitions")


def _approvals(version: ProcessVersion) -> Iterator[Problem]:
    for place, levels in _level_groups(version):
        if [level.level for level in levels] != list(range(1, len(levels) + 1)):
            yield _problem(f"{place}.approvals", "levels do not count 1, 2, 3", "Number the levels from 1.")
    for place, level in _levels(version):
        if level.n < 0 or (level.need == "n") != (level.n > 0):
            yield _problem(f"{place}.n", "n is for need n, and then at least 1", "Set n, or another need.")
        if is_blank(level.meaning):
            yield _problem(f"{place}.meaning", "a signature without a meaning", "Say what the signer declares.")


def _conditions(place: str, conditions: tuple[Condition, ...], version: ProcessVersion) -> Iterator[Problem]:
    for number, condition in enumerate(conditions):
        where = f"{place}.conditions[{number}]"
        field = version.field(condition.field)
        if field is None:
            yield _unknown(where, "field", condition.field, [each.id for each in version.fields], "fields")
            continue
        column = next((each for each in field.columns if each.id == condition.column), None)
        if condition.column and column is None:
            yield _unknown(f"{where}.column", "column", condition.column, [c.id for c in field.columns], "columns")
            continue
        choices = (column or field).choices
        if not condition.one_of or (choices and not set(condition.one_of) <= set(choices)):
            yield _problem(
                f"{where}.one_of", f"{list(condition.one_of)} are not choices of {condition.field}", "Use its choices."
            )


def _closure(version: ProcessVersion) -> Iterator[Problem]:
    closure = version.closure
    steps = [each.id for each in version.steps]
    if closure.step not in steps:
        yield _unknown("closure.step", "step", closure.step, steps, "steps")
    if not closure.outcomes:
        yield _problem("closure.outcomes", "nothing could ever close", "Allow at least one outcome.")
    fields = [*CORE_FIELDS, *(each.id for each in version.fields)]
    seen: set[str] = set()
    for index, rule in enumerate(closure.outcomes):
        place = f"closure.outcomes[{index}]"
        if rule.outcome in seen:
            yield _problem(place, f"'{rule.outcome}' is written twice", "Keep one of them.")
        seen.add(rule.outcome)
        for field in rule.fields:
            if field not in fields:
                yield _unknown(f"{place}.fields", "field", field, fields, "fields")
        yield from _conditions(place, rule.conditions, version)
    for index, transition in enumerate(version.transitions):
        if transition.target == closure.step and transition.gate != Gate():
            yield _problem(
                f"transitions[{index}].gate",
                "the transition to the closed step has a gate of its own",
                "Use closure.gate.",
            )
        if transition.source == closure.step:
            yield _problem(f"transitions[{index}].from", "a transition out of the closed step", "Use the reopen rule.")


def _paths(version: ProcessVersion) -> Iterator[Problem]:
    steps = [each.id for each in version.steps]
    for index, transition in enumerate(version.transitions):
        for end, step in (("from", transition.source), ("to", transition.target)):
            if step not in steps:
                yield _unknown(f"transitions[{index}].{end}", "step", step, steps, "steps")
        if transition.source == transition.target:
            yield _problem(f"transitions[{index}]", "a transition from a step to itself", "Remove it.")
    if not steps:
        return
    pairs = [(transition.source, transition.target) for transition in version.transitions]
    reachable = _spread({steps[0]}, lambda here: {to for source, to in pairs if source == here})
    closing = _spread({version.closure.step}, lambda here: {source for source, to in pairs if to == here})
    for index, step in enumerate(steps):
        if step not in reachable:
            yield _problem(
                f"steps[{index}]", f"no transition leads to '{step}'", "Add a transition to it or remove it."
            )
        if step not in closing:
            yield _problem(
                f"steps[{index}]", f"no transition leads from '{step}' to closing", "Add a transition out of it."
            )


def _spread(found: set[str], following: Callable[[str], set[str]]) -> set[str]:
    edge = set(found)
    while edge:
        edge = {to for here in edge for to in following(here)} - found
        found |= edge
    return found


def _migration(version: ProcessVersion) -> Iterator[Problem]:
    if version.migration is None:
        return
    steps = [each.id for each in version.steps]
    if not 1 <= version.migration.from_version < version.version:
        yield _problem("migration.from_version", "not an earlier version", "Name the version open items come from.")
    for old, new in version.migration.steps.items():
        if new not in steps:
            yield _unknown(f"migration.steps.{old}", "step", new, steps, "steps")
