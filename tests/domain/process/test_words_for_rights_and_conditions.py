"""The check of a definition knows the words about rights to fields and about conditions."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.process.definition import Condition, FieldDefinition, ProcessVersion
from domain.process.drafting import members, renamed, words_for
from domain.process.lint import check_process

CAPA = json.loads((Path(__file__).resolve().parents[1] / "capa_version_1.json").read_text(encoding="utf-8"))
MORE = [
    {"id": "judge", "title": "Judge", "kind": "person"},
    {"id": "baseline", "title": "Baseline", "kind": "money"},
    {"id": "actual", "title": "Actual", "kind": "money"},
    {"id": "parts", "title": "Parts", "kind": "number"},
    {"id": "seen_on", "title": "Seen on", "kind": "date"},
    {"id": "agreed", "title": "Agreed", "kind": "choice", "choices": ["yes", "no"]},
]


def problems(*, field: dict[str, Any] | None = None, condition: dict[str, Any] | None = None) -> list[str]:
    """The places of contradictions once a further field or a further condition is in the definition."""
    document = deepcopy(CAPA)
    document["fields"] += MORE
    if field:
        document["fields"].append({"id": "more", "title": "More", "kind": "choice", "choices": ["a", "b"], **field})
    if condition is not None:
        gate = document["transitions"][0].setdefault("gate", {})
        gate["conditions"] = [{"field": "actual", "text": "It has to hold.", **condition}]
    found = check_process(msgspec.convert(document, ProcessVersion))
    return [each.place.rpartition(".")[2].partition("[")[0] for each in found]


RIGHT_FIELDS: list[dict[str, Any]] = [
    {"set_by": ["quality"]},
    {"set_by": ["field:judge"], "verdict": True},
    {"set_by": ["creator"], "not_by": ["owner"]},
    {"set_at": ["verification"], "set_by": ["quality"]},
    {"required_when": {"agreed": ["no"]}},
    {"required_when": {"severity": ["critical"]}},
]
WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"set_by": ["cook"]}, "set_by"),
    ({"set_by": ["field:moon"]}, "set_by"),
    ({"set_by": ["field:baseline"]}, "set_by"),
    ({"not_by": ["cook"]}, "not_by"),
    ({"set_at": ["moon"]}, "set_at"),
    ({"required_when": {"moon": ["a"]}}, "required_when"),
    ({"required_when": {"agreed": ["perhaps"]}}, "required_when"),
    ({"required_when": {"agreed": []}}, "required_when"),
    ({"required_when": {"severity": ["huge"]}}, "required_when"),
    ({"set_by": ["owner"], "verdict": True}, "set_by"),
    ({"set_by": ["quality"], "not_by": ["quality"]}, "set_by"),
]
RIGHT_CONDITIONS: list[dict[str, Any]] = [
    {"compare": "at_least", "of": "baseline", "percent": 80},
    {"compare": "at_most", "value": "100.00 EUR"},
    {"field": "parts", "compare": "at_least", "value": "3"},
    {"field": "today", "compare": "not_before", "of": "seen_on", "days": 90},
    {"field": "seen_on", "compare": "not_after", "of": "today"},
    {"field": "seen_on", "compare": "not_after", "value": "2030-01-01"},
    {"field": "due", "compare": "not_before", "of": "raised"},
    {"field": "severity", "one_of": ["critical"]},
    {"field": "agreed", "one_of": ["yes"], "unless": {"severity": ["minor"]}},
]
WRONG_CONDITIONS: list[tuple[dict[str, Any], str]] = [
    ({}, "conditions"),
    ({"field": "agreed", "one_of": ["yes"], "compare": "at_least", "value": "1"}, "conditions"),
    ({"field": "agreed", "one_of": ["yes"], "days": 3}, "conditions"),
    ({"compare": "at_least"}, "conditions"),
    ({"compare": "at_least", "of": "baseline", "value": "1.00 EUR"}, "conditions"),
    ({"compare": "at_least", "of": "moon"}, "of"),
    ({"compare": "at_least", "of": "parts"}, "of"),
    ({"compare": "at_least", "of": "actual"}, "of"),
    ({"compare": "at_least", "value": "3"}, "value"),
    ({"field": "parts", "compare": "at_least", "value": "3 EUR"}, "value"),
    ({"field": "seen_on", "compare": "not_before", "value": "soon"}, "value"),
    ({"compare": "not_before", "of": "seen_on"}, "compare"),
    ({"field": "agreed", "compare": "at_least", "value": "3"}, "compare"),
    ({"field": "today", "compare": "at_least", "value": "3"}, "compare"),
    ({"compare": "at_least", "of": "baseline", "percent": 0}, "percent"),
    ({"compare": "at_least", "of": "baseline", "percent": 1001}, "percent"),
    ({"field": "seen_on", "compare": "not_before", "of": "today", "percent": 90}, "percent"),
    ({"compare": "at_least", "of": "baseline", "days": 3}, "days"),
    ({"field": "seen_on", "compare": "not_before", "of": "today", "days": 99_999}, "days"),
    ({"field": "today", "one_of": ["2026-01-01"]}, "one_of"),
    ({"field": "agreed", "one_of": ["yes"], "unless": {"moon": ["a"]}}, "unless"),
    ({"field": "moon", "one_of": ["yes"]}, "conditions"),
]


@pytest.mark.parametrize("field", RIGHT_FIELDS, ids=[str(n) for n in range(len(RIGHT_FIELDS))])
def test_a_field_may_have_rights_of_its_own(field: dict[str, Any]) -> None:
    assert problems(field=field) == []


@pytest.mark.parametrize(("field", "place"), WRONG_FIELDS, ids=[str(n) for n in range(len(WRONG_FIELDS))])
def test_rights_that_name_nothing_or_leave_nobody_are_contradictions(field: dict[str, Any], place: str) -> None:
    assert problems(field=field) == [place]


@pytest.mark.parametrize("condition", RIGHT_CONDITIONS, ids=[str(n) for n in range(len(RIGHT_CONDITIONS))])
def test_a_condition_may_compare(condition: dict[str, Any]) -> None:
    assert problems(condition=condition) == []


@pytest.mark.parametrize(("condition", "place"), WRONG_CONDITIONS, ids=[str(n) for n in range(len(WRONG_CONDITIONS))])
def test_a_comparison_that_no_value_could_meet_is_a_contradiction(condition: dict[str, Any], place: str) -> None:
    assert {*problems(condition=condition)} == {place}


def test_evidence_asked_for_by_a_field_that_is_not_there_is_a_contradiction() -> None:
    document = deepcopy(CAPA)
    document["evidence"][0]["required_when"] = {"moon": ["full"]}
    (found,) = check_process(msgspec.convert(document, ProcessVersion))
    assert found.place == "evidence[0].required_when"


def test_the_designer_offers_the_words_and_follows_a_field_that_is_renamed() -> None:
    document = deepcopy(CAPA)
    document["fields"] += [
        *MORE,
        {"id": "verdict", "title": "V", "kind": "text", "set_by": ["field:judge"], "required_when": {"agreed": ["no"]}},
    ]
    assert ("field:judge", "whoever is named in 'Judge'") in words_for(document, "person")
    forms = {member.name: member.form for struct in (FieldDefinition, Condition) for member, _ in members(struct)}
    wanted = {"set_by", "not_by", "set_at", "verdict", "compare", "of", "value", "percent", "days", "readiness"}
    assert wanted <= set(forms)
    assert (forms["required_when"], forms["unless"]) == ("held", "held")
    other = renamed(renamed(document, "field", "judge", "reviewer"), "field", "agreed", "accepted")
    last = other["fields"][-1]
    assert (last["set_by"], last["required_when"]) == (["field:reviewer"], {"accepted": ["no"]})
