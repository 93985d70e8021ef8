"""Process definitions: what holds together, what is refused and where the refusal points."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import UsageProblem
from domain.log.canonical import parse_canonical
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.definition import ProcessVersion
from domain.process.lint import check_process

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
CAPA = json.loads((Path(__file__).resolve().parents[1] / "capa_version_1.json").read_text(encoding="utf-8"))


def changed(path: str, value: Any) -> str:
    """The CAPA template with one place set: "steps.2.responsible"."""
    document: Any = deepcopy(CAPA)
    *transition, last = path.split(".")
    here = document
    for part in transition:
        here = here[int(part) if part.isdigit() else part]
    here[int(last) if last.isdigit() else last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    "template", sorted(path.name for path in TEMPLATES.glob("*.json") if path.name != "schema.json")
)
def test_every_shipped_template_holds_together(template: str) -> None:
    version = decode_process((TEMPLATES / template).read_text(encoding="utf-8"))
    assert check_process(version) == ()
    assert version.id == template.removesuffix(".json")


def test_the_shipped_schema_is_that_of_the_code() -> None:
    shipped = json.loads((TEMPLATES / "schema.json").read_text(encoding="utf-8"))
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(ProcessVersion)}
    assert shipped == json.loads(json.dumps(made)), "export the schema anew to resources/processes/schema.json"


def test_the_text_of_a_version_is_canonical_and_comes_back_equal() -> None:
    version = decode_process(json.dumps(CAPA))
    text = process_text(version)
    parse_canonical(text.encode())
    assert decode_process(text) == version
    assert process_text(decode_process(text)) == text
    assert len(process_hash(version)) == 64


def test_capa_has_the_nine_answers_of_iso_9001_10_2() -> None:
    version = decode_process(json.dumps(CAPA))
    demanded = set(version.required_fields("verification->closed"))
    assert demanded >= {
        "correction", "containment", "consequences", "root_cause", "similar_cases", "actions",
        "effectiveness_verdict", "risk_updated", "system_changed",
    }  # fmt: skip


def test_the_administrator_may_carry_a_register_in_and_do_nothing_else_in_the_shipped_process() -> None:
    assert json.dumps(CAPA).count("administrator") == 1
    assert [right["verb"] for right in CAPA["rights"] if "administrator" in right["roles"]] == ["import"]


CONTRADICTIONS = [
    ("steps.2.responsible", "qaulity", "steps[2].responsible"),
    ("steps.1.accountable", "owner", "steps[1].accountable"),
    ("owner_role", "boss", "owner_role"),
    ("roles.1.id", "quality", "roles[1].id"),
    ("roles.1.id", "administrator", "roles[1].id"),
    ("roles.1.id", "owner", "roles[1].id"),
    ("id", "CAPA", "id"),
    ("version", 0, "version"),
    ("objective", "  ", "objective"),
    ("numbering.prefix", "ca pa", "numbering.prefix"),
    ("numbering.digits", 0, "numbering.digits"),
    ("fields.0.id", "title", "fields[0].id"),
    ("fields.1.id", "correction", "fields[1].id"),
    ("fields.0.required_at", ["nowhere"], "fields[0].required_at"),
    ("fields.0.choices", ["a"], "fields[0].choices"),
    ("fields.0.kind", "choice", "fields[0].choices"),
    ("fields.0.kind", "table", "fields[0].columns"),
    ("fields.5.columns.1.id", "action", "fields[5].columns[1].id"),
    ("fields.5.columns.0.id", "Ä", "fields[5].columns[0].id"),
    ("evidence.0.reviewer_role", "qa", "evidence[0].reviewer_role"),
    ("evidence.1.id", "implementation_record", "evidence[1].id"),
    ("steps.1.id", "stop", "steps[1]"),
    ("steps.1.sla_days", -1, "steps[1].sla_days"),
    ("transitions.0.to", "moon", "transitions[0].to"),
    ("transitions.0.to", "reported", "transitions[0]"),
    ("transitions.6.to", "implementation", "transitions[6]"),
    ("transitions.0.roles", ["qa"], "transitions[0].roles"),
    ("transitions.0.gate.fields", ["colour"], "transitions[0].gate.fields"),
    ("transitions.0.gate.evidence", ["photo"], "transitions[0].gate.evidence"),
    ("transitions.0.gate.still_approved", ["reported->containment"], "transitions[0].gate.still_approved"),
    ("transitions.3.gate.approvals.1.role", "boss", "transitions[3].gate.approvals[1].role"),
    ("transitions.3.gate.approvals.1.level", 3, "transitions[3].gate.approvals"),
    ("transitions.3.gate.approvals.1.need", "n", "transitions[3].gate.approvals[1].n"),
    ("transitions.3.gate.approvals.1.meaning", " ", "transitions[3].gate.approvals[1].meaning"),
    ("transitions.4.gate.conditions.0.column", "colour", "transitions[4].gate.conditions[0].column"),
    ("transitions.4.gate.conditions.0.one_of", ["ready"], "transitions[4].gate.conditions[0].one_of"),
    ("transitions.4.gate.conditions.0.field", "colour", "transitions[4].gate.conditions[0]"),
    ("transitions.5.gate", {"fields": ["title"]}, "transitions[5].gate"),
    ("rights.0.roles", [], "rights[0].roles"),
    ("rights.0.roles", ["qa"], "rights[0].roles"),
    ("rights.3.steps", ["moon"], "rights[3].steps"),
    ("rights", [], "rights"),
    ("hold.roles", [], "hold.roles"),
    ("reopen.step", "closed", "reopen.step"),
    ("closure.step", "done", "closure.step"),
    ("closure.outcomes", [], "closure.outcomes"),
    ("closure.outcomes.1.outcome", "reached", "closure.outcomes[1]"),
    ("closure.outcomes.1.fields", ["colour"], "closure.outcomes[1].fields"),
    ("closure.gate.evidence", ["photo"], "closure.gate.evidence"),
    ("escalation.0.role", "boss", "escalation[0].role"),
    ("migration", {"from_version": 1, "steps": {}}, "migration.from_version"),
]


@pytest.mark.parametrize(("path", "value", "place"), CONTRADICTIONS)
def test_a_contradiction_is_refused_with_its_place(path: str, value: object, place: str) -> None:
    with pytest.raises(UsageProblem):
        decode_process(changed(path, value))
    version = msgspec.json.decode(changed(path, value), type=ProcessVersion)
    problems = check_process(version)
    assert place in [each.place for each in problems]
    assert all(each.remedy and each.text.startswith(each.place) for each in problems)


def test_a_misspelt_role_is_named_with_its_place_and_remedy() -> None:
    with pytest.raises(UsageProblem) as refusal:
        decode_process(changed("steps.2.responsible", "qaulity"))
    assert refusal.value.where == "steps[2].responsible"
    assert "role 'qaulity' is not declared" in refusal.value.what
    assert refusal.value.remedy == "Declare it under roles or correct the name."


MISSHAPEN = [
    ("steps.2.responsibel", "quality", "steps"),
    ("version", "1", "version"),
    ("fields.0.kind", "colour", "fields"),
    ("closure.outcomes.0.outcome", "splendid", "closure"),
    ("transitions.0.gate.aprovals", [], "transitions"),
]


@pytest.mark.parametrize(("path", "value", "place"), MISSHAPEN)
def test_what_the_schema_does_not_know_is_refused(path: str, value: object, place: str) -> None:
    with pytest.raises(UsageProblem) as refusal:
        decode_process(changed(path, value))
    assert place in refusal.value.where


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60) | st.just("[" * 100_000) | st.just('{"id":"a"}'))
def test_no_bytes_bring_anything_but_a_version_or_a_clear_refusal(data: bytes | str) -> None:
    with pytest.raises(UsageProblem) as refusal:
        decode_process(data)
    assert refusal.value.where
    assert refusal.value.remedy


PLACES = ["id", "roles", "steps", "fields", "evidence", "transitions", "rights", "closure", "hold", "severities"]


@settings(max_examples=100, deadline=None)
@given(
    place=st.sampled_from(PLACES),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "title", "from"]), inner),
        max_leaves=4,
    ),
)
def test_a_broken_part_never_ends_in_a_traceback(place: str, value: object) -> None:
    try:
        version = decode_process(changed(place, value))
    except UsageProblem as refusal:
        assert refusal.where  # noqa: PT017 (either outcome is fine; a third is not)
    else:
        assert check_process(version) == ()


def test_a_number_with_which_no_days_can_be_counted_is_a_contradiction() -> None:
    with pytest.raises(UsageProblem, match="larger than 36524"):
        decode_process(changed("steps.1.sla_days", 10**12))
    assert decode_process(changed("steps.1.sla_days", 36_524)).steps[1].sla_days == 36_524
