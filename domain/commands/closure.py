"""Commands about the end of an item: close it, cancel it, begin it anew, keep the pack that proves its closure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

import msgspec

from domain.act import Act, IncomingFile
from domain.commands.changing import item_changed, new_record
from domain.commands.command import Case, ItemCommand
from domain.commands.items import STATED, number_text, transition_record
from domain.commands.meanings import stated_meaning
from domain.commands.request_changes import cancelled, exceptions_used, new_link
from domain.commands.urgency_changes import urgency_passing
from domain.commands.version_effects import version_effects
from domain.errors import UsageProblem
from domain.identity import iso
from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.records.item import Closure, Item, Pack
from domain.rules import holding
from domain.rules.closure_demands import close_roles
from domain.rules.facts import Facts
from domain.rules.passed_obstacles import verdict_on
from domain.rules.passing import close_obstacles, closing_transition
from domain.rules.rights import role_used
from domain.rules.verdict import GateVerdict

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
LARGEST_PACK: Final = 2**40
"""Bytes that the size of a closure pack may state."""


class CloseItem(ItemCommand, frozen=True, kw_only=True):
    """Sign that the item meets its closure standard, with an outcome. The closure record lists every earlier entry
    about the item.
    """

    signing: ClassVar[bool] = True

    outcome: str
    summary: str = ""
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """The closure standard is not met for this outcome, or a right or the separation of duties is."""
        return close_obstacles(facts, self.outcome)

    def at_gate(self, facts: Facts) -> str:
        return f"{facts.file.item.step}->{facts.process.closure.step}"

    def decide(self, case: Case) -> Act:
        facts, state, new_id = self.gather(case), case.state, case.new_id
        found, at, standard = facts.file.item, iso(case.by.at), facts.process.closure
        transition = closing_transition(facts)
        assert transition is not None, "the judge refuses closing where no transition leads to the closed step"
        role = role_used(facts, close_roles(facts, transition))
        closure = self._closure(case, found, role)
        return self.about(
            facts,
            item_changed(found, step=standard.step, state="closed", closed=facts.today, step_since=at),
            transition_record(case, found, from_step=found.step, to_step=standard.step, reason=self.summary),
            new_record("closure", closure),
            *urgency_passing(facts, transition.id, new_id=new_id),
            *exceptions_used(facts, case.passed, transition.id, new_id),
            *version_effects(state, facts, transition),
            role=role,
            reason=self.summary,
            meaning=stated_meaning(self.meaning, standard.meaning),
        )

    def _closure(self, case: Case, found: Item, role: str) -> Closure:
        values = {
            "id": case.new_id(),
            "item": found.id,
            "cycle": found.cycle,
            "outcome": self.outcome,
            "summary": self.summary,
            "closed_at": iso(case.by.at),
            "closed_by": case.by.person,
            "role": role,
            "entries": list(case.state.entries_about(found.id)),
        }
        try:
            return msgspec.convert(values, Closure)
        except msgspec.ValidationError as problem:
            raise UsageProblem(
                message("closure.is_not_an_outcome", outcome=self.outcome),
                remedy=message("closure.use_reached_partly_or"),
            ) from problem


class CancelItem(ItemCommand, frozen=True, kw_only=True):
    """Sign that work on the item ends without its outcome, for good: it stays readable, counted and printable, and
    refuses every further command.

    `code` is one of the process's cancellation reasons; the entry's reason holds it before the text. Items that wait
    for this one get an obligation to decide again. Where the process asks for the disposition of what hangs on the
    item, or a request is on record, the request is decided instead (`DecideRequest`).
    """

    signing: ClassVar[bool] = True
    while_on_hold: ClassVar[bool] = True

    reason: str
    code: str = ""
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, an excluded person, no reason, an unknown code, or a request has to be decided instead."""
        return holding.cancel_obstacles(facts, reason=self.reason, code=self.code)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, reason=STATED, code=next(iter(facts.process.cancel.reasons), ""))

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        rule = facts.process.cancel
        role, why = role_used(facts, rule.roles), f"{self.code}: {self.reason}" if self.code else self.reason
        return self.about(
            facts,
            *cancelled(case.state, facts, case.new_id, reason=why, role=role),
            role=role,
            reason=why,
            meaning=stated_meaning(self.meaning, rule.meaning),
        )


