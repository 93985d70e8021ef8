"""Changes that several acts share: a hold that ends, work that is cancelled, a cycle that begins, exceptions used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from domain.act import Actor, Change
from domain.calendar.alert_words import EXCEPTIONS, exceptions_key
from domain.commands.changing import item_changed, new_record, record_changed
from domain.identity import iso
from domain.metrics.exceptions import exception_counts
from domain.obstacle import Passed
from domain.process.decode import decode_process
from domain.process.definition import OWNER, Step, Transition
from domain.process.states import version_at
from domain.records.governance import Alert, Handoff, HoldPeriod, Link, Obligation
from domain.records.item import Closure, Item
from domain.rules.facts import Facts
from domain.rules.handoffs import must_accept, offered, receivers
from domain.rules.work_done import after_owning
from domain.state import State

NewId = Callable[[], str]


def hold_begins(facts: Facts, new_id: NewId, reason: str, *, review_on: str, waiting_for: str) -> Change:
    """The record of an item that is on hold from now on."""
    item, by = facts.file.item, facts.actor
    period = HoldPeriod(
        id=new_id(),
        item=item.id,
        cycle=item.cycle,
        step=item.step,
        since=iso(by.at),
        until="",
        reason=reason,
        review_on=review_on,
        waiting_for=waiting_for,
        stops_clock="yes" if facts.process.hold.stops_clock else "no",
        by=by.person,
        ended_by="",
    )
    return new_record("hold_period", period)


def hold_ends(facts: Facts) -> Change | None:
    """The end of an item's hold; None when it is not on hold."""
    by = facts.actor
    running = next((each for each in facts.file.holds if not each.until), None)
    return record_changed("hold_period", running, until=iso(by.at), ended_by=by.person) if running else None


def cancelled(state: State, facts: Facts, new_id: NewId, *, reason: str, role: str) -> tuple[Change | None, ...]:
    """The end of an item without its outcome, with the list of every earlier entry about it, so that it can be printed.

    Whoever waits for it still has to give a new decision and is not freed.
    """
    item, by, at = facts.file.item, facts.actor, iso(facts.actor.at)
    waiting = [
        link
        for link in state.links_about(item.id)
        if link.other == item.id and link.kind == "blocked_by" and link.state == "in_force"
    ]
    end = Closure(
        id=new_id(),
        item=item.id,
        cycle=item.cycle,
        outcome="cancelled",
        summary=reason,
        closed_at=at,
        closed_by=by.person,
        role=role,
        entries=list(state.entries_about(item.id)),
    )
    return (
        item_changed(item, state="cancelled", hold=None),
        new_record("closure", end),
        hold_ends(facts),
        *(_ended(each, by, "dropped", reason) for each in facts.file.obligations if each.state == "open"),
        *(
            new_record("obligation", _to_decide_again(state.item(link.item), link, by, new_id()))
            for link in waiting
            if state.item(link.item).state in ("open", "on_hold")
        ),
    )


def _to_decide_again(waiting: Item, link: Link, by: Actor, id_: str) -> Obligation:
    """The obligation to decide again about a link whose other item was cancelled; its kind and link say it."""
    return Obligation(
        id=id_,
        item=waiting.id,
        cycle=waiting.cycle,
        kind="re_decide_blocker",
        about=link.id,
        gate="",
        text="",
        role="",
        person=waiting.owner,
        due="",
        state="open",
        created_at=iso(by.at),
        created_by=by.person,
        ended_at="",
        ended_by="",
        ended_reason="",
    )


def decided_again(facts: Facts, reason: str, *, link: str = "") -> tuple[Change | None, ...]:
    """The obligations of cancelled blockers that a decision of now meets: those about one link, or all of them."""
    return tuple(
        _ended(each, facts.actor, "met", reason)
        for each in facts.file.obligations
        if each.state == "open" and each.kind == "re_decide_blocker" and link in ("", each.about)
    )


def _ended(obligation: Obligation, by: Actor, state: str, reason: str) -> Change | None:
    return record_changed(
        "obligation", obligation, state=state, ended_at=iso(by.at), ended_by=by.person, ended_reason=reason
    )


def next_cycle(facts: Facts) -> dict[str, Any]:
    """The item's values when a new cycle begins: fields that only the closed step demands judged the one before."""
    item, process = facts.file.item, facts.process
    judged = {each.id for each in process.fields if each.required_at == (process.closure.step,)}
    return {
        "cycle": item.cycle + 1,
        "values": {name: value for name, value in item.values.items() if name not in judged},
    }


