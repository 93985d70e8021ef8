"""Changing places of a definition, and which version is in force when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.errors import UsageProblem
from domain.process.decode import decode_process, process_text
from domain.process.edit import edited
from domain.process.states import in_force_at, state_at, version_at
from domain.records.people import ProcessVersionRecord

CAPA = decode_process(
    (Path(__file__).resolve().parents[3] / "resources" / "processes" / "capa.json").read_text("utf-8")
)


def test_places_are_set_added_and_taken_out_as_they_were_counted_before() -> None:
    first, second, *others = CAPA.metrics
    more = {"id": "third", "title": "T", "definition": "D", "unit": "%", "target": "1", "better": "lower"}
    changes = {"metrics[0]": None, f"metrics[{len(CAPA.metrics)}]": more, "metrics[1].title": "New words", "scope": "S"}
    new = edited(CAPA, changes)
    assert [each.id for each in new.metrics] == [second.id, *(each.id for each in others), "third"]
    assert (new.metrics[0].title, new.scope, first.id not in [each.id for each in new.metrics]) == (
        "New words",
        "S",
        True,
    )
    assert edited(CAPA, {"standard": None}).standard == ""
    assert edited(CAPA, {}) == CAPA


NOWHERE: list[dict[str, Any]] = [
    {"moon": 1},
    {"steps[99].title": "x"},
    {"steps[99]": {}},
    {"steps.title": "x"},
    {"title.moon": "x"},
    {"steps[a]": "x"},
    {"": "x"},
    {"steps[0]": None},
]


@pytest.mark.parametrize("changes", NOWHERE, ids=[str(number) for number in range(len(NOWHERE))])
def test_a_place_that_is_none_or_a_change_that_contradicts_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageProblem) as refusal:
        edited(CAPA, changes)
    assert refusal.value.remedy


def record(version: int, state: str, begins: str) -> ProcessVersionRecord:
    return ProcessVersionRecord(
        id=f"p@{version}", process="p", version=version, state=state, definition="", sha256="", in_force_from=begins
    )  # type: ignore[arg-type]


ONE = record(1, "in_force", "2027-01-01T10:00:00.000Z")
TWO = record(2, "in_force", "2027-03-01T00:00:00.000Z")
DRAFT = record(3, "draft", "")
BEFORE = datetime(2027, 2, 28, 23, 59, tzinfo=UTC)
ON = datetime(2027, 3, 1, tzinfo=UTC)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_part_is_added_where_there_was_none_before() -> None:
    bare = decode_process(process_text(msgspec.structs.replace(CAPA, scenarios=(), standard="")))
    gate = "transitions[0].gate"
    changes = {
        "scenarios[0]": {"id": "none", "title": "Nothing", "kind": "refused", "people": {}},
        f"{gate}.signs": ["title"],
    }
    found = edited(bare, changes)
    assert ([each.id for each in found.scenarios], found.transitions[0].gate.signs) == (["none"], ("title",))
    assert edited(found, {"scenarios[0]": None, f"{gate}.signs": None}).scenarios == ()


def test_the_version_in_force_is_shown_by_its_day() -> None:
    versions = (DRAFT, TWO, ONE)
    assert [version_at(versions, "p", at) for at in (EARLY, BEFORE, ON)] == [None, ONE, TWO]
    assert [state_at(TWO, versions, at) for at in (BEFORE, ON)] == ["scheduled", "in_force"]
    assert [state_at(ONE, versions, at) for at in (BEFORE, ON)] == ["in_force", "retired"]
    assert state_at(DRAFT, versions, ON) == "draft"
    assert in_force_at(versions, ON) == (TWO,)
    assert version_at(versions, "q", ON) is None


def test_a_process_whose_last_version_was_retired_has_none() -> None:
    assert version_at((ONE, record(2, "retired", TWO.in_force_from)), "p", ON) is None
