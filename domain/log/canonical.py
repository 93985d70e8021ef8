"""Canonical bytes: RFC 8785 (JCS) in a profile where a fast encoder is provably equal.

The profile: objects with ASCII names, arrays, strings without lone surrogates, integers within 53 bits,
true, false, null. No floats: decimals, money and dates are strings with their unit. Within it msgspec's
sorted encoder and RFC 8785 give the same bytes; a property test holds the two together.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

LARGEST_INTEGER = 2**53 - 1
_ENCODER = msgspec.json.Encoder(order="sorted")
_PLAIN = (str, bool, type(None))


class CanonicalError(ValueError):
    """A value or bytes outside the canonical profile; the message names the place."""


def _check(value: Any, place: str) -> None:
    kind = type(value)
    if kind in _PLAIN:
        return
    if kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise CanonicalError(f"{place}: integer {value} is outside 53 bits (RFC 8785, 3.2.2.3)")
    elif kind is dict:
        for name, inner in value.items():
            if type(name) is not str or not name.isascii():
                raise CanonicalError(f"{place}: member name {name!r} is not ASCII text")
            if type(inner) not in _PLAIN:
                _check(inner, f"{place}.{name}")
    elif kind in (list, tuple):
        for index, inner in enumerate(value):
            if type(inner) not in _PLAIN:
                _check(inner, f"{place}[{index}]")
    else:
        raise CanonicalError(f"{place}: {kind.__name__} has no canonical form; use text with its unit")


def canonical(value: Any) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value (RFC 8785, restricted profile).

    Raises:
        CanonicalError: the value holds a float, a large integer, a non-ASCII name or a lone surrogate.
    """
    _check(value, "$")
    try:
        return _ENCODER.encode(value)
    except (UnicodeEncodeError, ValueError, TypeError) as problem:
        raise CanonicalError(f"$: not encodable: {problem}") from problem


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("an object repeats a member name")
    return found


def _no_float(text: str) -> Any:
    raise CanonicalError(f"number {text} is not an integer")


def parse_canonical(data: bytes) -> Any:
    """Return the value of canonical bytes, refusing anything `canonical` would not have written.

    Raises:
        CanonicalError: not UTF-8, a BOM, duplicate names, floats, spaces, or any other non-canonical spelling.
    """
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_float=_no_float, parse_constant=_no_float
        )
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as problem:  # not UTF-8, not JSON, or an integer of thousands of digits
        raise CanonicalError(f"not canonical JSON: {problem}") from problem
    if canonical(value) != data:
        raise CanonicalError("the bytes are JSON but not in canonical form (RFC 8785)")
    return value
