"""What a change in the log must look like to be replayed: canonical, of a known record, whole or with its before."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.store.fold import _shape_problem
from domain.act import Change
from domain.log.canonical import LARGEST_INTEGER, encode_fitting

WHOLE: dict[str, Any] = {"value": "yes", "set_at": "2026-11-22T08:00:00.000Z", "set_by": "p"}
TOO_LARGE = LARGEST_INTEGER + 1


def problem(change: Change, data: bytes | None = None) -> str:
    return _shape_problem(change, encode_fitting(change) if data is None else data)


def test_a_whole_new_record_and_a_change_of_some_fields_are_taken() -> None:
    assert problem(Change("setting", "s", None, WHOLE)) == ""
    assert problem(Change("setting", "s", {"value": "no"}, {"value": "yes"})) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("setting", "s", None, {**WHOLE, "value": TOO_LARGE}), "canonical"),
        (Change("setting", "s", {"value": TOO_LARGE}, {"value": "yes"}), "canonical"),
        (Change("setting", "s", {"value": TOO_LARGE}, {"value": TOO_LARGE}), "canonical"),
        (Change("settings", "s", None, WHOLE), "unknown record: 'settings'"),
        (Change("setting", "s", None, {**WHOLE, "more": 1}), "unknown field: ['more']"),
        (Change("setting", "s", None, {**WHOLE, "id": "t"}), "unknown field: ['id']"),
        (Change("setting", "s", {"id": "s"}, {"id": "t"}), "unknown field: ['id']"),
        (Change("setting", "s", None, {"value": "yes"}), "not a whole setting"),
        (Change("setting", "s", {}, {"value": "yes"}), "what was there before"),
        (Change("setting", "s", {"value": "no", "set_by": "p"}, {"value": "yes"}), "what was there before"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_any_other_shape_is_told(change: Change, words: str) -> None:
    assert words in problem(change)


def test_bytes_that_are_another_spelling_are_told() -> None:
    change = Change("setting", "s", None, WHOLE)
    data = encode_fitting(change)
    assert problem(change, data.replace(b":", b": ", 1)) == problem(change, data + b" ") == "is not in canonical form."
