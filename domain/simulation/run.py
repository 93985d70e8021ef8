"""Run a scenario with the real engine: every move a real use case, every check a look at the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import timedelta
from typing import Final

import msgspec

from domain.errors import CountersignError, Refused, UsageProblem
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.decode import process_hash
from domain.process.definition import Check, Move, ProcessVersion, Scenario
from domain.simulation.checks import Unmet, check_all
from domain.simulation.simulation import Simulation
from domain.simulation.words import Describer

_DEPTH: ContextVar[int] = ContextVar("scenarios_within_scenarios", default=0)
_DEEPEST = 2
"""A scenario may prove a version, whose scenarios are run then; these prove none, or it would never end."""
NONSENSE = "usage"
"""Stands for a call that makes no sense where a scenario names the rule that must refuse."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Where a scenario did not go as described. `place` is a path such as "when[2].then[0]", `move` its words."""

    place: str
    move: str
    expected: str
    happened: str
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def text(self) -> str:
        """The failure in one line."""
        return message("run.expected", place=self.place, move=self.move, expected=self.expected, happened=self.happened)


def _too_deep() -> Failure:
    return Failure(
        place="people",
        move=message("run.the_scene"),
        expected=message("run.a_scenario"),
        happened=message("run.it_runs_within_a"),
    )


class ScenarioResult(msgspec.Struct, frozen=True, kw_only=True):
    """How one scenario of a version went; `version` is as people cite it, `failure` None when it passed."""

    version: str
    scenario: str
    title: str
    passed: bool
    failure: Failure | None = None


def run_scenario(version: ProcessVersion, scenario: Scenario, others: Mapping[str, ProcessVersion]) -> ScenarioResult:
    """Run a scenario of `version` in a fresh vault in memory. `others` are the processes it may name."""
    depth = _DEPTH.get()
    token = _DEPTH.set(depth + 1)
    try:
        failure = _ran(version, scenario, others) if depth < _DEEPEST else _too_deep()
    finally:
        _DEPTH.reset(token)
    return ScenarioResult(
        version=version.name, scenario=scenario.id, title=scenario.title, passed=failure is None, failure=failure
    )


def run_scenarios(version: ProcessVersion, others: Mapping[str, ProcessVersion]) -> Iterator[ScenarioResult]:
    """Run every scenario of a version, in the order written."""
    return (run_scenario(version, each, others) for each in version.scenarios)


_PROVEN: dict[tuple[int, tuple[str, ...]], tuple[ScenarioResult, ...]] = {}
_MOST_PROVEN: Final = 64


def proven(version: ProcessVersion, others: Mapping[str, ProcessVersion]) -> tuple[ScenarioResult, ...]:
    """How every scenario of a version goes with the processes of `others` that its scenarios name.

    The result is a function of the definitions alone, so it is kept by their hashes: replay asks again and again.
    """
    named = {name: others[name] for each in version.scenarios for name in each.also if name in others}
    hashes = (process_hash(version), *(process_hash(named[name]) for name in sorted(named)))
    key = (_DEPTH.get(), hashes)
    found = _PROVEN.get(key)
    if found is None:
        found = tuple(run_scenarios(version, named))
        if len(_PROVEN) >= _MOST_PROVEN:
            _PROVEN.clear()
        _PROVEN[key] = found
    return found


def _ran(version: ProcessVersion, scenario: Scenario, others: Mapping[str, ProcessVersion]) -> Failure | None:
    try:
        moves = scenario_run_of(version, scenario)
        simulation = _simulation(version, moves.scenarios, others)
    except CountersignError as problem:
        return _failure("people", message("run.the_scene"), message("run.a_scene_that_can"), problem)
    describer = Describer(
        version, {name: roles for each in moves.scenarios for name, roles in each.people.items()}, others
    )
    done = False
    for place, move in moves.before:
        failure = _move(simulation, describer, place, move, checked=False)
        if failure is not None:
            return failure
        done = bool(scenario.until) and any(
            simulation.register.item(item).step == scenario.until for item in simulation.items.values()
        )
        if done:
            break
    if scenario.until and not done:
        return Failure(
            place="until",
            move=message("run.after", continues=scenario.continues),
            expected=message("run.an_item_at", until=scenario.until),
            happened=message("run.none_ever_stood_there"),
        )
    for place, move in moves.own:
        failure = _move(simulation, describer, place, move, checked=True)
        if failure is not None:
            return failure
    return _checks(simulation, describer, "", scenario.then)


