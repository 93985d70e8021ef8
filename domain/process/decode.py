"""From text to a process version, or a clear refusal naming the place; and back to canonical text."""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from domain.errors import UsageProblem
from domain.log.canonical import CanonicalError, canonical
from domain.messages import message
from domain.process.definition import ProcessVersion
from domain.process.lint import check_process


@lru_cache(maxsize=64)
def decode_process(data: bytes | str) -> ProcessVersion:
    """The process version written in JSON. Versions are frozen, so the same text is decoded once.

    Raises:
        UsageProblem: not JSON of the process schema, or a definition that contradicts itself; `where` names
            the first place and `what` says how many others there are.
    """
    try:
        version = msgspec.json.decode(data, type=ProcessVersion)
    except msgspec.ValidationError as problem:
        text, _, place = str(problem).partition(" - at ")
        raise UsageProblem(
            message("decode.the_process_definition_does", text=text),
            where=place.strip("`") or "$",
            remedy=message("decode.correct_this_place_the"),
        ) from problem
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise UsageProblem(
            message("decode.the_process_definition_is", problem=problem),
            where="$",
            remedy=message("decode.save_it_as_utf"),
        ) from problem
    problems = check_process(version)
    if problems:
        first, others = problems[0], len(problems) - 1
        more = message("decode.more", others=others) if others else ""
        raise UsageProblem(f"{first.text}{more}", where=first.place, remedy=first.remedy)
    return version


def process_text(version: ProcessVersion) -> str:
    """The canonical JSON text of a version (RFC 8785), as stored and hashed.

    Raises:
        UsageProblem: an argument of a scenario's move is a value without a canonical form.
    """
    try:
        return canonical(_stated(version)).decode()
    except CanonicalError as problem:
        raise UsageProblem(
            message("decode.the_process_definition_holds", problem=problem),
            where="scenarios",
            remedy=message("decode.write_numbers_with_a"),
        ) from problem


def _stated(part: Any) -> Any:
    """A version, or a part of one, as plain values without the members that are at their default.

    So a definition of today keeps its text when the schema gets a new word.
    """
    if isinstance(part, msgspec.Struct):
        values = [(name, getattr(part, field), default) for name, field, default in _members(type(part))]
        return {name: _stated(value) for name, value, default in values if value != default}
    if isinstance(part, tuple):
        return [_stated(each) for each in part]
    return {name: _stated(each) for name, each in part.items()} if isinstance(part, dict) else part


@cache
def _members(kind: type[msgspec.Struct]) -> tuple[tuple[str, str, Any], ...]:
    """(name in the text, name of the field, default) of each member."""
    return tuple(
        (
            each.encode_name,
            each.name,
            each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory(),
        )
        for each in msgspec.structs.fields(kind)
    )


def process_hash(version: ProcessVersion) -> str:
    """SHA-256 of the canonical text, hex."""
    return sha256(process_text(version).encode()).hexdigest()
