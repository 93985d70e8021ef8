"""Canonical bytes: RFC 8785 (JCS) in a profile where a fast encoder is provably equal.

The profile: objects with ASCII names, arrays, strings without lone surrogates, integers within 53 bits,
true, false, null. No floats: decimals, money and dates are strings with their unit. Within it msgspec's
sorted encoder and RFC 8785 give the same bytes; a property test holds the two together.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

import msgspec

from domain.messages import message

LARGEST_INTEGER = 2**53 - 1
_ENCODER = msgspec.json.Encoder(order="sorted")
_AS_IT_STANDS = msgspec.json.Encoder()
_PLAIN = frozenset((str, bool, type(None)))
_SCALARS = _PLAIN | {int}
_LISTS = frozenset((list, tuple))


class CanonicalError(ValueError):
    """A value or bytes outside the canonical profile; the message names the place."""


def _has_ascii_names(value: dict[Any, Any]) -> bool:
    try:
        return "".join(value).isascii()
    except TypeError:  # a member name that is no text
        return False


def fits(value: Any) -> bool:
    """Whether a value is inside the profile. A hundred thousand records pass here: no place is kept track of."""
    kind = type(value)
    if kind is dict:
        inner = value.values()
    elif kind is list or kind is tuple:
        inner = value
    else:
        return kind in _PLAIN or (kind is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER)
    if kind is dict and not _has_ascii_names(value):
        return False
    kinds = set(map(type, inner))
    if kinds <= _PLAIN:
        return True
    if kinds <= _SCALARS:
        return all(-LARGEST_INTEGER <= each <= LARGEST_INTEGER for each in inner if type(each) is int)
    if kinds <= _LISTS and _PLAIN.issuperset(map(type, chain.from_iterable(inner))):
        return True  # rows of cells: looked at in one go
    return all(type(each) in _PLAIN or fits(each) for each in inner)


def _why_not(value: Any, place: str) -> str:
    """The first place outside the profile, in words, or ""."""
    kind = type(value)
    if kind is dict:
        for name, inner in value.items():
            if type(name) is not str or not name.isascii():
                return message("canonical.member_name_is_not", place=place, name=name)
            if problem := _why_not(inner, f"{place}.{name}"):
                return problem
    elif kind in (list, tuple):
        for index, inner in enumerate(value):
            if problem := _why_not(inner, f"{place}[{index}]"):
                return problem
    elif kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            return message("canonical.integer_is_outside_bits", place=place, value=value)
    elif kind not in _PLAIN:
        return message("canonical.has_no_canonical_form", place=place, name=kind.__name__)
    return ""


def canonical(value: Any) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value (RFC 8785, restricted profile).

    Raises:
        CanonicalError: the value holds a float, a large integer, a non-ASCII name or a lone surrogate.
    """
    if not fits(value):
        raise CanonicalError(_why_not(value, "$"))
    return encode_fitting(value)


def encode_fitting(value: Any) -> bytes:
    """Canonical bytes of what `fits` already, or of a struct whose fields do.

    Raises:
        CanonicalError: text with a lone surrogate.
    """
    try:
        return _ENCODER.encode(value)
    except (UnicodeEncodeError, ValueError, TypeError) as problem:
        raise CanonicalError(message("canonical.not_encodable", problem=problem)) from problem


def encode_in_order(value: msgspec.Struct) -> bytes:
    """Canonical bytes of a struct whose fields fit already and stand in canonical order, in inner structs too.

    Raises:
        CanonicalError: text with a lone surrogate.
    """
    try:
        return _AS_IT_STANDS.encode(value)
    except (UnicodeEncodeError, ValueError, TypeError) as problem:
        raise CanonicalError(message("canonical.not_encodable", problem=problem)) from problem


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError(message("canonical.an_object_repeats_a"))
    return found


def _no_float(text: str) -> Any:
    raise CanonicalError(message("canonical.number_is_not_an", text=text))


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
        raise CanonicalError(message("canonical.not_canonical_json", problem=problem)) from problem
    if canonical(value) != data:
        raise CanonicalError(message("canonical.the_bytes_are_json"))
    return value
