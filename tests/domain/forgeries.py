"""Forgeries of an act: entries that differ from its own in one place each."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from judged_again import breaches_of

from domain.act import Act, Actor, Change
from domain.log.entry import Header
from domain.simulation.memory_register import MemoryRegister, header_of

Entry = tuple[str, Header, tuple[Change, ...]]


def forgeries(register: MemoryRegister, act: Act, by: Actor) -> Iterator[Entry]:
    """Entries that differ from the one of this act, each with what it is."""
    header = header_of(act, by, seq=register.log_size())
    for person in register.people():
        if person.id != by.person:
            yield f"by {person.name}", msgspec.structs.replace(header, by=person.id), act.changes
    for field, value in (("role", "nonsense"), ("meaning", "Else"), ("mandate", "m"), ("subject", "x"), ("act", "y")):
        yield f"{field} {value}", msgspec.structs.replace(header, **{field: value}), act.changes
    other_way = "session" if header.auth == "passphrase" else "passphrase"
    yield f"auth {other_way}", msgspec.structs.replace(header, auth=other_way), act.changes
    for place, change in enumerate(act.changes[:3]):
        before, after = act.changes[:place], act.changes[place + 1 :]
        for field in sorted(change.after):
            for value in ("", "forged", "p-1"):
                if change.after[field] != value:
                    forged = msgspec.structs.replace(change, after={**change.after, field: value})
                    yield f"{change.record}.{field} {value!r}", header, (*before, forged, *after)
        yield f"without {change.record}", header, (*before, *after)
    leftover = Change(record="person_role", id="r", before=None, after={"person": by.person, "role": "quality"})
    yield "with a role more", header, (*act.changes, leftover)


def unnamed_forgeries(register: MemoryRegister, act: Act, by: Actor) -> Iterator[str]:
    """The forgeries that deciding again does not name. What names nobody (items say whose they are, alerts whom they
    are for, not who edits or raises them) may be done by everybody who has the right to it, so that only the signature
    shows who did it: those are left out.
    """
    named = any(
        by.person.encode() in change.data()
        for change in act.changes
        if change.record != "item" and (change.record != "alert" or change.before is not None)
    )
    for about, header, changes in forgeries(register, act, by):
        if (named or header.by == by.person) and not breaches_of(register, header, act.command, changes):
            yield about
