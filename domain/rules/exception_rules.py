"""What an exception has to be before anybody signs it: about readiness, for something that exists, short, and new.

ISO 9001 8.7.2 c (a concession is authorised by who may) and ISO 9001 4.4.1: the owner of the process that is not kept
signs in person; a delegate does not carry that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from domain.days import is_day
from domain.obstacle import Obstacle
from domain.process.definition import ExceptionRule, ProcessVersion
from domain.process.passable import PASSABLE
from domain.records.item import ENDED
from domain.rules.facts import Facts, VaultFacts
from domain.rules.granted_exceptions import GRANT_FIELDS, Concerned, day_after, grants_next
from domain.rules.obstacles import obstacle
from domain.rules.people import role_words, who_can


def wrong_exception(facts: Facts | VaultFacts, values: Mapping[str, Any]) -> tuple[Obstacle, ...]:
    """An obstacle for each value, of those given, that no exception can have; () where items are no exceptions."""
    concerned = facts.concerned
    if concerned is None:
        return ()
    stated = {name: str(values.get(name) or "") for name in GRANT_FIELDS}
    return tuple(_wrong(facts, concerned, stated))


def _wrong(facts: Facts | VaultFacts, concerned: Concerned, stated: Mapping[str, str]) -> Iterator[Obstacle]:
    process, rules = excepted(concerned)
    if process is None or rules is None:
        if stated["process"]:
            yield obstacle(facts, "exception.process", about="process", named=stated["process"])
        return
    words = {"concerned": process.name}
    if stated["rule"] and not (stated["rule"] in PASSABLE and stated["rule"] in rules.rules):
        allowed = ", ".join(each for each in rules.rules if each in PASSABLE) or "-"
        yield obstacle(facts, "exception.rule", about="rule", rule=stated["rule"], allowed=allowed, **words)
    if stated["gate"] and process.transition(stated["gate"]) is None:
        gates = ", ".join(each.id for each in process.transitions)
        yield obstacle(facts, "exception.gate", about="gate", gate=stated["gate"], gates=gates, **words)
    target = concerned.item
    if stated["item"] and (target is None or target.process != process.id or target.state in ENDED):
        yield obstacle(facts, "exception.item", about="item", item=stated["item"], **words)
    if stated["expires_on"]:
        today = facts.today
        last = day_after(today, rules.longest_days)
        if not is_day(stated["expires_on"]) or not today <= stated["expires_on"] <= last:
            yield obstacle(
                facts,
                "exception.day",
                about="expires_on",
                day=stated["expires_on"],
                today=today,
                last=last,
                longest_days=rules.longest_days,
                **words,
            )


def excepted(concerned: Concerned) -> tuple[ProcessVersion | None, ExceptionRule | None]:
    """The process that an exception is from, and what it says about exceptions; None where there is none."""
    return concerned.process, concerned.process.exceptions if concerned.process else None


def grant_obstacles(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """What keeps an item from being granted as an exception at this gate, signatures apart; () at other gates."""
    concerned = facts.concerned
    if concerned is None or not is_granted_at(facts, gate):
        return ()
    values = facts.file.item.values
    process, rules = excepted(concerned)
    found = list(wrong_exception(facts, values))
    if process is None or rules is None:
        return tuple(found) or (obstacle(facts, "exception.process", about="process", named="-"),)
    if not values.get("rule"):
        found.append(obstacle(facts, "exception.rule", "none", about="rule", concerned=process.name))
    if not values.get("expires_on"):
        found.append(obstacle(facts, "exception.day", "none", about="expires_on", longest_days=rules.longest_days))
    if not values.get("item") and not rules.process_wide_role:
        found.append(obstacle(facts, "exception.item", "process_wide", about="item", concerned=process.name))
    return (*found, *_prolonged(facts, concerned, rules))


def _prolonged(facts: Facts, concerned: Concerned, rules: ExceptionRule) -> Iterator[Obstacle]:
    """Exceptions of one thing together last no longer than one may, and nobody follows up an exception of their own."""
    item, values = facts.file.item, facts.file.item.values
    today, people = facts.today, frozenset({item.created_by, item.owner})
    names = {str(values.get("item") or ""), *((concerned.item.id, concerned.item.number) if concerned.item else ())}
    gate, end = values.get("gate") or "", str(values.get("expires_on") or "")
    for each in concerned.earlier:
        same = (not each.target or "" in names or each.target in names) and (
            not each.gate or not gate or each.gate == gate
        )
        if not same or day_after(_day(each.last_day, today), rules.longest_days) < today:
            continue
        longest = day_after(each.first_day, rules.longest_days)
        if people & each.people or end > longest:
            yield obstacle(
                facts,
                "exception.prolonged",
                about="expires_on",
                earlier=each.number,
                first_day=each.first_day,
                last_day=each.last_day,
                longest=longest,
                longest_days=rules.longest_days,
            )


def _day(text: str, otherwise: str) -> str:
    return text if is_day(text) else otherwise


def is_granted_at(facts: Facts, gate: str) -> bool:
    """Whether passing the gate makes the item an exception in force."""
    transition = facts.process.transition(gate)
    step = facts.process.step(transition.target) if transition else None
    return step is not None and step.effect == "exception" and grants_next(facts.process, facts.file.item)


def signer_owns(facts: Facts, gate: str, *, first: bool, last: bool, in_person: bool) -> tuple[Obstacle, ...]:
    """An obstacle where the actor is to sign an exception as its owner and is none: the first signature at the gate is
    the process owner's, and not a delegate's; of an exception for the whole process the last one is the higher role's.
    """
    process, rules = excepted(facts.concerned) if facts.concerned else (None, None)
    if process is None or rules is None or not is_granted_at(facts, gate):
        return ()
    roles = owner_roles(facts, rules, process)
    asked = (*(roles[:1] if first else ()), *(roles[1:] if last else ()))
    return tuple(not_owner(facts, process, role) for role in asked if not in_person or role not in facts.actor.roles)


def owner_roles(facts: Facts, rules: ExceptionRule, process: ProcessVersion) -> tuple[str, ...]:
    """Who has to sign in person: the owner of the process, and for an exception of all of it the higher role."""
    wide = not facts.file.item.values.get("item") and rules.process_wide_role
    return (process.owner_role, rules.process_wide_role) if wide else (process.owner_role,)


def not_owner(facts: Facts, process: ProcessVersion, role: str) -> Obstacle:
    """The obstacle of an exception that a holder of this role of the process concerned has to sign."""
    return obstacle(
        facts,
        "exception.owner",
        responsible=who_can(facts, (role,)),
        concerned=process.name,
        role=process.role_title(role) if process.role_title(role) != role else role_words(facts, (role,)),
    )


def granted_as_signed(facts: Facts, fields: Mapping[str, Any]) -> tuple[Obstacle, ...]:
    """An obstacle to changing what an exception in force passes, for what, or until when, by whatever entrance."""
    item = facts.file.item
    step = facts.process.step(item.step)
    if step is None or step.effect != "exception":
        return ()
    changed = [
        each for each in GRANT_FIELDS if each in fields and (fields[each] or "") != (item.values.get(each) or "")
    ]
    return tuple(
        obstacle(facts, "exception.granted", about=each, title=facts.process.title_of(each)) for each in changed
    )