class BeginFollowUp(ItemCommand, frozen=True, kw_only=True):
    """Sign that a new item begins for what came back after this one was closed, in the version of the process in
    force, linked as a follow-up of the closed one.

    It takes over title, severity and owner; its description is the reason. The closed item does not change.
    """

    signing: ClassVar[bool] = True
    when_closed: ClassVar[bool] = True

    reason: str
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, an excluded person, no reason, not closed, or a process that reopens instead."""
        return holding.not_closed(facts) or holding.follow_up_obstacles(facts, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        closed, rule = facts.file.item, facts.process.reopen
        record = case.state.in_force(closed.process, by.at)
        new = self._new_item(case, facts, decode_process(record.definition), record.id)
        begun = transition_record(case, new, from_step="", to_step=new.step, reason="")
        link = new_link(
            new.id, closed.id, "continuation_of", by=by, id_=case.new_id(), reason=self.reason, number=closed.number
        )
        return self.act(
            new_record("item", new),
            begun,
            new_record("link", link),
            role=role_used(facts, rule.roles),
            subject=new.id,
            process_version=record.id,
            meaning=stated_meaning(self.meaning, rule.meaning),
        )

    def _new_item(self, case: Case, facts: Facts, version: ProcessVersion, version_id: str) -> Item:
        closed, at = facts.file.item, iso(case.by.at)
        prefix, number = case.state.vault().prefix, case.state.next_number(closed.process)
        owner = closed.owner if closed.owner in facts.active else ""
        return Item(
            id=case.new_id(),
            number=number_text(prefix, version.numbering.prefix, number, version.numbering.digits),
            process=closed.process,
            process_version=version_id,
            title=closed.title,
            description=self.reason,
            step=version.first_step,
            state="open",
            owner=owner,
            owner_name=facts.names.get(owner, ""),
            due="",
            severity=closed.severity if closed.severity in version.severities else "",
            priority=closed.priority,
            raised=facts.today,
            closed="",
            cycle=1,
            values={},
            hold=None,
            legacy_status="",
            legacy=[],
            source=None,
            source_key="",
            source_fingerprint="",
            created_at=at,
            created_by=case.by.person,
            step_since=at,
        )


class KeepPack(ItemCommand, frozen=True, kw_only=True):
    """Record that a closure pack of the item was printed: the SHA-256 of its bytes (hex), their number, and the
    checkpoint it carries. Whoever may read an item may print it, whatever state the item is in.
    """

    file: str
    size: int
    checkpoint: str

    def judge_by(self, facts: Facts) -> GateVerdict:
        return verdict_on(facts, self.obstacles(facts))

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """The item was never closed."""
        return holding.pack_obstacles(facts)

    def decide(self, case: Case) -> Act:
        if not _SHA256.fullmatch(self.file) or not 0 < self.size <= LARGEST_PACK:
            raise UsageProblem(message("closure.a_pack_is_named"), remedy=message("closure.print_the_pack_again"))
        if is_blank(self.checkpoint):
            raise UsageProblem(
                message("closure.a_pack_carries_a"), where="checkpoint", remedy=message("closure.print_the_pack_again")
            )
        facts = self.gather(case)
        found = facts.file.item
        pack = Pack(
            id=case.new_id(),
            item=found.id,
            cycle=found.cycle,
            file=self.file,
            size=self.size,
            checkpoint=self.checkpoint,
            made_at=iso(case.by.at),
            made_by=case.by.person,
        )
        return self.about(facts, new_record("pack", pack), files=(IncomingFile(sha256=self.file, size=self.size),))
