"""Every shipped process runs its own scenarios, and a scenario fails when its rule is taken out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from domain.process.decode import decode_process
from domain.process.definition import Gate, ProcessVersion
from domain.simulation.run import run_scenario, run_scenarios

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
SHIPPED = {
    path.stem: decode_process(path.read_text(encoding="utf-8"))
    for path in sorted(TEMPLATES.glob("*.json"))
    if path.name not in ("schema.json", "sets.json")
}
WHOLE = [name for name in SHIPPED if name not in ("capa", "process_change")]
KINDS = {
    "normal_path", "urgent", "blocked", "on_hold", "cancelled", "changed", "reopened", "late", "delegate", "refused",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_scenario_of_a_shipped_process_passes(name: str) -> None:
    failures = [each.failure.text for each in run_scenarios(SHIPPED[name], SHIPPED) if each.failure]
    assert failures == []


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_process_has_a_scenario_of_every_kind(name: str) -> None:
    assert {each.kind for each in SHIPPED[name].scenarios} >= KINDS


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize(
    ("scenario", "rule"),
    [
        ("urgent", "urgent"),
        ("extended", "extension"),
        ("changed_by_request", "change"),
        ("cancelled", "cancel"),
        ("late", "escalation"),
        ("delegate", "delegates"),
        ("own_work", "separation"),
        ("blocked", "unblocked"),
        ("on_hold", "hold"),
        ("reopened", "reopen"),
        ("changed_after_approval", "signed"),
    ],
)
def test_a_scenario_fails_without_the_rule_it_is_about(name: str, scenario: str, rule: str) -> None:
    scenario_run = next(each for each in SHIPPED[name].scenarios if each.id == scenario)
    poorer = without(SHIPPED[name], rule)
    assert not run_scenario(poorer, scenario_run, SHIPPED).passed


def without(version: ProcessVersion, rule: str) -> ProcessVersion:
    """The version with one rule taken out."""
    plain: dict[str, Callable[[], dict[str, Any]]] = {
        "urgent": lambda: {"urgent": None},
        "extension": lambda: {"extension": None},
        "change": lambda: {"change": None},
        "escalation": lambda: {"escalation": ()},
        "cancel": lambda: {"cancel": replace(version.cancel, requested_by=("owner",), dispositions=())},
        "hold": lambda: {"hold": replace(version.hold, review_date_required=False)},
        "reopen": lambda: {"reopen": replace(version.reopen, roles=("owner", "creator"))},
        "signed": lambda: {"fields": tuple(replace(each, signed=False) for each in version.fields)},
    }
    return replace(version, **plain[rule]()) if rule in plain else _without_in_gates(version, rule)


def _without_in_gates(version: ProcessVersion, rule: str) -> ProcessVersion:
    if rule == "unblocked":
        transitions = tuple(
            replace(transition, gate=replace(transition.gate, unblocked=False)) for transition in version.transitions
        )
        return replace(version, transitions=transitions)
    poorer: dict[str, Any] = (
        {"delegates": False} if rule == "delegates" else {"separate_from": (), "need": "any", "n": 0}
    )
    closing = replace(version.closure, gate=_poorer(version.closure.gate, poorer))
    if rule == "separation":
        closing = replace(closing, separate_from=())
    transitions = tuple(
        replace(transition, gate=_poorer(transition.gate, poorer)) for transition in version.transitions
    )
    return replace(version, transitions=transitions, closure=closing)


def _poorer(gate: Gate, changes: dict[str, Any]) -> Gate:
    return replace(gate, approvals=tuple(replace(each, **changes) for each in gate.approvals))
