"""The urgent path: one signature now, confirmation afterwards, and everything that is refused around it."""

from __future__ import annotations

from typing import Any

import pytest
from governed_capa import CLOSING, PLAN, URGENT, at_plan, governed, judged, urgent
from memory_register import MemoryVault

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.delegation import GrantMandate
from domain.commands.items import EditItem, MoveItem
from domain.commands.urgency import ApproveUrgent, ConfirmUrgent, MarkUrgent, RefuseUrgent, WithdrawUrgent
from domain.errors import Refused, UsageProblem
from domain.records.governance import Alert
from domain.records.item import ItemFile
from domain.rules.approvals import gate_title
from domain.rules.next_action import pending_approvals
from domain.rules.obligations import obligation_words
from domain.rules.urgencies import done_meanwhile

ON = MoveItem(item="", step="implementation")
WHY = {"code": "line_down", "reason": "Line 3 stands still until the fixture is replaced."}


@pytest.fixture
def vault() -> MemoryVault:
    return governed(urgent())


def file(vault: MemoryVault, item: str) -> ItemFile:
    return vault.register.item_file(item)


def passed(vault: MemoryVault) -> str:
    """An item that went on to implementation by Pat's urgent signature."""
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    vault.do(ApproveUrgent, "Pat", item=item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    return item


def test_one_signature_lets_the_item_pass_and_leaves_a_obligation_in_working_hours(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    asked = pending_approvals(vault.facts(item))
    assert next((each.kind, each.candidates) for each in asked) == ("urgent", (vault.ids["Pat"], vault.ids["Dora"]))
    entry = vault.do(ApproveUrgent, "Pat", item=item)
    assert (entry.header.meaning, entry.header.auth) == (URGENT["meaning"], "passphrase")
    assert judged(vault, item, ON, "Olga") == []
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    found = file(vault, item)
    assert [each.state for each in found.urgencies] == ["passed"]
    obligation = found.obligations[0]
    # Monday before 9:00; sixteen working hours are Monday and Tuesday
    assert (obligation.kind, obligation.state, obligation.due) == ("confirm_urgent", "open", "2026-11-03T17:00:00.000Z")
    facts = vault.facts(item)
    assert gate_title(facts, PLAN) in obligation_words(facts, obligation)


def test_the_ordinary_approvers_confirm_and_the_obligation_is_met_with_the_last_of_them(vault: MemoryVault) -> None:
    item = passed(vault)
    waiting = [each for each in pending_approvals(vault.facts(item)) if each.kind == "confirm"]
    assert [(each.level, each.due_at, each.code) for each in waiting] == [(1, "2026-11-03T17:00:00.000Z", "line_down")]
    entry = vault.do(ConfirmUrgent, "Quinn", item=item)
    assert entry.header.act == "confirm_urgent"
    assert file(vault, item).obligations[0].state == "open"
    # Pat gave the urgent signature; the second level is Dora's
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Pat") == ["separation.urgent"]
    vault.do(ApproveItem, "Dora", item=item, gate=PLAN)
    found = file(vault, item)
    assert (found.urgencies[0].state, found.obligations[0].state) == ("confirmed", "met")
    with pytest.raises(UsageProblem):
        vault.act(ConfirmUrgent, "Quentin", item=item)


def test_refused_the_item_comes_back_with_its_work_kept_and_people_hear_of_it(vault: MemoryVault) -> None:
    item = passed(vault)
    evidence = vault.add_accepted(item, "implementation_record")
    assert judged(vault, item, ApproveItem(item="", decision="rejected", gate=PLAN, reason="No."), "Quinn") == [
        "urgent.refuse"
    ]
    assert judged(vault, item, RefuseUrgent(item="", gate=PLAN, reason=""), "Quinn") == ["reason.missing"]
    vault.do(RefuseUrgent, "Quinn", item=item, reason="The fixture was not the cause.")
    found = file(vault, item)
    assert (found.item.step, found.item.state) == ("plan", "open")
    assert (found.urgencies[0].state, found.obligations[0].state) == ("refused", "refused")
    assert [each.id for each in found.evidence if each.state == "accepted"] == [evidence]
    assert [each.id for each in done_meanwhile(found, found.urgencies[0])[1]] == [evidence]
    assert done_meanwhile(found, found.urgencies[0])[0] == (), "neither the way there nor the way back was work on it"
    alerts = vault.register.all_of(Alert)
    assert {(each.condition, each.role, each.person) for each in alerts} == {
        ("urgent_refused", "quality", ""), ("urgent_refused", "", vault.ids["Olga"]),
    }  # fmt: skip
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]
    vault.sign_both(item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    assert "evidence.missing" in judged(vault, item, MoveItem(item="", step="verification"), "Olga")


def test_what_was_added_before_the_urgent_passing_or_after_its_refusal_is_not_its_work(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.add_accepted(item, "implementation_record")
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    vault.do(ApproveUrgent, "Pat", item=item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    between = vault.add_accepted(item, "implementation_record")
    vault.do(RefuseUrgent, "Quinn", item=item, reason="The fixture was not the cause.")
    vault.add_accepted(item, "implementation_record")
    found = file(vault, item)
    assert [each.id for each in done_meanwhile(found, found.urgencies[0])[1]] == [between]


def test_nothing_was_done_on_an_urgency_that_nobody_refused_or_that_passed_nothing(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    assert done_meanwhile(file(vault, item), file(vault, item).urgencies[0]) == ((), ())
    vault.do(ApproveUrgent, "Pat", item=item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    vault.add_accepted(item, "implementation_record")
    assert done_meanwhile(file(vault, item), file(vault, item).urgencies[0]) == ((), ())


def test_an_urgency_waits_for_nobody_once_the_item_was_sent_back(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    assert [each.kind for each in pending_approvals(vault.facts(item))].count("urgent") == 1
    back = [
        transition.target
        for transition in vault.facts(item).process.from_step("plan")
        if transition.target != "implementation"
    ]
    vault.do(MoveItem, "Olga", item=item, step=back[0], reason="The cause is not clear")
    assert [each.kind for each in pending_approvals(vault.facts(item))].count("urgent") == 0
    assert judged(vault, item, ApproveUrgent(item=""), "Pat") == ["urgent.not_marked"]


def test_no_entrance_closes_an_item_that_lacks_a_confirmation(vault: MemoryVault) -> None:
    item = passed(vault)
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    vault.sign_both(item)  # the closing gate's own signatures
    assert "obligation.open" in judged(vault, item, CloseItem(item="", outcome="reached"))
    vault.do(ConfirmUrgent, "Quinn", item=item)
    vault.do(ConfirmUrgent, "Dora", item=item)
    assert judged(vault, item, CloseItem(item="", outcome="reached")) == []


@pytest.mark.parametrize(
    ("change", "arguments", "name", "expected"),
    [
        ({}, {**WHY, "reason": " "}, "Olga", ["reason.missing"]),
        ({}, {**WHY, "code": ""}, "Olga", ["urgent.code"]),
        ({}, {**WHY, "code": "hurry"}, "Olga", ["urgent.code"]),
        ({}, WHY, "Zoe", ["right.missing"]),
        ({"gates": [CLOSING]}, WHY, "Olga", ["urgent.gate"]),
    ],
    ids=["no words", "no code", "unknown code", "no right", "another gate"],
)
def test_what_is_not_marked_urgent(
    change: dict[str, Any], arguments: dict[str, Any], name: str, expected: list[str]
) -> None:
    vault = governed(urgent(**change))
    item = at_plan(vault)
    assert judged(vault, item, MarkUrgent(item="", gate=PLAN, **arguments), name) == expected


def test_a_process_without_an_urgent_path_knows_none() -> None:
    vault = governed()
    item = at_plan(vault)
    assert judged(vault, item, MarkUrgent(item="", gate=PLAN, **WHY), "Olga") == ["urgent.none"]


def test_closing_is_never_urgent(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    assert judged(vault, item, MarkUrgent(item="", gate=CLOSING, **WHY), "Olga") == ["urgent.gate"]


def test_who_asks_never_signs_not_even_through_a_mandate(vault: MemoryVault) -> None:
    item = at_plan(vault)
    delegated = {"role": "process_owner", "first_day": "2026-11-02", "last_day": "2026-11-10", "reason": "On leave."}
    vault.do(MarkUrgent, "Dora", item=item, **WHY)
    assert judged(vault, item, ApproveUrgent(item=""), "Dora") == ["separation.asker"]
    vault.do(GrantMandate, "Dora", delegate=vault.ids["Nora"], **delegated)
    assert judged(vault, item, ApproveUrgent(item=""), "Nora") == ["separation.asker"]
    vault.do(WithdrawUrgent, "Dora", item=item, reason="Let Olga ask.")
    vault.enrol("Petra", ("process_owner",))  # Pat counts with Olga from here on, and could not confirm
    vault.do(GrantMandate, "Pat", delegate=vault.ids["Olga"], **delegated)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    assert judged(vault, item, ApproveUrgent(item=""), "Olga") == ["separation.asker"]
    assert judged(vault, item, ApproveUrgent(item=""), "Zoe") == ["urgent.role"]
    vault.do(ApproveUrgent, "Nora", item=item)  # for Dora, who asked for nothing any more
    assert file(vault, item).urgencies[-1].mandate
    assert judged(vault, item, ON, "Olga") == []


def test_whoever_gave_the_urgent_signature_does_not_confirm_it(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(GrantMandate, "Dora", delegate=vault.ids["Nora"], role="process_owner", first_day="2026-11-02",
             last_day="2026-11-10", reason="On leave.")  # fmt: skip
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    vault.do(ApproveUrgent, "Nora", item=item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Dora") == ["separation.urgent"]
    assert judged(vault, item, RefuseUrgent(item="", gate=PLAN, reason="x"), "Dora") == ["separation.urgent"]


def test_a_second_time_takes_the_higher_role_and_without_one_there_is_none(vault: MemoryVault) -> None:
    item = passed(vault)
    vault.do(RefuseUrgent, "Quinn", item=item, reason="No.")
    assert judged(vault, item, MarkUrgent(item="", gate=PLAN, **WHY), "Olga") == ["urgent.again"]
    higher = governed(urgent(again_role="auditor"))
    again = passed(higher)
    higher.do(RefuseUrgent, "Quinn", item=again, reason="No.")
    higher.do(MarkUrgent, "Olga", item=again, **WHY)
    assert judged(higher, again, ApproveUrgent(item=""), "Pat") == ["urgent.role"]
    assert judged(higher, again, ApproveUrgent(item=""), "Nora") == []


def test_an_edit_of_what_was_signed_urgently_closes_the_gate_again(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    vault.do(ApproveUrgent, "Pat", item=item)
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": "Something else."}, reason="Seen anew")
    assert judged(vault, item, ON, "Olga") == ["approval.missing"]


def test_the_way_goes_on_while_it_is_outstanding_unless_the_content_changes(vault: MemoryVault) -> None:
    item = passed(vault)
    vault.make_ready(item)
    assert judged(vault, item, MoveItem(item="", step="verification"), "Olga") == []
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": "Something else."}, reason="Seen anew")
    assert judged(vault, item, MoveItem(item="", step="verification"), "Olga") == ["approval.missing"]


def test_signatures_that_come_in_time_end_the_urgency_without_a_obligation(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    assert judged(vault, item, MarkUrgent(item="", gate=PLAN, **WHY), "Olga") == ["urgent.marked"]
    vault.sign_both(item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    found = file(vault, item)
    assert ([each.state for each in found.urgencies], found.obligations) == (["withdrawn"], ())


def test_nobody_else_withdraws_an_urgency(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, **WHY)
    with pytest.raises(Refused) as refused:
        vault.act(WithdrawUrgent, "Quinn", item=item, reason="x")
    assert [each.rule for each in refused.value.obstacles] == ["urgent.not_yours"]
