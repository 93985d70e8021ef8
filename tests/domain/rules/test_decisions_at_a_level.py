"""Percent, all, expiry, changes requested, abstentions, signatures taken back, questions: each as its level says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from governed_capa import PLAN, at_plan, governed, judged, plan_levels
from memory_register import MemoryVault

from domain.commands.approvals import AnswerQuestion, ApproveItem, AskQuestion, ResubmitItem, RevokeApproval
from domain.commands.items import EditItem, MoveItem, ReopenItem
from domain.commands.people import GrantRole
from domain.commands.urgency import ConfirmUrgent
from domain.errors import Refused, UsageProblem
from domain.identity import parse_iso
from domain.rules.approvals import judge_approvals
from domain.rules.deadlines import level_deadlines
from domain.rules.next_action import pending_approval

ON = MoveItem(item="", step="implementation")


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
        vault.do(ApproveItem, name, item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_all_means_everybody_who_is_asked_and_an_abstention_takes_one_out() -> None:
    vault = governed(plan_levels(need="all", abstain=True))
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    vault.do(ApproveItem, "Quentin", item=item)
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(ApproveItem, "Dora", item=item, decision="abstained", reason="I wrote the fixture's drawing.")
    assert judged(vault, item, ON, "Olga") == []


def test_whoever_abstains_is_not_asked_again_and_their_abstention_approves_nothing() -> None:
    vault = governed(plan_levels(abstain=True))
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item, decision="abstained", reason="Related to the owner.")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quinn") == ["approval.twice"]
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert vault.ids["Quinn"] not in pending.candidates


def test_an_abstention_needs_the_level_to_know_it_and_a_reason(vault: MemoryVault) -> None:
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", decision="abstained", gate=PLAN, reason="")) == [
        "reason.missing",
        "approval.no_abstention",
    ]


def test_requested_changes_hold_the_item_until_its_content_changes(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item, decision="changes_requested", reason="Name the responsible person.")
    verdict = judge_approvals(vault.facts(item), PLAN)
    assert [each.reason for each in verdict.changes_requested] == ["Name the responsible person."]
    assert judged(vault, item, ON, "Olga") == ["approval.changes_requested"]
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quentin") == ["approval.changes_requested"]
    assert pending_approval(vault.facts(item)) is None
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": "Worn fixture, seen by Olga."}, reason="Seen anew")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(ApproveItem, "Quinn", item=item)
    assert judged(vault, item, ON, "Olga") == []


@pytest.mark.parametrize("decision", ["rejected", "changes_requested"])
def test_nobody_is_late_with_a_signature_while_the_work_has_to_change_first(decision: str) -> None:
    vault = governed(plan_levels(deadline_days=2))
    item = at_plan(vault)
    assert [each.gate for each in level_deadlines(vault.facts(item))] == [PLAN]
    vault.do(ApproveItem, "Quinn", item=item, decision=decision, reason="Name the responsible person.")
    assert level_deadlines(vault.facts(item)) == ()


def test_work_can_be_resubmitted_as_it_stands_but_not_by_who_asked_for_the_changes(vault: MemoryVault) -> None:
    item = at_plan(vault)
    with pytest.raises(Refused) as nothing:
        vault.act(ResubmitItem, "Olga", item=item, reason="There is nothing to change.")
    assert [each.rule for each in nothing.value.obstacles] == ["approval.no_changes"]
    vault.do(ApproveItem, "Quinn", item=item, decision="changes_requested", reason="Why not replace it?")
    for name, reason, rule in (("Quinn", "Now I see.", "separation.asker"), ("Olga", " ", "reason.missing")):
        with pytest.raises(Refused) as refused:
            vault.act(ResubmitItem, name, item=item, reason=reason)
        assert [each.rule for each in refused.value.obstacles] == [rule]
    vault.do(ResubmitItem, "Olga", item=item, reason="Replacement has a lead time of a year.")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(ApproveItem, "Quinn", item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_a_rejection_is_not_answered_by_resubmitting(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item, decision="rejected", reason="Wrong cause.")
    with pytest.raises(Refused):
        vault.act(ResubmitItem, "Olga", item=item, reason="It is right.")
    assert judged(
        vault, item, ApproveItem(item="", decision="changes_requested", gate=PLAN, reason="x"), "Quentin"
    ) == ["approval.rejected"]


def test_a_signature_is_taken_back_by_its_signer_only_and_only_before_the_gate_is_passed(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    given = vault.register.item_file(item).approvals[-1].id
    assert judged(vault, item, RevokeApproval(item="", approval=given, reason="x"), "Quentin") == ["approval.not_yours"]
    entry = vault.do(RevokeApproval, "Quinn", item=item, reason="I looked at the wrong drawing.")
    assert (entry.header.auth, entry.header.meaning) == ("passphrase", "I take this signature back")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    assert judged(vault, item, RevokeApproval(item="", approval=given, reason="x"), "Quinn") == ["approval.revoked"]
    assert [each.id for each in judge_approvals(vault.facts(item), PLAN).revoked] == [given]
    vault.do(ApproveItem, "Quinn", item=item)  # the same person may think again
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    last = vault.register.item_file(item).approvals[-1].id
    assert judged(vault, item, RevokeApproval(item="", approval=last, reason="x"), "Quinn") == ["approval.passed"]


def test_a_signature_at_a_gate_that_was_not_passed_is_taken_back_though_another_gate_was(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    given = vault.register.item_file(item).approvals[-1].id
    back = [
        transition.target
        for transition in vault.facts(item).process.from_step("plan")
        if transition.target != "implementation"
    ]
    vault.do(MoveItem, "Olga", item=item, step=back[0], reason="The cause is not clear")
    assert "approval.passed" not in judged(vault, item, RevokeApproval(item="", approval=given, reason="x"), "Quinn")


def test_a_rejection_taken_back_lets_others_decide(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item, decision="rejected", reason="Wrong cause.")
    vault.do(RevokeApproval, "Quinn", item=item, reason="I misread it.")
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quentin") == []


def test_a_signature_expires_by_its_level_and_is_asked_again() -> None:
    vault = governed(plan_levels(expires_after_days=5))
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    vault.now += timedelta(days=4, hours=23)
    assert judged(vault, item, ON, "Olga") == []
    vault.now += timedelta(hours=2)
    assert judged(vault, item, ON, "Olga") == ["approval.expired"]
    vault.do(ApproveItem, "Quinn", item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_lateness_is_seen_in_what_waits_and_an_open_question_stops_the_clock() -> None:
    vault = governed(plan_levels(deadline_days=2, questions_stop_clock=True))
    item = at_plan(vault)  # Monday 2 November 2026, 8:00 and some seconds: before the working day begins
    first = pending_approval(vault.facts(item))
    assert first is not None
    assert (first.due_at, first.late) == ("2026-11-03T17:00:00.000Z", False)
    vault.now = parse_iso("2026-11-03T09:00:00.000Z")
    with pytest.raises(Refused) as refused:
        vault.act(AskQuestion, "Nora", item=item, text="Which line?")
    assert [each.rule for each in refused.value.obstacles] == ["question.not_asked"]
    vault.do(AskQuestion, "Quinn", item=item, text="Which line?")
    vault.now = parse_iso("2026-11-04T10:00:01.000Z")
    with pytest.raises(Refused) as refused:
        vault.act(AnswerQuestion, "Zoe", item=item, answer="Line 3.")
    assert [each.rule for each in refused.value.obstacles] == ["question.not_yours"]
    vault.do(AnswerQuestion, "Olga", item=item, answer="Line 3.")
    later = pending_approval(vault.facts(item))
    assert later is not None
    assert later.due_at.startswith("2026-11-05T10:00")  # nine working hours later than it was
    vault.now = parse_iso("2026-11-05T10:30:00.000Z")
    late = pending_approval(vault.facts(item))
    assert late is not None
    assert late.late


def test_majors_are_not_signed_in_bulk_where_the_level_states_so() -> None:
    vault = governed(plan_levels(single_severities=["major", "critical"]))
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN, bulk=True)) == ["approval.single"]
    assert judged(vault, item, ApproveItem(item="", gate=PLAN)) == []
    minor = at_plan(vault, severity="minor")
    assert judged(vault, minor, ApproveItem(item="", gate=PLAN, bulk=True)) == []


def test_a_word_that_is_no_decision_is_refused(vault: MemoryVault) -> None:
    with pytest.raises(UsageProblem):
        vault.act(ApproveItem, "Quinn", item=at_plan(vault), decision="maybe")


def test_a_second_role_of_the_same_person_does_not_count_a_second_time() -> None:
    vault = governed(plan_levels(need="n", n=2))
    item = at_plan(vault)
    vault.do(ApproveItem, "Dora", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Dora") == ["approval.twice"]
    vault.do(GrantRole, "Ada", person=vault.ids["Zoe"], role="quality")
    vault.do(ApproveItem, "Zoe", item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_a_question_is_answered_once_by_who_was_asked_or_who_owns_the_work(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(AskQuestion, "Quinn", item=item, text="Which drawing?", of=vault.ids["Pat"])
    question = vault.register.item_file(item).questions[-1].id
    answer = AnswerQuestion(item="", question=question, answer="4711")
    assert judged(vault, item, answer, "Nora") == ["question.not_yours"]
    assert judged(vault, item, answer, "Olga") == []
    vault.do(AnswerQuestion, "Pat", item=item, question=question, answer="4711")
    assert judged(vault, item, answer, "Pat") == ["question.answered"]
    assert judged(vault, item, answer, "Nora") == ["question.not_yours", "question.answered"]
    assert judged(vault, item, AnswerQuestion(item="", answer="4711"), "Pat") == ["question.unknown"]


def test_a_signature_of_an_earlier_cycle_or_of_closed_work_is_not_taken_back(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    given = vault.register.item_file(item).approvals[-1].id
    taking_back = RevokeApproval(item="", approval=given, reason="Wrong drawing")
    assert judged(vault, item, taking_back, "Quinn") == []
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    assert judged(vault, item, taking_back, "Quinn") == ["approval.passed"]
    vault.bring_to(item, "closed")
    vault.do(ReopenItem, "Quinn", item=item, reason="Recurred on line 3")
    assert judged(vault, item, taking_back, "Quinn") == ["approval.passed"]


def test_a_decision_or_a_gate_that_there_is_not_is_no_command(vault: MemoryVault) -> None:
    item = at_plan(vault)
    with pytest.raises(UsageProblem):
        vault.act(ApproveItem, "Quinn", item=item, decision="maybe")
    with pytest.raises(UsageProblem) as unknown:
        vault.act(AskQuestion, "Quinn", item=item, text="Which?", of=vault.ids["Pat"], gate="moon")
    assert unknown.value.where == "gate"


def test_what_was_not_passed_urgently_is_not_confirmed(vault: MemoryVault) -> None:
    item = at_plan(vault)
    assert "urgent.no_obligation" in judged(vault, item, ConfirmUrgent(item="", gate=PLAN), "Quinn")
