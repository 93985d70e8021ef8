"""Conditions of gates and of closure: a value among those named, or held against another value.

Numbers and amounts are compared exactly, as whole numbers of their smallest part; days by the calendar. What is missing
is not met, and neither is an amount of another currency: a condition that cannot be judged never lets an item pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final

import msgspec

from domain.days import is_day
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import TODAY, Comparison, Condition
from domain.rules.facts import Facts
from domain.rules.fields import holds, is_filled, value_of
from domain.rules.obstacles import obstacle
from domain.rules.people import who_can
from domain.rules.rights import roles_for

OUTCOME_RULE: Final = "condition.outcome"
"""The rule of a condition about an outcome, an effect or a safety: nothing passes it. The rule of one about readiness
is `condition.unmet`."""
_AMOUNT: Final = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?: ([A-Z]{3}))?")
_WHOLE: Final = 100
"""Percent of the other value that are all of it."""


class _Amount(msgspec.Struct, frozen=True):
    """A decimal number as `units` of ten to the power of minus `places`, with its currency ("" = a plain number)."""

    units: int
    places: int
    currency: str

    def times(self, factor: int, places: int) -> int:
        """The units of it, times a factor, where there are so many more places."""
        return self.units * factor * int("1" + "0" * places)


def compared_value(facts: Facts, field: str) -> Any:
    """The value on file of a field that a condition names; `today` is the day at the site."""
    return facts.today if field == TODAY else value_of(facts.file.item, field)


def unmet_conditions(facts: Facts, conditions: Iterable[Condition]) -> tuple[Obstacle, ...]:
    """An obstacle for each condition that the values on file do not meet."""
    return tuple(
        each if condition.readiness else msgspec.structs.replace(each, rule=OUTCOME_RULE)
        for condition in conditions
        for each in _against(facts, condition)
    )


def _against(facts: Facts, condition: Condition) -> Iterator[Obstacle]:
    """What stands against one condition: at most one obstacle."""
    if condition.unless and holds(facts.file.item, condition.unless):
        return
    if condition.compare:
        yield from _against_comparison(facts, condition)
    elif [cell for cell in _cells(facts, condition) if cell not in condition.one_of]:
        yield obstacle(
            facts,
            "condition.unmet",
            responsible=_who_edits(facts),
            about=condition.field,
            condition=condition.text,
            title=facts.process.title_of(condition.field),
            one_of=" or ".join(condition.one_of),
        )


def _cells(facts: Facts, condition: Condition) -> list[Any]:
    value = compared_value(facts, condition.field)
    return [row.get(condition.column, "") for row in value or ()] if condition.column else [value]


def _who_edits(facts: Facts) -> str:
    return who_can(facts, roles_for(facts.process, "edit", facts.file.item.step))


def _against_comparison(facts: Facts, condition: Condition) -> Iterator[Obstacle]:
    """A table without rows has nothing that could meet a comparison; every row must."""
    other = compared_value(facts, condition.of) if condition.of else condition.value
    if not is_filled(other):
        yield _missing(facts, condition, _title(facts, condition.of))
        return
    for cell in _cells(facts, condition) or [""]:
        found = _against_value(facts, condition, cell, other)
        if found is not None:
            yield found
            return


def _against_value(facts: Facts, condition: Condition, value: Any, other: Any) -> Obstacle | None:
    if not is_filled(value):
        return _missing(facts, condition, _field_title(facts, condition))
    by_day = condition.compare in ("not_before", "not_after")
    return (_by_day if by_day else _by_amount)(facts, condition, value, other)


def _by_day(facts: Facts, condition: Condition, value: Any, other: Any) -> Obstacle | None:
    if not (isinstance(value, str) and is_day(value)):
        return _missing(facts, condition, _field_title(facts, condition))
    if not (isinstance(other, str) and is_day(other)):
        return _missing(facts, condition, _title(facts, condition.of) or other)
    limit = date.fromisoformat(other).toordinal() + condition.days
    day = date.fromisoformat(value).toordinal()
    if day >= limit if condition.compare == "not_before" else day <= limit:
        return None
    last = date.max.toordinal()
    return _not_met(facts, condition, value, date.fromordinal(min(max(limit, 1), last)).isoformat())


def _by_amount(facts: Facts, condition: Condition, value: Any, other: Any) -> Obstacle | None:
    mine, theirs = _amount(value), _amount(other)
    if mine is None:
        return _missing(facts, condition, _field_title(facts, condition))
    if theirs is None:
        return _missing(facts, condition, _title(facts, condition.of) or str(other))
    if mine.currency != theirs.currency:
        return obstacle(
            facts,
            "condition.unmet",
            "currency",
            responsible=_who_edits(facts),
            about=condition.field,
            condition=condition.text,
            title=_field_title(facts, condition),
            value=value,
            other=other,
        )
    left, right = mine.times(_WHOLE, theirs.places), theirs.times(condition.percent, mine.places)
    if left >= right if condition.compare == "at_least" else left <= right:
        return None
    return _not_met(facts, condition, value, other)


def _amount(value: Any) -> _Amount | None:
    """A number or an amount of money from its text; None where it is neither."""
    found = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    sign, whole, part, currency = found[1], found[2], found[3] or "", found[4] or ""
    return _Amount(int(f"{sign}{whole}{part}"), len(part), currency)


def _missing(facts: Facts, condition: Condition, title: str) -> Obstacle:
    return obstacle(
        facts,
        "condition.unmet",
        "missing",
        responsible=_who_edits(facts),
        about=condition.field,
        condition=condition.text,
        title=title,
    )


def _not_met(facts: Facts, condition: Condition, value: str, limit: str) -> Obstacle:
    if condition.field == TODAY:
        return obstacle(
            facts,
            "condition.unmet",
            "today",
            responsible=_who_edits(facts),
            about=condition.field,
            condition=condition.text,
            today=value,
            limit=_limit_words(facts, condition, limit),
        )
    return obstacle(
        facts,
        "condition.unmet",
        "compared",
        responsible=_who_edits(facts),
        about=condition.field,
        condition=condition.text,
        title=_field_title(facts, condition),
        value=value,
        limit=_limit_words(facts, condition, limit),
    )


def _limit_words(facts: Facts, condition: Condition, limit: str) -> str:
    """The other side of a comparison in words, such as "at least 90 % of 'Baseline' (1000.00 EUR)"."""
    bound = f"{limit} ('{_title(facts, condition.of)}')" if condition.of else limit
    if condition.percent != _WHOLE:
        bound = message("conditions.percent_of", percent=condition.percent, bound=bound)
    return _BOUNDS[condition.compare](bound)


_BOUNDS: Final[dict[Comparison, Callable[[str], str]]] = {
    "at_least": lambda bound: message("conditions.at_least", bound=bound),
    "at_most": lambda bound: message("conditions.at_most", bound=bound),
    "not_before": lambda bound: message("conditions.not_before", bound=bound),
    "not_after": lambda bound: message("conditions.not_after", bound=bound),
}


def _title(facts: Facts, field: str) -> str:
    if not field:
        return ""
    return message("conditions.today") if field == TODAY else facts.process.title_of(field)


def _field_title(facts: Facts, condition: Condition) -> str:
    """The words for what a condition looks at; of a table, its column."""
    title, field = _title(facts, condition.field), facts.process.field(condition.field)
    columns = field.columns if field else ()
    return next((f"{title}: {each.title}" for each in columns if each.id == condition.column), title)
