"""Commands about handoffs: whoever receives an item at a step accepts the offer or returns it."""

from __future__ import annotations

from collections.abc import Iterator

from domain.act import Act
from domain.commands.changing import item_changed, record_changed
from domain.commands.command import Case, ItemCommand
from domain.commands.items import STATED, transition_record
from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.rules.facts import Facts
from domain.rules.handoffs import accept_obstacles, offered, return_obstacles
from domain.rules.rights import role_used


class AcceptHandoff(ItemCommand, frozen=True, kw_only=True):
    """Take the item over at its step: from now on the step's own roles answer for it, and no longer the sender."""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Nothing is handed over, not one of those who receive it, or the sender."""
        return accept_obstacles(facts)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        if offered(facts) is not None:
            yield cls(item=facts.file.item.id)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        waiting = offered(facts)
        assert waiting is not None, "the judge refuses where nothing is handed over"
        change = record_changed("handoff", waiting, state="accepted", ended_by=by.person, ended_at=iso(by.at))
        return self.about(facts, change, role=role_used(facts, (waiting.role,)))


class ReturnHandoff(ItemCommand, frozen=True, kw_only=True):
    """Refuse a handoff with a reason: the item goes back to the step it was sent from, and its sender has it again."""

    reason: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Nothing is handed over, not one of those who receive it, the sender, or no reason."""
        return return_obstacles(facts, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        if offered(facts) is not None:
            yield cls(item=facts.file.item.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        found, waiting, at = facts.file.item, offered(facts), iso(by.at)
        assert waiting is not None, "the judge refuses where nothing is handed over"
        back = _sent_from(facts)
        return self.about(
            facts,
            item_changed(found, step=back, step_since=at),
            transition_record(case, found, from_step=found.step, to_step=back, reason=self.reason),
            record_changed("handoff", waiting, state="returned", ended_by=by.person, ended_at=at, reason=self.reason),
            role=role_used(facts, (waiting.role,)),
        )


def _sent_from(facts: Facts) -> str:
    """The step from which the item came to its step in this cycle.

    Raises:
        UsageProblem: the process version of the item does not have that step (any more).
    """
    item = facts.file.item
    came = [
        each.from_step
        for each in facts.file.transition_records
        # a migration notes the step that an item came over to as a way from it to itself
        if each.to_step == item.step != each.from_step and each.cycle == item.cycle
    ]
    if not came or facts.process.step(came[-1]) is None:
        raise UsageProblem(
            message("handoffs.there_is_no_step", number=item.number),
            where=item.number,
            remedy=message("handoffs.accept_it_and_send"),
        )
    return came[-1]
