"""Reopening on evidence and by a second person, the last approver kept apart, levels for some severities only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from governed_capa import CLOSING, PLAN, at_plan, governed, judged, urgent
from judged_again import breaches_of
from memory_register import CAPA, MemoryVault, a_file

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import Case, Command
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import EditItem, MoveItem, ReopenItem
from domain.commands.urgency import ApproveUrgent, ConfirmUrgent, MarkUrgent
from domain.process.advice import lint
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.lint import check_process
from domain.rules.closure_demands import closure_demands
from domain.simulation.memory_register import header_of

NONCE = bytes(range(16))
REOPEN = ReopenItem(item="", reason="Recurred.", meaning="I reopen it.")


def reopening(**more: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["reopen"] |= more

    return change


def closed(vault: MemoryVault, by: str = "Quinn") -> str:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item)
    vault.do(CloseItem, by, item=item, outcome="reached", summary="It holds.")
    return item


def named(vault: MemoryVault, command: Command, name: str) -> str:
    """What verification says of an entry with this command, signed by this person behind the program's back."""
    by = vault.actor(name)
    act = command.decide(Case(vault.register, by, nonce=NONCE))
    header = header_of(act, by, seq=vault.register.log_size())
    return " ".join(each.text for each in breaches_of(vault.register, header, command.leaves(NONCE), act.changes))


def file_for(vault: MemoryVault, item: str, by: str) -> str:
    vault.do(AddEvidence, by, item=item, requirement="effectiveness_record", file=a_file(f"{by} again"), file_name="r")
    return vault.register.item_file(item).evidence[-1].id


def test_closed_work_starts_again_on_evidence_that_came_after_it_was_closed() -> None:
    vault = governed(reopening(evidence=["effectiveness_record"]))
    item = closed(vault)
    assert judged(vault, item, REOPEN) == ["evidence.missing"]
    assert "(rule evidence.missing)" in named(vault, ReopenItem(item=item, reason="x", meaning="m"), "Quinn")
    evidence = file_for(vault, item, "Quentin")
    assert judged(vault, item, REOPEN) == ["evidence.unreviewed"]
    vault.do(ReviewEvidence, "Dora", item=item, evidence=evidence, accept=False, note="Of another lot.")
    assert judged(vault, item, REOPEN) == ["evidence.missing"]
    vault.do(ReviewEvidence, "Dora", item=item, evidence=file_for(vault, item, "Olga"), accept=True)
    assert judged(vault, item, REOPEN) == []
    vault.do(ReopenItem, "Quinn", item=item, reason="Recurred.")
    assert vault.register.item(item).cycle == 2


def test_other_evidence_is_not_added_to_a_closed_item_nor_older_evidence_judged_anew() -> None:
    vault = governed(reopening(evidence=["effectiveness_record"]))
    item = closed(vault)
    other = AddEvidence(item=item, requirement="implementation_record", file="0" * 64, size=1, file_name="a.txt")
    assert judged(vault, item, other) == ["item.closed"]
    older = vault.register.item_file(item).evidence[-1].id
    assert judged(vault, item, ReviewEvidence(item=item, evidence=older, accept=True)) == ["item.closed"]
    plain = governed()
    item = closed(plain)
    assert judged(plain, item, AddEvidence(item=item, requirement="effectiveness_record", file="0" * 64, size=1,
                  file_name="a.txt")) == ["item.closed"]  # fmt: skip


def test_a_second_person_reopens_where_the_process_says_so() -> None:
    level = {"level": 1, "role": "quality", "meaning": "It starts again.", "separate_from": ["owner"]}
    vault = governed(reopening(approvals=[level], separate_from=["approvers", "owner"]))
    item = closed(vault)
    assert judged(vault, item, REOPEN) == ["approval.missing"]
    vault.do(ApproveItem, "Quinn", item=item, gate="reopen")
    assert judged(vault, item, REOPEN, "Quinn") == ["separation.approvers"]
    assert judged(vault, item, REOPEN, "Olga") == ["separation.owner"]
    assert judged(vault, item, REOPEN, "Quentin") == []


