"""Which acts are possible at an item now, and why the others are not: the answer behind every command of a screen.

An act that is judged by more than the item (a day, another item, a request) is tried with what is at hand; the words a
person says when it is done are filled in. An act that has nothing to be about (no request to withdraw) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import msgspec

from domain.gates.approval_attempts import (
    AnswerQuestion,
    ApproveUrgent,
    AskQuestion,
    MarkUrgent,
    RefuseUrgent,
    Resubmit,
    RevokeApproval,
    WithdrawUrgent,
)
from domain.gates.approvals import gates_asked, judge_approvals
from domain.gates.attempt import AssignOwner, Cancel, EditFields, Hold, ItemAttempt, Reopen, Resume
from domain.gates.facts import Facts, Other
from domain.gates.handoffs import offered
from domain.gates.life_attempts import (
    AcceptHandoff,
    AskBlocker,
    BeginRecurrence,
    DecideRequest,
    DecideWaiver,
    LinkItems,
    ReplaceLink,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    RequestWaiver,
    ReturnHandoff,
    RevokeWaiver,
    Unlink,
    WithdrawRequest,
)
from domain.gates.next_action import gate_to_sign
from domain.gates.obstacles import obstacles
from domain.gates.requests import asked as requests_asked
from domain.gates.urgencies import marked_urgency
from domain.gates.urgent_rules import urgent_gates
from domain.gates.verdict import GateVerdict
from domain.gates.waivers import Waivable, waivable_ahead
from domain.identity import iso

__all__ = ["SAID", "Waivable", "acts_ahead", "waivable_ahead"]

SAID = "said when it is done"
_ANOTHER = "another item"


def acts_ahead(facts: Facts) -> Mapping[str, GateVerdict]:
    """For each act that has something to be about, the verdict on the attempt with the fewest obstacles."""
    found: dict[str, GateVerdict] = {}
    far = Other(id=_ANOTHER, number="", state="open", owner="", way_back=())
    with_another = msgspec.structs.replace(facts, other=far)
    for attempt in _attempts(facts):
        judged_by = with_another if isinstance(attempt, LinkItems | ReplaceLink) else facts
        verdict = obstacles(attempt, judged_by)
        act = str(attempt.__struct_config__.tag)
        if act not in found or len(verdict.obstacles) < len(found[act].obstacles):
            found[act] = verdict
    return found


def _attempts(facts: Facts) -> Iterator[ItemAttempt]:
    process, today = facts.process, iso(facts.actor.at)[:10]
    yield EditFields(fields={})
    yield AssignOwner(person=facts.actor.person)
    yield Hold(reason=SAID, review_on=today)
    yield Resume(reason=SAID)
    yield Cancel(reason=SAID, code=next(iter(process.cancel.reasons), ""))
    yield Reopen(reason=SAID)
    yield BeginRecurrence(reason=SAID)
    yield from _requests(facts, today)
    yield from _risks(facts, today)
    yield from _ties(facts)
    yield from _urgently(facts)
    yield from _around_decisions(facts)
    if offered(facts) is not None:
        yield AcceptHandoff()
        yield ReturnHandoff(reason=SAID)


def _requests(facts: Facts, today: str) -> Iterator[ItemAttempt]:
    cancel, due = facts.process.cancel, facts.file.item.due
    yield RequestCancellation(
        reason=SAID,
        code=next(iter(cancel.reasons), ""),
        fates={each.id: next(iter(each.choices), SAID) for each in cancel.fates},
    )
    later = date.fromisoformat(max(due or today, today)) + timedelta(days=1)
    yield RequestExtension(due=later.isoformat(), reason=SAID, interim_risk=SAID)
    yield RequestChange(fields={"title": SAID}, reason=SAID)
    for each in requests_asked(facts):
        yield WithdrawRequest(request=each.id, reason=SAID)
        yield DecideRequest(request=each.id, approve=False, reason=SAID)


def _risks(facts: Facts, today: str) -> Iterator[ItemAttempt]:
    for each in waivable_ahead(facts):
        yield RequestWaiver(gate=each.gate, rule=each.rule, about=each.about, reason=SAID, risk=SAID, expires_on=today)
    for waiver in facts.file.waivers:
        if waiver.state == "asked":
            yield DecideWaiver(waiver=waiver.id, accept=False, reason=SAID)
        if waiver.state == "in_force":
            yield RevokeWaiver(waiver=waiver.id, reason=SAID)


def _ties(facts: Facts) -> Iterator[ItemAttempt]:
    yield LinkItems(other=_ANOTHER, kind="related")
    for link in facts.file.links:
        if link.state == "in_force" and link.kind != "passed_by":
            yield Unlink(link=link.id, reason=SAID)
            yield ReplaceLink(link=link.id, other=_ANOTHER, reason=SAID)
            if link.kind == "blocked_by":
                yield AskBlocker(link=link.id, text=SAID)


def _urgently(facts: Facts) -> Iterator[ItemAttempt]:
    process, file = facts.process, facts.file
    if process.urgent is not None:
        code = next(iter(process.urgent.reasons), "")
        for gate in urgent_gates(process, file.item.step):
            yield MarkUrgent(gate=gate, code=code, reason=SAID)
    if marked_urgency(file) is not None:
        yield ApproveUrgent()
        yield WithdrawUrgent(reason=SAID)
    for urgency in file.urgencies:
        if urgency.state == "passed":
            yield RefuseUrgent(gate=urgency.gate, reason=SAID)


def _around_decisions(facts: Facts) -> Iterator[ItemAttempt]:
    item, file = facts.file.item, facts.file
    for gate in gates_asked(facts):
        if judge_approvals(facts, gate).changes_requested:
            yield Resubmit(gate=gate, reason=SAID)
    taken_back = {each.approval for each in file.revocations}
    for approval in file.approvals:
        if approval.person == facts.actor.person and approval.id not in taken_back:
            yield RevokeApproval(approval=approval.id, reason=SAID)
    ahead = gate_to_sign(facts)
    if ahead:
        others = (item.owner, *sorted(facts.active))
        of = next((each for each in others if each in facts.active and each != facts.actor.person), "")
        yield AskQuestion(gate=ahead, text=SAID, asked_of=of)
    for question in file.questions:
        if not question.answered_at:
            yield AnswerQuestion(question=question.id, answer=SAID)
