"""Who can confirm what was passed urgently, and whether anybody could: nothing is passed that nobody could confirm."""

from __future__ import annotations

from domain.obstacle import Obstacle
from domain.process.definition import LEVELS
from domain.records.governance import Obligation, Urgency
from domain.rules.approvals import LevelState, gate_title, judge_approvals, separated_from
from domain.rules.facts import Facts
from domain.rules.links import roles_to
from domain.rules.mandates import delegator_of, mandates_giving
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, role_words, who_can
from domain.rules.rights import with_delegates
from domain.rules.urgencies import unconfirmed


def behind_urgency(facts: Facts, urgency: Urgency) -> frozenset[str]:
    """Who asked for the urgent path, who signed it, and for whom."""
    people = {urgency.marked_by, urgency.signed_by, delegator_of(facts, urgency.mandate)}
    return with_delegates(facts, people - {""})


def confirmers(facts: Facts, level: LevelState, urgency: Urgency) -> tuple[str, ...]:
    """The people who can confirm an urgent transition at a level, or refuse it: neither they nor, under a mandate, its
    delegator are behind the urgent signature.
    """
    concerned = behind_urgency(facts, urgency)
    givers = {each.delegate: each.delegator for each in reversed(level.mandates)}
    return tuple(each for each in level.candidates if each not in concerned and givers.get(each, each) not in concerned)


def who_ends(facts: Facts, obligation: Obligation) -> str:
    """Names of the people who can end an open obligation of the item; or what to do about nobody."""
    urgency = next((each for each in unconfirmed(facts.file) if each.id == obligation.about), None)
    if urgency is not None:
        return who_confirms(facts, urgency)
    if obligation.person in facts.active:
        return name_of(facts, obligation.person)
    return who_can(facts, (obligation.role,) if obligation.role else roles_to(facts, "link"))


def who_confirms(facts: Facts, urgency: Urgency) -> str:
    """Names of the people who can confirm an urgent transition now; or what to do about nobody."""
    current = judge_approvals(facts, urgency.gate).current
    if current is None:
        return ""
    names = ", ".join(name_of(facts, each) for each in confirmers(facts, current, urgency))
    return names or _nobody(facts, current.level.role)


def _nobody(facts: Facts, role: str) -> str:
    return who_can(facts, (role,), without=frozenset(facts.holders.get(role, ())))


def unconfirmed_before(facts: Facts) -> tuple[Obstacle, ...]:
    """What was passed urgently in this cycle and waits to be confirmed: a new cycle would leave it without an end."""
    return tuple(
        obstacle(
            facts,
            "urgent.unconfirmed",
            responsible=who_confirms(facts, each),
            about=each.id,
            title=gate_title(facts, each.gate),
        )
        for each in unconfirmed(facts.file)
    )


def unconfirmable(facts: Facts, urgency: Urgency) -> tuple[Obstacle, ...]:
    """An obstacle for each level of the urgent gate that too few people could confirm, were the actor to sign now."""
    behind = with_delegates(facts, behind_urgency(facts, urgency) | {facts.actor.person})
    missing = [each for each in judge_approvals(facts, urgency.gate).levels if not each.complete]
    could = {each.level.level: _could_confirm(facts, each, behind) for each in missing}
    short = [each for each in missing if len(could[each.level.level]) < _wanted(each)]
    if not short and any(LEVELS in each.level.separate_from for each in missing):
        slots = [could[each.level.level] for each in missing for _ in range(_wanted(each))]
        short = [] if _all_filled(slots) else missing[-1:]
    return tuple(
        obstacle(
            facts,
            "urgent.unconfirmable",
            responsible=_nobody(facts, each.level.role),
            title=gate_title(facts, urgency.gate),
            level=each.level.level,
            role=role_words(facts, (each.level.role,)),
        )
        for each in short
    )


def _wanted(state: LevelState) -> int:
    return max(state.wanted - len(state.counted), 1) if state.level.need in ("n", "percent") else 1


def _could_confirm(facts: Facts, state: LevelState, behind: frozenset[str]) -> frozenset[str]:
    level = state.level
    out = behind | separated_from(facts, level, []).keys() | state.done
    delegated = mandates_giving(facts, level.role) if level.delegates else ()
    held = {each for each in facts.holders.get(level.role, ()) if each not in out}
    return frozenset(held | {each.delegate for each in delegated if not {each.delegate, each.delegator} & out})


def _all_filled(slots: list[frozenset[str]]) -> bool:
    """Whether each slot can have a person of its own among those named in it."""
    taken: dict[str, int] = {}

    def fill(slot: int, tried: set[str]) -> bool:
        for person in sorted(slots[slot] - tried):
            tried.add(person)
            if person not in taken or fill(taken[person], tried):
                taken[person] = slot
                return True
        return False

    return all(fill(slot, set()) for slot in range(len(slots)))