def offered_handoff(facts: Facts, transition: Transition, cycle: int, new_id: NewId) -> tuple[Change, ...]:
    """The offer to whoever receives the item at a step that wants to be taken over; none where that is the sender."""
    step, item, by = facts.process.step(transition.target), facts.file.item, facts.actor
    if step is None or not step.handoff_accepted:
        return ()
    to = receivers(facts, step, by.person)
    if not to and _receives(facts, step):
        return ()  # nobody but the sender could take it over, so there is nothing to hand over
    offer = Handoff(
        id=new_id(),
        item=item.id,
        cycle=cycle,
        step=step.id,
        sender=by.person,
        receiver=to[0] if len(to) == 1 else "",
        role=step.responsible,
        offered_at=iso(by.at),
        state="offered",
        ended_by="",
        ended_at="",
        reason="",
    )
    return (new_record("handoff", offer),)


def assigned(facts: Facts, person: str, reason: str, new_id: NewId) -> tuple[Change | None, ...]:
    """The item gets this owner (an id), or is offered to them where they have to accept it. An offer of ownership that
    nobody has accepted yet ends.
    """
    item, by, at, waiting = facts.file.item, facts.actor, iso(facts.actor.at), offered(facts)
    ended, sender = None, by.person
    if waiting is not None and waiting.role == OWNER:
        accepts = person == by.person != waiting.sender
        state, sender = "accepted" if accepts else "returned", waiting.sender
        ended = record_changed("handoff", waiting, state=state, ended_by=by.person, ended_at=at, reason=reason)
    if not must_accept(facts, person):
        return (owned_by(facts, person), ended)
    offer = Handoff(
        id=new_id(),
        item=item.id,
        cycle=item.cycle,
        step=item.step,
        sender=sender,
        receiver=person,
        role=OWNER,
        offered_at=at,
        state="offered",
    )
    return (ended, new_record("handoff", offer))


def owned_by(facts: Facts, person: str) -> Change | None:
    """The change of the item to this owner (an id); whoever owned it before goes on counting in its cycle."""
    item = facts.file.item
    if person == item.owner:
        return None
    return item_changed(item, owner=person, owner_name=facts.names[person], took_part=after_owning(item))


def _receives(facts: Facts, step: Step) -> bool:
    return bool(receivers(facts, step, ""))


def exceptions_used(facts: Facts, passed: Iterable[Passed], gate: str, new_id: NewId) -> tuple[Change, ...]:
    """A link to each exception by which the item passes a gate now: how often a rule is passed can be counted."""
    item, by = facts.file.item, facts.actor
    used = {(each.by, f"{each.rule}:{each.about}@{gate}"): each.number for each in passed if each.kind == "exception"}
    return tuple(
        new_record("link", new_link(item.id, other, "passed_by", by=by, id_=new_id(), reason=why, number=number))
        for (other, why), number in used.items()
    )


def new_link(item: str, other: str, kind: str, *, by: Actor, id_: str, reason: str, number: str) -> Link:
    """A link made now to the item `other`, which people call `number`."""
    return msgspec.convert(
        {
            "id": id_,
            "item": item,
            "other": other,
            "kind": kind,
            "state": "in_force",
            "reason": reason,
            "created_at": iso(by.at),
            "created_by": by.person,
            "ended_at": "",
            "ended_by": "",
            "ended_reason": "",
            "other_number": number,
        },
        Link,
    )


def too_many_exceptions(state: State, facts: Facts, step: str, new_id: NewId) -> tuple[Change, ...]:
    """A word to the owner of a process when this exception, granted now, is one of too many of a rule of it."""
    entered, values = facts.process.step(step), facts.file.item.values
    if entered is None or entered.effect != "exception":
        return ()
    at, process, rule = iso(facts.actor.at), str(values.get("process") or ""), str(values.get("rule") or "")
    target = version_at(state.process_versions(), process, facts.actor.at)
    version = decode_process(target.definition) if target else None
    if version is None or version.exceptions is None:
        return ()
    count = next((each for each in exception_counts(state, facts.today, process) if each.rule == rule), None)
    so_far = count.granted if count and facts.file.item.number not in count.numbers else 0
    if so_far + 1 < version.exceptions.threshold:
        return ()
    alert = Alert(
        id=new_id(),
        key=exceptions_key(process, rule, facts.file.item.id),
        item=facts.file.item.id,
        condition=EXCEPTIONS,
        escalation_level=str(so_far + 1),
        role=version.owner_role,
        person="",
        text="",
        due_at=at,
        raised_at=at,
        late="no",
        state="open",
        seen_by="",
        seen_at="",
    )
    return (new_record("alert", alert),)
