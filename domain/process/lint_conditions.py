"""Do the conditions of a definition and the rights to its fields hold together: each contradiction with its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from domain.messages import message
from domain.process.definition import (
    CREATOR,
    NAMED_IN,
    OWNER,
    TODAY,
    Column,
    Condition,
    FieldDefinition,
    ProcessVersion,
)
from domain.process.problem import Problem, problem_at, unknown_word

LARGEST_PERCENT: Final = 1_000
"""Percent of another value that a condition may ask for."""
LONGEST_DAYS: Final = 3_660
"""Calendar days by which a condition may move a day."""
_BY_AMOUNT: Final = ("at_least", "at_most")
_AMOUNTS: Final = ("number", "money")
_CORE_DAYS: Final = ("due", "raised", TODAY)
_WHOLE: Final = 100
_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,15})?")
_MONEY: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,4})? [A-Z]{3}")


def held_values_problems(
    place: str, wanted: Mapping[str, tuple[str, ...]], version: ProcessVersion
) -> Iterator[Problem]:
    """Fields that are unknown, or could never hold what they are asked to hold."""
    for field, values in wanted.items():
        asked = version.field(field)
        choices = version.severities if field == "severity" else asked.choices if asked else ()
        known = field == "severity" or (asked is not None and asked.kind != "table")
        if not known or not values or (choices and not set(values) <= {"", *choices}):
            yield problem_at(
                place,
                message("lint.cannot_hold", field=field, values=list(values)),
                message("lint.use_a_field_s"),
            )


def field_right_problems(place: str, each: FieldDefinition, version: ProcessVersion) -> Iterator[Problem]:
    """Words for people that name nobody, steps that are unknown, and a field that nobody could ever set."""
    unknown = [*_unknown_people(place, each, version), *_unknown_steps(place, each, version)]
    yield from unknown
    if not unknown and not _can_be_set(each, version):
        yield problem_at(f"{place}.set_by", message("lint.nobody_could_set_it"), message("lint.let_a_role_set_it"))


def _unknown_people(place: str, each: FieldDefinition, version: ProcessVersion) -> Iterator[Problem]:
    roles = [role.id for role in version.roles]
    for name, words in (("set_by", each.set_by), ("not_by", each.not_by)):
        for word in words:
            named = version.field(word.removeprefix(NAMED_IN)) if word.startswith(NAMED_IN) else None
            if word not in (*roles, OWNER, CREATOR) and (named is None or named.kind != "person"):
                known = (*roles, OWNER, CREATOR, *(f"{NAMED_IN}{other.id}" for other in _people(version)))
                yield unknown_word(f"{place}.{name}", "role", word, known, "roles")
            elif named is not None and named.id == each.id:
                yield problem_at(
                    f"{place}.{name}",
                    message("lint.a_field_cannot_name_who", field=each.id),
                    message("lint.name_another_person_field"),
                )


def _unknown_steps(place: str, each: FieldDefinition, version: ProcessVersion) -> Iterator[Problem]:
    steps = [step.id for step in version.steps]
    return (unknown_word(f"{place}.set_at", "step", step, steps, "steps") for step in each.set_at if step not in steps)


def _people(version: ProcessVersion) -> Iterator[FieldDefinition]:
    return (each for each in version.fields if each.kind == "person")


def _can_be_set(each: FieldDefinition, version: ProcessVersion) -> bool:
    """Whether anybody with the right to edit at one of its steps is left when those kept out are taken away."""
    kept_out = {*each.not_by, *((OWNER,) if each.verdict else ())}
    for right in version.rights:
        at_step = not each.set_at or not right.steps or set(each.set_at) & set(right.steps)
        if right.verb != "edit" or not at_step:
            continue
        if each.set_by:
            # A person named in a field holds whatever role lets them edit; a role may hold the right by another one.
            able = {word for word in each.set_by if word in right.roles or word.startswith(NAMED_IN) or word == CREATOR}
        else:
            able = set(right.roles)
        if able - kept_out:
            return True
    return not any(right.verb == "edit" for right in version.rights)


def condition_problems(place: str, conditions: tuple[Condition, ...], version: ProcessVersion) -> Iterator[Problem]:
    """Conditions about what is not there, or that no value could ever be judged by."""
    for number, condition in enumerate(conditions):
        where = f"{place}.conditions[{number}]"
        yield from held_values_problems(f"{where}.unless", condition.unless, version)
        field = version.field(condition.field)
        if field is None and condition.field not in (*_CORE_DAYS, "severity"):
            known = [*(each.id for each in version.fields), *_CORE_DAYS, "severity"]
            yield unknown_word(where, "field", condition.field, known, "fields")
            continue
        column = next((each for each in (field.columns if field else ()) if each.id == condition.column), None)
        if condition.column and column is None:
            columns = [each.id for each in field.columns] if field else []
            yield unknown_word(f"{where}.column", "column", condition.column, columns, "columns")
            continue
        if bool(condition.one_of) == bool(condition.compare):
            yield problem_at(where, message("lint.one_of_or_compare"), message("lint.use_one_of_the_two"))
        elif condition.compare:
            yield from _comparison(where, condition, column or field, version)
        else:
            yield from _choice(where, condition, column or field, version)


def _choice(
    where: str, condition: Condition, asked: FieldDefinition | Column | None, version: ProcessVersion
) -> Iterator[Problem]:
    choices = asked.choices if asked else version.severities if condition.field == "severity" else ()
    if (choices and not set(condition.one_of) <= set(choices)) or (asked is None and not choices):
        yield problem_at(
            f"{where}.one_of",
            message("lint.are_not_choices_of", one_of=list(condition.one_of), field=condition.field),
            message("lint.use_its_choices"),
        )
    if condition.of or condition.value or condition.days or condition.percent != _WHOLE:
        yield problem_at(where, message("lint.only_a_comparison_has"), message("lint.remove_it_or_compare"))


def _comparison(
    where: str, condition: Condition, asked: FieldDefinition | Column | None, version: ProcessVersion
) -> Iterator[Problem]:
    kind = asked.kind if asked else _core_kind(condition.field)
    amounts = condition.compare in _BY_AMOUNT
    if kind not in (_AMOUNTS if amounts else ("date",)):
        yield problem_at(
            f"{where}.compare",
            message("lint.does_not_compare", compare=condition.compare, field=condition.field, kind=kind),
            message("lint.compare_numbers_or_days"),
        )
        return
    if bool(condition.of) == bool(condition.value):
        yield problem_at(where, message("lint.of_or_value"), message("lint.name_a_field_or_value"))
        return
    if condition.of:
        yield from _other_field(where, condition, kind, version)
    elif not _is_of_kind(condition.value, kind):
        yield problem_at(
            f"{where}.value",
            message("lint.is_not_of_the_kind", value=condition.value, kind=kind),
            message("lint.write_a_value_of"),
        )
    if condition.percent != _WHOLE and not (amounts and 1 <= condition.percent <= LARGEST_PERCENT):
        yield problem_at(
            f"{where}.percent",
            message("lint.percent_out_of_range", percent=condition.percent, largest=LARGEST_PERCENT),
            message("lint.use_percent_of_amounts"),
        )
    if condition.days and (amounts or abs(condition.days) > LONGEST_DAYS):
        yield problem_at(
            f"{where}.days",
            message("lint.days_out_of_range", days=condition.days, longest=LONGEST_DAYS),
            message("lint.use_days_of_days"),
        )


def _other_field(where: str, condition: Condition, kind: str, version: ProcessVersion) -> Iterator[Problem]:
    other = version.field(condition.of)
    found = other.kind if other else _core_kind(condition.of)
    if not found:
        yield unknown_word(
            f"{where}.of", "field", condition.of, [*(each.id for each in version.fields), *_CORE_DAYS], "fields"
        )
    elif found != kind or (condition.of == condition.field and not condition.column):
        yield problem_at(
            f"{where}.of",
            message("lint.is_not_of_the_kind", value=condition.of, kind=kind),
            message("lint.write_a_value_of"),
        )


def _core_kind(field: str) -> str:
    """The kind of a field that every item has, as far as conditions compare it; "" for others."""
    return "date" if field in _CORE_DAYS else ""


def _is_of_kind(value: str, kind: str) -> bool:
    if kind != "date":
        return bool((_MONEY if kind == "money" else _NUMBER).fullmatch(value))
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
