"""What a session makes of a command before it is judged, and of a refusal before a person reads it."""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

import msgspec

from domain.commands.command import Command
from domain.errors import Refused
from domain.records.people import Declaration
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


class _Declared:
    """A state in which one person has declared."""

    def __init__(self, state: State, person: str) -> None:
        self._state = state
        self._person = person

    def all_of(self, kind: type[Any]) -> tuple[Any, ...]:
        found = self._state.all_of(kind)
        if kind is not Declaration:
            return found
        return (*found, Declaration(id="", person=self._person, key="", text="", signed_at=""))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)


def as_declared(state: State, person: str) -> State:
    """The state as it is once the person has declared: what makes no sense even then needs no declaration."""
    return cast("State", _Declared(state, person))


def as_read(refusal: Refused) -> Refused:
    """The refusal as its person reads it: without the declaration, which is asked for once nothing else stands."""
    stands = tuple(each for each in refusal.obstacles if each.rule != DECLARATION_MISSING)
    return refusal if not stands or stands == refusal.obstacles else Refused(stands[0].text, stands)
