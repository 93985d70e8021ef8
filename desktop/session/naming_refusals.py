"""What a session makes of a command before it is judged, and of a refusal before a person reads it."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from domain.commands.command import Command
from domain.errors import Refused
from domain.state import State

_Given = TypeVar("_Given", bound=Command)

DECLARATION_MISSING: Final = "declaration.missing"
"""The rule of the obstacle that the session itself takes away: the first signature declares first."""


def with_item_id(command: _Given, state: State) -> _Given:
    """An item that was named by its number goes on record by its id.

    Raises:
        UsageProblem: no such item.
    """
    named = getattr(command, "item", "")
    if not named:
        return command
    id_ = state.item(named).id
    return command if id_ == named else msgspec.structs.replace(command, item=id_)


def only_undeclared(refusal: Refused) -> bool:
    """Whether the declaration is all that is missing."""
    return {each.rule for each in refusal.obstacles} == {DECLARATION_MISSING}


def as_read(refusal: Refused) -> Refused:
    """The refusal as its person reads it: without the declaration, which is asked for once nothing else stands."""
    stands = tuple(each for each in refusal.obstacles if each.rule != DECLARATION_MISSING)
    return refusal if not stands or stands == refusal.obstacles else Refused(stands[0].text, stands)
