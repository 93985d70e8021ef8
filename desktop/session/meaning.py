"""What a signature means where nobody stated so: the words of the catalogue, given with the command."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from domain.commands.command import Command
from resources.texts.meanings import MEANINGS

_Given = TypeVar("_Given", bound=Command)


def with_meaning(command: _Given) -> _Given:
    """The command with the usual meaning of its signature, where it has none and the catalogue has one.

    The catalogue names a command by its word, and one of its decisions by that word, a dot and the decision.
    """
    if getattr(command, "meaning", None) != "":
        return command
    found = MEANINGS.get(_key(command), "")
    if not found:
        return command
    return msgspec.structs.replace(command, meaning=found.format(**msgspec.structs.asdict(command)))


def _key(command: Command) -> str:
    decision = getattr(command, "decision", "")
    refused = not getattr(command, "approve", True) or not getattr(command, "accept", True)
    if decision not in ("", "approved"):
        return f"{command.word}.{decision}"
    return f"{command.word}.rejected" if refused and f"{command.word}.rejected" in MEANINGS else command.word
