"""Mandates: who lends what to whom, until when, and how a deputy's signature counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from governed_capa import CLOSING, PLAN, at_plan, governed, judged, plan_levels
from memory_register import MemoryVault

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.delegation import GiveMandate, RevokeMandate
from domain.commands.items import AssignItem, MoveItem
from domain.commands.people import GrantRole, RevokeRole
from domain.errors import Refused
from domain.rules.alerts_of_item import mandate_alerts
from domain.rules.approvals import judge_approvals
from domain.rules.next_action import pending_approval

ON = MoveItem(item="", step="implementation")


def lend(vault: MemoryVault, giver: str, deputy: str, role: str = "quality", **more: Any) -> str:
    given = {"first_day": "2026-11-02", "last_day": "2026-11-14", "reason": "On leave."}
    return vault.do(GiveMandate, giver, deputy=vault.ids[deputy], role=role, **{**given, **more}).header.subject


def refused(vault: MemoryVault, giver: str, deputy: str, role: str = "quality", **more: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        lend(vault, giver, deputy, role, **more)
    return [each.rule for each in refusal.value.obstacles]


@pytest.fixture
def vault() -> MemoryVault:
    return governed(plan_levels())


def test_a_deputy_sees_the_task_and_signs_in_the_own_name_under_the_mandate(vault: MemoryVault) -> None:
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role"]
    mandate = lend(vault, "Quinn", "Nora")
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert pending.open_to(vault.ids["Nora"])
    assert pending.deputies == {vault.ids["Nora"]: vault.ids["Quinn"]}
    assert [each.item for each in vault.register.waiting_for(vault.actor("Nora"))] == [item]
    entry = vault.do(ApproveItem, "Nora", item=item)
    given = vault.register.item_file(item).approvals[-1]
    assert (given.person, given.role, given.mandate) == (vault.ids["Nora"], "quality", mandate)
    assert (entry.header.by, entry.header.role, entry.header.mandate) == (vault.ids["Nora"], "quality", mandate)
    assert judged(vault, item, ON, "Olga") == []


def test_whoever_holds_the_role_signs_in_the_own_right(vault: MemoryVault) -> None:
    lend(vault, "Quinn", "Quentin")
    item = at_plan(vault)
    vault.do(ApproveItem, "Quentin", item=item)
    assert vault.register.item_file(item).approvals[-1].mandate == ""


def test_giver_and_deputy_count_once(vault: MemoryVault) -> None:
    vault = governed(plan_levels(need="n", n=2))
    lend(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quinn") == ["approval.twice"]
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    other = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=other)
    assert judged(vault, other, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.twice"]
    vault.do(ApproveItem, "Quentin", item=other)
    assert judged(vault, other, ON, "Olga") == []


def test_one_person_is_one_voice_whatever_the_mandates() -> None:
    vault = governed(plan_levels(need="n", n=2))
    lend(vault, "Quinn", "Nora")
    lend(vault, "Quentin", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.twice"]
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]


def test_a_deputy_who_owns_the_work_is_refused_with_the_reason(vault: MemoryVault) -> None:
    lend(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(AssignItem, "Quinn", item=item, person=vault.ids["Nora"])
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["separation.owner"]


def test_nobody_signs_for_the_owner(vault: MemoryVault) -> None:
    lend(vault, "Olga", "Nora")
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["mandate.giver_separated"]
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert vault.ids["Nora"] not in pending.candidates


def test_a_signature_stops_counting_when_its_giver_becomes_the_owner(vault: MemoryVault) -> None:
    lend(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    vault.do(AssignItem, "Quentin", item=item, person=vault.ids["Quinn"])
    assert "approval.missing" in judged(vault, item, ON, "Olga")


def test_giver_and_deputy_are_both_kept_from_the_next_level() -> None:
    vault = governed()
    lend(vault, "Dora", "Nora")
    lend(vault, "Pat", "Zoe", "process_owner")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)  # for Dora, who holds process_owner too
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Dora") == ["separation.levels"]
    vault.do(GiveMandate, "Pat", deputy=vault.ids["Nora"], role="process_owner", first_day="2026-11-02",
             last_day="2026-11-10", reason="On leave.")  # fmt: skip
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["separation.levels"]
    vault.do(ApproveItem, "Zoe", item=item)
    assert judged(vault, item, ON, "Olga") == []


def test_closing_is_separated_from_approvers_through_mandates_too() -> None:
    def approvers_do_not_close(document: dict[str, Any]) -> None:
        document["closure"]["separate_from"] = ["approvers"]

    vault = governed(approvers_do_not_close)
    item = vault.new_item()
    vault.bring_to(item, "verification")
    lend(vault, "Quinn", "Nora")
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
def test_a_mandate_reaches_as_far_as_it_says(
    vault: MemoryVault, more: dict[str, Any], severity: str, expected: list[str]
) -> None:
    lend(vault, "Quinn", "Nora", **more)
    item = at_plan(vault, severity=severity)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == expected


def test_the_day_after_the_last_one_is_refused(vault: MemoryVault) -> None:
    lend(vault, "Quinn", "Nora", last_day="2026-11-03")
    item = at_plan(vault)
    vault.now += timedelta(days=1)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == []
    vault.now += timedelta(days=1)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.ended"]
    assert vault.register.waiting_for(vault.actor("Nora")) == ()


def test_what_was_signed_in_time_still_counts_after_the_mandate(vault: MemoryVault) -> None:
    mandate = lend(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Nora", item=item)
    vault.do(RevokeMandate, "Quinn", mandate=mandate, reason="Back early.")
    assert judged(vault, item, ON, "Olga") == []


def test_an_early_end_gives_the_tasks_back(vault: MemoryVault) -> None:
    mandate = lend(vault, "Quinn", "Nora")
    item = at_plan(vault)
    assert vault.register.waiting_for(vault.actor("Nora"))
    vault.do(RevokeMandate, "Quinn", mandate=mandate, reason="Back early.")
    assert vault.register.waiting_for(vault.actor("Nora")) == ()
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.ended"]
    assert [each.item for each in vault.register.waiting_for(vault.actor("Quinn"))] == [item]


def test_mandates_form_no_chains(vault: MemoryVault) -> None:
    lend(vault, "Quinn", "Nora")
    assert refused(vault, "Nora", "Zoe") == ["mandate.chain"]
    assert refused(vault, "Zoe", "Nora") == ["mandate.role"]


def test_a_mandate_falls_with_the_role_it_lends(vault: MemoryVault) -> None:
    lend(vault, "Quinn", "Nora")
    item = at_plan(vault)
    vault.do(RevokeRole, "Ada", person=vault.ids["Quinn"], role="quality")
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.chain"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"deputy": "Quinn"}, ["mandate.self"]),
        ({"deputy": "Nora", "first_day": "2026-11-01"}, ["mandate.days"]),
        ({"deputy": "Nora", "last_day": "2026-11-01"}, ["mandate.days"]),
        ({"deputy": "Nora", "last_day": "never"}, ["mandate.days"]),
        ({"deputy": "Nora", "last_day": "2027-11-03"}, ["mandate.days"]),
        ({"deputy": "Nora", "reason": " "}, ["reason.missing"]),
        ({"deputy": "Nora", "process": "capa", "severities": ("huge",)}, ["mandate.scope"]),
        ({"deputy": "Nora", "role": "administrator"}, ["mandate.administrator"]),
    ],
    ids=["oneself", "back-dated", "ends before it begins", "no day", "too long", "no reason", "scope", "administrator"],
)
def test_what_no_mandate_may_be(vault: MemoryVault, arguments: dict[str, Any], expected: list[str]) -> None:
    assert refused(vault, "Quinn", **arguments) == expected


def test_only_the_giver_or_an_administrator_ends_a_mandate_once(vault: MemoryVault) -> None:
    mandate = lend(vault, "Quinn", "Nora")
    with pytest.raises(Refused) as refusal:
        vault.act(RevokeMandate, "Nora", mandate=mandate, reason="I do not want it.")
    assert [each.rule for each in refusal.value.obstacles] == ["mandate.not_yours"]
    assert vault.do(RevokeMandate, "Ada", mandate=mandate, reason="Quinn is ill.").header.role == "administrator"
    with pytest.raises(Refused) as refusal:
        vault.act(RevokeMandate, "Quinn", mandate=mandate, reason="Again.")
    assert [each.rule for each in refusal.value.obstacles] == ["mandate.ended"]


def test_a_level_without_deputies_takes_none() -> None:
    vault = governed(plan_levels(deputies=False))
    lend(vault, "Quinn", "Nora")
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Nora") == ["approval.role", "mandate.level"]


def test_all_is_complete_when_the_deputy_spoke_for_who_is_away() -> None:
    vault = governed(plan_levels(need="all"))
    lend(vault, "Dora", "Nora")
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    vault.do(ApproveItem, "Quentin", item=item)
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.do(ApproveItem, "Nora", item=item)
    assert judged(vault, item, ON, "Olga") == []
    vault.do(GrantRole, "Ada", person=vault.ids["Zoe"], role="quality")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]


def test_a_mandate_that_was_ended_early_alerts_nobody(vault: MemoryVault) -> None:
    mandate = lend(vault, "Quinn", "Nora")
    assert len(list(mandate_alerts(vault.register))) > 0
    vault.do(RevokeMandate, "Quinn", mandate=mandate, reason="Back early.")
    assert list(mandate_alerts(vault.register)) == []
