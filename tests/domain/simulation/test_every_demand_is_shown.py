"""What a process demands is shown by its scenarios: without any one demand, one of them fails."""

from __future__ import annotations

import msgspec
import pytest
from show_demands import FILES, shipped

from domain.process.definition import ProcessVersion
from domain.simulation.demanded import demand_scenario
from domain.simulation.run import run_scenario
from domain.simulation.weakened import unshown_demands, vacuous, weakened

SHIPPED = shipped()
SAMPLE = ("service_request", "project_milestone")
"""Looked at in every run, demand by demand; the bench looks at all of them."""


NOT_DRIVEN = frozenset(
    {"action_log", "audit_finding", "calibration", "complaint", "deviation", "saving_measure", "training"}
)
"""Processes with fields that only a named person sets, or that an answer asks for: the driver of the scenario does not
find its way through these, so that their demands are shown by the scenarios written for them alone.
"""


def with_demands(version: ProcessVersion) -> ProcessVersion:
    """The version with the scenario that shows what it demands, in the place of the one that may be there."""
    scenario = demand_scenario(version, SHIPPED)
    kept = (each for each in version.scenarios if each.id != scenario.id)
    return msgspec.structs.replace(version, scenarios=(scenario, *kept))


@pytest.mark.parametrize("process", SAMPLE)
def test_without_any_one_demand_a_scenario_of_a_process_fails(process: str) -> None:
    assert [(each.place, each.what) for each in vacuous(with_demands(SHIPPED[process]), SHIPPED)] == []


@pytest.mark.parametrize("process", [each for each in FILES if each not in NOT_DRIVEN])
def test_the_scenario_that_shows_the_demands_of_a_process_passes(process: str) -> None:
    scenario = demand_scenario(SHIPPED[process], SHIPPED)
    assert run_scenario(SHIPPED[process], scenario, SHIPPED).failure is None
    assert sum(len(check.missing) for move in scenario.when for check in move.then) > 20


def test_a_demand_that_no_scenario_shows_is_found() -> None:
    version = SHIPPED["service_request"]
    alone = msgspec.structs.replace(version, scenarios=version.scenarios[:1])
    unshown = {(each.kind, each.what) for each in vacuous(alone, SHIPPED)}
    assert ("field", "justification") in unshown
    assert ("separation", "creator") in unshown
    advice = list(unshown_demands(alone, SHIPPED))
    assert len(advice) == len(list(vacuous(alone, SHIPPED)))
    assert {each.rule for each in advice} == {"advice.unshown"}


def test_every_kind_of_demand_is_taken_away() -> None:
    kinds = {each.kind for version in SHIPPED.values() for each in weakened(version)}
    assert kinds >= {"field", "evidence", "condition", "approval", "separation", "unblocked"}
    for version in SHIPPED.values():
        assert all(_differs(each.version, version) for each in weakened(version))


def _differs(one: ProcessVersion, other: ProcessVersion) -> bool:
    return msgspec.to_builtins(one) != msgspec.to_builtins(other)
