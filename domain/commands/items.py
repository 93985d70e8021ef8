"""Commands about an item's own life: begin it, edit it, give it an owner, pass it on, put it on hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from domain.act import Act
from domain.commands.changing import due_replaced, item_changed, must_change, new_record
from domain.commands.command import Case, ItemCommand, VaultCommand
from domain.commands.request_changes import (
    assigned,
    decided_again,
    exceptions_used,
    hold_begins,
    hold_ends,
    next_cycle,
    offered_handoff,
    too_many_exceptions,
)
from domain.commands.urgency_changes import urgency_passing
from domain.commands.version_effects import version_effects
from domain.identity import iso
from domain.law.letters import trimmed
from domain.obstacle import Obstacle
from domain.process.decode import decode_process
from domain.records.item import Item, TransitionRecord
from domain.rules import holding, vault_rules
from domain.rules.editing import assign_obstacles, edit_obstacles
from domain.rules.facts import Facts, VaultFacts, edited, excepting
from domain.rules.field_changes import after_editing
from domain.rules.fields import EDITABLE_CORE
from domain.rules.passing import move_obstacles, role_for_move
from domain.rules.rights import role_used, roles_for

STATED = "…"
"""Stands for words that a person gives when the command is given."""


class CreateItem(VaultCommand, frozen=True, kw_only=True):
    """Begin an item of a process at its first step.

    `fields` are values of core fields (`owner` is a person id) and of the process's own. Without `raised`, it is
    raised today, by the day of the site.
    """

    process: str
    fields: dict[str, Any]

    def gather(self, case: Case) -> VaultFacts:
        return excepting(case.state, case.vault_facts(self.process), self.fields)

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """No right, no title, an unknown field, a value not of its kind, or an exception from what is never passed."""
        return vault_rules.create_obstacles(facts, self.fields)

    def decide(self, case: Case) -> Act:
        facts, state, by, fields = self.gather(case), case.state, case.by, self.fields
        record = state.in_force(self.process, by.at)
        version, at = decode_process(record.definition), iso(by.at)
        core = {name: str(fields.get(name) or "") for name in EDITABLE_CORE}
        owner = str(fields.get("owner") or "")
        numbering = version.numbering
        item = Item(
            id=case.new_id(),
            number=number_text(
                state.vault().prefix, numbering.prefix, state.next_number(self.process), numbering.digits
            ),
            process=self.process,
            process_version=record.id,
            title=core["title"],
            description=core["description"],
            step=version.first_step,
            state="open",
            owner=owner,
            owner_name=facts.names.get(owner, ""),
            due=core["due"],
            severity=core["severity"],
            priority=core["priority"],
            raised=core["raised"] or facts.today,
            closed="",
            cycle=1,
            values={name: value for name, value in fields.items() if name not in EDITABLE_CORE and name != "owner"},
            hold=None,
            legacy_status="",
            legacy=[],
            source=None,
            source_key="",
            source_fingerprint="",
            created_at=at,
            created_by=by.person,
            step_since=at,
        )
        begun = transition_record(case, item, to_step=item.step, from_step="", reason="")
        return self.act(
            new_record("item", item),
            begun,
            role=role_used(facts, roles_for(version, "create", version.first_step)),
            subject=item.id,
            process_version=record.id,
        )


def number_text(vault_prefix: str, process_prefix: str, number: int, digits: int) -> str:
    """The human number of an item: unique across vaults by its first part, such as PLANT2-CAPA-0007."""
    return f"{vault_prefix}-{process_prefix}-{number:0{digits}d}"


def transition_record(case: Case, item: Item, *, to_step: str, from_step: str, reason: str, cycle: int = 0) -> Any:
    """The change that puts on record that the item comes to a step now; `cycle` 0 is the item's own."""
    transition_record = TransitionRecord(
        id=case.new_id(),
        item=item.id,
        cycle=cycle or item.cycle,
        from_step=from_step,
        to_step=to_step,
        at=iso(case.by.at),
        by=case.by.person,
        reason=reason,
    )
    return new_record("transition_record", transition_record)


