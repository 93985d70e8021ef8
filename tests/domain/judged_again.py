"""Entries decided again on the state they were decided on, before that state takes them."""

from __future__ import annotations

from typing import Any

import memory_register

from domain.act import Act, Actor, Change
from domain.log.entry import Entry, Header
from domain.replay.decide_again import Breach, EntryJudge
from domain.replay.state import MemoryState
from domain.simulation.memory_register import header_of


class OnlyAsked:
    """A state that is asked and takes nothing."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    def begin(self, header: Header) -> None:
        """Take no entry."""

    def apply(self, change: Change) -> None:
        """Take no change."""


def breaches_of(
    state: MemoryState, header: Header, leaves: tuple[bytes, ...], changes: tuple[Change, ...]
) -> list[Breach]:
    """What deciding again says of an entry on this state, which stays as it is."""
    judge = EntryJudge(OnlyAsked(state))  # type: ignore[arg-type]
    judge.begin(header)
    for leaf in leaves:
        judge.command_leaf(leaf)
    for change in changes:
        judge.change(change, change.data())
    return list(judge.end())


def judged_register(wrong: list[str]) -> type[memory_register.MemoryRegister]:
    """A register that puts into `wrong` what deciding again says against the acts it takes."""

    class JudgedRegister(memory_register.MemoryRegister):
        def take(self, act: Act, by: Actor) -> Entry:
            if act.command:
                header = header_of(act, by, seq=len(self.entries))
                wrong.extend(f"{act.name}: {each.text}" for each in breaches_of(self, header, act.command, act.changes))
            return super().take(act, by)

    return JudgedRegister
