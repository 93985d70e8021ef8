"""What signatures a gate still lacks, and whether the actor may sign at it now."""

from __future__ import annotations

from typing import Literal

from domain.law.letters import is_blank
from domain.messages import Message, message
from domain.obstacle import Obstacle
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
from domain.rules.content import content_hash
from domain.rules.facts import Facts
from domain.rules.mandates import mandates_giving, why_no_mandate
from domain.rules.people import name_of, role_words, who_can
from domain.rules.rights import separation
from domain.rules.urgencies import marked_urgency, unconfirmed_at

Decision = Literal["approved", "rejected", "changes_requested", "abstained"]
_REASONED = {
    "rejected": (Message("signing.a_rejection_needs_a"), Message("signing.say_what_has_to")),
    "changes_requested": (Message("signing.a_request_for_changes"), Message("signing.say_what_has_to")),
    "abstained": (Message("signing.an_abstention_needs_a"), Message("signing.say_why_you_do")),
}


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
    changed, rule = "", "approval.missing"
    if state.expired:
        signers = ", ".join(dict.fromkeys(name_of(facts, each.person) for each in state.expired))
        changed, rule = message("signing.the_signature_of_has", signers=signers), "approval.expired"
    if state.overtaken:
        signers = ", ".join(dict.fromkeys(name_of(facts, each.person) for each in state.overtaken))
        changed, rule = message("signing.what_signed_has_changed", signers=signers), "approval.overtaken"
    wanted = {
        "any": message("signing.a_signature"),
        "n": message("signing.signatures", n=level.n),
        "all": message("signing.the_signatures_of_all"),
        "percent": message("signing.the_signatures_of", percent=level.percent, wanted=current.wanted),
    }[level.need]
    return (
        Obstacle(
            rule=rule,
            text=message(
                "signing.needs_of_at_level",
                title=title,
                wanted=wanted,
                role=role_words(facts, (level.role,)),
                level=level.level,
                process=facts.process.name,
                count=len(current.counted),
                changed=changed,
            ),
            remedy=message("signing.ask_for_the_approval"),
            responsible=_who(facts, current),
        ),
    )


def _who(facts: Facts, state: LevelState) -> str:
    if state.candidates:
        delegates = {each.delegate: each.delegator for each in state.mandates}
        return ", ".join(
            message("signing.for", value=name_of(facts, each), delegates=name_of(facts, delegates[each]))
            if each in delegates
            else name_of(facts, each)
            for each in state.candidates
        )
    return who_can(facts, (state.level.role,), without=frozenset(facts.holders.get(state.level.role, ())))


def stops(facts: Facts, state: GateApprovals) -> tuple[Obstacle, ...]:
    """An obstacle for each rejection and each request for changes that holds the item at the gate."""
    title, owner = gate_title(facts, state.gate), who_can(facts, ("owner",)) if facts.file.item.owner else ""
    return tuple(
        _rejected(facts, each, title, owner)
        if each.decision == "rejected"
        else Obstacle(
            rule="approval.changes_requested",
            text=message(
                "approval.changes_requested.text",
                person=name_of(facts, each.person),
                title=title,
                reason=each.reason,
                process=facts.process.name,
            ),
            remedy=message("approval.changes_requested.remedy"),
            responsible=owner,
        )
        for each in state.stopped
    )


def _rejected(facts: Facts, rejection: Approval, title: str, owner: str) -> Obstacle:
    return Obstacle(
        rule="approval.rejected",
        text=message(
            "approval.rejected.text",
            person=name_of(facts, rejection.person),
            title=title,
            reason=rejection.reason,
            process=facts.process.name,
        ),
        remedy=message("approval.rejected.remedy"),
        responsible=owner,
    )


def sign_obstacles(
    facts: Facts, gate: str, *, decision: Decision = "approved", reason: str = "", bulk: bool = False
) -> tuple[Obstacle, ...]:
    """May the actor sign this decision at this gate now? `bulk`: together with others, in one signing."""
    process = facts.process
    asked = gates_asked(facts)
    if gate not in asked:
        listed = ", ".join(asked)
        return (
            Obstacle(
                rule="approval.not_asked",
                text=message("approval.not_asked.text", gate=gate, step=facts.file.item.step, process=process.name),
                remedy=message("approval.not_asked.remedy.sign_at_one", listed=listed)
                if listed
                else message("approval.not_asked.remedy.bring_the_item"),
                responsible=facts.actor.name,
            ),
        )
    state = judge_approvals(facts, gate)
    obstacles = list(not_ready(facts, gate)) if decision == "approved" else []
    if decision != "approved" and is_blank(reason):
        text, remedy = _REASONED[decision]
        obstacles.append(
            Obstacle(
                rule="reason.missing",
                text=f"{text} ({process.name}).",
                remedy=str(remedy),
                responsible=facts.actor.name,
            )
        )
    obstacles += stops(facts, state)
    obstacles += signer_obstacles(facts, state)
    if state.current is not None:
        obstacles += _not_like_this(facts, state.current, decision, bulk=bulk)
    return tuple(obstacles)


def _not_like_this(facts: Facts, current: LevelState, decision: Decision, *, bulk: bool) -> tuple[Obstacle, ...]:
    level, process, severity = current.level, facts.process, facts.file.item.severity
    if decision == "abstained" and not level.abstain:
        return (
            Obstacle(
                rule="approval.no_abstention",
                text=message("approval.no_abstention.text", level=level.level, process=process.name),
                remedy=message("approval.no_abstention.remedy"),
                responsible=facts.actor.name,
            ),
        )
    if bulk and severity in level.single_severities:
        return (single_only(facts, severity),)
    return ()


def single_only(facts: Facts, severity: str) -> Obstacle:
    """The obstacle of an item whose severity wants a signature of its own."""
    return Obstacle(
        rule="approval.single",
        text=message(
            "approval.single.text",
            number=facts.file.item.number,
            severity=severity or message("signing.ungraded"),
            process=facts.process.name,
        ),
        remedy=message("approval.single.remedy"),
        responsible=facts.actor.name,
    )


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
        return [
            Obstacle(
                rule="approval.complete",
                text=message("approval.complete.text", title=title, name=name),
                remedy=message("approval.complete.remedy"),
                responsible=facts.actor.name,
            )
        ]
    level = current.level
    lower = [each for each in state.levels if each.level.level < level.level]
    excluded = separated_from(facts, level, lower)
    found: list[Obstacle] = []
    if level.role not in facts.actor.roles and signing_mandate(facts, current) is None:
        found += _no_role(facts, state, current, excluded)
    if person in current.done:
        found.append(
            Obstacle(
                rule="approval.twice",
                text=message("approval.twice.text", actor=facts.actor.name, title=title, level=level.level, name=name),
                remedy=message("approval.twice.remedy"),
                responsible=_who(facts, current),
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
            Obstacle(
                rule="approval.role",
                text=message(
                    "approval.role.text",
                    title=title,
                    role=role,
                    level=level.level,
                    actor=facts.actor.name,
                    process=facts.process.name,
                ),
                remedy=message("approval.role.remedy", role=role),
                responsible=_who(facts, current),
            ),
            *whys,
        )
    if whys or person in excluded or person in current.done:
        return whys
    delegator = name_of(facts, mine[0].delegator)
    return (
        Obstacle(
            rule="approval.twice",
            text=message(
                "approval.twice.text.has_decided_at", delegator=delegator, title=title, process=facts.process.name
            ),
            remedy=message("approval.twice.remedy"),
            responsible=_who(facts, current),
        ),
    )
