"""Who did the work of an item: what separation of duties looks at, whoever stands in its fields now.

Evidence and requests name who brought them. Who owned the item before its present owner, who wrote what is signed and
who judged it, no other record says: the item's `took_part` does, one line for each person, cycle and part. Only what
such a person wrote counts beyond its cycle, because it is signed again in the next one. What an item says when it is
created is its creator's, and no part in the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.messages import Message
from domain.process.definition import ProcessVersion
from domain.records.item import Item
from domain.rules.facts import Facts

OWNED: Final = "owned"
WROTE: Final = "wrote"
JUDGED: Final = "judged"

_WORDS: Final = {
    OWNED: Message("work_done.owned_it"),
    WROTE: Message("work_done.wrote_what_is_signed"),
    JUDGED: Message("work_done.judged_it"),
}
_STILL_COUNTS: Final = ("asked", "approved")
"""States of requests whose asker took part in the work: a request withdrawn or refused changed nothing."""


def who_worked(facts: Facts) -> Mapping[str, Message]:
    """The people who did the work of the item's present cycle, each with the words for what they did."""
    item, file = facts.file.item, facts.file
    found = {item.owner: Message("rights.owns_this_item")} if item.owner else {}
    for cycle, person, part in item.took_part:
        if cycle == item.cycle or part == WROTE:
            found.setdefault(person, _WORDS[part])
    for evidence in file.evidence:
        if evidence.cycle == item.cycle:
            found.setdefault(evidence.added_by, Message("work_done.added_evidence"))
    for request in file.requests:
        if request.cycle == item.cycle and request.state in _STILL_COUNTS:
            found.setdefault(request.asked_by, Message("work_done.asked_for_a_change"))
    return found


def who_owned(facts: Facts) -> frozenset[str]:
    """Everybody who owns the item or owned it in its present cycle."""
    item = facts.file.item
    before = {person for cycle, person, part in item.took_part if cycle == item.cycle and part == OWNED}
    return frozenset({item.owner, *before} - {""})


def with_part(taken: list[list[Any]], cycle: int, person: str, *parts: str) -> list[list[Any]]:
    """The item's `took_part` with these parts of a person in a cycle."""
    new = [[cycle, person, part] for part in parts]
    return [*taken, *(each for each in new if person and each not in taken)]


def after_owning(item: Item) -> list[list[Any]]:
    """The item's `took_part` once its present owner owns it no more."""
    return with_part(item.took_part, item.cycle, item.owner, OWNED)


def parts_in(process: ProcessVersion, fields: Iterable[str]) -> tuple[str, ...]:
    """What part somebody takes who gives these fields their values."""
    gates = [process.closure.gate, *(each.gate for each in process.transitions)]
    named = {name for gate in gates for name in gate.signs}
    definitions = {each.id: each for each in process.fields}
    found = []
    for name in fields:
        definition = definitions.get(name)
        if name in named or (definition is not None and definition.signed):
            found.append(WROTE)
        if definition is not None and definition.verdict:
            found.append(JUDGED)
    return tuple(dict.fromkeys(found))
