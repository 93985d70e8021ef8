"""What signatures a gate still lacks, and whether the actor may sign at it now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER
from domain.records.governance import Mandate, Urgency
from domain.records.item import Approval
from domain.rules.approvals import (
    GateApprovals,
    LevelState,
    gate_title,
    gates_asked,
    judge_approvals,
    not_ready,
    separated_from,
)
from domain.rules.confirming import confirmers
from domain.rules.content import content_hash
from domain.rules.exception_rules import signer_owns
from domain.rules.facts import Facts
from domain.rules.mandates import mandates_giving, why_no_mandate
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, role_words, who_can
from domain.rules.rights import roles_for, separation
from domain.rules.urgencies import marked_urgency, unconfirmed_at

Decision = Literal["approved", "rejected", "changes_requested", "abstained"]


def approval_gaps(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """What signatures still stand between the item and the gate, with the earlier gates that must still hold."""
    found = facts.process.gate(gate)
    earlier = tuple(obstacle for each in (found.still_approved if found else ()) for obstacle in _gaps(facts, each))
    return earlier + _gaps(facts, gate)


def level_gaps(facts: Facts, gate: str, level: int) -> tuple[Obstacle, ...]:
    """What one level of a gate lacks. The gate names the level that is asked now, and so does every level above it that
    is not complete; the gaps of all its levels together are those of the gate.
    """
    state = judge_approvals(facts, gate)
    if not state.stopped and any(each.level.level == level and each.complete for each in state.levels):
        return ()
    return _gaps(facts, gate)


def urgent_signature(facts: Facts, gate: str) -> Urgency | None:
    """The urgent approval that stands for the signatures of a gate: signed for today's content, or passed with it."""
    marked = marked_urgency(facts.file)
    signed = marked if marked and marked.state == "signed" and marked.gate == gate else unconfirmed_at(facts.file, gate)
    return signed if signed and signed.content == content_hash(facts, gate) else None


