"""Scenarios run by the real engine: what passes, what fails and how it is reported."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.process.decode import decode_process
from domain.process.definition import Check, Move, ProcessVersion, Scenario
from domain.simulation.run import ScenarioResult, run_scenario
from domain.simulation.simulation import Simulation
from domain.simulation.words import scenario_words

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
SHIPPED = {
    version.id: version
    for file in sorted(TEMPLATES.glob("*.json"))
    if file.name not in ("schema.json", "sets.json")
    for version in [decode_process(file.read_text(encoding="utf-8"))]
}
CAPA = decode_process((Path(__file__).resolve().parents[1] / "capa_version_1.json").read_text(encoding="utf-8"))
DESCRIBED = [(version.id, scenario.id) for version in SHIPPED.values() for scenario in version.scenarios]
PEOPLE = {"Olga": ("quality",), "Quinn": ("quality",), "Pat": ("process_owner",)}
FIELDS = {"title": "A hole", "description": "It is misplaced.", "severity": "major", "owner": "Olga"}
OPEN = Move(who="Olga", does="create_item", item="CAPA A", args={"fields": FIELDS})


def ran(*moves: Move, then: tuple[Check, ...] = (), **more: Any) -> ScenarioResult:
    scenario_run = Scenario(
        id="s", title="A scenario", kind="other", people=PEOPLE, given=(OPEN,), when=moves, then=then
    )
    return run_scenario(CAPA, msgspec.structs.replace(scenario_run, **more), SHIPPED)


@pytest.mark.parametrize(("process", "scenario"), DESCRIBED)
def test_every_shipped_scenario_passes(process: str, scenario: str) -> None:
    version = SHIPPED[process]
    output = next(each for each in version.scenarios if each.id == scenario)
    result = run_scenario(version, output, SHIPPED)
    assert result.failure is None, result.failure.text if result.failure else ""
    assert result.passed


def test_a_refused_move_passes_only_with_its_rule() -> None:
    move = Move(who="Olga", does="move_item", item="CAPA A", args={"step": "plan"}, refused="transition.none")
    assert ran(move).passed
    wrong = ran(msgspec.structs.replace(move, refused="owner.missing"))
    assert wrong.failure is not None
    assert (wrong.passed, wrong.failure.place) == (False, "when[0]")
    assert wrong.failure.expected == "the refusal 'owner.missing'"
    assert "transition.none" in wrong.failure.happened
    assert [each.rule for each in wrong.failure.obstacles] == ["transition.none"]


def test_a_move_that_should_be_refused_and_is_not_fails() -> None:
    move = Move(who="Quinn", does="move_item", item="CAPA A", args={"step": "containment"}, refused="owner.missing")
    failure = ran(move).failure
    assert failure is not None
    assert failure.happened == "nothing refused it."
    assert failure.move == "Quinn takes 'Accept for action' for CAPA A, and is refused (owner.missing)"


def test_a_refused_move_that_was_to_succeed_fails_with_every_obstacle() -> None:
    failure = ran(Move(who="Pat", does="close_item", item="CAPA A", args={"outcome": "reached"})).failure
    assert failure is not None
    assert failure.expected == "it to succeed"
    assert "close.step" in failure.happened


UNMET = [
    (Check(item="CAPA A", step="plan"), "it is 'reported'"),
    (Check(item="CAPA A", state="closed"), "it is 'open'"),
    (Check(item="CAPA A", cycle=2), "it is '1'"),
    (Check(item="CAPA A", fields={"owner": "Pat"}), "it is 'p-1'"),
    (Check(item="CAPA A", fields={"root_cause": "Rust"}), "it is None"),
    (Check(item="CAPA A", counts={"transition_record": 2}), "there are 1"),
    (Check(item="CAPA A", counts={"approval:counting": 1}), "there are 0"),
    (Check(item="CAPA A", counts={"moon": 1}), "no kind of record"),
    (Check(item="CAPA B", step="plan"), "no item 'CAPA B'"),
    (Check(versions={"capa@1": "draft"}), "it is 'in_force'"),
    (Check(item="CAPA A", who="Pat", does="move_item", args={"step": "plan"}, free=True), "transition.none"),
    (
        Check(item="CAPA A", who="Quinn", does="move_item", args={"step": "containment"}, obstacle="owner.missing"),
        "in the way: nothing",
    ),
    (Check(item="CAPA A", who="Pat", does="fly_item", free=True), "no command 'fly_item'"),
]


@pytest.mark.parametrize(("check", "happened"), UNMET, ids=[str(number) for number in range(len(UNMET))])
def test_a_check_that_does_not_hold_states_what_is_so(check: Check, happened: str) -> None:
    failure = ran(then=(check,)).failure
    assert failure is not None
    assert failure.place == "then[0]"
    assert happened in failure.happened


NONSENSE = [
    (Move(who="Olga", does="fly_item", item="CAPA A"), "no command 'fly_item'"),
    (Move(who="Olga", does="ruling"), "no command 'ruling'"),
    (Move(who="Olga", does="../x"), "There is no command"),
    (Move(who="Mallory", does="move_item", item="CAPA A", args={"step": "x"}), "nobody of this scenario"),
    (Move(who="Olga", does="move_item", item="CAPA B", args={"step": "x"}), "no item 'CAPA B'"),
    (Move(who="Olga", does="move_item", item="CAPA A", args={"stepp": "x"}), "takes no argument stepp"),
    (Move(who="Olga", does="move_item", item="CAPA A"), "missing required field `step`"),
    (Move(who="Olga", does="create_item", item="Olga", args={"fields": FIELDS}), "the name is taken"),
    (Move(who="Olga", does="edit_item", item="CAPA A", args={"fields": FIELDS["title"]}), "Expected `object`"),
    (Move(wait="3 moons"), "no time to wait"),
    (Move(at="2026-01-01 09:00"), "is past"),
    (Move(at="soon"), "no moment"),
    (Move(who="Olga", does="resume_item", item="CAPA A", args={"reason": "@moon"}), "no kind of record"),
    (Move(who="Olga", does="resume_item", item="CAPA A", args={"reason": "@pack"}), "no pack number 1"),
]


@pytest.mark.parametrize(("move", "happened"), NONSENSE, ids=[str(number) for number in range(len(NONSENSE))])
def test_a_move_that_makes_no_sense_fails_in_words(move: Move, happened: str) -> None:
    failure = ran(move).failure
    assert failure is not None
    assert happened in failure.happened
    if move.does:
        assert ran(msgspec.structs.replace(move, refused="right.missing")).failure is not None


def test_a_call_that_makes_no_sense_can_be_what_is_expected() -> None:
    same = Move(who="Olga", does="edit_item", item="CAPA A", args={"fields": {"title": "A hole"}}, refused="usage")
    assert ran(same).passed


SCENES: list[tuple[dict[str, Any], str]] = [
    ({"people": {"Olga": ("cook",)}}, "people"),
    ({"also": ("moon",)}, "people"),
    ({"continues": "moon"}, "people"),
    ({"continues": "own_plan"}, "people"),
    ({"continues": "normal_path", "until": "moon"}, "until"),
    ({"begins": "yesterday"}, "people"),
]


@pytest.mark.parametrize(("scene", "place"), SCENES, ids=[str(number) for number in range(len(SCENES))])
def test_a_scene_that_cannot_be_set_fails_in_words(scene: dict[str, Any], place: str) -> None:
    failure = ran(given=(), **scene).failure
    assert failure is not None
    assert failure.place == place


WAITS = [
    ("4 working hours", "2026-03-02 13:00:01"),
    ("3 working days", "2026-03-05 09:00:01"),
    ("90 minutes", "2026-03-02 10:30:01"),
    ("10 days", "2026-03-12 09:00:01"),
    ("12 working hours", "2026-03-03 13:00:01"),
]


@pytest.mark.parametrize(("wait", "then"), WAITS)
def test_the_clock_waits_in_plain_or_working_time_and_a_move_takes_a_second(wait: str, then: str) -> None:
    simulation = Simulation(version=CAPA, also=(), people=PEOPLE, begins="2026-03-02 09:00")
    simulation.take("Olga", simulation.act("Olga", OPEN.does, "", OPEN.args), "CAPA A")
    simulation.now += timedelta(seconds=1)
    simulation.wait(wait)
    # A working day that has begun ends in the next one.
    assert f"{simulation.now:%Y-%m-%d %H:%M:%S}" == then


def test_a_scenario_reads_like_the_screen() -> None:
    output = scenario_words(CAPA, next(each for each in CAPA.scenarios if each.id == "normal_path"), SHIPPED)
    assert "Olga: Quality" in output
    assert "When: Quinn approves 'Release the plan' for CAPA A as Quality" in output
    assert "When: After 1 working day: Pat approves 'Release the plan' for CAPA A as Process owner" in output
    assert "When: Quinn accepts 'Implementation record' of CAPA A" in output
    refused = scenario_words(CAPA, next(each for each in CAPA.scenarios if each.id == "own_plan"), SHIPPED)
    assert "Given 'From report to closure on the normal path', up to 'Plan'" in refused
    assert any(line.endswith("and is refused (separation.owner)") for line in refused)


def test_every_version_reads_its_scenarios_in_words() -> None:
    for version in SHIPPED.values():
        for scenario in version.scenarios:
            assert all(line.strip() for line in scenario_words(version, scenario, SHIPPED))


def broken(version: ProcessVersion) -> ProcessVersion:
    """The version without its four eyes at the release of the plan."""
    transitions = tuple(
        msgspec.structs.replace(transition, gate=msgspec.structs.replace(transition.gate, approvals=()))
        if transition.source == "plan"
        else transition
        for transition in version.transitions
    )
    return msgspec.structs.replace(version, transitions=transitions)


def test_a_version_that_lost_its_four_eyes_fails_its_scenario() -> None:
    worse = broken(CAPA)
    results = [run_scenario(worse, scenario, SHIPPED) for scenario in worse.scenarios]
    assert not all(each.passed for each in results)
