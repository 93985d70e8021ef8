"""Commands around decisions at a gate: sign one, take it back, resubmit, ask and answer before deciding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, get_args

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, ItemCommand
from domain.commands.items import STATED
from domain.commands.meanings import stated_meaning
from domain.commands.urgency_changes import urgency_confirming
from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import OWNER
from domain.records.governance import Question, Resubmission, Revocation
from domain.records.item import Approval
from domain.rules.approval_rules import (
    answer_obstacles,
    ask_obstacles,
    decision_obstacles,
    question_of,
    resubmit_obstacles,
    revoke_obstacles,
)
from domain.rules.approvals import gates_asked, judge_approvals
from domain.rules.content import content_hash
from domain.rules.facts import Facts
from domain.rules.next_action import gate_to_sign
from domain.rules.rights import role_used, roles_for
from domain.rules.signing import Decision, signing_mandate


class ApproveItem(ItemCommand, frozen=True, kw_only=True):
    """Sign at a gate: approve exactly what the item says now, reject it, ask for changes, or abstain (21 CFR 11.50,
    11.70: the meaning and a hash of the content are part of what is signed).

    An empty `gate` is the one ahead. An empty `meaning` of an approval is the one the process states for the level;
    any other decision states its own. Who does not hold the role signs in their own name under a mandate, where one
    gives it. `bulk`: the signature is given together with others. The last signature at a gate that was passed
    urgently confirms that.
    """

    signing: ClassVar[bool] = True

    gate: str = ""
    decision: Decision = "approved"
    meaning: str = ""
    reason: str = ""
    bulk: bool = False

    def gather(self, case: Case) -> Facts:
        if self.decision not in get_args(Decision):
            known = ", ".join(get_args(Decision))
            raise UsageProblem(
                message("approvals.is_not_a_decision", decision=self.decision),
                remedy=message("approvals.decide_one_of", known=known),
            )
        return case.facts(self.item)

    def takes_closed(self, facts: Facts) -> bool:
        return self.gate == "reopen" and self.decision in ("approved", "rejected")

    def at_gate(self, facts: Facts) -> str:
        return self._gate(facts) if self.decision == "approved" else ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Not asked, not ready, no role, separation of duties, signed already, or not to be signed in bulk."""
        return decision_obstacles(facts, self._gate(facts), decision=self.decision, reason=self.reason, bulk=self.bulk)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        approval = signature(
            case, facts, self._gate(facts), decision=self.decision, meaning=self.meaning, reason=self.reason
        )
        return approval_given(self, facts, approval)

    def _gate(self, facts: Facts) -> str:
        return self.gate or gate_to_sign(facts)


def signature(case: Case, facts: Facts, gate: str, *, decision: Decision, meaning: str, reason: str) -> Approval:
    """The signature of whoever gives the command, at the level asked now, under the mandate that gives the role if
    they do not hold it.

    Raises:
        UsageProblem: it states no meaning.
    """
    current = judge_approvals(facts, gate).current
    assert current is not None, "the judge refuses a gate that is complete"
    item, level, mandate = facts.file.item, current.level, signing_mandate(facts, current)
    return Approval(
        id=case.new_id(),
        item=item.id,
        cycle=item.cycle,
        gate=gate,
        level=level.level,
        person=case.by.person,
        role=level.role,
        mandate=mandate.id if mandate else "",
        decision=decision,
        meaning=stated_meaning(meaning, level.meaning if decision == "approved" else ""),
        reason=reason,
        content=content_hash(facts, gate),
        given_at=iso(case.by.at),
    )


def approval_given(command: ItemCommand, facts: Facts, approval: Approval) -> Act:
    """The act of a command that is this signature, with what it confirms."""
    return command.about(
        facts,
        new_record("approval", approval),
        *urgency_confirming(facts, approval),
        role=approval.role,
        mandate=approval.mandate,
        meaning=approval.meaning,
    )