class ScenarioRun(msgspec.Struct, frozen=True, kw_only=True):
    """The moves of a scenario with their places: those of scenarios it continues, and its own."""

    scenarios: tuple[Scenario, ...]
    before: tuple[tuple[str, Move], ...]
    own: tuple[tuple[str, Move], ...]


def scenario_run_of(version: ProcessVersion, scenario: Scenario) -> ScenarioRun:
    """The moves of a scenario in the order run.

    Raises:
        UsageProblem: it continues a scenario that the version does not have, or one that continues another.
    """
    if not scenario.continues:
        return ScenarioRun(scenarios=(scenario,), before=(), own=_moves(scenario, ""))
    first = next((each for each in version.scenarios if each.id == scenario.continues), None)
    if first is None or first.continues:
        why = message("run.continues_another_itself") if first else message("run.is_no_scenario_of")
        raise UsageProblem(
            f"'{scenario.continues}' {why}.",
            remedy=message("run.continue_a_scenario_that"),
        )
    return ScenarioRun(scenarios=(first, scenario), before=_moves(first, f"{first.id}."), own=_moves(scenario, ""))


def _moves(scenario: Scenario, prefix: str) -> tuple[tuple[str, Move], ...]:
    return tuple(
        (f"{prefix}{part}[{number}]", move)
        for part, moves in (("given", scenario.given), ("when", scenario.when))
        for number, move in enumerate(moves)
    )


def _simulation(
    version: ProcessVersion, scenarios: tuple[Scenario, ...], others: Mapping[str, ProcessVersion]
) -> Simulation:
    also = dict.fromkeys(name for each in scenarios for name in each.also if name != version.id)
    unknown = sorted(set(also) - set(others))
    if unknown:
        raise UsageProblem(message("run.the_scenario_needs_the", unknown=", ".join(unknown)))
    people = {name: roles for each in scenarios for name, roles in each.people.items()}
    return Simulation(version=version, also=[others[name] for name in also], people=people, begins=scenarios[0].begins)


def _move(simulation: Simulation, describer: Describer, place: str, move: Move, *, checked: bool) -> Failure | None:
    words = describer.move(move)
    expected = message("run.the_refusal", refused=move.refused) if move.refused else message("run.it_to_succeed")
    try:
        if move.at:
            simulation.set_clock(move.at)
        if move.wait:
            simulation.wait(move.wait)
        if move.does:
            _do(simulation, move)
            if move.refused:
                return Failure(place=place, move=words, expected=expected, happened=message("run.nothing_refused_it"))
    except Refused as refusal:
        if move.refused not in [obstacle.rule for obstacle in refusal.obstacles]:
            return _failure(place, words, expected, refusal)
    except CountersignError as problem:
        if move.refused != NONSENSE or not isinstance(problem, UsageProblem):
            return _failure(place, words, expected, problem)
    return _checks(simulation, describer, f"{place}.", move.then) if checked else None


def _do(simulation: Simulation, move: Move) -> None:
    """Do the move and let a second go by; a refused one must leave everything as it was.

    Raises:
        Refused: a rule refused it. UsageProblem: the move makes no sense, or it changed something and failed.
    """
    simulation.now += timedelta(seconds=1)
    before = simulation.register.log_size()
    makes = move.makes or (move.item if move.does == "create_item" else "")
    try:
        simulation.take(move.who, simulation.act(move.who, move.does, move.item, move.args), makes)
    except Refused as refusal:
        if simulation.register.log_size() != before:
            raise UsageProblem(message("run.the_move_was_refused")) from refusal
        raise


def _checks(simulation: Simulation, describer: Describer, place: str, checks: tuple[Check, ...]) -> Failure | None:
    for number, check in enumerate(checks):
        try:
            unmet: Unmet | None = check_all(simulation, check)
        except CountersignError as problem:
            unmet = Unmet(message("run.a_check_that_can"), str(problem), _obstacles(problem))
        if unmet is not None:
            return Failure(
                place=f"{place}then[{number}]",
                move=describer.check(check),
                expected=unmet.expected,
                happened=unmet.happened,
                obstacles=unmet.obstacles,
            )
    return None


def _failure(place: str, words: str, expected: str, problem: CountersignError) -> Failure:
    obstacles = _obstacles(problem)
    rules = ", ".join(dict.fromkeys(obstacle.rule for obstacle in obstacles))
    happened = message("run.refused_by", rules=rules, what=problem.what) if rules else str(problem)
    return Failure(place=place, move=words, expected=expected, happened=happened, obstacles=obstacles)


def _obstacles(problem: CountersignError) -> tuple[Obstacle, ...]:
    return problem.obstacles if isinstance(problem, Refused) else ()
