"""Two questions answered by the gates' own functions: what may this person do, and who may do this?

Only rights are looked at. Whether an item is ready for an act, or four eyes stand against it, is judged when
it is attempted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from domain.act import Actor
from domain.messages import message
from domain.process.definition import RELATIONS, ProcessVersion, Verb
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.people import name_of, role_words
from domain.rules.rights import needs_one_of, role_used, roles_for

ADMINISTRATION = (
    "enrol_person",
    "confirm_person",
    "grant_role",
    "confirm_role",
    "revoke_role",
    "disable_person",
    "begin_rotation",
    "give_reset",
)
"""What takes an administrator, whatever the process."""


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be done at one place, and whether the person asked about may.

    `process` and `step` are empty for what concerns the whole vault. `role` is the role it would be done as; for
    `allowed` it is held. `as_place` names a relation to the item (owner, creator) that would allow it too.
    `why_not` says what is missing.
    """

    process: str
    step: str
    act: str
    allowed: bool
    role: str
    as_place: str = ""
    why_not: str = ""


class Doer(msgspec.Struct, frozen=True, kw_only=True):
    """One person who may do an act at one place, as what; `person` is empty for a relation to the item."""

    process: str
    step: str
    act: str
    person: str
    name: str
    role: str


def permissions(facts: VaultFacts, processes: Iterable[ProcessVersion], person: str) -> tuple[Permission, ...]:
    """What the person (an id) may do, place by place; all of it is refused to a person who is not active."""
    roles = frozenset(role for role, people in facts.holders.items() if person in people)
    actor = Actor(person=person, name=name_of(facts, person), roles=roles, at=facts.actor.at)
    asked = msgspec.structs.replace(facts, actor=actor)
    found = []
    for process, step, act, asks in _places(processes):
        judged = msgspec.structs.replace(asked, process=process)
        found.append(_permission(judged, process, step, act, asks))
    return tuple(found)


def who_may(facts: VaultFacts, processes: Iterable[ProcessVersion], act: str = "") -> tuple[Doer, ...]:
    """Everyone who may do the act ("" = any), place by place; owners and creators are reported as such."""
    found = []
    for process, step, word, asks in _places(processes):
        if act and word.split()[0] != act:
            continue
        where = process.id if process else ""
        for role in asks:
            people = [("", message("permissions.the_of_the_item", role=role))] if role in RELATIONS else []
            people += [(person, name_of(facts, person)) for person in facts.holders.get(role, ())]
            found += [
                Doer(process=where, step=step, act=word, person=person, name=name, role=role) for person, name in people
            ]
    return tuple(found)


def _permission(
    facts: VaultFacts, process: ProcessVersion | None, step: str, act: str, asks: tuple[str, ...]
) -> Permission:
    place = next((role for role in asks if role in RELATIONS), "")
    role = role_used(facts, asks)
    allowed = bool(role) and facts.actor.person in facts.active
    why = "" if allowed else "; ".join(each.text for each in needs_one_of(facts, asks, act.replace("_", " ")))
    if facts.actor.person not in facts.active:
        why = message("permissions.is_not_an_active", actor=facts.actor.name)
    return Permission(
        process=process.id if process else "",
        step=step,
        act=act,
        allowed=allowed,
        role=role or role_words(facts, asks),
        as_place=place if facts.actor.person in facts.active else "",
        why_not=why,
    )


def _places(
    processes: Iterable[ProcessVersion],
) -> Iterator[tuple[ProcessVersion | None, str, str, tuple[str, ...]]]:
    """Every act at every place with the roles it asks: the vault's own, each right at each step, each signature."""
    for act in ADMINISTRATION:
        yield None, "", act, (ADMINISTRATOR,)
    for process in processes:
        yield from ((process, step, act, asks) for step, act, asks in _of_process(process) if asks)


_ACTS: dict[Verb, str] = {
    "create": "create_item",
    "edit": "edit_item",
    "assign": "assign_item",
    "add_evidence": "add_evidence",
    "import": "import_register",
}


def _of_process(process: ProcessVersion) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    open_steps = [step.id for step in process.steps if step.id != process.closure.step]
    for verb, act in _ACTS.items():
        steps = open_steps[:1] if verb in ("create", "import") else open_steps
        yield from ((step, act, roles_for(process, verb, step)) for step in steps)
    for transition in process.transitions:
        closes = transition.target == process.closure.step
        asks = transition.roles or roles_for(process, "close" if closes else "move", transition.source)
        yield transition.source, "close_item" if closes else f"move_item {transition.target}", asks
        gate = process.closure.gate if closes else transition.gate
        yield from (
            (transition.source, message("permissions.approve_item_level", level=level.level), (level.role,))
            for level in gate.approvals
        )
    for step in open_steps:
        yield step, "hold_item", process.hold.roles
        yield step, "cancel_item", process.cancel.roles
    yield process.closure.step, "reopen_item", process.reopen.roles
    reviewers = tuple(dict.fromkeys(each.reviewer_role for each in process.evidence))
    yield from ((step, "review_evidence", reviewers) for step in open_steps)
