"""What the CAPA process lets pass, and what it refuses with which rule."""

from __future__ import annotations

from typing import Any

import pytest
from memory_register import GOOD_VALUES, MemoryVault, a_file, rules

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import ItemCommand, verdict_of
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import AssignItem, EditItem, MoveItem
from domain.commands.people import DisablePerson, RevokeRole
from domain.errors import Refused
from domain.rules.approvals import judge_approvals, overtaken_by
from domain.rules.next_action import next_actions, pending_approval

PLAN = "plan->implementation"
CLOSING = "verification->closed"


def at_plan(vault: MemoryVault) -> str:
    item = vault.new_item()
    vault.bring_to(item, "plan")
    vault.make_ready(item, sign=False)
    return item


def judged(vault: MemoryVault, item: str, command: ItemCommand, name: str = "Quinn") -> list[str]:
    return rules(verdict_of(command, vault.facts(item, name)))


def test_the_whole_way_ends_closed_with_every_earlier_entry_listed(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "closed")
    file = vault.register.item_file(item)
    assert (file.item.state, file.item.step, file.item.closed) == ("closed", "closed", "2026-11-02")
    assert [each.to_step for each in file.transition_records] == [
        "reported", "containment", "cause", "plan", "implementation", "verification", "closed",
    ]  # fmt: skip
    about = vault.register.entries_about(item)
    assert file.closures[0].entries == list(about[:-1])
    assert vault.register.entry(about[-1]).header.auth == "passphrase"


def test_every_missing_field_is_named_at_once_with_who_can_fill_it(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "containment")
    verdict = verdict_of(MoveItem(item="", step="cause"), vault.facts(item, "Olga"))
    assert [each.rule for each in verdict.obstacles] == ["field.missing"] * 3
    assert all("Corrective action, version 1" in each.text for each in verdict.obstacles)
    assert verdict.obstacles[0].remedy == "Fill in 'Correction'."
    assert "Olga" in verdict.obstacles[0].responsible


def test_an_owner_known_only_by_name_does_not_own(vault: MemoryVault) -> None:
    item = vault.new_item(owner="")
    assert judged(vault, item, MoveItem(item="", step="containment")) == ["owner.missing"]
    vault.do(AssignItem, "Quinn", item=item, person=vault.ids["Zoe"])
    assert judged(vault, item, MoveItem(item="", step="containment"), "Zoe") == []


def test_a_step_cannot_be_jumped_over(vault: MemoryVault) -> None:
    item = vault.new_item()
    for step in ("cause", "plan", "verification", "nowhere"):
        assert judged(vault, item, MoveItem(item="", step=step)) == ["transition.none"]


def test_the_closed_step_is_reached_only_by_closing(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item)
    assert judged(vault, item, MoveItem(item="", step="closed")) == ["close.only"]
    assert judged(vault, item, CloseItem(item="", outcome="reached")) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Olga", ["separation.owner"]),  # creator too; the role named is the last one found
        ("Pat", ["approval.role"]),
        ("Zoe", ["approval.role"]),
        ("Ada", ["approval.role"]),
        ("Quinn", []),
        ("Dora", []),
    ],
)
def test_who_may_sign_the_first_level_of_the_plan(vault: MemoryVault, name: str, expected: list[str]) -> None:
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), name) == expected


