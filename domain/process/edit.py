"""Changing places of a definition by their paths, as lint and diff name them: "steps[2].sla_days"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from domain.errors import UsageProblem
from domain.messages import message
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion

_PART: Final = re.compile(r"([A-Za-z_]+)((?:\[[0-9]{1,4}\])*)")


def edited(version: ProcessVersion, changes: Mapping[str, Any]) -> ProcessVersion:
    """The version with the values at these places, checked. A place at the end of a list, "[n]" with n its length,
    adds to it; the value None takes a place out of a list, or puts a member back to its default.

    Raises:
        UsageProblem: no such place, or the result contradicts itself or does not fit the schema.
    """
    document = msgspec.json.decode(msgspec.json.encode(version))
    # Places count as they were before: parts are taken out last, and from behind.
    in_order = sorted(changes.items(), key=lambda each: (each[1] is None, [-n for n in _numbers(each[0])], each[0]))
    for path, value in in_order:
        _set(document, path, value)
    return decode_process(msgspec.json.encode(document))


def _numbers(path: str) -> list[int]:
    return [int(number) for number in re.findall(r"\[([0-9]{1,4})\]", path)]


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    for part in path.split("."):
        found = _PART.fullmatch(part)
        if found is None:
            raise UsageProblem(message("edit.is_no_place_of", path=path), remedy=message("edit.write_such_as_steps"))
        steps.append(found[1])
        steps += _numbers(found[2])
    return steps


def _set(document: Any, path: str, value: Any) -> None:
    *transition, last = _steps(path)
    here = document
    try:
        for step in transition:
            here = here[step]
        if isinstance(last, str):
            if value is None:
                here.pop(last, None)
            else:
                here[last] = value
        elif value is None:
            del here[last]
        elif last == len(here):
            here.append(value)
        else:
            here[last] = value
    except (LookupError, TypeError, AttributeError) as problem:
        raise UsageProblem(
            message("edit.there_is_no_place", path=path), remedy=message("edit.look_at_the_version")
        ) from problem
