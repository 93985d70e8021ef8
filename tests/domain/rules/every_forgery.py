"""Entries crafted around the gates, made of those of the shipped stories, and what replay says of each.

Each act of a story, as the register stood before it, is handed over again as it is, by everybody else, under other
words, and with each value that it sets made another one. `every_answer.py` keeps the answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from domain.replay.rules import EntryThen, rule_breaches

from domain.act import Act, Actor, Change
from domain.log.entry import Header
from domain.simulation.memory_register import MemoryRegister, header_of

MOST_ALIKE = 2
"""Acts of one name that are forged in the stories of a process."""
Told = list[tuple[str, Any]]


@contextmanager
def forging(told: Told, done: Counter[str]) -> Iterator[None]:
    """While stories are lived through, put forgeries of their acts beside what replay says of them into `told`."""
    real = MemoryRegister.take

    def take(register: MemoryRegister, act: Act, by: Actor) -> Any:
        if act.changes and done[act.name] < MOST_ALIKE and act.name != "found_vault":
            done[act.name] += 1
            told.extend(_judged(register, act, by))
        return real(register, act, by)

    MemoryRegister.take = take  # type: ignore[method-assign]
    try:
        yield
    finally:
        MemoryRegister.take = real  # type: ignore[method-assign]


def _judged(register: MemoryRegister, act: Act, by: Actor) -> Iterator[tuple[str, Any]]:
    for number, (header, changes) in enumerate(_forgeries(register, act, by)):
        breaches = rule_breaches(EntryThen(header, changes, register))
        yield (
            f"forged {act.name} {number}",
            [[f"{each.record}.{each.field}", each.text, each.id, each.field, ""] for each in breaches],
        )


def _forgeries(register: MemoryRegister, act: Act, by: Actor) -> Iterator[tuple[Header, tuple[Change, ...]]]:
    header = header_of(act, by, seq=len(register.entries))
    yield header, act.changes
    for person in register.people():
        if person.id != by.person:
            yield msgspec.structs.replace(header, by=person.id), act.changes
    for words in ({"role": "nonsense"}, {"meaning": ""}, {"meaning": "Else"}, {"mandate": "m"}, {"auth": "session"}):
        yield msgspec.structs.replace(header, **words), act.changes
    yield msgspec.structs.replace(header, reason="", subject="nowhere"), act.changes
    for place, change in enumerate(act.changes[:3]):
        for field in sorted(change.after):
            for value in ("", "forged", "p-1"):
                forged = msgspec.structs.replace(change, after={**change.after, field: value})
                yield header, (*act.changes[:place], forged, *act.changes[place + 1 :])
        yield header, (*act.changes[:place], *act.changes[place + 1 :])
    stray = Change(record="person_role", id="r", before=None, after={"person": by.person, "role": "quality"})
    yield header, (*act.changes, stray)
