"""Commands of the urgent path: mark an item, give the one signature, confirm or refuse it afterwards, give it up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from domain.act import Act, Change
from domain.commands.approvals import approval_given, signature
from domain.commands.changing import item_changed, new_record
from domain.commands.command import Case, ItemCommand
from domain.commands.items import STATED, transition_record
from domain.commands.meanings import stated_meaning
from domain.commands.urgency_changes import end_obligation, urgency_change
from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.governance import Alert, Urgency
from domain.rules.approval_rules import decision_obstacles
from domain.rules.content import content_hash
from domain.rules.facts import Facts
from domain.rules.passing import move_roles
from domain.rules.rights import role_used
from domain.rules.urgencies import marked_urgency, unconfirmed, unconfirmed_at
from domain.rules.urgent_rules import (
    approve_urgent_obstacles,
    confirm_obstacles,
    mark_obstacles,
    refuse_obstacles,
    urgent_gates,
    urgent_mandate,
    urgent_role,
    withdraw_obstacles,
)


class MarkUrgent(ItemCommand, frozen=True, kw_only=True):
    """Ask that a gate ("" = the first ahead that has an urgent path) be passed urgently, with a reason code of the
    process and words. Nothing is passed yet.
    """

    code: str
    reason: str
    gate: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No urgent path here, no right, no known code, no reason, or it is marked already."""
        return mark_obstacles(facts, gate=self._gate(facts), code=self.code, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        rule, item = facts.process.urgent, facts.file.item
        code = next(iter(rule.reasons), "") if rule else ""
        for gate in urgent_gates(facts.process, item.step):
            yield cls(item=item.id, gate=gate, code=code, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found, gate = facts.file.item, self._gate(facts)
        transition = facts.process.transition(gate)
        assert transition is not None, "the judge refuses what is no gate"
        urgency = Urgency(
            id=case.new_id(),
            item=found.id,
            cycle=found.cycle,
            gate=gate,
            from_step=found.step,
            state="marked",
            code=self.code,
            reason=self.reason,
            marked_by=case.by.person,
            marked_at=iso(case.by.at),
            signed_by="",
            signed_at="",
            mandate="",
            meaning="",
            content="",
            ended_at="",
        )
        return self.about(
            facts,
            new_record("urgency", urgency),
            role=role_used(facts, move_roles(facts, transition)),
            reason=f"{self.code}: {self.reason}" if self.code else self.reason,
        )

    def _gate(self, facts: Facts) -> str:
        return self.gate or next(iter(urgent_gates(facts.process, facts.file.item.step)), "")


class ApproveUrgent(ItemCommand, frozen=True, kw_only=True):
    """Sign that the item may pass the gate it is marked for now, for exactly what it says now. An empty `meaning` is
    the one the process states for its urgent path.
    """

    signing: ClassVar[bool] = True

    meaning: str = ""
    reason: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Not marked, not ready, not the named role nor its delegate, or the one who asked."""
        return approve_urgent_obstacles(facts)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        if marked_urgency(facts.file) is not None:
            yield cls(item=facts.file.item.id)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        rule, urgency, mandate = facts.process.urgent, marked_urgency(facts.file), urgent_mandate(facts)
        assert rule is not None, "the judge refuses where no urgent path is"
        assert urgency is not None, "the judge refuses what nobody marked"
        meaning = stated_meaning(self.meaning, rule.meaning)
        signed = urgency_change(
            urgency,
            state="signed",
            signed_by=case.by.person,
            signed_at=iso(case.by.at),
            mandate=mandate.id if mandate else "",
            meaning=meaning,
            content=content_hash(facts, urgency.gate),
        )
        return self.about(
            facts, *signed, role=urgent_role(facts, rule), mandate=mandate.id if mandate else "", meaning=meaning
        )


class ConfirmUrgent(ItemCommand, frozen=True, kw_only=True):
    """Give an ordinary signature at a gate ("" = the first) that was passed urgently; the last one meets what is
    outstanding. An empty `meaning` is the one the process states for the level.
    """

    signing: ClassVar[bool] = True

    gate: str = ""
    meaning: str = ""
    reason: str = ""
    bulk: bool = False

    def gather(self, case: Case) -> Facts:
        facts = case.facts(self.item)
        if not unconfirmed(facts.file):
            text = message("urgency.nothing_on_this_item")
            raise UsageProblem(text, where=self.item, remedy=message("urgency.approve_the_gate_ahead"))
        return facts

    def at_gate(self, facts: Facts) -> str:
        return _outstanding_gate(facts, self.gate)

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """As for any signature at that gate; whoever asked for the urgent path or signed it does not confirm it."""
        gate = _outstanding_gate(facts, self.gate)
        return confirm_obstacles(facts, gate=gate) or decision_obstacles(
            facts, gate, decision="approved", reason=self.reason, bulk=self.bulk
        )

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        gate = _outstanding_gate(facts, self.gate)
        approval = signature(case, facts, gate, decision="approved", meaning=self.meaning, reason=self.reason)
        return approval_given(self, facts, approval)


def _outstanding_gate(facts: Facts, gate: str) -> str:
    return gate or next((each.gate for each in unconfirmed(facts.file)), "")


class RefuseUrgent(ItemCommand, frozen=True, kw_only=True):
    """Sign, as an ordinary approver, that an urgent transition ("" = the first) is not confirmed. The item returns to
    the step before the gate, later urgent transitions fall with this one, and the owner and the owner of the process
    are alerted.

    Evidence and transitions of the time between stay on record (`domain.rules.urgencies.done_meanwhile` lists them);
    evidence from then does not stand for a gate that is come to anew.
    """

    signing: ClassVar[bool] = True

    reason: str
    gate: str = ""
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Nothing waits, no right, the one who asked or passed it, or no reason."""
        return refuse_obstacles(facts, gate=_outstanding_gate(facts, self.gate), reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for urgency in unconfirmed(facts.file):
            yield cls(item=facts.file.item.id, gate=urgency.gate, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        outstanding, gate, found = unconfirmed(facts.file), _outstanding_gate(facts, self.gate), facts.file.item
        urgency = unconfirmed_at(facts.file, gate)
        assert urgency is not None, "the judge refuses what does not wait"
        approval = signature(case, facts, gate, decision="rejected", meaning=self.meaning, reason=self.reason)
        fallen = [urgency, *(each for each in outstanding if each.signed_at > urgency.signed_at)]
        return self.about(
            facts,
            new_record("approval", approval),
            *(change for each in fallen for change in end_obligation(facts, each, confirmed=False, reason=self.reason)),
            item_changed(found, step=urgency.from_step, step_since=iso(case.by.at)),
            transition_record(case, found, from_step=found.step, to_step=urgency.from_step, reason=self.reason),
            *_alerts(facts, urgency, self.reason, case.new_id),
            role=approval.role,
            mandate=approval.mandate,
            meaning=approval.meaning,
        )


def _alerts(facts: Facts, urgency: Urgency, reason: str, new_id: Callable[[], str]) -> tuple[Change, ...]:
    """One alert for the owner of the process and one for the item's owner; its text is the reason alone."""
    item, at = facts.file.item, iso(facts.actor.at)
    hear = [(facts.process.owner_role, "")] + ([("", item.owner)] if item.owner else [])
    return tuple(
        new_record(
            "alert",
            Alert(
                id=new_id(),
                key=f"urgent_refused:{urgency.id}:{role or person}",
                item=item.id,
                condition="urgent_refused",
                escalation_level="",
                role=role,
                person=person,
                text=reason,
                due_at=at,
                raised_at=at,
                late="no",
                state="open",
                seen_by="",
                seen_at="",
            ),
        )
        for role, person in hear
    )


class WithdrawUrgent(ItemCommand, frozen=True, kw_only=True):
    """End an urgency of one's own before the gate is passed: the ordinary approvals are asked again."""

    reason: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Not marked, not one's own, or no reason."""
        return withdraw_obstacles(facts, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        if marked_urgency(facts.file) is not None:
            yield cls(item=facts.file.item.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        urgency = marked_urgency(facts.file)
        assert urgency is not None, "the judge refuses what nobody marked"
        return self.about(facts, *urgency_change(urgency, state="withdrawn", ended_at=iso(case.by.at)))
