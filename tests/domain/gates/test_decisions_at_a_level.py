"""Percent, all, expiry, changes requested, abstentions, signatures taken back, questions: each as its level says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from governed_capa import PLAN, at_plan, governed, judged, plan_levels
from memory_register import MemoryVault

from domain.errors import Refused, UsageProblem
from domain.gates.approval_attempts import Abstain, RequestChanges, RevokeApproval
from domain.gates.approvals import judge_approvals
from domain.gates.attempt import Approve, MoveTo
from domain.gates.next_action import pending_approval
from domain.identity import parse_iso
from domain.use_cases.answer_question import answer_question
from domain.use_cases.approve_item import approve_item
from domain.use_cases.ask_question import ask_question
from domain.use_cases.edit_item import edit_item
from domain.use_cases.grant_role import grant_role
from domain.use_cases.move_item import move_item
from domain.use_cases.resubmit_item import resubmit_item
from domain.use_cases.revoke_approval import revoke_approval

ON = MoveTo(step="implementation")


@pytest.fixture
def vault() -> MemoryVault:
    return governed(plan_levels())


@pytest.mark.parametrize(
    ("percent", "signers"),
    [(1, 1), (33, 1), (34, 2), (66, 2), (67, 3), (100, 3)],
    ids=str,
)
def test_percent_is_of_those_who_may_sign_and_rounds_up(percent: int, signers: int) -> None:
    vault = governed(plan_levels(need="percent", percent=percent))
    item = at_plan(vault)  # Quinn, Quentin and Dora hold quality; Olga owns the item and is not counted
    for name in ("Quinn", "Quentin", "Dora")[:signers]:
        assert judged(vault, item, ON, "Olga") == ["approval.missing"]
        vault.do(approve_item, name, item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_all_means_everybody_who_is_asked_and_an_abstention_takes_one_out() -> None:
    vault = governed(plan_levels(need="all", abstain=True))
    item = at_plan(vault)
    vault.do(approve_item, "Quinn", item=item)
    vault.do(approve_item, "Quentin", item=item)
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(approve_item, "Dora", item=item, decision="abstained", reason="I wrote the fixture's drawing.")
    assert judged(vault, item, ON, "Olga") == []


def test_whoever_abstains_is_not_asked_again_and_their_abstention_approves_nothing() -> None:
    vault = governed(plan_levels(abstain=True))
    item = at_plan(vault)
    vault.do(approve_item, "Quinn", item=item, decision="abstained", reason="Related to the owner.")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    assert judged(vault, item, Approve(gate=PLAN), "Quinn") == ["approval.twice"]
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert vault.ids["Quinn"] not in pending.candidates


def test_an_abstention_needs_the_level_to_know_it_and_a_reason(vault: MemoryVault) -> None:
    item = at_plan(vault)
    assert judged(vault, item, Abstain(gate=PLAN, reason="")) == ["reason.missing", "approval.no_abstention"]


def test_requested_changes_hold_the_item_until_its_content_changes(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(approve_item, "Quinn", item=item, decision="changes_requested", reason="Name the responsible person.")
    verdict = judge_approvals(vault.facts(item), PLAN)
    assert [each.reason for each in verdict.changes_requested] == ["Name the responsible person."]
    assert judged(vault, item, ON, "Olga") == ["approval.changes_requested"]
    assert judged(vault, item, Approve(gate=PLAN), "Quentin") == ["approval.changes_requested"]
    assert pending_approval(vault.facts(item)) is None
    vault.do(edit_item, "Olga", item=item, fields={"root_cause": "Worn fixture, seen by Olga."})
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(approve_item, "Quinn", item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_work_can_be_resubmitted_as_it_stands_but_not_by_who_asked_for_the_changes(vault: MemoryVault) -> None:
    item = at_plan(vault)
    with pytest.raises(Refused) as nothing:
        vault.act(resubmit_item, "Olga", item=item, reason="There is nothing to change.")
    assert [each.rule for each in nothing.value.obstacles] == ["approval.no_changes"]
    vault.do(approve_item, "Quinn", item=item, decision="changes_requested", reason="Why not replace it?")
    for name, reason, rule in (("Quinn", "Now I see.", "separation.asker"), ("Olga", " ", "reason.missing")):
        with pytest.raises(Refused) as refused:
            vault.act(resubmit_item, name, item=item, reason=reason)
        assert [each.rule for each in refused.value.obstacles] == [rule]
    vault.do(resubmit_item, "Olga", item=item, reason="Replacement has a lead time of a year.")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(approve_item, "Quinn", item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_a_rejection_is_not_answered_by_resubmitting(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(approve_item, "Quinn", item=item, decision="rejected", reason="Wrong cause.")
    with pytest.raises(Refused):
        vault.act(resubmit_item, "Olga", item=item, reason="It is right.")
    assert judged(vault, item, RequestChanges(gate=PLAN, reason="x"), "Quentin") == ["approval.rejected"]


def test_a_signature_is_taken_back_by_its_signer_only_and_only_before_the_gate_is_passed(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(approve_item, "Quinn", item=item)
    given = vault.register.item_file(item).approvals[-1].id
    assert judged(vault, item, RevokeApproval(approval=given, reason="x"), "Quentin") == ["approval.not_yours"]
    entry = vault.do(revoke_approval, "Quinn", item=item, reason="I looked at the wrong drawing.")
    assert (entry.header.auth, entry.header.meaning) == ("passphrase", "I take this signature back")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    assert judged(vault, item, RevokeApproval(approval=given, reason="x"), "Quinn") == ["approval.revoked"]
    assert [each.id for each in judge_approvals(vault.facts(item), PLAN).revoked] == [given]
    vault.do(approve_item, "Quinn", item=item)  # the same person may think again
    vault.do(move_item, "Olga", item=item, step="implementation")
    last = vault.register.item_file(item).approvals[-1].id
    assert judged(vault, item, RevokeApproval(approval=last, reason="x"), "Quinn") == ["approval.passed"]


def test_a_rejection_taken_back_lets_others_decide(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(approve_item, "Quinn", item=item, decision="rejected", reason="Wrong cause.")
    vault.do(revoke_approval, "Quinn", item=item, reason="I misread it.")
    assert judged(vault, item, Approve(gate=PLAN), "Quentin") == []


def test_a_signature_expires_by_its_level_and_is_asked_again() -> None:
    vault = governed(plan_levels(expires_after_days=5))
    item = at_plan(vault)
    vault.do(approve_item, "Quinn", item=item)
    vault.now += timedelta(days=4, hours=23)
    assert judged(vault, item, ON, "Olga") == []
    vault.now += timedelta(hours=2)
    assert judged(vault, item, ON, "Olga") == ["approval.expired"]
    vault.do(approve_item, "Quinn", item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_lateness_is_seen_in_what_waits_and_an_open_question_stops_the_clock() -> None:
    vault = governed(plan_levels(deadline_days=2, questions_stop_clock=True))
    item = at_plan(vault)  # Monday 2 November 2026, 8:00 and some seconds: before the working day begins
    first = pending_approval(vault.facts(item))
    assert first is not None
    assert (first.due_at, first.late) == ("2026-11-03T17:00:00.000Z", False)
    vault.now = parse_iso("2026-11-03T09:00:00.000Z")
    with pytest.raises(Refused) as refused:
        vault.act(ask_question, "Nora", item=item, text="Which line?")
    assert [each.rule for each in refused.value.obstacles] == ["question.not_asked"]
    vault.do(ask_question, "Quinn", item=item, text="Which line?")
    vault.now = parse_iso("2026-11-04T10:00:01.000Z")
    with pytest.raises(Refused) as refused:
        vault.act(answer_question, "Zoe", item=item, answer="Line 3.")
    assert [each.rule for each in refused.value.obstacles] == ["question.not_yours"]
    vault.do(answer_question, "Olga", item=item, answer="Line 3.")
    later = pending_approval(vault.facts(item))
    assert later is not None
    assert later.due_at.startswith("2026-11-05T10:00")  # nine working hours later than it was
    vault.now = parse_iso("2026-11-05T10:30:00.000Z")
    late = pending_approval(vault.facts(item))
    assert late is not None
    assert late.late


def test_majors_are_not_signed_in_bulk_where_the_level_says_so() -> None:
    vault = governed(plan_levels(single_severities=["major", "critical"]))
    item = at_plan(vault)
    assert judged(vault, item, Approve(gate=PLAN, bulk=True)) == ["approval.single"]
    assert judged(vault, item, Approve(gate=PLAN)) == []
    minor = at_plan(vault, severity="minor")
    assert judged(vault, minor, Approve(gate=PLAN, bulk=True)) == []


def test_a_word_that_is_no_decision_is_refused(vault: MemoryVault) -> None:
    with pytest.raises(UsageProblem):
        vault.act(approve_item, "Quinn", item=at_plan(vault), decision="maybe")


def test_a_second_role_of_the_same_person_does_not_count_a_second_time() -> None:
    vault = governed(plan_levels(need="n", n=2))
    item = at_plan(vault)
    vault.do(approve_item, "Dora", item=item)
    assert judged(vault, item, Approve(gate=PLAN), "Dora") == ["approval.twice"]
    vault.do(grant_role, "Ada", person=vault.ids["Zoe"], role="quality")
    vault.do(approve_item, "Zoe", item=item)
    assert judged(vault, item, ON, "Olga") == []
