"""Entries crafted around the rules, made of those of the shipped stories: deciding again names every one of them.

Each act of a story, on the state it was decided on, is handed over again as it is, by everybody else, under other words,
with each value that it sets made another one, with a change left out and with one more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from judged_again import breaches_of

from domain.act import Act, Actor, Change
from domain.log.entry import Header
from domain.process.decode import decode_process
from domain.simulation.memory_register import MemoryRegister, header_of
from domain.simulation.run import run_scenarios

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
SHIPPED = {
    path.stem: decode_process(path.read_text(encoding="utf-8"))
    for path in sorted(TEMPLATES.glob("*.json"))
    if path.name != "schema.json"
}
MOST_ALIKE = 2
"""Acts of one name that are forged in the stories of a process."""
NAMES_NOBODY = {"assign_item", "edit_draft", "edit_item", "prove_draft", "raise_alerts"}
"""Acts whose changes do not say who did them."""
Entry = tuple[str, Header, tuple[Change, ...]]


def forgeries(register: MemoryRegister, act: Act, by: Actor) -> Iterator[Entry]:
    """Entries that differ from the one of this act, each with what it is."""
    header = header_of(act, by, seq=len(register.entries))
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
    stray = Change(record="person_role", id="r", before=None, after={"person": by.person, "role": "quality"})
    yield "with a role more", header, (*act.changes, stray)


@pytest.mark.parametrize("process", SHIPPED)
def test_every_forged_entry_is_named_and_the_true_one_is_not(process: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: Counter[str] = Counter()
    forged: Counter[str] = Counter()
    unnamed: list[str] = []
    wronged: list[str] = []
    real = MemoryRegister.take

    def take(register: MemoryRegister, act: Act, by: Actor) -> Any:
        if act.command and done[act.name] < MOST_ALIKE and act.name != "found_vault":
            done[act.name] += 1
            true = header_of(act, by, seq=len(register.entries))
            wronged.extend(f"{act.name}: {each.text}" for each in breaches_of(register, true, act.command, act.changes))
            for about, header, changes in forgeries(register, act, by):
                forged[act.name] += 1
                if not breaches_of(register, header, act.command, changes):
                    unnamed.append(f"{act.name}: {about}")
        return real(register, act, by)

    monkeypatch.setattr(MemoryRegister, "take", take)
    assert [each.failure.text for each in run_scenarios(SHIPPED[process], SHIPPED) if each.failure] == []
    assert wronged == []
    # what names nobody may be done by everybody who holds a right to it: then only the signature tells who did it
    assert [each for each in unnamed if each.split(": by ")[0] not in NAMES_NOBODY] == []
    assert {"create_item", "move_item", "approve_item", "enrol_person"} <= set(forged)
    assert sum(forged.values()) > 500
