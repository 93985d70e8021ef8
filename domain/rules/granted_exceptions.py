"""Exceptions on record: those in force for an item, and what the one that an item asks for concerns.

An exception counts only as it was granted: signed in person by who owned the process concerned, for a rule that says
whether work is ready, for one item (or, with a higher signature, the process), and for no longer than the process
lets one last. What stands at an exception's step without that, by whatever entrance, passes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec

from domain.errors import UsageProblem
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.states import in_force_at
from domain.records.item import Item, ItemFile
from domain.rules.holding_roles import held_by
from domain.state import ItemFilter, State

GRANT_FIELDS: Final = ("rule", "process", "gate", "item", "expires_on")
"""The fields of an exception that say what it passes, where, for what and until when."""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature given in person, not under a mandate: whose, and when (ISO)."""

    person: str
    at: str


class ExceptionInForce(msgspec.Struct, frozen=True, kw_only=True):
    """An exception item that stands at a step with the effect `exception`.

    `rule` is the id of the rule it passes, at `gate` ("" = any) of `process`, for the item `target` (id or number; "" =
    all of the process), until the day `expires_on`, itself included. `signed` is by whom it was granted in person.
    """

    number: str
    item: str
    rule: str
    process: str
    gate: str
    target: str
    expires_on: str
    signed: tuple[Signed, ...] = ()


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """An exception from the same rule of the same process that was granted before: for how long (ISO days, both
    included), and the ids of the people who asked for it.
    """

    number: str
    gate: str
    target: str
    first_day: str
    last_day: str
    people: frozenset[str]


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """What an exception is for: the process in force and the item that it names (None = there is none), and the
    exceptions before it.
    """

    process: ProcessVersion | None
    item: Item | None
    earlier: tuple[Earlier, ...] = ()


def grants_exceptions(process: ProcessVersion) -> bool:
    """Whether items of the process are exceptions while they stand at one of its steps."""
    return any(step.effect == "exception" for step in process.steps)


def grants_next(process: ProcessVersion, item: Item) -> bool:
    """Whether an open item may become an exception in force by its next transition."""
    steps = {step.id for step in process.steps if step.effect == "exception"}
    return item.state == "open" and any(each.target in steps for each in process.from_step(item.step))


def exceptions_in_force(
    register: State, item: Item, process: ProcessVersion, today: str
) -> tuple[ExceptionInForce, ...]:
    """Exceptions in force on the day `today` (ISO) that name the item, of the version `process`, or all items of it."""
    if process.exceptions is None:
        return ()
    places = register.remembered(("process_version",), "places_of_exceptions", lambda: _places_of_exceptions(register))
    if not places:
        return ()
    granted = register.remembered(
        ("process_version", "item", "approval", "revocation", "urgency"),
        "exceptions_granted",
        lambda: tuple(_granted(register, places)),
    )
    return tuple(
        each
        for each in granted
        if each.process == item.process
        and each.target in ("", item.id, item.number)
        and each.expires_on >= today
        and _is_rightly_granted(register, each, process)
    )


def _is_rightly_granted(register: State, granted: ExceptionInForce, process: ProcessVersion) -> bool:
    rules = process.exceptions
    if rules is None:
        return False
    roles = {each: held_by(register.roles(), each.person, each.at) for each in granted.signed}
    owners = [each.at[:10] for each, held in roles.items() if process.owner_role in held]
    wide = bool(rules.process_wide_role) and any(rules.process_wide_role in held for held in roles.values())
    return (
        bool(owners)
        and granted.expires_on <= day_after(max(owners), rules.longest_days)
        and bool(granted.target or wide)
    )


def day_after(day: str, days: int) -> str:
    """The ISO day so many calendar days after another one."""
    return date.fromordinal(min(date.fromisoformat(day).toordinal() + days, date.max.toordinal())).isoformat()


def _places_of_exceptions(register: State) -> tuple[tuple[str, str], ...]:
    """The steps of processes at which an open item is an exception in force."""
    versions = (decode_process(each.definition) for each in register.process_versions())
    found = ((each.id, step.id) for each in versions for step in each.steps if step.effect == "exception")
    return tuple(dict.fromkeys(found))


def _granted(register: State, places: Iterable[tuple[str, str]]) -> Iterator[ExceptionInForce]:
    for process, step in places:
        for line in register.items(ItemFilter(process=process, step=step, state="open")):
            file = register.item_file(line.id)
            values = file.item.values
            yield ExceptionInForce(
                number=line.number,
                item=line.id,
                rule=values.get("rule") or "",
                process=values.get("process") or "",
                gate=values.get("gate") or "",
                target=values.get("item") or "",
                expires_on=values.get("expires_on") or "",
                signed=tuple(_signed(file, step)),
            )


def _signed(file: ItemFile, step: str) -> Iterator[Signed]:
    """Who signed in person, in this cycle, that the item comes to the step."""
    cycle, revoked = file.item.cycle, {each.approval for each in file.revocations}
    for each in file.approvals:
        here = each.cycle == cycle and each.gate.endswith(f"->{step}") and each.given_at <= file.item.step_since
        if here and each.decision == "approved" and not each.mandate and each.id not in revoked:
            yield Signed(person=each.person, at=each.given_at)
    for urgency in file.urgencies:
        here = urgency.cycle == cycle and urgency.gate.endswith(f"->{step}")
        if here and urgency.state in ("passed", "confirmed") and not urgency.mandate:
            yield Signed(person=urgency.signed_by, at=urgency.signed_at)


def concerned_by(register: State, process: ProcessVersion, values: Mapping[str, Any], at: datetime) -> Concerned | None:
    """What these values of an item of `process` would be an exception from; None where items are no exceptions."""
    if not grants_exceptions(process):
        return None
    name, rule = str(values.get("process") or ""), str(values.get("rule") or "")
    record = next((each for each in in_force_at(register.process_versions(), at) if each.process == name), None)
    return Concerned(
        process=decode_process(record.definition) if record else None,
        item=_named(register, str(values.get("item") or "")),
        earlier=tuple(_earlier(register, name, rule)) if record and rule else (),
    )


def _named(register: State, item: str) -> Item | None:
    if not item:
        return None
    try:
        return register.item(item)
    except UsageProblem:
        return None


def _earlier(register: State, process: str, rule: str) -> Iterator[Earlier]:
    places = _places_of_exceptions(register)
    for own in dict.fromkeys(own for own, _ in places):
        steps = {step for of, step in places if of == own}
        for line in register.items(ItemFilter(process=own)):
            values = register.item(line.id).values
            if (values.get("process"), values.get("rule")) == (process, rule):
                yield from _was_granted(register.item_file(line.id), steps)


def _was_granted(file: ItemFile, steps: set[str]) -> Iterator[Earlier]:
    item = file.item
    came = [each.at[:10] for each in file.transition_records if each.to_step in steps]
    left = [each.at[:10] for each in file.transition_records if each.from_step in steps]
    if not came:
        return
    stands = item.step in steps and item.state in ("open", "on_hold")
    ended = max(left, default=item.closed[:10]) or item.step_since[:10]
    yield Earlier(
        number=item.number,
        gate=str(item.values.get("gate") or ""),
        target=str(item.values.get("item") or ""),
        first_day=min(came),
        last_day=str(item.values.get("expires_on") or "") if stands else ended,
        people=frozenset({item.created_by, item.owner} - {""}),
    )