def _gaps(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    state = judge_approvals(facts, gate)
    title = gate_title(facts, gate)
    if state.stopped:
        return stops(facts, state)
    current = state.current
    if current is None or urgent_signature(facts, gate) is not None:
        return ()
    level = current.level
    wanted = {
        "any": message("signing.a_signature"),
        "n": message("signing.signatures", n=level.n),
        "all": message("signing.the_signatures_of_all"),
        "percent": message("signing.the_signatures_of", percent=level.percent, wanted=current.wanted),
    }[level.need]
    who, role, count = _who(facts, gate, current), role_words(facts, (level.role,)), len(current.counted)
    words: dict[str, Any] = {"title": title, "wanted": wanted, "role": role, "level": level.level, "count": count}
    if state.overtaken:
        signers = _signers(facts, state.overtaken)
        return (obstacle(facts, "approval.overtaken", responsible=who, signers=signers, **words),)
    if state.expired:
        signers = _signers(facts, state.expired)
        return (obstacle(facts, "approval.expired", responsible=who, signers=signers, **words),)
    return (obstacle(facts, "approval.missing", responsible=who, **words),)


def _signers(facts: Facts, approvals: Iterable[Approval]) -> str:
    return ", ".join(dict.fromkeys(name_of(facts, each.person) for each in approvals))


def _who(facts: Facts, gate: str, state: LevelState) -> str:
    outstanding = unconfirmed_at(facts.file, gate)
    candidates = confirmers(facts, state, outstanding) if outstanding else state.candidates
    if candidates:
        delegates = {each.delegate: each.delegator for each in state.mandates}
        return ", ".join(
            message("signing.for", value=name_of(facts, each), delegates=name_of(facts, delegates[each]))
            if each in delegates
            else name_of(facts, each)
            for each in candidates
        )
    return who_can(facts, (state.level.role,), without=frozenset(facts.holders.get(state.level.role, ())))


def stops(facts: Facts, state: GateApprovals) -> tuple[Obstacle, ...]:
    """An obstacle for each rejection and each request for changes that holds the item at the gate."""
    title, owner = gate_title(facts, state.gate), _who_changes(facts)
    return tuple(
        _rejected(facts, each, title, owner)
        if each.decision == "rejected"
        else obstacle(
            facts,
            "approval.changes_requested",
            responsible=owner,
            person=name_of(facts, each.person),
            title=title,
            reason=each.reason,
        )
        for each in state.stopped
    )


def _who_changes(facts: Facts) -> str:
    """Who can change what was rejected: the owner where the owner may, or else whoever may."""
    roles, owner = roles_for(facts.process, "edit", facts.file.item.step), facts.file.item.owner
    held = {OWNER, *(role for role in roles if owner in facts.holders.get(role, ()))}
    return who_can(facts, (OWNER,) if owner in facts.active and held & {*roles} else roles)


def _rejected(facts: Facts, rejection: Approval, title: str, owner: str) -> Obstacle:
    return obstacle(
        facts,
        "approval.rejected",
        responsible=owner,
        person=name_of(facts, rejection.person),
        title=title,
        reason=rejection.reason,
    )


def sign_obstacles(
    facts: Facts, gate: str, *, decision: Decision = "approved", reason: str = "", bulk: bool = False
) -> tuple[Obstacle, ...]:
    """May the actor sign this decision at this gate now? `bulk`: together with others, in one signing."""
    asked = gates_asked(facts)
    if gate not in asked:
        listed, step = ", ".join(asked), facts.file.item.step
        return (
            obstacle(facts, "approval.not_asked", "elsewhere", gate=gate, step=step, listed=listed)
            if listed
            else obstacle(facts, "approval.not_asked", gate=gate, step=step),
        )
    state = judge_approvals(facts, gate)
    obstacles = list(not_ready(facts, gate)) if decision == "approved" else []
    if decision != "approved" and is_blank(reason):
        obstacles.append(_unreasoned(facts, decision))
    obstacles += stops(facts, state)
    obstacles += signer_obstacles(facts, state)
    if state.current is not None:
        obstacles += _not_like_this(facts, state.current, decision, bulk=bulk)
        if decision == "approved":
            number, levels = state.current.level.level, [each.level.level for each in state.levels]
            own = signing_mandate(facts, state.current) is None
            obstacles += signer_owns(facts, gate, first=number == levels[0], last=number == levels[-1], in_person=own)
    return tuple(obstacles)


def _unreasoned(facts: Facts, decision: Decision) -> Obstacle:
    if decision == "rejected":
        return obstacle(facts, "reason.missing", "rejection")
    if decision == "changes_requested":
        return obstacle(facts, "reason.missing", "changes_requested")
    return obstacle(facts, "reason.missing", "abstention")


def _not_like_this(facts: Facts, current: LevelState, decision: Decision, *, bulk: bool) -> tuple[Obstacle, ...]:
    level, severity = current.level, facts.file.item.severity
    if decision == "abstained" and not level.abstain:
        return (obstacle(facts, "approval.no_abstention", level=level.level),)
    if bulk and severity in level.single_severities:
        return (single_only(facts, severity),)
    return ()


def single_only(facts: Facts, severity: str) -> Obstacle:
    """The obstacle of an item whose severity wants a signature of its own."""
    return obstacle(facts, "approval.single", severity=severity or message("signing.ungraded"))


def signing_mandate(facts: Facts, state: LevelState) -> Mandate | None:
    """The mandate under which the actor signs at a level; None in their right."""
    if state.level.role in facts.actor.roles:
        return None
    return next((each for each in state.mandates if each.delegate == facts.actor.person), None)


def signer_obstacles(facts: Facts, state: GateApprovals) -> list[Obstacle]:
    """Whether the actor is one of those asked at the gate's current level."""
    title, person, name = gate_title(facts, state.gate), facts.actor.person, facts.process.name
    current = state.current
    if current is None:
        return [obstacle(facts, "approval.complete", title=title, name=name)]
    level = current.level
    lower = [each for each in state.levels if each.level.level < level.level]
    excluded = separated_from(facts, level, lower)
    found: list[Obstacle] = []
    if level.role not in facts.actor.roles and signing_mandate(facts, current) is None:
        found += _no_role(facts, state, current, excluded)
    if person in current.done:
        found.append(
            obstacle(
                facts,
                "approval.twice",
                responsible=_who(facts, state.gate, current),
                title=title,
                level=level.level,
                name=name,
            )
        )
    if person in excluded:
        found.append(
            separation(
                facts, excluded[person], message("signing.sign", title=title), (level.role,), frozenset(excluded)
            )
        )
    return found


def _no_role(facts: Facts, state: GateApprovals, current: LevelState, excluded: dict[str, str]) -> tuple[Obstacle, ...]:
    """Why somebody who neither holds the role nor can use a mandate is not asked."""
    level, title, person = current.level, gate_title(facts, state.gate), facts.actor.person
    delegated = mandates_giving(facts, level.role) if level.delegates else ()
    mine = [each for each in delegated if each.delegate == person]
    role = role_words(facts, (level.role,))
    whys = why_no_mandate(facts, level.role, excluded, level=level)
    if not mine:
        return (
            obstacle(
                facts,
                "approval.role",
                responsible=_who(facts, state.gate, current),
                title=title,
                role=role,
                level=level.level,
            ),
            *whys,
        )
    if whys or person in excluded or person in current.done:
        return whys
    delegator = name_of(facts, mine[0].delegator)
    return (
        obstacle(
            facts,
            "approval.twice",
            "has_decided_at",
            responsible=_who(facts, state.gate, current),
            delegator=delegator,
            title=title,
        ),
    )
