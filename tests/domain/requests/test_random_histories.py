"""Random processes, random people, random acts: whatever gets through must satisfy the rules written here again.

The checks read what is on file and what this machine noted itself. It asks the judge too, before a move, to see that
no item comes behind a gate that had an obstacle.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from memory_register import a_file
from process_site import CAST, ProcessSite, definition

from domain.calendar.sla import step_clock
from domain.calendar.working_time import WorkingCalendar
from domain.commands.approvals import ApproveItem
from domain.commands.closure import BeginFollowUp, CancelItem, CloseItem
from domain.commands.command import verdict_of
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.items import AssignItem, EditItem, HoldItem, MoveItem, ReopenItem, ResumeItem
from domain.commands.links import LinkItems, ReplaceLink, UnlinkItems
from domain.commands.requests import DecideRequest, RequestCancellation, RequestChange, RequestExtension
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance, RevokeRiskAcceptance
from domain.errors import Refused, UsageProblem
from domain.identity import parse_iso
from domain.process.decode import decode_process
from domain.records.item import ItemFile
from domain.records.registry import RECORDS, upcast
from domain.rules.due_lock import due_is_locked

PEOPLE = ("Olga", "Wim", "Lea", "Leo", "Rita", "Bo")
STEPS = ("asked", "doing", "checking", "done")
COVERED = ("title", "description", "severity", "due", "plan")
PASSED: Counter[str] = Counter()


def random_process(dice: Random) -> dict[str, Any]:
    """Other parts for the process of the site: rules on or off, other roles, other separations."""
    some = dice.random
    level = {"level": 1, "role": "lead", "meaning": "I release it."}
    second = {"level": 2, "role": dice.choice(["lead", "worker"]), "meaning": "So do I."}
    apart = [role for role in ("creator", "owner", "levels") if some() < 0.7]
    levels = [{**each, "separate_from": apart} for each in (level, second)[: dice.choice([1, 1, 2])]]
    process_site: dict[str, Any] = json.loads(definition())
    begin, hand_in = process_site["transitions"][:2]
    begin["gate"]["approvals"] = levels
    begin["gate"]["unblocked"] = some() < 0.8
    hand_in["gate"]["evidence"] = ["proof"] if some() < 0.7 else []
    process_site["steps"][2]["handoff_accepted"] = some() < 0.6
    return {
        "transitions": process_site["transitions"],
        "steps": process_site["steps"],
        "hold": {"stops_clock": some() < 0.5},
        "cancel": {
            "dispositions": [] if some() < 0.4 else process_site["cancel"]["dispositions"],
            "requested_by": ["owner", "lead"],
        },
        "change": {"required": some() < 0.4},
        "extension": {"locked_from": dice.choice(["asked", "doing", "checking"])},
        "reopen": {"follow_up": dice.choice(["new_cycle", "new_item"])},
        "risk_acceptance": {"separate_from": dice.choice([["owner", "asker"], ["asker"], []])},
    }


class Histories(RuleBasedStateMachine):
    """A few items, many hands."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.dice = Random(seed)
        self.process_site = ProcessSite(**random_process(self.dice))
        self.process = decode_process(self.process_site.register.in_force("work").definition)
        assert self.process.id == "work"
        self.covered: dict[str, dict[str, Any]] = {}
        self.held_time: dict[str, list[tuple[datetime, datetime | None]]] = {}
        self.items = [self.process_site.new(owner=self.dice.choice(["Olga", "Wim", "Lea"])) for _ in range(3)]

    def file(self, item: str) -> ItemFile:
        return self.process_site.file(item)

    def tried(self, use_case: Any, who: str, item: str, **arguments: Any) -> bool:
        """Whether the act got through; a refused one must have changed nothing."""
        size = self.process_site.register.log_size()
        before = self.file(item)
        try:
            self.process_site.do(use_case, who, item, **arguments)
        except (Refused, UsageProblem):
            assert self.process_site.register.log_size() == size
            assert self.file(item) == before
            return False
        PASSED[use_case.__struct_config__.tag] += 1
        state = before.item.state
        assert state != "cancelled", "nothing happens to cancelled work"
        assert state != "closed" or use_case in (ReopenItem, BeginFollowUp)
        return True

    @rule(seed=st.integers(0, 2**32), who=st.sampled_from(PEOPLE), days=st.sampled_from([0, 0, 0, 0, 1, 3]))
    def something(self, seed: int, who: str, days: int) -> None:
        self.dice = Random(seed)
        self.process_site.vault.now += timedelta(days=days, minutes=1)
        item = self.dice.choice(self.items)
        acts = [getattr(self, name) for name in dir(type(self)) if name.startswith("act_")]
        if self.dice.random() < 0.35:
            self.help(item)
        for act in self.dice.sample(acts, k=4):
            act(who, item)

    def help(self, item: str) -> None:
        """Somebody who knows the way takes the item along it; every act is checked like any other."""
        found = self.process_site.item(item)
        owner = next((name for name, id_ in self.process_site.vault.ids.items() if id_ == found.owner), "Olga")
        if found.state == "on_hold":
            self.act_resume(owner, item)
        for request in self.file(item).requests:
            self.tried(DecideRequest, "Leo", item, request=request.id, approve=False, reason="not now")
        for link in self.file(item).links:
            self.tried(UnlinkItems, owner, item, link=link.id, reason="not needed")
        self.act_hand_over("Leo", item)
        self.act_ready(owner, item)
        for signer in ("Leo", "Wim", "Lea"):
            self.act_sign(signer, item)
        self.act_forward(owner, item)
        self.act_close("Leo", item)

    def act_sign(self, who: str, item: str) -> None:
        if self.tried(ApproveItem, who, item):
            approval = self.file(item).approvals[-1]
            self.covered[approval.id] = self.content(item)
            assert approval.role in CAST[who]

    def content(self, item: str) -> dict[str, Any]:
        found = self.process_site.item(item)
        return {name: getattr(found, name, None) or found.values.get(name) or "" for name in COVERED}

    def act_forward(self, who: str, item: str) -> None:
        here = self.process_site.item(item).step
        if here in STEPS[:2]:
            self.move(who, item, STEPS[STEPS.index(here) + 1])

    def act_anywhere(self, who: str, item: str) -> None:
        self.move(who, item, self.dice.choice(STEPS))

    def move(self, who: str, item: str, step: str) -> None:
        before = self.file(item)
        free = verdict_of(
            MoveItem(item="", step=step, reason="tried"), self.process_site.vault.facts(item, who)
        ).allowed
        moved = self.tried(MoveItem, who, item, step=step, reason="tried")
        assert moved == free
        if not moved:
            return
        assert step != "done", "closing is an act of its own"
        gate = self.process.transition(f"{before.item.step}->{step}")
        assert gate is not None
        assert not [each for each in before.handoffs if each.state == "offered" and each.cycle == before.item.cycle]
        assert not [each for each in before.requests if each.state == "asked" and each.kind == "cancellation"]
        self.check_passed(before, gate.id)

    def check_passed(self, before: ItemFile, gate_id: str) -> None:
        gate, item, today = self.process.gate(gate_id), before.item, f"{self.process_site.vault.now:%Y-%m-%d}"
        assert gate is not None
        waived = {
            (each.rule, each.about)
            for each in before.risk_acceptances
            if each.state == "in_force" and each.cycle == item.cycle and each.expires_on >= today
        }
        for link in before.links:
            if gate.unblocked and link.kind == "blocked_by" and link.state == "in_force":
                state = self.process_site.item(link.other).state
                assert state == "closed" or (state != "cancelled" and ("blocked.open", "") in waived)
        for requirement in gate.evidence:
            good = [
                each
                for each in before.evidence
                if each.requirement == requirement and each.cycle == item.cycle and each.state == "accepted"
            ]
            assert good or ("evidence.missing", "") in waived
        self.check_signed(before, gate_id)

    def check_signed(self, before: ItemFile, gate_id: str) -> None:
        gate, now = self.process.gate(gate_id), self.content(before.item.id)
        assert gate is not None
        signers: list[set[str]] = []
        for level in gate.approvals:
            acting_roles = {"owner": before.item.owner, "creator": before.item.created_by}
            acting_as = {acting_roles[role] for role in level.separate_from if role in acting_roles}
            signers.append(
                {
                    each.person
                    for each in before.approvals
                    if (each.gate, each.level, each.cycle) == (gate_id, level.level, before.item.cycle)
                    and each.person not in acting_as
                    and self.covered[each.id] == now
                }
            )
        assert all(signers), "every level was signed for this content by somebody without another role"
        if len(signers) == 2 and "levels" in gate.approvals[0].separate_from:
            assert len(signers[0] | signers[1]) > 1, "two levels, two persons"

    def act_close(self, who: str, item: str) -> None:
        before = self.file(item)
        outcome = self.dice.choice(["reached", "partly"])
        if self.tried(CloseItem, who, item, outcome=outcome):
            assert "lead" in CAST[who]
            assert before.item.owner != self.process_site.vault.ids[who]
            assert not [each for each in before.obligations if each.state == "open"]
            assert not [each for each in before.requests if each.state == "asked"]
            assert outcome == "reached" or any(
                each.kind == "follow_up_of" and each.state == "in_force"
                for other in self.items
                for each in self.file(other).links
                if each.other == item
            )
            self.check_passed(before, "checking->done")

    def act_ready(self, _who: str, item: str) -> None:
        """Work that helps the item on, so that random people get somewhere."""
        values = {"verdict": self.dice.choice(["good", "good", "bad"]), "residual": "noise"}
        self.tried(EditItem, "Lea", item, fields=values, reason="Seen anew")
        if self.tried(
            AddEvidence, "Wim", item, requirement="proof", file=a_file(str(self.process_site.vault.now)), file_name="p"
        ):
            self.tried(ReviewEvidence, "Lea", item, evidence=self.file(item).evidence[-1].id, accept=True)

    def act_edit(self, who: str, item: str) -> None:
        field = self.dice.choice(["plan", "title", "due", "residual"])
        value = self.dice.choice(["2026-12-24", "2027-01-06"]) if field == "due" else self.dice.choice("AB")
        before = self.file(item)
        if self.tried(EditItem, who, item, fields={field: value}, reason="Seen anew") and field == "due":
            assert not due_is_locked(before, self.process, "")

    def act_hold(self, who: str, item: str) -> None:
        day = (self.process_site.vault.now + timedelta(days=self.dice.choice([5, 90]))).date().isoformat()
        if self.tried(HoldItem, who, item, reason="waits", review_on=day):
            self.held_time.setdefault(item, []).append((self.process_site.vault.now, None))

    def act_resume(self, who: str, item: str) -> None:
        if self.tried(ResumeItem, who, item, reason="goes on"):
            since, _ = self.held_time[item].pop()
            self.held_time[item].append((since, self.process_site.vault.now))

    def act_cancel(self, who: str, item: str) -> None:
        if self.dice.random() < 0.1 and self.tried(CancelItem, who, item, reason="x", code="duplicate"):
            assert not self.process.cancel.dispositions

    def act_ask(self, who: str, item: str) -> None:
        dispositions = {"actions": "dropped", "told": "all"} if self.process.cancel.dispositions else {}
        if self.dice.random() < 0.1:
            self.tried(RequestCancellation, who, item, reason="x", code="duplicate", dispositions=dispositions)
        self.tried(RequestExtension, who, item, due="2027-02-02", reason="x", interim_risk="x")
        self.tried(RequestChange, who, item, fields={"plan": self.dice.choice("CD")}, reason="x")

    def act_decide(self, who: str, item: str) -> None:
        before = self.file(item)
        for request in before.requests:
            approve = self.dice.random() < 0.7
            if self.tried(DecideRequest, who, item, request=request.id, approve=approve, reason="seen"):
                assert request.asked_by != self.process_site.vault.ids[who]
                assert before.item.owner != self.process_site.vault.ids[who]
                for name, pair in request.proposal.items() if approve and request.kind != "cancellation" else ():
                    assert self.content(item)[name] == pair[1]

    def act_waive(self, who: str, item: str) -> None:
        day = (self.process_site.vault.now + timedelta(days=4)).date().isoformat()
        rule_ = self.dice.choice(["blocked.open", "evidence.missing", "approval.missing"])
        self.tried(RequestRiskAcceptance, who, item, rule=rule_, reason="x", risk="x", expires_on=day)

    def act_accept_risk(self, who: str, item: str) -> None:
        for risk_acceptance in self.file(item).risk_acceptances:
            if self.tried(DecideRiskAcceptance, who, item, risk_acceptance=risk_acceptance.id, accept=True):
                assert "risk" in CAST[who]
            elif self.dice.random() < 0.2:
                self.tried(RevokeRiskAcceptance, who, item, risk_acceptance=risk_acceptance.id, reason="x")

    def act_link(self, who: str, item: str) -> None:
        kind = self.dice.choice(["blocked_by", "blocked_by", "follow_up_of"])
        self.tried(LinkItems, who, item, other=self.dice.choice(self.items), kind=kind)

    def act_unlink(self, who: str, item: str) -> None:
        for link in self.file(item).links:
            if self.dice.random() < 0.5:
                self.tried(UnlinkItems, who, item, link=link.id, reason="x")
            else:
                self.tried(ReplaceLink, who, item, link=link.id, other=self.dice.choice(self.items), reason="x")

    def act_hand_over(self, who: str, item: str) -> None:
        if self.dice.random() < 0.8:
            self.tried(AcceptHandoff, who, item)
        else:
            self.tried(ReturnHandoff, who, item, reason="x")

    def act_again(self, who: str, item: str) -> None:
        if self.tried(ReopenItem, who, item, reason="x"):
            assert self.process.reopen.follow_up == "new_cycle"
        elif self.tried(BeginFollowUp, who, item, reason="x"):
            assert self.process.reopen.follow_up == "new_item"
            self.items.append(
                self.process_site.register.entry(self.process_site.register.log_size() - 1).header.subject
            )

    def act_assign(self, who: str, item: str) -> None:
        if self.dice.random() < 0.2:
            self.tried(AssignItem, who, item, person=self.process_site.vault.ids[self.dice.choice(PEOPLE)])

    @invariant()
    def obligations_keep_work_open(self) -> None:
        for item in getattr(self, "items", ()):
            file = self.file(item)
            if file.item.state in ("closed", "cancelled"):
                assert not [each for each in file.obligations if each.state == "open"]
                assert all(each.until for each in file.holds)
            assert (file.item.state == "closed") == (file.item.step == "done")
            assert (file.item.state == "on_hold") == any(not each.until for each in file.holds)

    @invariant()
    def nobody_waits_for_themselves(self) -> None:
        waits = {
            item: {
                each.other for each in self.file(item).links if each.kind == "blocked_by" and each.state == "in_force"
            }
            for item in getattr(self, "items", ())
        }
        while free := [item for item, others in waits.items() if not others & waits.keys()]:
            for item in free:
                del waits[item]
        assert not waits, "a ring of blockers"

    @invariant()
    def hold_counts_as_the_rule_states(self) -> None:
        calendar = WorkingCalendar.of(None)
        for item in getattr(self, "items", ()):
            file, now = self.file(item), self.process_site.vault.now
            if file.item.state in ("closed", "cancelled"):
                continue
            since = parse_iso(file.item.step_since)
            whole = calendar.between(since, now)
            rest = sum(
                calendar.between(max(start, since), end or now)
                for start, end in self.held_time.get(item, ())
                if (end or now) > since
            )
            used = step_clock(file, self.process, calendar, now).used
            counted = whole - rest if self.process.hold.stops_clock else whole
            assert abs(used - counted) <= 1 + len(self.held_time.get(item, ()))

    def teardown(self) -> None:
        """Every act is replayable: the changes, folded into empty tables, are the tables."""
        if not hasattr(self, "process_site"):
            return
        register, tables = self.process_site.register, {}
        for seq in range(register.log_size()):
            for data in register.changes(seq)[register.header(seq).commands :]:
                change = json.loads(data)
                rows = tables.setdefault(change["record"], {})
                known = rows.get(change["id"], {"id": change["id"]})
                for name, value in (change["before"] or {}).items():
                    assert known[name] == value
                after = change["after"] if change["before"] is not None else upcast(change["record"], change["after"])
                rows[change["id"]] = {**known, **after}
        kept = {record: {row["id"]: row for row in register.rows(record)} for record in RECORDS}
        assert tables == {record: rows for record, rows in kept.items() if rows}


def test_whatever_gets_through_satisfies_the_rules_of_life_written_twice() -> None:
    patient = settings(max_examples=25, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Histories, settings=patient)  # type: ignore[no-untyped-call]
    # Without this the machine could hold because nobody ever got anywhere.
    print(PASSED)
    for act in ("move_item", "close_item", "decide_request", "link_items", "resume_item", "accept_handoff"):
        assert PASSED[act] >= 5, f"{act} hardly ever got through"
