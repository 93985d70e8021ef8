"""RFC 8785 vectors of cyberphone/json-canonicalization against our stricter profile.

What lies inside the profile must come out byte by byte as published; what lies outside (floats, names that are
not ASCII) must be refused: written differently it would have two signatures for one meaning.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.log.canonical import CanonicalError, canonical, parse_canonical

INSIDE = ("arrays", "structures", "unicode")  # what is published as output lies inside the profile
OUTSIDE = {
    "french": "member names that are not ASCII",
    "values": "floats",
    "weird": "member names that are not ASCII",
}
FLOAT_IN_THE_INPUT = "structures"  # 56.0, which the standard writes as 56 and we refuse to guess about


def _published_bytes(folder: Path, name: str) -> bytes:
    as_hex = bytes.fromhex((folder / "outhex" / f"{name}.txt").read_text(encoding="ascii"))
    assert (folder / "output" / f"{name}.json").read_bytes() == as_hex, "the two published forms agree"
    return as_hex


def _input(folder: Path, name: str) -> Any:
    return json.loads((folder / "input" / f"{name}.json").read_text(encoding="utf-8"))


def test_every_published_case_is_judged_here(published: Callable[[str], Path]) -> None:
    names = {file.stem for file in (published("jcs/testdata") / "input").glob("*.json")}
    assert names == {*INSIDE, *OUTSIDE}


@pytest.mark.parametrize("name", INSIDE)
def test_a_value_inside_the_profile_comes_out_as_published(name: str, published: Callable[[str], Path]) -> None:
    folder = published("jcs/testdata")
    wanted = _published_bytes(folder, name)
    value = parse_canonical(wanted)
    assert value == _input(folder, name)
    assert canonical(value) == wanted


def test_a_float_is_refused_even_where_it_is_a_whole_number(published: Callable[[str], Path]) -> None:
    with pytest.raises(CanonicalError, match="float"):
        canonical(_input(published("jcs/testdata"), FLOAT_IN_THE_INPUT))


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_value_outside_the_profile_is_refused_both_ways(name: str, published: Callable[[str], Path]) -> None:
    folder = published("jcs/testdata")
    with pytest.raises(CanonicalError, match=r"ASCII|float"):
        canonical(_input(folder, name))
    with pytest.raises(CanonicalError, match=r"ASCII|not an integer"):
        parse_canonical(_published_bytes(folder, name))


def test_the_published_input_spelling_is_not_taken_for_canonical(published: Callable[[str], Path]) -> None:
    folder = published("jcs/testdata")
    for name in INSIDE:
        with pytest.raises(CanonicalError):
            parse_canonical((folder / "input" / f"{name}.json").read_bytes())


def test_the_parts_of_published_cases_that_lie_inside_the_profile_come_out_as_published() -> None:
    # RFC 8785 section 3.2.2, the sample object, without its "numbers" member (floats lie outside the profile).
    value = json.loads(r'{"string": "€$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}')
    # RFC 8785 section 3.2.4, the same members of the published octets.
    published_octets = bytes.fromhex(
        "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c22737472696e67223a22"
        "e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
    )
    assert canonical(value) == published_octets