def test_two_roles_on_one_head_are_one_person(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.do(ApproveItem, "Dora", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Dora") == ["separation.levels"]
    assert judged(vault, item, MoveItem(item="", step="implementation")) == ["approval.missing"]
    vault.do(ApproveItem, "Pat", item=item)
    assert judged(vault, item, MoveItem(item="", step="implementation")) == []


def test_the_second_level_waits_for_the_first(vault: MemoryVault) -> None:
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Pat") == ["approval.role"]
    vault.do(ApproveItem, "Quinn", item=item)
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quentin") == ["approval.role"]
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Pat") == []


def test_nobody_is_asked_to_sign_what_is_not_complete(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "plan")
    assert "field.missing" in judged(vault, item, ApproveItem(item="", gate=PLAN))
    assert pending_approval(vault.facts(item)) is None
    with pytest.raises(Refused):
        vault.act(ApproveItem, "Quinn", item=item)


def test_a_signature_is_asked_only_at_the_gates_of_the_step(vault: MemoryVault) -> None:
    item = vault.new_item()
    for gate in (PLAN, CLOSING, "cancel", "reopen", "", "nonsense"):
        assert judged(vault, item, ApproveItem(item="", gate=gate)) == ["approval.not_asked"]


def test_the_signature_states_the_meaning_of_the_process(vault: MemoryVault) -> None:
    item = at_plan(vault)
    act = vault.act(ApproveItem, "Quinn", item=item)
    level = vault.facts(item).process.gate(PLAN).approvals[0]  # type: ignore[union-attr]
    assert (act.signing, act.meaning, act.role) == (True, level.meaning, "quality")
    assert vault.act(ApproveItem, "Quinn", item=item, meaning="I agree").meaning == "I agree"


SIGNED_EDITS: list[tuple[dict[str, Any], bool]] = [
    ({"root_cause": "Operator error."}, True),
    ({"correction": "Parts scrapped."}, True),
    ({"title": "Other title"}, True),
    ({"severity": "minor"}, True),
    ({"due": "2027-01-31"}, True),
    ({"actions": [{"action": "Do nothing", "responsible": "Olga", "due": "2026-11-20"}]}, True),
    ({"comments": "Seen in the meeting."}, False),
    ({"containment": "Stock still blocked."}, False),
    ({"priority": "high"}, False),
    ({"effectiveness_verdict": "effective"}, False),
    (
        {
            "actions": [
                {"action": "Replace the fixture", "responsible": "Olga", "due": "2026-11-20", "state": "done",
                 "remark": "ok"}
            ]
        },
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "overtaken"), SIGNED_EDITS)
def test_an_edit_overtakes_exactly_the_approvals_that_covered_it(
    vault: MemoryVault, fields: dict[str, Any], *, overtaken: bool
) -> None:
    item = at_plan(vault)
    vault.sign_both(item)
    assert judged(vault, item, MoveItem(item="", step="implementation")) == []
    warned = overtaken_by(vault.facts(item), fields)
    assert len(warned) == (2 if overtaken else 0)
    vault.do(EditItem, "Olga", item=item, fields=fields, reason="Seen anew")
    expected = ["approval.overtaken"] if overtaken else []
    assert judged(vault, item, MoveItem(item="", step="implementation")) == expected


def test_putting_the_signed_words_back_brings_the_approval_back(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.sign_both(item)
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": "Else."}, reason="Seen anew")
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": GOOD_VALUES["cause"]["root_cause"]}, reason="Seen anew")
    assert judged(vault, item, MoveItem(item="", step="implementation")) == []


def test_changing_the_plan_after_its_release_asks_for_it_again_before_the_next_gate(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "implementation")
    vault.make_ready(item)
    assert judged(vault, item, MoveItem(item="", step="verification")) == []
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": "Something else."}, reason="Seen anew")
    assert judged(vault, item, MoveItem(item="", step="verification")) == ["approval.overtaken"]
    pending = pending_approval(vault.facts(item))
    assert pending is not None
    assert (pending.gate, pending.level) == (PLAN, 1)
    assert not pending.open_to(vault.ids["Olga"])
    vault.sign_both(item)
    assert judged(vault, item, MoveItem(item="", step="verification")) == []


def test_sending_the_plan_back_asks_for_new_signatures(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "implementation")
    assert judged(vault, item, MoveItem(item="", step="plan"), "Olga") == ["reason.missing"]
    vault.do(MoveItem, "Olga", item=item, step="plan", reason="The fixture cannot be bought.")
    assert judged(vault, item, MoveItem(item="", step="implementation")) == ["approval.overtaken"]


def test_a_new_owner_who_signed_before_no_longer_counts(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.sign_both(item)
    vault.do(AssignItem, "Quentin", item=item, person=vault.ids["Quinn"])
    assert judged(vault, item, MoveItem(item="", step="implementation")) == ["handoff.open"]
    vault.do(AcceptHandoff, "Quinn", item=item)
    assert judged(vault, item, MoveItem(item="", step="implementation")) == ["approval.missing"]
    assert judge_approvals(vault.facts(item), PLAN).signers == {vault.ids["Pat"]}


def test_a_rejection_stands_until_the_content_changes(vault: MemoryVault) -> None:
    item = at_plan(vault)
    assert judged(vault, item, ApproveItem(item="", decision="rejected", gate=PLAN, reason=" ")) == ["reason.missing"]
    vault.do(ApproveItem, "Quinn", item=item, decision="rejected", reason="No measure against the cause")
    (stands,) = verdict_of(MoveItem(item="", step="implementation"), vault.facts(item)).obstacles
    assert stands.rule == "approval.rejected"
    assert stands.text.startswith("Quinn rejected ")
    assert stands.text.endswith("No measure against the cause (Corrective action, version 1).")
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quentin") == ["approval.rejected"]
    assert pending_approval(vault.facts(item)) is None
    vault.do(
        EditItem, "Olga", item=item, fields={"effectiveness_criterion": "None in 2,000 parts."}, reason="Seen anew"
    )
    assert judged(vault, item, ApproveItem(item="", gate=PLAN), "Quinn") == []


def test_evidence_is_judged_by_quality_and_not_by_whoever_added_it(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "implementation")
    vault.do(EditItem, "Olga", item=item, fields=GOOD_VALUES["implementation"], reason="Seen anew")
    assert judged(vault, item, MoveItem(item="", step="verification")) == ["evidence.missing"]
    vault.do(
        AddEvidence, "Olga", item=item, requirement="implementation_record", file=a_file("x"), file_name="order.txt"
    )
    evidence = vault.register.item_file(item).evidence[0].id
    assert judged(vault, item, MoveItem(item="", step="verification")) == ["evidence.unreviewed"]
    review = ReviewEvidence(item="", evidence=evidence, accept=True)
    assert judged(vault, item, review, "Olga") == ["separation.evidence"]
    assert judged(vault, item, review, "Pat") == ["right.missing"]
    assert judged(vault, item, ReviewEvidence(item="", evidence=evidence, accept=False)) == ["reason.missing"]
    vault.do(ReviewEvidence, "Quinn", item=item, evidence=evidence, accept=False, note="Wrong order.")
    assert judged(vault, item, MoveItem(item="", step="verification")) == ["evidence.rejected"]
    assert judged(vault, item, review) == ["evidence.decided"]
    vault.add_accepted(item, "implementation_record")
    assert judged(vault, item, MoveItem(item="", step="verification")) == []
    assert [each.revision for each in vault.register.item_file(item).evidence] == [1, 2]


def test_unknown_evidence_and_requirements_are_refused(vault: MemoryVault) -> None:
    item = vault.new_item()
    assert judged(
        vault, item, AddEvidence(item="", requirement="photo", file="ab" * 32, size=1, file_name="a.txt")
    ) == ["evidence.unknown"]
    assert judged(vault, item, ReviewEvidence(item="", evidence="none", accept=True)) == ["evidence.unknown"]
    assert judged(
        vault,
        item,
        AddEvidence(item="", requirement="implementation_record", file="ab" * 32, size=1, file_name="a.txt"),
        "Zoe",
    ) == ["right.missing"]


def test_actions_must_be_done_before_verification(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "implementation")
    vault.add_accepted(item, "implementation_record")
    assert judged(vault, item, MoveItem(item="", step="verification")) == ["condition.unmet"]


def test_an_ineffective_measure_does_not_close_but_goes_back_to_the_cause(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    vault.do(EditItem, "Olga", item=item, fields={"effectiveness_verdict": "not_effective"}, reason="Seen anew")
    vault.sign_both(item)
    assert judged(vault, item, CloseItem(item="", outcome="reached")) == ["condition.outcome"]
    assert judged(vault, item, CloseItem(item="", outcome="not_reached")) == ["close.outcome"]
    assert judged(vault, item, MoveItem(item="", step="cause", reason="Came back"), "Pat") == ["right.missing"]
    vault.do(MoveItem, "Quinn", item=item, step="cause", reason="It came back on line 3.")
    vault.bring_to(item, "plan")
    vault.make_ready(item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    vault.do(EditItem, "Olga", item=item, fields={"comments": "second round"}, reason="Seen anew")
    verdict = verdict_of(MoveItem(item="", step="verification"), vault.facts(item))
    assert "evidence.missing" in rules(verdict)
    assert any("before the work was sent back" in each.text for each in verdict.obstacles)


def test_partly_reached_needs_the_residual_and_its_follow_up_signed(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item)
    assert judged(vault, item, CloseItem(item="", outcome="partly")) == ["field.missing"]
    vault.do(
        EditItem,
        "Olga",
        item=item,
        fields={"residual": "Line 5 in May", "follow_up": "T1-CAPA-0002"},
        reason="Seen anew",
    )
    assert judged(vault, item, CloseItem(item="", outcome="partly")) == ["approval.overtaken"]
    vault.sign_both(item)
    vault.do(CloseItem, "Quinn", item=item, outcome="partly")
    assert vault.register.item_file(item).closures[0].outcome == "partly"


@pytest.mark.parametrize("name", ["Pat", "Nora", "Zoe", "Ada"])
def test_closing_takes_quality(vault: MemoryVault, name: str) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item)
    assert judged(vault, item, CloseItem(item="", outcome="reached"), name) == ["right.missing"]


def test_nobody_holding_a_role_is_stated_with_the_way_out(vault: MemoryVault) -> None:
    empty = MemoryVault()
    for role in empty.register.roles():
        if role.role == "process_owner":
            empty.do(RevokeRole, "Ada", person=role.person, role=role.role)
    item = empty.new_item()
    empty.bring_to(item, "plan")
    empty.make_ready(item, sign=False)
    empty.do(ApproveItem, "Quinn", item=item)
    (obstacle,) = verdict_of(MoveItem(item="", step="implementation"), empty.facts(item)).obstacles
    assert obstacle.responsible == "nobody can: nobody holds Process owner; an administrator enrols or grants it"


def test_the_next_action_box_lists_every_way_with_its_verdict(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    found = next_actions(vault.facts(item))
    assert [(each.to_step, each.closes) for each in found] == [("closed", True), ("cause", False)]
    assert not any(each.verdict.allowed for each in found)
    vault.make_ready(item)
    assert [each.verdict.allowed for each in next_actions(vault.facts(item))] == [True, False]


def test_the_inbox_shows_a_decision_only_to_whom_it_is_open(vault: MemoryVault) -> None:
    at_plan(vault)
    waiting = {name: len(vault.register.waiting_for(vault.actor(name))) for name in ("Olga", "Quinn", "Pat", "Zoe")}
    assert waiting == {"Olga": 0, "Quinn": 1, "Pat": 0, "Zoe": 0}


def test_a_disabled_person_does_nothing(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.do(DisablePerson, "Ada", person=vault.ids["Quinn"], reason="Left")
    assert "person.disabled" in judged(vault, item, EditItem(item="", fields={"comments": "x"}, reason="Seen anew"))
