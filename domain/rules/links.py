"""Links between items: what blocks a gate, which links may be made, and what becomes of them."""

from __future__ import annotations

from datetime import date
from typing import get_args, get_type_hints

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER, Verb
from domain.records.governance import Link
from domain.records.item import ENDED, FINISHED
from domain.rules.facts import Blocker, Facts
from domain.rules.obstacles import obstacle
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
    if blocker.state == "cancelled":
        return obstacle(
            facts,
            "blocked.cancelled",
            responsible=who_can(facts, roles_to(facts, "link")),
            about=blocker.link.id,
            number_2=blocker.number,
            title=blocker.title,
        )
    owner = name_of(facts, blocker.owner) if blocker.owner else message("links.nobody_yet")
    return obstacle(
        facts,
        "blocked.open",
        responsible=owner if blocker.owner else who_can(facts, roles_to(facts, "link")),
        about=blocker.link.id,
        number_2=blocker.number,
        title=blocker.title,
        step=blocker.step,
        owner=owner,
        due=_due_words(blocker.due, facts.today),
        owner_listed=owner if blocker.owner else message("links.for_an_owner"),
    )


def _due_words(due: str, today: str) -> str:
    if not due:
        return message("links.without_a_due_day")
    late = days_late(due, today)
    return message("links.due_days_late", due=due, late=late) if late else message("links.due", due=due)


def days_late(due: str, today: str) -> int:
    """Calendar days that `today` is behind the due day (ISO days); 0 while it is not."""
    return max((date.fromisoformat(today) - date.fromisoformat(due)).days, 0)


def link_obstacles(facts: Facts, other: str, *, kind: str) -> tuple[Obstacle, ...]:
    """May the actor link the item to this other one (id or number), which the facts hold?"""
    obstacles = list(needs_one_of(facts, roles_to(facts, "link"), message("links.link_this_item")))
    if kind not in MADE_BY_HAND:
        obstacles.append(obstacle(facts, "link.kind", kind=kind, list=", ".join(MADE_BY_HAND)))
    return (*obstacles, *_other_obstacles(facts, other, kind))


def _other_obstacles(facts: Facts, other: str, kind: str) -> tuple[Obstacle, ...]:
    item, far = facts.file.item, facts.other
    if far is None or other not in (far.id, far.number):
        return (obstacle(facts, "link.unknown", other=other),)
    found = []
    if far.id == item.id:
        found.append(obstacle(facts, "link.itself"))
    elif any(each.other == far.id and each.kind == kind and each.state == "in_force" for each in facts.file.links):
        found.append(obstacle(facts, "link.exists", number_2=far.number))
    if kind != "blocked_by":
        return tuple(found)
    if far.state in ENDED:
        found.append(obstacle(facts, "link.ended", number=far.number, state=far.state.replace("_", " ")))
    if far.way_back and far.id != item.id:
        transition = " > ".join((item.number, *far.way_back))
        found.append(obstacle(facts, "link.cycle", transition=transition))
    return tuple(found)


def unlink_obstacles(facts: Facts, link: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor end this link (its id)?"""
    return (
        *needs_one_of(facts, roles_to(facts, "link"), message("links.end_a_link_of")),
        *_reason(facts, reason, message("links.ending_a_link")),
        *_not_in_force(facts, link),
    )


def replace_obstacles(facts: Facts, link: str, other: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor put this other item (id or number) in the place of the one that a link (its id) names?"""
    ended = link_of(facts, link)
    return (
        *needs_one_of(facts, roles_to(facts, "link"), message("links.replace_a_link_of")),
        *_reason(facts, reason, message("links.replacing_a_link")),
        *_not_in_force(facts, link),
        *_other_obstacles(facts, other, ended.kind if ended else "blocked_by"),
    )


def ask_obstacles(facts: Facts, link: str, *, text: str) -> tuple[Obstacle, ...]:
    """May the actor ask the owner of the item that this one waits for by a link (its id)?"""
    obstacles = list(needs_one_of(facts, roles_to(facts, "ask"), message("links.ask_about_what_blocks")))
    if is_blank(text):
        obstacles.append(obstacle(facts, "question.empty", "write_what_you"))
    blocker = next((each for each in facts.blockers if each.link.id == link), None)
    if blocker is None:
        obstacles += _not_in_force(facts, link) or (obstacle(facts, "link.not_blocking"),)
    elif blocker.state in ENDED:
        obstacles.append(obstacle(facts, "link.ended", "is_so_nobody", number=blocker.number, state=blocker.state))
    elif blocker.owner not in facts.active:
        obstacles.append(obstacle(facts, "owner.missing", "has_no_owner", number=blocker.number))
    return tuple(obstacles)


def link_of(facts: Facts, link: str) -> Link | None:
    """The item's link of that id."""
    return next((each for each in facts.file.links if each.id == link), None)


def _not_in_force(facts: Facts, link: str) -> tuple[Obstacle, ...]:
    found = link_of(facts, link)
    if found is not None and found.state == "in_force" and found.kind != "passed_by":
        return ()
    return (obstacle(facts, "link.unknown", "has_no_link", link=link),)


def _reason(facts: Facts, reason: str, doing: str) -> tuple[Obstacle, ...]:
    if not is_blank(reason):
        return ()
    return (obstacle(facts, "reason.missing", "needs_a_reason", doing=doing),)