class RevokeApproval(ItemCommand, frozen=True, kw_only=True):
    """Take back a signature of one's own (its id; "" = the last one given here) before its gate is passed: the record
    of it stays, and it counts no more.
    """

    signing: ClassVar[bool] = True

    reason: str
    approval: str = ""
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Somebody else's, taken back already, its gate was passed, or no reason."""
        return revoke_obstacles(facts, approval=self._approval(facts), reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for approval in _own_approvals(facts):
            yield cls(item=facts.file.item.id, approval=approval, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        wanted = self._approval(facts)
        found = next(each for each in facts.file.approvals if each.id == wanted)
        revocation = Revocation(
            id=case.new_id(),
            item=found.item,
            approval=found.id,
            person=case.by.person,
            reason=self.reason,
            at=iso(case.by.at),
        )
        return self.about(
            facts,
            new_record("revocation", revocation),
            role=found.role if found.role in case.by.roles else "",
            meaning=stated_meaning(self.meaning),
        )

    def _approval(self, facts: Facts) -> str:
        return self.approval or next(reversed(_own_approvals(facts)), "")


def _own_approvals(facts: Facts) -> list[str]:
    taken_back = {each.approval for each in facts.file.revocations}
    return [each.id for each in facts.file.approvals if each.person == facts.actor.person and each.id not in taken_back]


class ResubmitItem(ItemCommand, frozen=True, kw_only=True):
    """Answer requested changes with a reason instead of a change; "" = the first gate that has some."""

    reason: str
    gate: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, no reason, no request that stands, or it was the actor who asked for the changes."""
        return resubmit_obstacles(facts, gate=self._gate(facts), reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for gate in _changes_asked(facts):
            yield cls(item=facts.file.item.id, gate=gate, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found, gate = facts.file.item, self._gate(facts)
        record = Resubmission(
            id=case.new_id(),
            item=found.id,
            cycle=found.cycle,
            gate=gate,
            answers=[each.id for each in judge_approvals(facts, gate).changes_requested],
            reason=self.reason,
            by=case.by.person,
            at=iso(case.by.at),
        )
        role = role_used(facts, roles_for(facts.process, "move", found.step))
        return self.about(facts, new_record("resubmission", record), role=role)

    def _gate(self, facts: Facts) -> str:
        return self.gate or next(iter(_changes_asked(facts)), "")


def _changes_asked(facts: Facts) -> list[str]:
    return [each for each in gates_asked(facts) if judge_approvals(facts, each).changes_requested]


class AskQuestion(ItemCommand, frozen=True, kw_only=True):
    """Ask `of` (a person id; "" = the owner) before deciding at a gate ("" = the one ahead).

    Whether the deadline stands still until the answer is a rule of the level that is asked.
    """

    text: str
    of: str = ""
    gate: str = ""

    def gather(self, case: Case) -> Facts:
        facts = case.facts(self.item)
        if self.gate and facts.process.gate(self.gate) is None:
            known = ", ".join(gates_asked(facts)) or message("approvals.none_from_here")
            raise UsageProblem(
                message("approvals.there_is_no_gate", gate=self.gate),
                where="gate",
                remedy=message("approvals.gates_that_ask", known=known),
            )
        return facts

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Not asked to decide here, no words, or nobody who could answer."""
        return ask_obstacles(facts, gate=self._gate(facts), text=self.text, of=self._of(facts))

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        ahead = gate_to_sign(facts)
        if ahead:
            others = (facts.file.item.owner, *sorted(facts.active))
            of = next((each for each in others if each in facts.active and each != facts.actor.person), "")
            yield cls(item=facts.file.item.id, gate=ahead, text=STATED, of=of)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found, gate = facts.file.item, self._gate(facts)
        current = judge_approvals(facts, gate).current if gate in gates_asked(facts) else None
        stops: Literal["yes", "no"] = "yes" if current and current.level.questions_stop_clock else "no"
        question = Question(
            id=case.new_id(),
            item=found.id,
            cycle=found.cycle,
            gate=gate,
            text=self.text,
            asked_by=case.by.person,
            asked_at=iso(case.by.at),
            asked_of=self._of(facts),
            stops_clock=stops,
            answer="",
            answered_by="",
            answered_at="",
        )
        role, mandate = role_used(facts, roles_for(facts.process, "ask", found.step)), None
        if current is not None and case.by.person in current.candidates:
            role, mandate = current.level.role, signing_mandate(facts, current)
        return self.about(
            facts,
            new_record("question", question),
            role=role,
            mandate=mandate.id if mandate else "",
            reason=self.text,
        )

    def _gate(self, facts: Facts) -> str:
        return self.gate or gate_to_sign(facts)

    def _of(self, facts: Facts) -> str:
        return self.of or facts.file.item.owner


class AnswerQuestion(ItemCommand, frozen=True, kw_only=True):
    """Answer a question (its id; "" = the oldest open one)."""

    answer: str
    question: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Not asked, answered already, or without words."""
        return answer_obstacles(facts, question=self._question(facts), answer=self.answer)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for question in _open_questions(facts):
            yield cls(item=facts.file.item.id, question=question, answer=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        found = question_of(facts, self._question(facts))
        assert found is not None, "the judge refuses an unknown question"
        change = record_changed("question", found, answer=self.answer, answered_by=by.person, answered_at=iso(by.at))
        role = OWNER if by.person == facts.file.item.owner else ""
        return self.about(facts, change, role=role, reason=self.answer)

    def _question(self, facts: Facts) -> str:
        return self.question or next(iter(_open_questions(facts)), "")


def _open_questions(facts: Facts) -> list[str]:
    return [each.id for each in facts.file.questions if not each.answered_at]
