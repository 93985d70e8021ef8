"""Links between items: what blocks a gate, which links may be made, and what becomes of them."""

from __future__ import annotations

from datetime import date
from typing import get_args, get_type_hints

from domain.identity import iso
from domain.law.letters import is_blank
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, Verb
from domain.records.governance import Link
from domain.records.item import ENDED, FINISHED
from domain.rules.facts import Blocker, Facts
from domain.rules.people import name_of, who_can
from domain.rules.rights import needs_one_of, roles_for

KINDS: tuple[str, ...] = get_args(get_type_hints(Link)["kind"])
MADE_BY_HAND = ("blocked_by", "follow_up_of", "continuation_of", "merged_into", "related")
"""Kinds that people make; the others come from acts of their own."""


def roles_to(facts: Facts, verb: Verb) -> tuple[str, ...]:
    """Who may link or ask: as the process says, or whoever may edit where it says nothing of it."""
    process = facts.process
    written = any(right.verb == verb for right in process.rights)
    roles = roles_for(process, verb if written else "edit", facts.file.item.step)
    return roles if OWNER in roles else (*roles, OWNER)


def blocking(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """An obstacle for each item that this one waits for, where the gate asks for it.

    A cancelled item frees nobody: what becomes of the link is decided by a person.
    """
    found = facts.process.gate(gate)
    if found is None or not found.unblocked:
        return ()
    return tuple(_blocked(facts, each) for each in facts.blockers if each.state not in FINISHED)


def _blocked(facts: Facts, blocker: Blocker) -> Obstacle:
    item, process = facts.file.item, facts.process
    if blocker.state == "cancelled":
        return Obstacle(
            rule="blocked.cancelled",
            text=f"{item.number} waits for {blocker.number} '{blocker.title}', which was cancelled; that does not free "
            f"it ({process.name}).",
            remedy="Decide again: put another item in its place, remove the link with a reason, or put this on hold.",
            responsible=who_can(facts, roles_to(facts, "link")),
            about=blocker.link.id,
        )
    owner = name_of(facts, blocker.owner) if blocker.owner else "nobody yet"
    return Obstacle(
        rule="blocked.open",
        text=f"{item.number} is blocked by {blocker.number} '{blocker.title}' at '{blocker.step}', owned by {owner}, "
        f"{_due_words(blocker.due, iso(facts.actor.at)[:10])} ({process.name}).",
        remedy=f"Ask {owner if blocker.owner else 'for an owner'}, put this on hold, or have the risk accepted.",
        responsible=owner if blocker.owner else who_can(facts, roles_to(facts, "link")),
        about=blocker.link.id,
    )


def _due_words(due: str, today: str) -> str:
    if not due:
        return "without a due day"
    late = days_late(due, today)
    return f"due {due}, {late} days late" if late else f"due {due}"


def days_late(due: str, today: str) -> int:
    """Calendar days that `today` is behind the due day (ISO days); 0 while it is not."""
    return max((date.fromisoformat(today) - date.fromisoformat(due)).days, 0)


def link_obstacles(facts: Facts, other: str, *, kind: str) -> tuple[Obstacle, ...]:
    """May the actor link the item to this other one (id or number), which the facts hold?"""
    obstacles = list(needs_one_of(facts, roles_to(facts, "link"), "link this item"))
    if kind not in MADE_BY_HAND:
        remedy = f"Choose one of: {', '.join(MADE_BY_HAND)}."
        obstacles.append(_no(facts, "link.kind", f"'{kind}' is not a kind of link people make", remedy))
    return (*obstacles, *_other_obstacles(facts, other, kind))


def _other_obstacles(facts: Facts, other: str, kind: str) -> tuple[Obstacle, ...]:
    item, far = facts.file.item, facts.other
    if far is None or other not in (far.id, far.number):
        return (_no(facts, "link.unknown", f"There is no item '{other}' to link it to", "Name an item of this vault."),)
    found = []
    if far.id == item.id:
        found.append(_no(facts, "link.itself", f"{item.number} cannot be linked to itself", "Name another item."))
    elif any(each.other == far.id and each.kind == kind and each.state == "in_force" for each in facts.file.links):
        text = f"{item.number} is linked to {far.number} in this way already"
        found.append(_no(facts, "link.exists", text, "Leave it as it is."))
    if kind != "blocked_by":
        return tuple(found)
    if far.state in ENDED:
        text = f"{far.number} is {far.state.replace('_', ' ')}, so there is nothing to wait for"
        found.append(_no(facts, "link.ended", text, "Name an item that is still open."))
    if far.way_back and far.id != item.id:
        transition = " > ".join((item.number, *far.way_back))
        text = f"{item.number} would wait for itself: {transition}"
        found.append(_no(facts, "link.cycle", text, "End one of these links first."))
    return tuple(found)


def unlink_obstacles(facts: Facts, link: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor end this link (its id)?"""
    return (
        *needs_one_of(facts, roles_to(facts, "link"), "end a link of this item"),
        *_reason(facts, reason, "Ending a link"),
        *_not_in_force(facts, link),
    )


def replace_obstacles(facts: Facts, link: str, other: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor put this other item (id or number) in the place of the one that a link (its id) names?"""
    ended = link_of(facts, link)
    return (
        *needs_one_of(facts, roles_to(facts, "link"), "replace a link of this item"),
        *_reason(facts, reason, "Replacing a link"),
        *_not_in_force(facts, link),
        *_other_obstacles(facts, other, ended.kind if ended else "blocked_by"),
    )


def ask_obstacles(facts: Facts, link: str, *, text: str) -> tuple[Obstacle, ...]:
    """May the actor ask the owner of the item that this one waits for by a link (its id)?"""
    obstacles = list(needs_one_of(facts, roles_to(facts, "ask"), "ask about what blocks this item"))
    if is_blank(text):
        obstacles.append(_no(facts, "question.empty", "A question has words", "Write what you want to know."))
    blocker = next((each for each in facts.blockers if each.link.id == link), None)
    if blocker is None:
        obstacles += _not_in_force(facts, link) or (
            _no(facts, "link.not_blocking", "This link blocks nothing", "Name a link of the kind blocked_by."),
        )
    elif blocker.state in ENDED:
        ended = f"{blocker.number} is {blocker.state}, so nobody answers there"
        obstacles.append(_no(facts, "link.ended", ended, "End the link, or put another item in its place."))
    elif blocker.owner not in facts.active:
        ownerless = f"{blocker.number} has no owner who could answer"
        obstacles.append(_no(facts, "owner.missing", ownerless, "Have an owner assigned to it."))
    return tuple(obstacles)


def link_of(facts: Facts, link: str) -> Link | None:
    """The item's link of that id."""
    return next((each for each in facts.file.links if each.id == link), None)


def _not_in_force(facts: Facts, link: str) -> tuple[Obstacle, ...]:
    found = link_of(facts, link)
    if found is not None and found.state == "in_force" and found.kind != "passed_by":
        return ()
    text = f"{facts.file.item.number} has no link '{link}' in force that could be ended"
    return (_no(facts, "link.unknown", text, "Choose one of the item's links."),)


def _reason(facts: Facts, reason: str, doing: str) -> tuple[Obstacle, ...]:
    if not is_blank(reason):
        return ()
    return (_no(facts, "reason.missing", f"{doing} needs a reason", "Say why."),)


def _no(facts: Facts, rule: str, text: str, remedy: str) -> Obstacle:
    return Obstacle(rule=rule, text=f"{text} ({facts.process.name}).", remedy=remedy, responsible=facts.actor.name)
