"""Items on hold refuse, values must be of their kind, and every obstacle says how to get on."""

from __future__ import annotations

from typing import Any

import pytest
from governed_capa import governed
from memory_register import MemoryVault, rules

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CancelItem, CloseItem
from domain.commands.command import ItemCommand, verdict_of
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import AssignItem, EditItem, HoldItem, MoveItem, ReopenItem, ResumeItem
from domain.errors import Refused, UsageProblem
from domain.rules.next_action import next_actions

PLAN = "plan->implementation"


def judged(vault: MemoryVault, item: str, command: ItemCommand, name: str = "Quinn") -> list[str]:
    return rules(verdict_of(command, vault.facts(item, name)))


ORDINARY: list[ItemCommand] = [
    EditItem(item="", fields={"comments": "x"}, reason="Seen anew"),
    AssignItem(item="", person="p-quinn"),
    MoveItem(item="", step="containment"),
    ApproveItem(item="", gate=PLAN),
    ApproveItem(item="", decision="rejected", gate=PLAN, reason="x"),
    AddEvidence(item="", requirement="implementation_record", file="ab" * 32, size=1, file_name="a.txt"),
    ReviewEvidence(item="", evidence="x", accept=True),
    HoldItem(item="", reason="x", review_on="2027-01-01"),
    CloseItem(item="", outcome="reached"),
]


@pytest.mark.parametrize(
    "command", [*ORDINARY, CancelItem(item="", reason="x", code="duplicate"), ResumeItem(item="", reason="x")]
)
def test_a_closed_item_refuses_everything_but_reopening(vault: MemoryVault, command: ItemCommand) -> None:
    item = vault.new_item()
    vault.bring_to(item, "closed")
    for name in ("Quinn", "Pat", "Ada", "Olga"):
        assert judged(vault, item, command, name) == ["item.closed"]


@pytest.mark.parametrize(
    "command",
    [
        *ORDINARY,
        CancelItem(item="", reason="x", code="duplicate"),
        ResumeItem(item="", reason="x"),
        ReopenItem(item="", reason="x"),
    ],
)
def test_a_cancelled_item_refuses_everything(vault: MemoryVault, command: ItemCommand) -> None:
    item = vault.new_item()
    vault.do(CancelItem, "Quinn", item=item, reason="Same as 12", code="duplicate")
    assert judged(vault, item, command) == ["item.cancelled"]
    assert next_actions(vault.facts(item)) == ()


@pytest.mark.parametrize("command", ORDINARY)
def test_an_item_on_hold_refuses_ordinary_acts(vault: MemoryVault, command: ItemCommand) -> None:
    item = vault.new_item()
    vault.do(HoldItem, "Quinn", item=item, reason="Waiting for the supplier", review_on="2026-12-01")
    assert judged(vault, item, command) == ["item.on_hold"]
    vault.do(ResumeItem, "Pat", item=item, reason="Delivered")
    assert vault.register.item(item).hold is None
    assert judged(vault, item, EditItem(item="", fields={"comments": "x"}, reason="Seen anew")) == []


def test_a_hold_needs_a_reason_and_a_review_day_to_come(vault: MemoryVault) -> None:
    item = vault.new_item()
    assert judged(vault, item, HoldItem(item="", reason="", review_on="2026-12-01")) == ["reason.missing"]
    for day in ("", "2026-11-01", "soon", "20261201"):
        assert judged(vault, item, HoldItem(item="", reason="x", review_on=day)) == ["hold.review"]
    assert judged(vault, item, HoldItem(item="", reason="x", review_on="2026-11-02")) == []
    assert judged(vault, item, ResumeItem(item="", reason="x")) == ["item.not_on_hold"]


def test_the_owner_does_not_cancel_their_work(vault: MemoryVault) -> None:
    item = vault.new_item()
    assert judged(vault, item, CancelItem(item="", reason="x", code="duplicate"), "Olga") == ["separation.owner"]
    assert judged(vault, item, CancelItem(item="", reason="x", code="tired")) == ["cancel.code"]
    assert judged(vault, item, CancelItem(item="", reason="", code="duplicate")) == ["reason.missing"]
    act = vault.act(CancelItem, "Pat", item=item, reason="Same as 12", code="duplicate")
    assert (act.signing, act.reason, bool(act.meaning)) == (True, "duplicate: Same as 12", True)


def test_reopening_keeps_the_first_closure_and_asks_for_everything_anew(vault: MemoryVault) -> None:
    item = vault.new_item()
    assert judged(vault, item, ReopenItem(item="", reason="x")) == ["item.not_closed"]
    vault.bring_to(item, "closed")
    assert judged(vault, item, ReopenItem(item="", reason=""), "Quinn") == ["reason.missing"]
    assert judged(vault, item, ReopenItem(item="", reason="x"), "Pat") == ["right.missing"]
    first = vault.register.item_file(item).closures
    vault.do(ReopenItem, "Quinn", item=item, reason="Recurred on line 3")
    file = vault.register.item_file(item)
    assert (file.item.state, file.item.step, file.item.cycle, file.item.closed) == ("open", "cause", 2, "")
    assert file.closures == first
    assert "effectiveness_verdict" not in file.item.values
    vault.bring_to(item, "plan")
    assert judged(vault, item, MoveItem(item="", step="implementation")) == ["approval.missing"]
    vault.bring_to(item, "closed")
    assert [each.cycle for each in vault.register.item_file(item).closures] == [1, 2]


