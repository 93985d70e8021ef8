"""What is unwise about a definition, and what differs between two versions."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.process.advice import lint
from domain.process.definition import ProcessVersion
from domain.process.diff import diff_versions

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
DOCUMENT = json.loads((Path(__file__).resolve().parents[1] / "capa_version_1.json").read_text(encoding="utf-8"))
FILES = sorted(path for path in TEMPLATES.glob("*.json") if path.name not in ("schema.json", "sets.json"))
EVERYBODY = {"quality": ("q1", "q2", "q3"), "process_owner": ("p1", "p2"), "auditor": ("a1",)}


def version_with(*changes: tuple[str, Any]) -> ProcessVersion:
    """The CAPA template with places set; contradictions are kept."""
    document: Any = deepcopy(DOCUMENT)
    for path, value in changes:
        *transition, last = path.split(".")
        here = document
        for part in transition:
            here = here[int(part) if part.isdigit() else part]
        here[int(last) if last.isdigit() else last] = value
    return msgspec.convert(document, ProcessVersion)


def _shown_whole(version: ProcessVersion) -> ProcessVersion:
    """The version with a scenario for each rule that it states: what they do is not looked at here."""
    first = version.scenarios[0]
    kinds = (
        "normal_path",
        "refused",
        "urgent",
        "late",
        "on_hold",
        "cancelled",
        "reopened",
        "other",
        "changed",
        "other",
    )
    told = [msgspec.structs.replace(first, id=f"s{number}", kind=kind) for number, kind in enumerate(kinds)]
    return msgspec.structs.replace(version, scenarios=tuple(told))


CAPA = version_with()
WHOLE = _shown_whole(CAPA)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_shipped_process_leaves_nothing_to_state_where_three_people_hold_each_role(file: Path) -> None:
    version = msgspec.json.decode(file.read_bytes(), type=ProcessVersion)
    holders = {role.id: tuple(f"{role.id} {n}" for n in range(3)) for role in version.roles}
    assert [(each.rule, each.place) for each in lint(version, holders)] == []


def test_corrective_action_leaves_nothing_to_state() -> None:
    assert lint(WHOLE, EVERYBODY) == ()


UNWISE: list[tuple[str, Any, str, str, str]] = [
    ("transitions.3.gate.approvals.0.separate_from", ["levels"], "advice.four_eyes", "must",
     "transitions[3].gate.approvals[0].separate_from"),
    ("evidence.0.different_person", False, "advice.four_eyes", "should", "evidence[0].different_person"),
    ("scenarios", [], "advice.scenarios", "must", "scenarios"),
    ("scenarios", DOCUMENT["scenarios"][:1], "advice.scenarios", "must", "scenarios"),
    ("steps.2.sla_days", 0, "advice.sla", "should", "steps[2].sla_days"),
    ("escalation", [], "advice.escalation", "should", "escalation"),
    ("closure.gate.approvals.1.deadline_days", 0, "advice.deadline", "should",
     "closure.gate.approvals[1].deadline_days"),
    ("transitions.4.gate.evidence", [], "advice.evidence", "should", ""),
    ("closure.gate.approvals", [], "advice.own_closure", "should", "closure.separate_from"),
    ("transitions.6.reason_required", False, "advice.back", "should", "transitions[6].reason_required"),
    ("transitions.6.reason_required", False, "advice.loop", "should", "transitions"),
    ("risk_controls.0.where", "moon", "advice.control", "should", "risk_controls[0].where"),
    ("version", 2, "advice.migration", "should", "migration"),
    ("steps.2.responsible", "qaulity", "contradiction", "must", "steps[2].responsible"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "rule", "weight", "place"), UNWISE, ids=[f"{n} {each[2]}" for n, each in enumerate(UNWISE)]
)
def test_what_is_unwise_is_shown_with_its_place_and_remedy(
    path: str, value: Any, rule: str, weight: str, place: str
) -> None:
    changes = [(path, value)]
    if not place:  # an evidence that is demanded nowhere at all
        changes.append(("closure.gate.evidence", ["effectiveness_record"]))
        place = "evidence[0]"
    output = lint(version_with(*changes), EVERYBODY)
    assert (rule, weight, place) in [(each.rule, each.weight, each.place) for each in output]
    assert all(each.text and each.remedy for each in output)


def test_evidence_that_nobody_may_add_must_be_mended() -> None:
    rights = [right for right in DOCUMENT["rights"] if right["verb"] != "add_evidence"]
    assert ("advice.evidence", "must") in [(each.rule, each.weight) for each in lint(version_with(("rights", rights)))]


def test_a_role_nobody_holds_and_too_few_people_are_shown_where_people_are_known() -> None:
    nobody = lint(WHOLE, {"quality": ("q1", "q2")})
    assert {each.place for each in nobody if each.rule == "advice.nobody"} == {
        "transitions[3].gate.approvals[1].role",
        "closure.gate.approvals[1].role",
    }
    one = lint(WHOLE, {"quality": ("q1",), "process_owner": ("q1",)})
    assert [each.rule for each in one if each.weight == "must"] == ["advice.four_eyes", "advice.four_eyes"]


def test_a_version_does_not_differ_from_itself() -> None:
    assert diff_versions(CAPA, CAPA) == ()
    assert diff_versions(CAPA, version_with(("version", 2))) == ()


def test_every_change_is_shown_by_its_part_in_words() -> None:
    level = {"level": 3, "role": "quality", "meaning": "I pay for it.", "separate_from": ["owner"]}
    new = version_with(
        ("objective", "Mend it."),
        ("steps.2.sla_days", 8),
        ("transitions.3.gate.approvals", [*DOCUMENT["transitions"][3]["gate"]["approvals"], level]),
        ("transitions.4.gate.evidence", []),
        ("rights", DOCUMENT["rights"][:-1]),
        ("fields.0.signed", False),
        ("fields.5.columns.1.required", False),
        ("closure.gate.approvals.0.need", "all"),
        ("hold.review_date_required", False),
        ("evidence", [*DOCUMENT["evidence"], {"id": "photo", "title": "Photo", "reviewer_role": "quality"}]),
    )
    (objective, *output) = [each.text for each in diff_versions(CAPA, new)]
    assert objective.startswith("Objective: Correct a nonconformity")
    assert objective.endswith("→ Mend it.")
    assert output == [
        "Step 'Cause', sla days: 10 → 8",
        (
            "Way 'Release the plan', gate: approvals 3 is new: level 3; role quality; meaning I pay for it.; need any; "
            "separate from owner; delegates yes"
        ),
        "Way 'Implemented', gate: evidence is gone; it was: implementation_record",
        "Right 'close' is gone; it was: verb close; roles quality",
        "Hold, review date required: yes → no",
        "Closure, gate: approvals 1: need: any → all",
        "Field 'Correction', signed: yes → no",
        "Field 'Actions', columns responsible: required: yes → no",
        "Evidence 'Photo' is new: id photo; title Photo; reviewer role quality; different person yes",
    ]
    rows = {(each.part, each.id, each.what): (each.kind, each.before, each.after) for each in diff_versions(CAPA, new)}
    assert rows["steps", "cause", "sla days"] == ("changed", "10", "8")
    assert rows["rights", "close", ""][0] == "removed"
    assert rows["evidence", "photo", ""][0] == "added"


def test_steps_in_another_order_differ() -> None:
    steps = DOCUMENT["steps"]
    new = version_with(("steps", [steps[0], steps[2], steps[1], *steps[3:]]))
    assert [(each.part, each.what) for each in diff_versions(CAPA, new)] == [("steps", "order")]
