"""What can happen to an item next, and whose signature it waits for."""

from __future__ import annotations

import msgspec

from domain.gates.approvals import LIFE_GATES, gate_title, gates_asked, judge_approvals, not_ready
from domain.gates.attempt import Close, MoveTo
from domain.gates.facts import Facts
from domain.gates.obstacles import obstacles
from domain.gates.verdict import GateVerdict


class NextAction(msgspec.Struct, frozen=True, kw_only=True):
    """One way on from here with its verdict. `closes`: it is taken by closing with an outcome."""

    transition: str
    to_step: str
    title: str
    verdict: GateVerdict
    closes: bool = False


class PendingApproval(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that is asked now. `candidates` are the people who can give it, by id."""

    gate: str
    title: str
    from_step: str
    to_step: str
    level: int
    role: str
    meaning: str
    candidates: tuple[str, ...]

    def open_to(self, person: str) -> bool:
        """Whether this person can give it: holds the role, wears no separated hat, has not signed yet."""
        return person in self.candidates


def next_actions(facts: Facts) -> tuple[NextAction, ...]:
    """Every way out of the item's step, in the order the process names them; none for an item that has ended.

    The verdict on closing is that of the outcome with the fewest obstacles. Reasons are not asked here.
    """
    process, item = facts.process, facts.file.item
    if item.state in ("closed", "cancelled"):
        return ()
    found = []
    for way in process.from_step(item.step):
        closes = way.target == process.closure.step
        if closes:
            verdicts = [obstacles(Close(outcome=each.outcome), facts) for each in process.closure.outcomes]
            verdict = min(verdicts, key=lambda each: len(each.obstacles))
        else:
            verdict = obstacles(MoveTo(step=way.target, reason="asked when it is taken"), facts)
        found.append(NextAction(transition=way.id, to_step=way.target, title=way.title, verdict=verdict, closes=closes))
    return tuple(found)


def pending_approval(facts: Facts) -> PendingApproval | None:
    """The first signature asked of anybody now: the gate is ready to be judged and its content not rejected.

    None while fields or evidence are missing (a signature now would be overtaken at once), on hold, or when
    nothing waits.
    """
    item = facts.file.item
    if item.state in ("cancelled", "on_hold"):
        return None
    for gate in gates_asked(facts):
        if gate in LIFE_GATES:
            continue  # asked for by whoever wants to cancel or reopen, not by the flow of work
        state = judge_approvals(facts, gate)
        current = state.current
        if current is None or state.rejected or not_ready(facts, gate):
            continue
        transition = facts.process.transition(gate)
        return PendingApproval(
            gate=gate,
            title=gate_title(facts, gate),
            from_step=transition.source if transition else item.step,
            to_step=transition.target if transition else item.step,
            level=current.level.level,
            role=current.level.role,
            meaning=current.level.meaning,
            candidates=current.candidates,
        )
    return None


def gate_to_sign(facts: Facts) -> str:
    """The gate meant by "approve" without a name: the pending one, else the first still without its signatures.

    "" when no gate asks for signatures here.
    """
    pending = pending_approval(facts)
    if pending is not None:
        return pending.gate
    asked = [gate for gate in gates_asked(facts) if gate not in LIFE_GATES]
    return next((gate for gate in asked if not judge_approvals(facts, gate).given), asked[-1] if asked else "")