class EditItem(ItemCommand, frozen=True, kw_only=True):
    """Give fields new values. Approvals that covered other values no longer count, by their content hash."""

    fields: dict[str, Any]
    reason: str = ""

    def gather(self, case: Case) -> Facts:
        return edited(case.state, case.facts(self.item), self.fields)

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right to the item or the field, an unknown field, a value not of its kind, emptying what a past gate
        demanded, or no reason for what says why it changes.
        """
        return edit_obstacles(facts, self.fields, self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, fields={})

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found = facts.file.item
        core = {name: value or "" for name, value in self.fields.items() if name in EDITABLE_CORE}
        own = {name: value for name, value in self.fields.items() if name not in EDITABLE_CORE}
        core |= due_replaced(found, core.get("due", found.due), by=case.by, reason=self.reason)
        taken = after_editing(found, facts.process, case.by.person, self.fields)
        change = item_changed(found, **core, values={**found.values, **own}, took_part=taken)
        role = role_used(facts, roles_for(facts.process, "edit", found.step))
        return self.about(facts, *must_change((change,), found.number), role=role)


class AssignItem(ItemCommand, frozen=True, kw_only=True):
    """Make `person` (an id) the owner. Approvals by the new owner stop counting where owners may not sign, and whoever
    owned the item goes on counting as such in its cycle. While signatures are open, or where the step's handoff wants
    it, the person becomes the owner by accepting: until then the item is offered, and its owner remains.
    """

    person: str
    reason: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, or not an active person."""
        return assign_obstacles(facts, self.person)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, person=facts.actor.person)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found = facts.file.item
        role = role_used(facts, roles_for(facts.process, "assign", found.step))
        changes = assigned(facts, self.person, self.reason, case.new_id)
        return self.about(facts, *must_change(changes, found.number), role=role)


class MoveItem(ItemCommand, frozen=True, kw_only=True):
    """Pass the item to another step that is not the closed one. A transition that begins a new cycle counts it and
    empties what judged the cycle before; a step that wants to be taken over gets an offer; exceptions that let the
    item pass are linked to it.
    """

    step: str
    reason: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """The gate has obstacles, or there is no transition to that step."""
        return move_obstacles(facts, self.step, self.reason)

    def at_gate(self, facts: Facts) -> str:
        return f"{facts.file.item.step}->{self.step}"

    def decide(self, case: Case) -> Act:
        facts, state, new_id = self.gather(case), case.state, case.new_id
        found, at = facts.file.item, iso(case.by.at)
        transition = next(each for each in facts.process.from_step(found.step) if each.target == self.step)
        begun = next_cycle(facts) if transition.new_cycle else {}
        cycle = int(begun.get("cycle", found.cycle))
        return self.about(
            facts,
            item_changed(found, step=self.step, step_since=at, **begun),
            transition_record(case, found, from_step=found.step, to_step=self.step, reason=self.reason, cycle=cycle),
            *urgency_passing(facts, transition.id, new_id=new_id),
            *exceptions_used(facts, case.passed, transition.id, new_id),
            *offered_handoff(facts, transition, cycle, new_id),
            *too_many_exceptions(state, facts, self.step, new_id),
            *version_effects(state, facts, transition),
            role=role_for_move(facts, transition),
        )


class HoldItem(ItemCommand, frozen=True, kw_only=True):
    """Stop work until it is looked at again on `review_on` (ISO day). `waiting_for` says in words what it waits for.

    Putting work on hold is one of the decisions that a cancelled blocker asks for.
    """

    reason: str
    review_on: str = ""
    waiting_for: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, no reason, or no review day."""
        return holding.hold_obstacles(facts, reason=self.reason, review_on=self.review_on)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, reason=STATED, review_on=facts.today)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        hold = {
            "reason": self.reason,
            "review_on": self.review_on,
            "since": iso(case.by.at),
            "by": case.by.person,
        }
        return self.about(
            facts,
            item_changed(facts.file.item, state="on_hold", hold=hold),
            hold_begins(facts, case.new_id, self.reason, review_on=self.review_on, waiting_for=self.waiting_for),
            *decided_again(facts, self.reason),
            role=role_used(facts, facts.process.hold.roles),
        )


class ResumeItem(ItemCommand, frozen=True, kw_only=True):
    """Take the work up again at the step where it stood."""

    while_on_hold: ClassVar[bool] = True

    reason: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, no reason, or the item is not on hold."""
        return holding.not_on_hold(facts) or holding.resume_obstacles(facts, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        return self.about(
            facts,
            item_changed(facts.file.item, state="open", hold=None),
            hold_ends(facts),
            role=role_used(facts, facts.process.hold.roles),
        )


class ReopenItem(ItemCommand, frozen=True, kw_only=True):
    """Sign that closed work starts a new cycle at the step the process names. The closure, its pack and its
    signatures stay. Fields that only the closed step demands (such as a verdict) are emptied: they judged the cycle
    before.
    """

    signing: ClassVar[bool] = True
    when_closed: ClassVar[bool] = True

    reason: str
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, no reason, not closed, or a process that begins a new item instead."""
        return holding.not_closed(facts) or holding.reopen_obstacles(facts, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found, rule, at = facts.file.item, facts.process.reopen, iso(case.by.at)
        begun = next_cycle(facts)
        return self.about(
            facts,
            item_changed(found, state="open", step=rule.step, step_since=at, closed="", **begun),
            transition_record(
                case, found, from_step=found.step, to_step=rule.step, reason=self.reason, cycle=found.cycle + 1
            ),
            role=role_used(facts, rule.roles),
            meaning=trimmed(self.meaning) or rule.meaning,
        )
