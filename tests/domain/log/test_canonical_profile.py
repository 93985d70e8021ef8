"""The profile of canonical bytes at its edges: what fits, what does not, wherever it is nested, and what is read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.log.canonical import LARGEST_INTEGER, CanonicalError, canonical, encode_in_order, fits, parse_canonical

TOO_LARGE = LARGEST_INTEGER + 1
WRAPPED = {
    "alone": lambda inner: inner,
    "in_an_object": lambda inner: {"a": inner},
    "in_a_list": lambda inner: [inner],
    "beside_text_in_a_list": lambda inner: ["x", inner],
    "in_a_row_of_rows": lambda inner: [["x"], [inner]],
    "in_a_tuple": lambda inner: (inner,),
    "deep": lambda inner: {"a": [{"b": [inner]}]},
    "beside_an_object": lambda inner: [{}, inner],
}


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("value", [LARGEST_INTEGER, -LARGEST_INTEGER, 0, True, None, "é"], ids=repr)
def test_what_lies_inside_fits_and_comes_back(wrap: Any, value: Any) -> None:
    whole = wrap(value)
    assert fits(whole) is True
    data = canonical(whole)
    assert msgspec.json.decode(data) == msgspec.json.decode(msgspec.json.encode(whole))
    assert parse_canonical(data) == msgspec.json.decode(data)


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("value", [TOO_LARGE, -TOO_LARGE, 1.0, {"é": 1}, {1: 1}, b"bytes", {"a": {"é": 1}}], ids=repr)
def test_what_lies_outside_is_refused_wherever_it_is(wrap: Any, value: Any) -> None:
    assert not fits(wrap(value))
    with pytest.raises(CanonicalError) as problem:
        canonical(wrap(value))
    assert str(problem.value).startswith("$"), "the message names the place"


def test_the_place_is_named() -> None:
    with pytest.raises(CanonicalError, match=r"^\$\.a\[1\]\.b: integer 9007199254740992 is outside 53 bits"):
        canonical({"a": [0, {"b": TOO_LARGE}]})
    with pytest.raises(CanonicalError, match=r"^\$\[0\]: float has no canonical form"):
        canonical([0.5])


def test_a_lone_surrogate_has_no_bytes() -> None:
    class Value(msgspec.Struct):
        a: str

    for encode, value in ((canonical, {"a": "\ud800"}), (encode_in_order, Value(a="\ud800"))):
        with pytest.raises(CanonicalError, match=r"^\$: not encodable"):
            encode(value)
    assert encode_in_order(Value(a="x")) == b'{"a":"x"}'


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b"1.0",
        b"1e3",
        b"-0",
        b"NaN",
        b"Infinity",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b"\xef\xbb\xbf{}",
        b"\xff",
        b'"\\u0041"',
        b"",
        b"{",
        b"9007199254740992",
        b"9" * 5000,
        b"[" * 100_000,
        b'{"\xc3\xa9":1}',
    ],
    ids=lambda data: repr(data[:16]),
)
def test_bytes_that_canonical_would_not_have_written_are_refused_as_such(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse_canonical(data)
