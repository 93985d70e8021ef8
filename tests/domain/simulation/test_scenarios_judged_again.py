"""Every act of every shipped scenario, let through by the gates, is let through again when replay asks the rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from domain.replay.rules import EntryThen, is_judged, rule_breaches

from domain.act import Act, Actor
from domain.process.decode import decode_process
from domain.simulation.memory_register import MemoryRegister, header_of
from domain.simulation.run import run_scenarios

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
SHIPPED = {
    path.stem: decode_process(path.read_text(encoding="utf-8"))
    for path in sorted(TEMPLATES.glob("*.json"))
    if path.name != "schema.json"
}


NOT_ASKED_AGAIN = {
    "found_vault",
    "publish_process",
    "enrol_person",
    "sign_declaration",
    "grant_role",
    "raise_alerts",
    "mark_alert_seen",
    "record_refusal",
    "set_calendar",
    "ask_blocker",
    "begin_recurrence",
}
"""Acts about people and the vault, judged elsewhere at replay, and such as sign nothing and move nothing."""


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> tuple[Counter[str], list[str]]:
    """How often each act was asked about again, and what was found wrong."""
    asked: Counter[str] = Counter()
    wrong: list[str] = []
    real = MemoryRegister.take

    def take(register: MemoryRegister, act: Act, by: Actor) -> Any:
        if act.changes:
            then = EntryThen(header_of(act, by, seq=len(register.entries)), act.changes, register)
            wrong.extend(f"{act.name} {breach.text}" for breach in rule_breaches(then))
            asked[act.name] += is_judged(act.name)
        return real(register, act, by)

    monkeypatch.setattr(MemoryRegister, "take", take)
    return asked, wrong


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_what_a_scenario_was_allowed_is_allowed_again(name: str, judged: tuple[Counter[str], list[str]]) -> None:
    asked, wrong = judged
    assert [each.failure.text for each in run_scenarios(SHIPPED[name], SHIPPED) if each.failure] == []
    assert sorted(set(wrong)) == []
    assert sum(asked.values()) > 20
    assert {"create_item", "move_item", "approve_item"} <= {act for act, times in asked.items() if times}
    assert {act for act, times in asked.items() if not times} <= NOT_ASKED_AGAIN