def test_whoever_closed_it_is_kept_from_reopening_it_as_mover() -> None:
    vault = governed(reopening(separate_from=["mover"]))
    item = closed(vault, by="Quinn")
    assert judged(vault, item, REOPEN, "Quinn") == ["separation.mover"]
    assert judged(vault, item, REOPEN, "Quentin") == []


def last_apart(document: dict[str, Any]) -> None:
    document["closure"]["separate_from"] = ["last_approver"]
    document["reopen"]["separate_from"] = ["last_approver"]
    document["closure"]["gate"]["approvals"][1]["role"] = "quality"


def test_the_last_approver_neither_closes_nor_reopens() -> None:
    vault = governed(last_apart)
    item = vault.new_item()
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    vault.do(ApproveItem, "Quinn", item=item, gate=CLOSING)
    vault.do(ApproveItem, "Quentin", item=item, gate=CLOSING)
    close = CloseItem(item=item, outcome="reached", meaning="It holds.")
    assert judged(vault, item, close, "Quentin") == ["separation.last_approver"]
    assert "(rule separation.last_approver)" in named(vault, close, "Quentin")
    assert judged(vault, item, close, "Quinn") == []
    vault.do(CloseItem, "Quinn", item=item, outcome="reached")
    assert judged(vault, item, REOPEN, "Quentin") == ["separation.last_approver"]
    assert judged(vault, item, REOPEN, "Quinn") == []
    vault.do(ReopenItem, "Quinn", item=item, reason="Recurred.")


def test_without_signatures_at_the_closing_the_last_gate_passed_counts() -> None:
    def no_signatures_to_close(document: dict[str, Any]) -> None:
        last_apart(document)
        document["closure"]["gate"] |= {"approvals": [], "still_approved": []}

    vault = governed(no_signatures_to_close)
    item = at_plan(vault)
    vault.do(ApproveItem, "Quinn", item=item, gate=PLAN)
    vault.do(ApproveItem, "Dora", item=item, gate=PLAN)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    vault.make_ready(item)
    vault.do(MoveItem, "Olga", item=item, step="verification")
    vault.make_ready(item, sign=False)
    close = CloseItem(item=item, outcome="reached")
    assert judged(vault, item, close, "Dora") == ["separation.last_approver"]
    assert judged(vault, item, close, "Quinn") == []


def by_severity(document: dict[str, Any]) -> None:
    document["closure"]["gate"]["approvals"][1]["severities"] = ["critical"]
    for transition in document["transitions"]:
        if transition["to"] == "implementation" and transition["from"] == "plan":
            transition["gate"]["approvals"][1]["severities"] = ["critical"]


@pytest.mark.parametrize(("severity", "wanted"), [("minor", []), ("critical", ["approval.missing"])])
def test_a_level_asks_only_for_items_of_its_severities(severity: str, wanted: list[str]) -> None:
    vault = governed(by_severity)
    item = at_plan(vault, severity=severity)
    vault.do(ApproveItem, "Quinn", item=item, gate=PLAN)
    assert judged(vault, item, MoveItem(item=item, step="implementation"), "Olga") == wanted
    process = vault.facts(item).process
    levels = [each.level for each in closure_demands(process, severity=severity) if each.kind == "approval"]
    assert levels == ([1, 2, 1, 2] if severity == "critical" else [1, 1])


def test_an_item_without_a_severity_is_asked_for_every_level() -> None:
    process = decode_process(json.dumps(changed(by_severity)))
    assert [each.level for each in process.levels_for(PLAN, "")] == [1, 2]
    assert [each.level for each in process.levels_for(PLAN, "as in the tracker")] == [1, 2]


def test_grading_it_down_after_the_signatures_asks_for_them_again() -> None:
    vault = governed(by_severity)
    item = at_plan(vault, severity="critical")
    vault.do(ApproveItem, "Quinn", item=item, gate=PLAN)
    vault.do(EditItem, "Olga", item=item, fields={"severity": "minor"}, reason="Seen anew")
    assert judged(vault, item, MoveItem(item=item, step="implementation"), "Olga") == ["approval.overtaken"]


def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CAPA.read_text(encoding="utf-8"))
    change(document)
    return document


