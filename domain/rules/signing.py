"""What signatures a gate still lacks, and whether the actor may sign at it now."""

from __future__ import annotations

from typing import Literal

from domain.law.letters import is_blank
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
    "rejected": ("A rejection needs a reason", "Say what has to change."),
    "changes_requested": ("A request for changes needs a reason", "Say what has to change."),
    "abstained": ("An abstention needs a reason", "Say why you do not decide."),
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
        changed, rule = f" The signature of {signers} has expired.", "approval.expired"
    if state.overtaken:
        signers = ", ".join(dict.fromkeys(name_of(facts, each.person) for each in state.overtaken))
        changed, rule = f" What {signers} signed has changed since.", "approval.overtaken"
    wanted = {
        "any": "a signature",
        "n": f"{level.n} signatures",
        "all": "the signatures of all",
        "percent": f"the signatures of {level.percent} % ({current.wanted})",
    }[level.need]
    return (
        Obstacle(
            rule=rule,
            text=f"'{title}' needs {wanted} of {role_words(facts, (level.role,))} at level {level.level}, by "
            f"{facts.process.name}; {len(current.counted)} counted.{changed}",
            remedy="Ask for the approval.",
            responsible=_who(facts, current),
        ),
    )


def _who(facts: Facts, state: LevelState) -> str:
    if state.candidates:
        delegates = {each.delegate: each.delegator for each in state.mandates}
        return ", ".join(
            f"{name_of(facts, each)} for {name_of(facts, delegates[each])}"
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
            text=f"{name_of(facts, each.person)} asked for changes before '{title}': {each.reason} "
            f"({facts.process.name}).",
            remedy="Change what was asked for, or resubmit it as it stands and say why.",
            responsible=owner,
        )
        for each in state.stopped
    )


def _rejected(facts: Facts, rejection: Approval, title: str, owner: str) -> Obstacle:
    return Obstacle(
        rule="approval.rejected",
        text=f"{name_of(facts, rejection.person)} rejected '{title}': {rejection.reason} ({facts.process.name}).",
        remedy="Change what was rejected; then it can be approved anew.",
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
                text=f"No signature is asked at '{gate}' while the item is at '{facts.file.item.step}' "
                f"({process.name}).",
                remedy=f"Sign at one of: {listed}." if listed else "Bring the item to a step that asks for signatures.",
                responsible=facts.actor.name,
            ),
        )
    state = judge_approvals(facts, gate)
    obstacles = list(not_ready(facts, gate)) if decision == "approved" else []
    if decision != "approved" and is_blank(reason):
        text, remedy = _REASONED[decision]
        obstacles.append(
            Obstacle(
                rule="reason.missing", text=f"{text} ({process.name}).", remedy=remedy, responsible=facts.actor.name
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
                text=f"Level {level.level} asks for a decision; {process.name} knows no abstention there.",
                remedy="Approve, reject or ask for changes.",
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
        text=f"{facts.file.item.number} ({severity or 'ungraded'}) is not signed together with others, by "
        f"{facts.process.name}.",
        remedy="Open it and sign it by itself.",
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
                text=f"'{title}' has every signature it needs ({name}).",
                remedy="Take the step.",
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
                text=f"{facts.actor.name} has already signed '{title}' at level {level.level} ({name}).",
                remedy="Another person has to sign.",
                responsible=_who(facts, current),
            )
        )
    if person in excluded:
        found.append(separation(facts, excluded[person], f"sign '{title}'", (level.role,), frozenset(excluded)))
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
                text=f"'{title}' asks for a signature of {role} (level {level.level}); {facts.actor.name} does not "
                f"hold that role ({facts.process.name}).",
                remedy=f"Let {role} sign first.",
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
            text=f"{delegator} has decided at '{title}'; nobody signs for {delegator} again ({facts.process.name}).",
            remedy="Another person has to sign.",
            responsible=_who(facts, current),
        ),
    )
