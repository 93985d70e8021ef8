"""What somebody signed is opened again as it was, from the log, with what has changed since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from governed_capa import PLAN, at_plan, governed, plan_levels, urgent
from memory_register import GOOD_VALUES, MemoryVault

from domain.commands.approvals import ApproveItem, RevokeApproval
from domain.commands.delegation import GrantMandate, RevokeMandate
from domain.commands.items import AssignItem, EditItem, MoveItem
from domain.commands.people import RevokeRole
from domain.commands.urgency import ApproveUrgent, MarkUrgent
from domain.errors import UsageProblem
from domain.identity import iso
from domain.replay.as_signed import AsSigned, as_signed
from domain.replay.register import RegisterState
from domain.rules.approvals import overtaken_by


def opened(vault: MemoryVault, item: str, number: int = -1) -> AsSigned:
    given = vault.register.item_file(item).approvals[number]
    return as_signed(vault.register, item=item, signature=given.id, by=vault.actor("Nora"))


def test_an_edit_of_a_signed_field_is_warned_of_and_named_afterwards() -> None:
    vault = governed()
    item = at_plan(vault)
    vault.sign_both(item)
    edit = {"root_cause": "Operator error.", "comments": "Seen on Monday."}
    withdrawn = overtaken_by(vault.facts(item, "Olga"), edit)
    assert [vault.facts(item).names[each.person] for each in withdrawn] == ["Quinn", "Pat"]
    assert overtaken_by(vault.facts(item, "Olga"), {"comments": "Seen on Monday."}) == ()
    vault.do(EditItem, "Olga", item=item, fields=edit, reason="Seen anew")
    for number in (0, 1):
        found = opened(vault, item, number)
        assert found.same
        assert [(each.part, each.then, each.now) for each in found.changed] == [
            ("root_cause", GOOD_VALUES["cause"]["root_cause"], "Operator error.")
        ]
        assert found.content["fields"]["root_cause"] == GOOD_VALUES["cause"]["root_cause"]


def test_evidence_that_came_later_is_not_in_what_was_signed() -> None:
    vault = governed()
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    vault.sign_both(item)
    later = vault.add_accepted(item, "effectiveness_record")
    found = opened(vault, item)
    assert found.same
    assert later not in str(found.content)
    assert [each.part for each in found.changed] == ["evidence"]
    assert later in str(found.changed[0].now)
    assert later not in {each.id for each in found.facts.file.evidence}


def test_it_is_judged_by_the_people_of_that_moment() -> None:
    vault = governed(plan_levels())
    item = at_plan(vault)
    given = {"first_day": "2026-11-02", "last_day": "2026-11-10", "reason": "On leave."}
    mandate = vault.do(GrantMandate, "Quinn", delegate=vault.ids["Nora"], role="quality", **given).header.subject
    vault.now += timedelta(minutes=1)
    vault.do(ApproveItem, "Nora", item=item)
    vault.do(RevokeMandate, "Quinn", mandate=mandate, reason="Back.")
    vault.do(RevokeRole, "Ada", person=vault.ids["Quinn"], role="quality")
    vault.do(AssignItem, "Quentin", item=item, person=vault.ids["Zoe"])
    vault.do(RevokeApproval, "Nora", item=item, reason="Quinn is back.")
    found = opened(vault, item)
    assert found.same
    assert (found.mandate, [each.state for each in found.facts.mandates]) == (mandate, ["given"])
    assert vault.ids["Quinn"] in found.facts.holders["quality"]
    assert found.facts.file.item.owner == vault.ids["Olga"]
    assert found.facts.file.revocations == ()


def test_what_stood_in_the_way_then_is_shown_with_it() -> None:
    vault = governed()
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    vault.do(ApproveItem, "Pat", item=item)
    assert [each.rule for each in opened(vault, item, 0).obstacles if each.rule != "right.missing"] == [
        "approval.missing"
    ]
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    assert [each.rule for each in opened(vault, item, 0).obstacles if each.rule != "right.missing"] == [
        "approval.missing"
    ]


def test_an_urgent_signature_opens_as_well() -> None:
    vault = governed(urgent())
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, code="safety", reason="A guard is missing.")
    vault.do(ApproveUrgent, "Pat", item=item)
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": "Another."}, reason="Seen anew")
    urgency = vault.register.item_file(item).urgencies[0]
    found = as_signed(vault.register, item=item, signature=urgency.id, by=vault.actor("Pat"))
    assert (found.same, found.gate, found.meaning) == (True, PLAN, "Urgent approval, to be confirmed.")
    assert [each.part for each in found.changed] == ["root_cause"]


def test_a_changed_past_does_not_pass_for_what_was_signed() -> None:
    vault = governed(plan_levels())
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item)
    for leaves in vault.register.leaves:
        for place, data in enumerate(leaves):
            if b"Worn fixture." in data:
                changed = list(leaves)
                changed[place] = data.replace(b"Worn fixture.", b"Lost fixture.")
                vault.register.leaves[vault.register.leaves.index(leaves)] = tuple(changed)
                break
    assert not opened(vault, item).same


def test_an_unknown_signature_is_shown_with_those_there_are() -> None:
    vault = governed(plan_levels())
    item = at_plan(vault)
    with pytest.raises(UsageProblem):
        as_signed(vault.register, item=item, signature="nothing", by=vault.actor("Nora"))


def test_the_register_of_now_and_of_the_end_of_the_log_are_the_same() -> None:
    vault = governed()
    item = vault.new_item()
    vault.bring_to(item, "closed")
    as_of = RegisterState(vault.register, seq=vault.register.log_size(), at=iso(vault.now))
    assert as_of.item_file(item) == vault.register.item_file(item)
    assert as_of.people() == vault.register.people()
