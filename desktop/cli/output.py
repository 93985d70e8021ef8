"""What a command says: results on standard output, for people or as JSON, and everything else on standard error.

Lists have one shape as JSON: `{"items": [...], "count": N, "notices": [...]}`, with whatever else is to be said beside
them. Every other result, and every error, is an object that carries `notices` too, once a vault was opened: what
opening noticed, such as damage. Numbers of bytes, minutes and seconds name their unit in their key.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import msgspec

from domain.errors import Refused
from domain.messages import Message, message

_OPENED_WITH: Final[ContextVar[tuple[str, ...] | None]] = ContextVar("opened_with", default=None)
_UNITS: Final = {
    "size": "bytes",
    "late_by": "late_by_minutes",
    "age": "age_minutes",
    "used": "used_minutes",
    "limit": "limit_minutes",
}


def remember_notices(notices: tuple[str, ...] | None) -> None:
    """What opening the vault noticed, for the JSON of this command; None: no vault is open yet."""
    _OPENED_WITH.set(notices)


def announce(text: str) -> None:
    """A word to the person, on standard error."""
    print(text, file=sys.stderr)  # noqa: T201 (the command line's own voice)


def print_text(text: str) -> None:
    """A result for people, on standard output."""
    print(text)  # noqa: T201


def print_json(value: Any) -> None:
    """A result for programs: one JSON document on standard output, in the shape that all have."""
    builtins = _builtins(value)
    if isinstance(builtins, list | tuple):
        print_json_list(builtins)
        return
    opened_with = _OPENED_WITH.get()
    if isinstance(builtins, dict) and opened_with is not None:
        builtins = {**builtins, "notices": list(opened_with)}
    print_text(json.dumps(builtins, ensure_ascii=False, indent=2))


def print_json_list(items: Iterable[Any], **beside: Any) -> None:
    """A list for programs, written as it comes: no more than one of its items is held. `beside` stands behind it."""
    out, count = sys.stdout, 0
    out.write('{\n"items": [')
    with _closed_at_the_end(items):
        for each in items:
            out.write(",\n" if count else "\n")
            out.write(json.dumps(_builtins(each), ensure_ascii=False))
            count += 1
    rest = {"count": count, **_builtins(beside), "notices": list(_OPENED_WITH.get() or ())}
    out.write(f"\n],\n{json.dumps(rest, ensure_ascii=False, indent=2)[2:]}\n")


@contextmanager
def _closed_at_the_end(items: Iterable[Any]) -> Iterator[None]:
    """Close a generator also where nobody reads on: what it reads from is closed soon after."""
    try:
        yield
    finally:
        if isinstance(items, Generator):
            items.close()


def print_json_line(value: Any) -> None:
    """One answer of many, on a line of its own, at once."""
    print_text(json.dumps(_builtins(value), ensure_ascii=False))
    sys.stdout.flush()


def with_units(record: Any) -> dict[str, Any]:
    """A record whose numbers of bytes and of working minutes say so in their keys."""
    value: Mapping[str, Any] = _builtins(record)
    return {_UNITS.get(name, name): each for name, each in value.items()}


def _builtins(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=_spoken)


def _spoken(value: object) -> str:
    if isinstance(value, Message):
        return str(value)
    raise TypeError(type(value))


def error_value(problem: Exception) -> dict[str, Any]:
    """An error as JSON: kind, what, where, remedy and, for a refusal, every obstacle."""
    value: dict[str, Any] = {
        "kind": type(problem).__name__,
        **{name: str(getattr(problem, name, "")) for name in ("what", "where", "remedy")},
    }
    if isinstance(problem, Refused):
        value["obstacles"] = [msgspec.to_builtins(obstacle) for obstacle in problem.obstacles]
    return value


def progress_line(*, quiet: bool) -> Callable[[str, int, int], None]:
    """Progress on stderr when a person is watching; silent otherwise."""
    if quiet or not sys.stderr.isatty():
        return lambda _phase, _done, _of: None

    def show(phase: str, done: int, of: int) -> None:
        count = message("{done:,} of {of:,}", done=done, of=of) if of else f"{done:,}"
        print(f"\r\x1b[K{phase}: {count}", end="", file=sys.stderr, flush=True)  # noqa: T201

    return show
