"""On paper, people whose names look alike carry the beginning of their key's id; nobody else does."""

from __future__ import annotations

from domain.closure.compose import distinct_names


def test_names_that_look_alike_carry_the_beginning_of_their_keys_id() -> None:
    names = {"a": "Ada", "b": "\u0410da", "c": "Carl", "d": "Ada"}
    keys = {"a": "0123456789abcdef", "b": "fedcba9876543210", "c": "1" * 16}
    assert distinct_names(names, keys) == {
        "a": "Ada [01234567]",
        "b": "\u0410da [fedcba98]",
        "c": "Carl",
        "d": "Ada [d]",
    }


def test_names_that_everybody_tells_apart_stay_as_they_are() -> None:
    names = {"a": "Ada", "b": "Bea", "c": "Carl"}
    assert distinct_names(names, {each: each * 32 for each in names}) == names
