"""What can happen to an item next, and whose signature it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from domain.identity import iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.item import ENDED
from domain.rules.approvals import (
    REQUEST_GATES,
    GateApprovals,
    LevelState,
    gate_title,
    gates_asked,
    is_ready,
    judge_approvals,
)
from domain.rules.confirming import confirmers
from domain.rules.deadlines import LevelAsked, levels_asked
from domain.rules.facts import Facts
from domain.rules.holding import on_hold
from domain.rules.mandates import mandates_giving
from domain.rules.passed_obstacles import verdict_on
from domain.rules.passing import close_obstacles, move_obstacles
from domain.rules.urgencies import marked_urgency, obligation_of, unconfirmed_at
from domain.rules.urgent_rules import urgent_candidates, urgent_gates, urgent_role
from domain.rules.verdict import GateVerdict


class NextAction(msgspec.Struct, frozen=True, kw_only=True):
    """One way on from here with its verdict. `closes`: it is taken by closing with an outcome."""

    transition: str
    to_step: str
    title: str
    verdict: GateVerdict
    closes: bool = False


class PendingApproval(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that is asked now. `candidates` are the people who can give it, by id.

    `delegates` maps those among them who would sign under a mandate to its delegator. `asked_at` and `due_at` are ISO
    instants ("" = no deadline), `late` says whether that has passed. `kind`: `urgent` is the one signature of the
    urgent path (level 0), `confirm` one that confirms what was passed urgently; `code` and `reason` are why.
    """

    gate: str
    title: str
    from_step: str
    to_step: str
    level: int
    role: str
    meaning: str
    candidates: tuple[str, ...]
    kind: Literal["ordinary", "urgent", "confirm"] = "ordinary"
    delegates: Mapping[str, str] = msgspec.field(default_factory=dict)
    asked_at: str = ""
    due_at: str = ""
    late: bool = False
    code: str = ""
    reason: str = ""

    def open_to(self, person: str) -> bool:
        """Whether this person can give it: holds the role, has no separated role, has not signed yet."""
        return person in self.candidates


def next_actions(facts: Facts) -> tuple[NextAction, ...]:
    """Every transition out of the item's step, in the order the process names them; none for an item that has ended.

    The verdict on closing is that of the outcome with the fewest obstacles. Reasons are not asked here.
    """
    process, item = facts.process, facts.file.item
    if item.state in ENDED:
        return ()
    found = []
    for transition in process.from_step(item.step):
        closes = transition.target == process.closure.step
        verdict = closing_verdict(facts) if closes else moving_verdict(facts, transition.target)
        found.append(
            NextAction(
                transition=transition.id,
                to_step=transition.target,
                title=transition.title,
                verdict=verdict,
                closes=closes,
            )
        )
    return tuple(found)


def moving_verdict(facts: Facts, step: str) -> GateVerdict:
    """The verdict on passing the item to a step now, a reason being given."""
    found = _stopped(facts) or move_obstacles(facts, step, message("next_action.asked_when_it_is"))
    return verdict_on(facts, found, gate=f"{facts.file.item.step}->{step}")


def closing_verdict(facts: Facts) -> GateVerdict:
    """The verdict on closing the item now with the outcome that has the fewest obstacles."""
    closure, stopped = facts.process.closure, _stopped(facts)
    verdicts = [
        verdict_on(
            facts, stopped or close_obstacles(facts, each.outcome), gate=f"{facts.file.item.step}->{closure.step}"
        )
        for each in closure.outcomes
    ]
    return min(verdicts, key=lambda each: len(each.obstacles))


def _stopped(facts: Facts) -> tuple[Obstacle, ...]:
    return on_hold(facts, while_on_hold=False, when_closed=False)


def pending_approval(facts: Facts) -> PendingApproval | None:
    """The first ordinary signature asked of anybody now, or one that confirms; see `pending_approvals`."""
    return next((each for each in pending_approvals(facts) if each.kind != "urgent"), None)


