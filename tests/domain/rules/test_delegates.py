"""Mandates: who gives what to whom, until when, and how a delegate's signature counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from governed_capa import CLOSING, PLAN, at_plan, governed, judged, plan_levels
from memory_register import MemoryVault

from domain.commands.approvals import ApproveItem, AskQuestion
from domain.commands.closure import CloseItem
from domain.commands.delegation import GrantMandate, RevokeMandate
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import AssignItem, MoveItem
from domain.commands.people import GrantRole, RevokeRole
from domain.errors import Refused, UsageProblem
from domain.rules.alerts_of_item import mandate_alerts
from domain.rules.approvals import judge_approvals
from domain.rules.next_action import pending_approval

ON = MoveItem(item="", step="implementation")


def delegate_role(vault: MemoryVault, delegator: str, delegate: str, role: str = "quality", **more: Any) -> str:
    given = {"first_day": "2026-11-02", "last_day": "2026-11-14", "reason": "On leave."}
    return vault.do(
        GrantMandate, delegator, delegate=vault.ids[delegate], role=role, **{**given, **more}
    ).header.subject


def refused(vault: MemoryVault, delegator: str, delegate: str, role: str = "quality", **more: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        delegate_role(vault, delegator, delegate, role, **more)
    return [each.rule for each in refusal.value.obstacles]


@pytest.fixture
def vault() -> MemoryVault:
    return governed(plan_levels())


def test_a_delegate_sees_the_task_and_signs_in_their_name_under_the_mandate(vault: MemoryVault) -> None:
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role"]
    mandate = delegate_role(vault, "Quinn", "Nora")
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert pending.open_to(vault.ids["Nora"])
    assert pending.delegates == {vault.ids["Nora"]: vault.ids["Quinn"]}
    assert [each.item for each in vault.register.waiting_for(vault.actor("Nora"))] == [item]
    entry = vault.do(ApproveItem, "Nora", item=item)
    given = vault.register.item_file(item).approvals[-1]
    assert (given.person, given.role, given.mandate) == (vault.ids["Nora"], "quality", mandate)
    assert (entry.header.by, entry.header.role, entry.header.mandate) == (vault.ids["Nora"], "quality", mandate)
    assert judged(vault, item, ON, "Olga") == []


def test_a_delegate_who_is_asked_for_a_signature_asks_back_under_the_mandate(vault: MemoryVault) -> None:
    item = at_plan(vault)
    mandate = delegate_role(vault, "Quinn", "Nora")
    asked = {
        who: vault.act(AskQuestion, who, item=item, text="Which?", of=vault.ids["Pat"]) for who in ("Nora", "Quinn")
    }
    assert [(each.mandate, each.role) for each in asked.values()] == [(mandate, "quality"), ("", "quality")]


def test_whoever_holds_the_role_signs_in_their_right(vault: MemoryVault) -> None:
    delegate_role(vault, "Quinn", "Quentin")
    item = at_plan(vault)
    vault.do(ApproveItem, "Quentin", item=item)
    assert vault.register.item_file(item).approvals[-1].mandate == ""


@pytest.mark.parametrize("severities", [["huge"], ["major", "huge"]])
def test_a_mandate_is_for_a_process_in_force_and_for_severities_it_knows(
    vault: MemoryVault, severities: list[str]
) -> None:
    assert refused(vault, "Quinn", "Nora", process="capa", severities=severities) == ["mandate.scope"]
    with pytest.raises(UsageProblem):
        delegate_role(vault, "Quinn", "Nora", process="unheard_of")
    delegate_role(vault, "Quinn", "Nora", process="capa", severities=["major"])


def test_delegator_and_delegate_count_once(vault: MemoryVault) -> None:
    vault = governed(plan_levels(need="n", n=2))
    delegate_role(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quinn") == ["approval.twice"]
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    other = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=other)
    assert judged(vault, other, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.twice"]
    vault.do(ApproveItem, "Quentin", item=other)
    assert judged(vault, other, ON, "Olga") == []


def test_one_person_is_one_vote_whatever_the_mandates() -> None:
    vault = governed(plan_levels(need="n", n=2))
    delegate_role(vault, "Quinn", "Nora")
    delegate_role(vault, "Quentin", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.twice"]
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]


def test_a_mandate_for_one_role_of_its_delegator_gives_no_other(vault: MemoryVault) -> None:
    item = at_plan(vault)
    delegate_role(vault, "Dora", "Nora", role="process_owner")  # Dora could sign here, in her role of quality
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role"]
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert (vault.ids["Dora"] in pending.candidates, vault.ids["Nora"] in pending.candidates) == (True, False)


def test_a_delegate_who_owns_the_work_is_refused_with_the_reason(vault: MemoryVault) -> None:
    delegate_role(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(AssignItem, "Quinn", item=item, person=vault.ids["Nora"])
    vault.do(AcceptHandoff, "Nora", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["separation.owner"]


def test_nobody_signs_for_the_owner(vault: MemoryVault) -> None:
    delegate_role(vault, "Olga", "Nora")
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["separation.owner"]
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert vault.ids["Nora"] not in pending.candidates


def test_a_mandate_counts_on_its_last_day_and_what_is_against_it_then_is_not_its_end(vault: MemoryVault) -> None:
    for delegator, delegate in (("Olga", "Nora"), ("Quinn", "Zoe")):
        delegate_role(vault, delegator, delegate, last_day="2026-11-03")
    item = at_plan(vault)
    approve = ApproveItem(item="", gate=PLAN)
    vault.now += timedelta(days=1)
    assert judged(vault, item, approve, "Nora") == ["separation.owner"]
    assert judged(vault, item, approve, "Zoe") == []
    vault.now += timedelta(days=1)
    assert judged(vault, item, approve, "Nora") == ["approval.role", "separation.owner", "mandate.ended"]
    assert judged(vault, item, approve, "Zoe") == ["approval.role", "mandate.ended"]


@pytest.mark.parametrize(("who", "role"), [("Quinn", "quality"), ("Ada", "administrator"), ("without", "")])
def test_a_mandate_is_revoked_in_the_role_that_was_given_away_while_it_is_held(
    vault: MemoryVault, who: str, role: str
) -> None:
    mandate = delegate_role(vault, "Quinn", "Nora")
    if who == "without":
        vault.do(RevokeRole, "Ada", person=vault.ids["Quinn"], role="quality")
    entry = vault.do(RevokeMandate, "Ada" if who == "Ada" else "Quinn", mandate=mandate, reason="Back again")
    assert entry.header.role == role


def test_a_signature_stops_counting_when_its_delegator_becomes_the_owner(vault: MemoryVault) -> None:
    delegate_role(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    vault.do(AssignItem, "Quentin", item=item, person=vault.ids["Quinn"])
    vault.do(AcceptHandoff, "Quinn", item=item)
    assert "approval.missing" in judged(vault, item, ON, "Olga")


def test_delegator_and_delegate_are_both_kept_from_the_next_level() -> None:
    vault = governed()
    delegate_role(vault, "Dora", "Nora")
    delegate_role(vault, "Pat", "Zoe", "process_owner")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)  # for Dora, who holds process_owner too
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Dora") == ["separation.levels"]
    vault.do(ApproveItem, "Zoe", item=item)
    assert judged(vault, item, ON, "Olga") == []
    other = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=other)
    vault.do(GrantMandate, "Pat", delegate=vault.ids["Nora"], role="process_owner", first_day="2026-11-02",
             last_day="2026-11-10", reason="On leave.")  # fmt: skip
    assert judged(vault, other, ApproveItem(item="", gate=PLAN), "Nora")[0] == "separation.levels"
    assert judged(vault, other, ApproveItem(item="", gate=PLAN), "Pat") == ["separation.levels"]


def test_closing_is_separated_from_approvers_through_mandates_too() -> None:
    def approvers_do_not_close(document: dict[str, Any]) -> None:
        document["closure"]["separate_from"] = ["approvers"]

    vault = governed(approvers_do_not_close)
    item = vault.new_item()
    vault.bring_to(item, "verification")
    delegate_role(vault, "Quinn", "Nora")
    vault.make_ready(item, sign=False)
    vault.do(ApproveItem, "Nora", item=item)
    vault.do(ApproveItem, "Pat", item=item)
    assert vault.ids["Quinn"] in judge_approvals(vault.facts(item), CLOSING).signers
    assert judged(vault, item, CloseItem(item="", outcome="reached"), "Quinn") == ["separation.approvers"]
    assert judged(vault, item, CloseItem(item="", outcome="reached"), "Quentin") == []


@pytest.mark.parametrize(
    ("more", "severity", "expected"),
    [
        ({"severities": ("minor", "major")}, "critical", ["approval.role", "mandate.scope"]),
        ({"severities": ("minor", "major")}, "major", []),
        ({"process": "capa"}, "major", []),
        ({"first_day": "2026-11-03"}, "major", ["approval.role", "mandate.not_yet"]),
        ({"last_day": "2026-11-02"}, "major", []),
    ],
    ids=["above the scope", "in the scope", "of the process", "before its first day", "on its last day"],
)
def test_a_mandate_reaches_as_far_as_it_states(
    vault: MemoryVault, more: dict[str, Any], severity: str, expected: list[str]
) -> None:
    delegate_role(vault, "Quinn", "Nora", **more)
    item = at_plan(vault, severity=severity)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == expected


def test_the_day_after_the_last_one_is_refused(vault: MemoryVault) -> None:
    delegate_role(vault, "Quinn", "Nora", last_day="2026-11-03")
    item = at_plan(vault)
    vault.now += timedelta(days=1)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == []
    vault.now += timedelta(days=1)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.ended"]
    assert vault.register.waiting_for(vault.actor("Nora")) == ()


def test_what_was_signed_in_time_still_counts_after_the_mandate(vault: MemoryVault) -> None:
    mandate = delegate_role(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    vault.do(RevokeMandate, "Quinn", mandate=mandate, reason="Back early.")
    assert judged(vault, item, ON, "Olga") == []


def test_an_early_end_gives_the_tasks_back(vault: MemoryVault) -> None:
    mandate = delegate_role(vault, "Quinn", "Nora")
    item = at_plan(vault)
    assert vault.register.waiting_for(vault.actor("Nora"))
    vault.do(RevokeMandate, "Quinn", mandate=mandate, reason="Back early.")
    assert vault.register.waiting_for(vault.actor("Nora")) == ()
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.ended"]
    assert [each.item for each in vault.register.waiting_for(vault.actor("Quinn"))] == [item]


def test_mandates_form_no_chains(vault: MemoryVault) -> None:
    delegate_role(vault, "Quinn", "Nora")
    assert refused(vault, "Nora", "Zoe") == ["mandate.chain"]
    assert refused(vault, "Zoe", "Nora") == ["mandate.role"]


def test_a_mandate_falls_with_the_role_it_gives(vault: MemoryVault) -> None:
    delegate_role(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(RevokeRole, "Ada", person=vault.ids["Quinn"], role="quality")
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.chain"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"delegate": "Quinn"}, ["mandate.self"]),
        ({"delegate": "Nora", "first_day": "2026-11-01"}, ["mandate.days"]),
        ({"delegate": "Nora", "last_day": "2026-11-01"}, ["mandate.days"]),
        ({"delegate": "Nora", "last_day": "never"}, ["mandate.days"]),
        ({"delegate": "Nora", "last_day": "2027-11-03"}, ["mandate.days"]),
        ({"delegate": "Nora", "reason": " "}, ["reason.missing"]),
        ({"delegate": "Nora", "process": "capa", "severities": ("huge",)}, ["mandate.scope"]),
        ({"delegate": "Nora", "role": "administrator"}, ["mandate.administrator"]),
    ],
    ids=["oneself", "back-dated", "ends before it begins", "no day", "too long", "no reason", "scope", "administrator"],
)
def test_what_no_mandate_may_be(vault: MemoryVault, arguments: dict[str, Any], expected: list[str]) -> None:
    assert refused(vault, "Quinn", **arguments) == expected


def test_only_the_delegator_or_an_administrator_ends_a_mandate_once(vault: MemoryVault) -> None:
    mandate = delegate_role(vault, "Quinn", "Nora")
    with pytest.raises(Refused) as refusal:
        vault.act(RevokeMandate, "Nora", mandate=mandate, reason="I do not want it.")
    assert [each.rule for each in refusal.value.obstacles] == ["mandate.not_yours"]
    assert vault.do(RevokeMandate, "Ada", mandate=mandate, reason="Quinn is ill.").header.role == "administrator"
    with pytest.raises(Refused) as refusal:
        vault.act(RevokeMandate, "Quinn", mandate=mandate, reason="Again.")
    assert [each.rule for each in refusal.value.obstacles] == ["mandate.ended"]


def test_a_level_without_delegates_takes_none() -> None:
    vault = governed(plan_levels(delegates=False))
    delegate_role(vault, "Quinn", "Nora")
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.level"]


def test_all_is_complete_when_the_delegate_spoke_for_who_is_away() -> None:
    vault = governed(plan_levels(need="all"))
    delegate_role(vault, "Dora", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    vault.do(ApproveItem, "Quentin", item=item)
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(ApproveItem, "Nora", item=item)
    assert judged(vault, item, ON, "Olga") == []
    vault.do(GrantRole, "Ada", person=vault.ids["Zoe"], role="quality")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]


def test_a_mandate_that_was_ended_early_alerts_nobody(vault: MemoryVault) -> None:
    mandate = delegate_role(vault, "Quinn", "Nora")
    assert len(list(mandate_alerts(vault.register))) > 0
    vault.do(RevokeMandate, "Quinn", mandate=mandate, reason="Back early.")
    assert list(mandate_alerts(vault.register)) == []
