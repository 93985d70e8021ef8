"""Does a process definition hold together: every contradiction, with its place and its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from domain.law.letters import is_blank
from domain.messages import message
from domain.process.definition import (
    APPROVERS,
    CORE_FIELDS,
    CREATOR,
    LEVELS,
    MOVER,
    OWNER,
    RELATIONS,
    ApprovalLevel,
    FieldDefinition,
    Gate,
    ProcessVersion,
)
from domain.process.layout_pins import pinned_at
from domain.process.lint_conditions import condition_problems, field_right_problems, held_values_problems
from domain.process.problem import Problem, problem_at, unknown_word
from domain.records.people import ADMINISTRATOR

_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}")
LARGEST_NUMBER: Final = 36_524
"""Days of a hundred years: nothing that a process counts is more."""
_RESERVED_ROLES: Final = {ADMINISTRATOR, OWNER, CREATOR, MOVER, LEVELS, APPROVERS}


def check_process(version: ProcessVersion) -> tuple[Problem, ...]:
    """Every contradiction in a definition, in the order of the text; none means it can be run."""
    return tuple(
        problem
        for rule in (_ids, _numbers, _shape, _roles, _fields, _rules, _gates, _approvals, _closure, _paths, _migration)
        for problem in rule(version)
    )


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
                yield problem_at(place, message("lint.is_used_twice", word=word), message("lint.give_each_its_own"))
    transitions = [each.id for each in version.transitions]
    for index, transition in enumerate(transitions):
        if transition in transitions[:index]:
            yield problem_at(
                f"transitions[{index}]",
                message("lint.the_transition_is_written", transition=transition),
                message("lint.keep_one_of_them"),
            )
    for index, role in enumerate(version.roles):
        if role.id in _RESERVED_ROLES:
            yield problem_at(
                f"roles[{index}].id",
                message("lint.has_a_fixed_meaning", role=role.id),
                message("lint.choose_another_id"),
            )


def _bad_word(place: str, word: str) -> Problem:
    return problem_at(place, message("lint.is_not_an_id", word=word), message("lint.use_lower_case_letters"))


def _shape(version: ProcessVersion) -> Iterator[Problem]:
    if version.version < 1:
        yield problem_at(
            "version", message("lint.is_not_a_version", version=version.version), message("lint.count_from")
        )
    if not version.roles:
        yield problem_at("roles", message("lint.nobody_can_act_without"), message("lint.declare_at_least_one"))
    if len(version.steps) < 2:
        yield problem_at("steps", message("lint.a_process_has_a"), message("lint.declare_at_least_two"))
    for name in ("title", "objective", "scope"):
        if is_blank(getattr(version, name)):
            yield problem_at(name, message("lint.it_is_empty"), message("lint.say_it_in_a"))
    if not _PREFIX.fullmatch(version.numbering.prefix):
        yield problem_at(
            "numbering.prefix",
            message("numbering.prefix.text", prefix=version.numbering.prefix),
            message("numbering.prefix.remedy"),
        )
    if not 1 <= version.numbering.digits <= 9:
        yield problem_at(
            "numbering.digits", message("numbering.digits.text", digits=version.numbering.digits), "Use 1 to 9 digits."
        )
    for index, step in enumerate(version.steps):
        if step.sla_days < 0:
            yield problem_at(f"steps[{index}].sla_days", message("lint.a_time_cannot_be"), message("lint.use_for_none"))
        if step.place and pinned_at(step.place) is None:
            yield problem_at(
                f"steps[{index}].place", message("lint.is_not_a_place", place=step.place), message("lint.write_x_y_in")
            )


def _numbers(version: ProcessVersion) -> Iterator[Problem]:
    """No number may be one with which days cannot be counted."""
    waiting: list[tuple[str, Any]] = [("", msgspec.to_builtins(version))]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}.{name}".lstrip("."), each) for name, each in reversed(value.items())]
        elif isinstance(value, list | tuple):
            waiting += [(f"{place}[{index}]", each) for index, each in reversed(list(enumerate(value)))]
        elif type(value) is int and abs(value) > LARGEST_NUMBER:
            text = message("lint.the_number_is_too_large", number=value, largest=LARGEST_NUMBER)
            yield problem_at(place, text, message("lint.give_a_smaller_number"))


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
    if version.exceptions and version.exceptions.process_wide_role:
        asked.append(("exceptions.process_wide_role", version.exceptions.process_wide_role))
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
            yield problem_at(f"{name}.roles", message("lint.nobody_could_ever_do"), message("lint.name_at_least_one"))
    for place, role in asked:
        if role not in declared:
            yield unknown_word(place, "role", role, sorted(declared), "roles")
    for place, role in with_relations:
        if role not in declared and role not in RELATIONS and role != ADMINISTRATOR:
            yield unknown_word(place, "role", role, sorted(declared | set(RELATIONS)), "roles")


def _fields(version: ProcessVersion) -> Iterator[Problem]:
    steps = [each.id for each in version.steps]
    for index, each in enumerate(version.fields):
        place = f"fields[{index}]"
        if each.id in CORE_FIELDS:
            yield problem_at(
                f"{place}.id", message("lint.is_a_field_every", id=each.id), message("lint.choose_another_id")
            )
        yield from _choices(place, each)
        yield from _special(place, each, version)
        for step in each.required_at:
            if step not in steps:
                yield unknown_word(f"{place}.required_at", "step", step, steps, "steps")
    for index, requirement in enumerate(version.evidence):
        yield from held_values_problems(f"evidence[{index}].required_when", requirement.required_when, version)


def _special(place: str, each: FieldDefinition, version: ProcessVersion) -> Iterator[Problem]:
    yield from held_values_problems(f"{place}.required_when", each.required_when, version)
    yield from field_right_problems(place, each, version)
    if each.answers and each.kind != "text":
        yield problem_at(f"{place}.answers", message("lint.only_a_text_begins"), message("lint.use_choices_or_a"))
    if each.not_owner and each.kind != "person":
        yield problem_at(f"{place}.not_owner", message("lint.only_a_person_can"), message("lint.use_a_person_field"))


def _choices(place: str, each: FieldDefinition) -> Iterator[Problem]:
    if (each.kind == "choice") != bool(each.choices):
        yield problem_at(f"{place}.choices", message("lint.only_a_choice_field"), message("lint.list_them"))
    if (each.kind == "table") != bool(each.columns):
        yield problem_at(f"{place}.columns", message("lint.only_a_table_field"), message("lint.list_them"))
    seen: set[str] = set()
    for number, column in enumerate(each.columns):
        where = f"{place}.columns[{number}]"
        if not _WORD.fullmatch(column.id):
            yield _bad_word(f"{where}.id", column.id)
        if column.id in seen:
            yield problem_at(
                f"{where}.id", message("lint.is_used_twice.194", column=column.id), message("lint.give_each_column_its")
            )
        seen.add(column.id)
        if (column.kind == "choice") != bool(column.choices):
            yield problem_at(f"{where}.choices", message("lint.only_a_choice_column"), message("lint.list_them"))


def _rules(version: ProcessVersion) -> Iterator[Problem]:
    steps = [each.id for each in version.steps]
    allowed = {right.verb for right in version.rights}
    for verb in ("create", "edit", "move", "close"):
        if verb not in allowed:
            yield problem_at(
                "rights", message("lint.nobody_has_the_right", verb=verb), message("lint.add_a_right_for", verb=verb)
            )
    for index, right in enumerate(version.rights):
        if not right.roles:
            yield problem_at(
                f"rights[{index}].roles", message("lint.nobody_is_named"), message("lint.name_at_least_one")
            )
        for step in right.steps:
            if step not in steps:
                yield unknown_word(f"rights[{index}].steps", "step", step, steps, "steps")
    if version.reopen.step not in steps or version.reopen.step == version.closure.step:
        yield unknown_word("reopen.step", message("reopen.step.text"), version.reopen.step, steps, "steps")


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
    for requirement in version.reopen.evidence:
        if requirement not in evidence:
            yield unknown_word("reopen.evidence", "evidence", requirement, evidence, "evidence")
    for place, gate in _all_gates(version):
        for field in (*gate.fields, *gate.signs):
            if field not in fields:
                yield unknown_word(f"{place}.fields", "field", field, fields, "fields")
        yield from condition_problems(place, gate.conditions, version)
        for requirement in gate.evidence:
            if requirement not in evidence:
                yield unknown_word(f"{place}.evidence", "evidence", requirement, evidence, "evidence")
        for earlier in gate.still_approved:
            if earlier not in signing:
                yield unknown_word(
                    f"{place}.still_approved", message("lint.gate_with_approvals"), earlier, signing, "transitions"
                )


def _approvals(version: ProcessVersion) -> Iterator[Problem]:
    for place, levels in _level_groups(version):
        if [level.level for level in levels] != list(range(1, len(levels) + 1)):
            yield problem_at(
                f"{place}.approvals", message("lint.levels_do_not_count"), message("lint.number_the_levels_from")
            )
    for place, level in _levels(version):
        if level.n < 0 or (level.need == "n") != (level.n > 0):
            yield problem_at(f"{place}.n", message("lint.n_is_for_need"), message("lint.set_n_or_another"))
        for severity in level.severities:
            if severity not in version.severities:
                yield unknown_word(f"{place}.severities", "severity", severity, list(version.severities), "severities")
        if is_blank(level.meaning):
            yield problem_at(
                f"{place}.meaning", message("lint.a_signature_without_a"), message("lint.say_what_the_signer")
            )


def _closure(version: ProcessVersion) -> Iterator[Problem]:
    closure = version.closure
    steps = [each.id for each in version.steps]
    if closure.step not in steps:
        yield unknown_word("closure.step", "step", closure.step, steps, "steps")
    if not closure.outcomes:
        yield problem_at("closure.outcomes", message("closure.outcomes.text"), message("closure.outcomes.remedy"))
    fields = [*CORE_FIELDS, *(each.id for each in version.fields)]
    seen: set[str] = set()
    for index, rule in enumerate(closure.outcomes):
        place = f"closure.outcomes[{index}]"
        if rule.outcome in seen:
            yield problem_at(
                place, message("lint.is_written_twice", outcome=rule.outcome), message("lint.keep_one_of_them")
            )
        seen.add(rule.outcome)
        for field in rule.fields:
            if field not in fields:
                yield unknown_word(f"{place}.fields", "field", field, fields, "fields")
        yield from condition_problems(place, rule.conditions, version)
    for index, transition in enumerate(version.transitions):
        if transition.target == closure.step and transition.gate != Gate():
            yield problem_at(
                f"transitions[{index}].gate",
                message("lint.the_transition_to_the"),
                message("lint.use_closure_gate"),
            )
        if transition.source == closure.step:
            yield problem_at(
                f"transitions[{index}].from", message("lint.a_transition_out_of"), message("lint.use_the_reopen_rule")
            )


def _paths(version: ProcessVersion) -> Iterator[Problem]:
    steps = [each.id for each in version.steps]
    for index, transition in enumerate(version.transitions):
        for end, step in (("from", transition.source), ("to", transition.target)):
            if step not in steps:
                yield unknown_word(f"transitions[{index}].{end}", "step", step, steps, "steps")
        if transition.source == transition.target:
            yield problem_at(f"transitions[{index}]", message("lint.a_transition_from_a"), message("lint.remove_it"))
    if not steps:
        return
    pairs = [(transition.source, transition.target) for transition in version.transitions]
    reachable = _spread({steps[0]}, lambda here: {to for source, to in pairs if source == here})
    closing = _spread({version.closure.step}, lambda here: {source for source, to in pairs if to == here})
    for index, step in enumerate(steps):
        if step not in reachable:
            yield problem_at(
                f"steps[{index}]",
                message("lint.no_transition_leads_to", step=step),
                message("lint.add_a_transition_to"),
            )
        if step not in closing:
            yield problem_at(
                f"steps[{index}]",
                message("lint.no_transition_leads_from", step=step),
                message("lint.add_a_transition_out"),
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
        yield problem_at(
            "migration.from_version", message("migration.from_version.text"), message("migration.from_version.remedy")
        )
    for old, new in version.migration.steps.items():
        if new not in steps:
            yield unknown_word(f"migration.steps.{old}", "step", new, steps, "steps")