def test_lint_names_levels_that_leave_a_severity_unsigned_and_words_it_does_not_know() -> None:
    def all_of_them(document: dict[str, Any]) -> None:
        for level in document["closure"]["gate"]["approvals"]:
            level["severities"] = ["critical"]

    found = lint(decode_process(json.dumps(changed(all_of_them))))
    assert {each.place for each in found if each.rule == "advice.level_severities"} == {"closure.gate.approvals"}
    assert not any(
        each.rule == "advice.level_severities" for each in lint(decode_process(json.dumps(changed(by_severity))))
    )

    def unknown(document: dict[str, Any]) -> None:
        document["closure"]["gate"]["approvals"][0]["severities"] = ["huge"]
        document["reopen"]["evidence"] = ["moon"]

    version = msgspec.json.decode(json.dumps(changed(unknown)), type=ProcessVersion)
    places = {each.place for each in check_process(version)}
    assert {"closure.gate.approvals[0].severities", "reopen.evidence"} <= places


def test_lint_asks_for_a_second_person_where_reopening_is_approved() -> None:
    level = {"level": 1, "role": "quality", "meaning": "Again.", "separate_from": ["owner"]}
    one = lint(decode_process(json.dumps(changed(reopening(approvals=[level])))))
    two = lint(decode_process(json.dumps(changed(reopening(approvals=[level], separate_from=["approvers"])))))
    assert "advice.own_reopening" in {each.rule for each in one}
    assert "advice.own_reopening" not in {each.rule for each in two}


def marked(vault: MemoryVault) -> str:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, code="safety", reason="A part can break off.")
    return item


def test_an_urgent_approval_that_nobody_could_confirm_is_not_given() -> None:
    def one_of_each(document: dict[str, Any]) -> None:
        urgent()(document)
        document["roles"].append({"id": "head", "title": "Head"})
        for transition in document["transitions"]:
            if transition["to"] == "implementation" and transition["from"] == "plan":
                transition["gate"]["approvals"][1]["role"] = "head"

    vault = governed(one_of_each)
    item = marked(vault)
    signing = ApproveUrgent(item=item, meaning="Urgent.")
    verdict = signing.judge_by(vault.facts(item, "Pat"))
    assert [each.rule for each in verdict.obstacles] == ["urgent.unconfirmable"]
    assert verdict.obstacles[0].responsible.startswith("nobody can")
    assert "(rule urgent.unconfirmable)" in named(vault, signing, "Pat")
    vault.enrol("Hal", ("head",))
    assert judged(vault, item, signing, "Pat") == []


def test_one_person_at_two_levels_is_not_two_who_could_confirm() -> None:
    vault = governed(urgent())
    item = at_plan(vault)
    for name in ("Quinn", "Quentin"):
        vault.do(EditItem, name, item=item, fields={"root_cause": f"Wear, says {name}."}, reason="Seen anew")
    vault.do(MarkUrgent, "Olga", item=item, code="safety", reason="A part can break off.")
    assert judged(vault, item, ApproveUrgent(item=item), "Pat") == ["urgent.unconfirmable"]
    vault.enrol("Petra", ("process_owner",))
    assert judged(vault, item, ApproveUrgent(item=item), "Pat") == []


def test_a_new_cycle_waits_for_the_confirmation_and_is_not_caught_in_it() -> None:
    def back_in_a_new_cycle(document: dict[str, Any]) -> None:
        urgent()(document)
        back = {"from": "implementation", "to": "cause", "title": "Start anew", "new_cycle": True}
        document["transitions"].append(back)

    vault = governed(back_in_a_new_cycle)
    vault.enrol("Petra", ("process_owner",))
    item = marked(vault)
    vault.do(ApproveUrgent, "Pat", item=item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    again = MoveItem(item=item, step="cause")
    (stands,) = again.judge_by(vault.facts(item, "Olga")).obstacles
    assert (stands.rule, stands.responsible) == ("urgent.unconfirmed", "Quinn, Quentin, Dora")
    assert "(rule urgent.unconfirmed)" in named(vault, again, "Olga")
    vault.do(ConfirmUrgent, "Quinn", item=item)
    vault.do(ConfirmUrgent, "Petra", item=item)
    vault.do(MoveItem, "Olga", item=item, step="cause")
    assert vault.register.item(item).cycle == 2
    assert [each.state for each in vault.register.item_file(item).obligations] == ["met"]
