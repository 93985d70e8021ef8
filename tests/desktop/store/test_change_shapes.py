"""What a change in the log must look like to be replayed: canonical, of a known record, whole or with its before."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.store.fold import _shape_problem
from domain.act import Change, created
from domain.log.canonical import LARGEST_INTEGER, encode_fitting

WHOLE: dict[str, Any] = {"value": "yes", "set_at": "2026-11-22T08:00:00.000Z", "set_by": "p"}
ROLE = {"person": "p", "role": "quality", "valid_from": "2026-11-22T08:00:00.000Z", "granted_by": "p"}
TOO_LARGE = LARGEST_INTEGER + 1


def problem(change: Change, data: bytes | None = None) -> str:
    return _shape_problem(change, encode_fitting(change) if data is None else data)


def test_a_whole_new_record_and_a_change_of_some_fields_are_taken() -> None:
    assert problem(created("setting", "s", WHOLE)) == ""
    assert problem(Change("setting", "s", {"value": "no"}, {"value": "yes"})) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (created("setting", "s", {**WHOLE, "value": TOO_LARGE}), "canonical"),
        (Change("setting", "s", {"value": TOO_LARGE}, {"value": "yes"}), "canonical"),
        (Change("setting", "s", {"value": TOO_LARGE}, {"value": TOO_LARGE}), "canonical"),
        (created("settings", "s", WHOLE), "unknown record: 'settings'"),
        (created("setting", "s", {**WHOLE, "more": 1}), "unknown field: ['more']"),
        (created("setting", "s", {**WHOLE, "id": "t"}), "unknown field: ['id']"),
        (Change("setting", "s", {"id": "s"}, {"id": "t"}), "unknown field: ['id']"),
        (created("setting", "s", {"value": "yes"}), "not a whole setting"),
        (Change("person_role", "r", None, {**ROLE, "scope": ""}), "states a field at its default: ['scope']"),
        (Change("setting", "s", {}, {"value": "yes"}), "what was there before"),
        (Change("setting", "s", {"value": "no", "set_by": "p"}, {"value": "yes"}), "what was there before"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_any_other_shape_is_shown(change: Change, words: str) -> None:
    assert words in problem(change)


def test_bytes_that_are_another_spelling_are_shown() -> None:
    change = created("setting", "s", WHOLE)
    data = encode_fitting(change)
    assert problem(change, data.replace(b":", b": ", 1)) == problem(change, data + b" ") == "is not in canonical form."
