"""All commands by their word. Menus, command line, scenarios, replay and the manual's reference read this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import msgspec

import domain.commands
from domain.act import Change
from domain.commands.command import NONCE_SIZE, Command
from domain.errors import UsageProblem
from domain.log.canonical import parse_canonical


def _classes(of: type[Command]) -> Iterator[type[Command]]:
    for each in of.__subclasses__():
        yield from _classes(each)
        if not each.__subclasses__():
            yield each


for _module in iter_modules(domain.commands.__path__):
    if _module.name != "registry":
        import_module(f"domain.commands.{_module.name}")

COMMANDS: dict[str, type[Command]] = {str(each.__struct_config__.tag): each for each in _classes(Command)}
"""Every command class by its word."""


def command_class(word: str) -> type[Command]:
    """The class of a command.

    Raises:
        UsageProblem: there is no such command.
    """
    found = COMMANDS.get(word)
    if found is None:
        raise UsageProblem(f"There is no command '{word}'.", cure="Use the word of a command, such as move_item.")
    return found


def command_of(values: dict[str, Any]) -> Command:
    """The command of its plain values, its word under "command".

    Raises:
        UsageProblem: no such command, or fields that are not its own or not of their kind.
    """
    kind = command_class(str(values.get("command", "")))
    try:
        return msgspec.convert(values, kind, strict=True)
    except msgspec.ValidationError as problem:
        raise UsageProblem(f"This is no {kind.__struct_config__.tag}: {problem}.") from problem


def command_from_leaves(leaves: Sequence[bytes], changes: Sequence[Change] = ()) -> tuple[Command, bytes]:
    """The command of an entry's leaves, and the nonce that its new ids come from.

    Raises:
        UsageProblem: the leaves are not those of a command. CanonicalError: they are not in canonical form.
    """
    if not leaves:
        raise UsageProblem("The entry holds no command.")
    first, *further = (parse_canonical(leaf) for leaf in leaves)
    if not isinstance(first, dict):
        raise UsageProblem("The first leaf of the entry is no command.")
    nonce = _nonce(first.pop("nonce", ""))
    kind = command_class(str(first.get("command", "")))
    return command_of(kind.values_from_leaves(first, further, changes)), nonce


def _nonce(text: object) -> bytes:
    try:
        found = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        found = b""
    if len(found) != NONCE_SIZE or found.hex() != text:
        raise UsageProblem("The command has no nonce.")
    return found
