"""The layout of a process: boxes that do not overlap, lines that join them, everything on the sheet."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import UsageProblem
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion, Step, Transition
from domain.process.layout import Diagram, lay_out

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
FILES = sorted(path for path in TEMPLATES.glob("*.json") if path.name not in ("schema.json", "sets.json"))
CAPA = decode_process((TEMPLATES / "capa.json").read_text(encoding="utf-8"))


def must_be_a_drawing(version: ProcessVersion, diagram: Diagram) -> None:
    assert {node.id for node in diagram.nodes} >= {step.id for step in version.steps}
    assert {edge.transition for edge in diagram.edges if edge.transition} == {
        transition.id for transition in version.transitions
    }
    for one, other in combinations(diagram.nodes, 2):
        beside = one.x + one.w <= other.x or other.x + other.w <= one.x
        assert beside or one.y + one.h <= other.y or other.y + other.h <= one.y, (one.id, other.id)
    for edge in diagram.edges:
        for end, node in ((edge.points[0], diagram.node(edge.source)), (edge.points[-1], diagram.node(edge.target))):
            assert node.x <= end[0] <= node.x + node.w
            assert node.y <= end[1] <= node.y + node.h
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(edge.points)), "right angles"
        assert all(0 <= x <= diagram.width and 0 <= y <= diagram.height for x, y in (*edge.points, edge.label))
    for node in diagram.nodes:
        assert 0 <= node.x <= node.x + node.w <= diagram.width
        assert 0 <= node.y <= node.y + node.h <= diagram.height


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
@pytest.mark.parametrize("marks", [False, True])
def test_every_shipped_process_can_be_drawn(file: Path, marks: bool) -> None:  # noqa: FBT001 (a case of two)
    version = decode_process(file.read_text(encoding="utf-8"))
    diagram = lay_out(version, marks=marks)
    must_be_a_drawing(version, diagram)
    assert lay_out(version, marks=marks) == diagram


def test_the_normal_path_leads_to_the_right_and_transitions_back_run_below() -> None:
    diagram = lay_out(CAPA)
    at = [diagram.node(step.id).x for step in CAPA.steps]
    assert at == sorted(set(at))
    back = next(edge for edge in diagram.edges if edge.id == "verification->cause")
    assert max(y for _, y in back.points) > max(node.y + node.h for node in diagram.nodes)


def test_where_transitions_part_bpmn_has_a_gateway() -> None:
    diagram = lay_out(CAPA, marks=True)
    gateways = {node.id for node in diagram.nodes if node.kind == "gateway"}
    assert gateways == {f"from.{step.id}" for step in CAPA.steps if len(CAPA.from_step(step.id)) > 1}
    assert [node.kind for node in diagram.nodes if node.kind in ("start", "end")] == ["start", "end"]


@settings(max_examples=80, deadline=None)
@given(
    size=st.integers(2, 9), pairs=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=16, unique=True)
)
def test_any_graph_can_be_drawn(size: int, pairs: list[tuple[int, int]]) -> None:
    steps = tuple(Step(id=f"s{n}", title=f"S {n}", responsible="q", accountable="q") for n in range(size))
    transitions = tuple(
        Transition(source=f"s{a}", target=f"s{b}", title="Go") for a, b in pairs if a != b and max(a, b) < size
    )
    version = msgspec.structs.replace(
        CAPA, steps=steps, transitions=transitions, closure=msgspec.structs.replace(CAPA.closure, step=f"s{size - 1}")
    )
    must_be_a_drawing(version, lay_out(version))
    must_be_a_drawing(version, lay_out(version, marks=True))


def pinned(place: str) -> ProcessVersion:
    steps = tuple(msgspec.structs.replace(each, place=place if each.id == "plan" else "") for each in CAPA.steps)
    return msgspec.structs.replace(CAPA, steps=steps)


def test_a_pinned_step_stands_where_it_was_put_and_the_others_stay() -> None:
    by_itself, diagram = lay_out(CAPA), lay_out(pinned("900,600"))
    put = diagram.node("plan")
    assert (put.x, put.y) == (900, 600)
    assert [each for each in diagram.nodes if each.id != "plan"] == [
        each for each in by_itself.nodes if each.id != "plan"
    ]
    assert diagram.height > 600 + put.h
    for edge in diagram.edges:
        for end, node in ((edge.points[0], diagram.node(edge.source)), (edge.points[-1], diagram.node(edge.target))):
            assert node.x <= end[0] <= node.x + node.w
            assert node.y <= end[1] <= node.y + node.h


@pytest.mark.parametrize("place", ["here", "1;2", "-4,5", "99999,1", "1,2,3"])
def test_a_place_that_is_none_is_stated_and_pins_nothing(place: str) -> None:
    assert lay_out(pinned(place)) == lay_out(CAPA)
    with pytest.raises(UsageProblem, match="is not a place"):
        decode_process(msgspec.json.encode(pinned(place)).decode())