BAD_VALUES: list[tuple[str, Any]] = [
    ("due", "01.12.2026"),
    ("due", "2026-02-30"),
    ("raised", "yesterday"),
    ("severity", "huge"),
    ("title", "  "),
    ("title", 5),
    ("description", "a\x00b"),
    ("root_cause", 1.5),
    ("root_cause", "\ud800"),
    ("effectiveness_verdict", "splendid"),
    ("effectiveness_review_on", "2026-13-01"),
    ("actions", "none"),
    ("actions", [{"action": "x"}]),
    ("actions", [{"action": "x", "responsible": "y", "due": "soon"}]),
    ("actions", [{"action": "x", "responsible": "y", "due": "2026-11-20", "state": "maybe"}]),
    ("actions", [{"action": "x", "responsible": "y", "due": "2026-11-20", "cost": "1"}]),
    ("actions", [{"action": "x", "responsible": "y", "due": "2026-11-20"}] * 1001),
    ("owner", "p-quinn"),
    ("number", "T1-CAPA-9999"),
    ("step", "closed"),
    ("state", "closed"),
    ("cycle", 2),
]


@pytest.mark.parametrize(("field", "value"), BAD_VALUES)
def test_a_value_not_of_its_kind_is_refused(vault: MemoryVault, field: str, value: object) -> None:
    item = vault.new_item()
    assert judged(vault, item, EditItem(item="", fields={field: value}, reason="Seen anew")) == ["field.kind"]
    with pytest.raises((Refused, UsageProblem)):
        vault.act(EditItem, "Olga", item=item, fields={field: value}, reason="Seen anew")


UNKEEPABLE = "caf\udce9"  # bytes of another encoding, as a command line hands them over


def test_text_that_cannot_be_kept_is_refused_before_anything_else(vault: MemoryVault) -> None:
    item = vault.new_item()
    for use_case, words in (
        (EditItem, {"fields": {"comments": UNKEEPABLE}}),
        (EditItem, {"fields": {"comments": "x"}, "reason": UNKEEPABLE}),
        (MoveItem, {"step": UNKEEPABLE}),
        (MoveItem, {"step": "containment", "reason": UNKEEPABLE}),
        (AssignItem, {"person": UNKEEPABLE}),
        (HoldItem, {"reason": UNKEEPABLE, "review_on": "2026-12-01"}),
        (CancelItem, {"reason": "x", "code": UNKEEPABLE}),
        (HoldItem, {"reason": "x" * 100_001, "review_on": "2026-12-01"}),
    ):
        with pytest.raises(UsageProblem):
            vault.act(use_case, "Quinn", item=item, **words)


def test_what_a_past_gate_demanded_cannot_be_emptied(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "plan")
    for empty in ("", " ", None):
        assert judged(vault, item, EditItem(item="", fields={"root_cause": empty}, reason="Seen anew")) == [
            "field.emptied"
        ]
    assert judged(vault, item, EditItem(item="", fields={"comments": ""}, reason="Seen anew")) == []


def test_an_edit_that_changes_nothing_is_no_act(vault: MemoryVault) -> None:
    item = vault.new_item()
    with pytest.raises(UsageProblem, match="Nothing would change"):
        vault.act(EditItem, "Olga", item=item, fields={"title": "Hole misplaced"}, reason="Seen anew")


def test_the_creator_edits_only_while_reported(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.do(AssignItem, "Quinn", item=item, person=vault.ids["Zoe"])
    edit = EditItem(item="", fields={"comments": "x"}, reason="Seen anew")
    assert judged(vault, item, edit, "Zoe") == []
    assert judged(vault, item, edit, "Nora") == ["right.missing"]


def test_every_obstacle_states_what_by_which_version_how_to_remedy_and_who(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    for command in (
        *ORDINARY[2:],
        CancelItem(item="", reason=""),
        ResumeItem(item="", reason="x"),
        ReopenItem(item="", reason="x"),
    ):
        for obstacle in verdict_of(command, vault.facts(item, "Zoe")).obstacles:
            assert obstacle.rule.count(".") == 1
            assert "Corrective action, version 1" in obstacle.text
            assert obstacle.remedy.endswith(".")
            assert obstacle.responsible


def test_an_item_was_raised_on_the_day_somebody_says_and_else_today(vault: MemoryVault) -> None:
    said, unsaid = vault.new_item(raised="2026-10-20"), vault.new_item()
    assert [vault.register.item(item).raised for item in (said, unsaid)] == ["2026-10-20", "2026-11-02"]


def test_every_reason_against_an_owner_is_named_at_once(vault: MemoryVault) -> None:
    item = vault.new_item()
    assert judged(vault, item, AssignItem(item="", person="nobody"), "Zoe") == ["right.missing", "person.unknown"]
    assert judged(vault, item, AssignItem(item="", person="nobody"), "Quinn") == ["person.unknown"]
    assert judged(vault, item, AssignItem(item="", person=vault.ids["Pat"]), "Zoe") == ["right.missing"]


def test_a_text_begins_with_one_of_its_answers_in_whatever_case() -> None:
    def answers(document: dict[str, Any]) -> None:
        field = next(each for each in document["fields"] if each["id"] == "root_cause")
        field["answers"] = ["Known", "Not known"]

    vault = governed(answers)
    item = vault.new_item()
    for text, rules_against in (
        ("Known: worn fixture", []),
        ("not known yet", []),
        ("Worn fixture", ["field.kind"]),
        ("It is known", ["field.kind"]),
    ):
        assert judged(vault, item, EditItem(item="", fields={"root_cause": text}), "Olga") == rules_against