def pending_approvals(facts: Facts) -> tuple[PendingApproval, ...]:
    """Every signature asked now: gates that are ready to be judged and whose content nobody stopped.

    None while fields or evidence are missing (a signature now would be overtaken at once), on hold, or when
    nothing waits. The signature of an urgent path comes first, what confirms one last.
    """
    if facts.file.item.state in ("cancelled", "on_hold"):
        return ()
    found = [urgent] if (urgent := _pending_urgent(facts)) is not None else []
    asked = {each.gate: each for each in levels_asked(facts)}
    for gate in gates_asked(facts):
        if gate in REQUEST_GATES:
            continue  # asked for by whoever wants to cancel or reopen, not by the flow of work
        state = judge_approvals(facts, gate)
        current = state.current
        if current is not None and not state.stopped and is_ready(facts, gate):
            found.append(_pending(facts, state, current, asked.get(gate)))
    return tuple(sorted(found, key=lambda each: each.kind == "confirm"))


def _pending(facts: Facts, state: GateApprovals, current: LevelState, asked: LevelAsked | None) -> PendingApproval:
    outstanding = unconfirmed_at(facts.file, state.gate)
    source, target = _ends(facts, state.gate)
    obligation = obligation_of(facts.file, outstanding) if outstanding else None
    due = obligation.due if obligation else iso(asked.deadline) if asked and asked.deadline else ""
    return PendingApproval(
        gate=state.gate,
        title=gate_title(facts, state.gate),
        from_step=source,
        to_step=target,
        level=current.level.level,
        role=current.level.role,
        meaning=current.level.meaning,
        candidates=confirmers(facts, current, outstanding) if outstanding else current.candidates,
        kind="confirm" if outstanding else "ordinary",
        delegates={each.delegate: each.delegator for each in current.mandates},
        asked_at=obligation.created_at if obligation else iso(asked.since) if asked else facts.file.item.step_since,
        due_at=due,
        late=bool(due) and due < iso(facts.actor.at),
        code=outstanding.code if outstanding else "",
        reason=outstanding.reason if outstanding else "",
    )


def _pending_urgent(facts: Facts) -> PendingApproval | None:
    rule, urgency = facts.process.urgent, marked_urgency(facts.file)
    if rule is None or urgency is None or urgency.state != "marked":
        return None
    if urgency.gate not in urgent_gates(facts.process, facts.file.item.step):
        return None  # the item was sent back since
    source, target = _ends(facts, urgency.gate)
    role = urgent_role(facts, rule)
    holders = facts.holders.get(role, ())
    candidates = urgent_candidates(facts)
    return PendingApproval(
        gate=urgency.gate,
        title=gate_title(facts, urgency.gate),
        from_step=source,
        to_step=target,
        level=0,
        role=role,
        meaning=rule.meaning,
        candidates=candidates,
        kind="urgent",
        delegates={
            each.delegate: each.delegator
            for each in mandates_giving(facts, role)
            if each.delegate in candidates and each.delegate not in holders
        },
        asked_at=urgency.marked_at,
        code=urgency.code,
        reason=urgency.reason,
    )


def _ends(facts: Facts, gate: str) -> tuple[str, str]:
    transition = facts.process.transition(gate)
    step = facts.file.item.step
    return (transition.source, transition.target) if transition else (step, step)


def gate_to_sign(facts: Facts) -> str:
    """The gate meant by "approve" without a name: one that waits for the actor, else the first that waits for anybody,
    else the first still without its signatures.

    "" when no gate asks for signatures here.
    """
    waiting = [each for each in pending_approvals(facts) if each.kind != "urgent"]
    if waiting:
        return next((each.gate for each in waiting if each.open_to(facts.actor.person)), waiting[0].gate)
    asked = [gate for gate in gates_asked(facts) if gate not in REQUEST_GATES]
    return next((gate for gate in asked if not judge_approvals(facts, gate).given), asked[-1] if asked else "")
