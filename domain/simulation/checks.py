"""Looks at how things stand in a scenario: what was expected, what is so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from domain.commands.alerts import RaiseAlerts
from domain.errors import Refused, UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import Check
from domain.process.states import state_at
from domain.records.governance import Alert
from domain.records.registry import ABOUT_ITEMS, RECORDS
from domain.rules.alert_scan import Scan
from domain.rules.approvals import gates_asked, judge_approvals
from domain.rules.facts import gather
from domain.rules.fields import value_of
from domain.rules.next_action import next_actions
from domain.simulation.simulation import Simulation

_STATES = ("state", "decision", "kind")
"""Fields by which records of a kind are reported apart, the first that says so."""


class Unmet(msgspec.Struct, frozen=True):
    """A check that does not hold."""

    expected: str
    happened: str
    obstacles: tuple[Obstacle, ...] = ()


def check_all(simulation: Simulation, check: Check) -> Unmet | None:
    """The first part of a check that does not hold; None when all of it does.

    Raises:
        UsageProblem: the check cannot be made: an unknown item, person, act or record.
    """
    checkers: tuple[Callable[[Simulation, Check], Iterator[Unmet]], ...] = (
        _item, _fields, _gate, _passes, _alert, _counts, _versions,
    )  # fmt: skip
    return next((unmet for checker in checkers for unmet in checker(simulation, check)), None)


def _item(simulation: Simulation, check: Check) -> Iterator[Unmet]:
    if not (check.step or check.state or check.cycle):
        return
    found = simulation.register.item(simulation.item(check.item))
    for name, wanted in (("step", check.step), ("state", check.state), ("cycle", check.cycle)):
        is_so = getattr(found, name)
        if wanted and is_so != wanted:
            yield Unmet(
                message("checks.the_of", name=name, wanted=wanted, item=check.item),
                message("checks.it_is", is_so=is_so),
            )


def _fields(simulation: Simulation, check: Check) -> Iterator[Unmet]:
    if not check.fields:
        return
    item = simulation.register.item(simulation.item(check.item))
    for field, wanted in check.fields.items():
        meant = simulation.meant(wanted) if isinstance(wanted, str) else wanted
        is_so = value_of(item, field)
        if (is_so or "") != meant:
            yield Unmet(
                message("checks.of_to_be", field=field, item=check.item, wanted=wanted),
                message("checks.it_is.66", is_so=is_so),
            )


def _gate(simulation: Simulation, check: Check) -> Iterator[Unmet]:
    if not (check.obstacle or check.free or check.missing):
        return
    try:
        simulation.act(check.who, check.does, check.item, check.args)
    except Refused as refusal:
        obstacles = refusal.obstacles
    except UsageProblem as problem:
        # An act that makes no sense has no obstacles to look at.
        yield Unmet(message("checks.to_be_judged", does=check.does), str(problem))
        return
    else:
        obstacles = ()
    rules = [obstacle.rule for obstacle in obstacles]
    described = message("checks.in_the_way", fromkeys=", ".join(dict.fromkeys(rules)) or message("checks.nothing"))
    if check.free and obstacles:
        yield Unmet(message("checks.nothing_in_the_way", does=check.does, who=check.who), described, obstacles)
    words = {*rules, *map(obstacle_word, obstacles)}
    for one in check.missing:
        if one not in words:
            yield Unmet(
                message("checks.in_the_way_of", obstacle=one, does=check.does, who=check.who), described, obstacles
            )
    if check.obstacle and check.obstacle not in rules:
        yield Unmet(
            message("checks.in_the_way_of", obstacle=check.obstacle, does=check.does, who=check.who),
            described,
            obstacles,
        )


def obstacle_word(obstacle: Obstacle) -> str:
    """An obstacle as a check names it: its rule, and what it is about where that is a word of the process."""
    about = obstacle.about
    return f"{obstacle.rule}:{about}" if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", about) else obstacle.rule


def _passes(simulation: Simulation, check: Check) -> Iterator[Unmet]:
    if not check.passes:
        return
    facts = gather(
        simulation.register, simulation.item(check.item), simulation.actor(check.who or next(iter(simulation.people)))
    )
    passed = [each.rule for action in next_actions(facts) for each in action.verdict.passed]
    if check.passes not in passed:
        yield Unmet(
            message("checks.passed_visibly", passes=check.passes),
            message("checks.passed", passed=", ".join(passed) or message("checks.nothing")),
        )


def _alert(simulation: Simulation, check: Check) -> Iterator[Unmet]:
    if not check.alert:
        return
    look_for_alerts(simulation)
    item = simulation.item(check.item) if check.item else ""
    raised = [each for each in simulation.register.all_of(Alert) if not item or each.item == item]
    person = simulation.meant(check.role)
    fitting = [
        each
        for each in raised
        if each.condition == check.alert and (not check.role or check.role == each.role or person == each.person)
    ]
    if not fitting:
        described = (
            ", ".join(dict.fromkeys(message("checks.for", condition=each.condition, role=each.role) for each in raised))
            or "none"
        )
        yield Unmet(
            message("checks.an_alert_for", alert=check.alert, role=check.role or message("checks.anybody")),
            message("checks.raised", described=described),
        )


def look_for_alerts(simulation: Simulation) -> None:
    """What the program does by itself every few minutes; that nothing new is due is no failure."""
    actor = simulation.actor(next(iter(simulation.people)))
    found = Scan(simulation.register, actor).alerts()
    if found:
        simulation.carry_out(RaiseAlerts.of(found, running_since=iso(actor.at)), actor)


def _counts(simulation: Simulation, check: Check) -> Iterator[Unmet]:
    for asked, wanted in check.counts.items():
        record, _, state = asked.partition(":")
        if record not in RECORDS:
            raise UsageProblem(
                message("checks.is_no_kind_of", record=record), remedy=message("checks.kinds", list=", ".join(RECORDS))
            )
        found = (
            _counting(simulation, check) if asked == "approval:counting" else _number(simulation, check, record, state)
        )
        if found != wanted:
            where = message("checks.of", item=check.item) if check.item else ""
            yield Unmet(
                message("checks.of.147", wanted=wanted, asked=asked, where=where),
                message("checks.there_are", found=found),
            )


def _number(simulation: Simulation, check: Check, record: str, state: str) -> int:
    item = simulation.item(check.item) if record in ABOUT_ITEMS else ""
    rows = [row for row in simulation.register.rows(record) if not item or row["item"] == item]
    return sum(1 for row in rows if not state or state in [row.get(name) for name in _STATES])


def _counting(simulation: Simulation, check: Check) -> int:
    somebody = check.who or next(iter(simulation.people))
    facts = gather(simulation.register, simulation.item(check.item), simulation.actor(somebody))
    return sum(len(level.counted) for gate in gates_asked(facts) for level in judge_approvals(facts, gate).levels)


def _versions(simulation: Simulation, check: Check) -> Iterator[Unmet]:
    for version, wanted in check.versions.items():
        found = simulation.register.process_version(simulation.meant(version))
        is_so = state_at(found, simulation.register.process_versions(), simulation.now)
        if is_so != wanted:
            yield Unmet(
                message("checks.version_to_be", version=version, wanted=wanted), message("checks.it_is", is_so=is_so)
            )
