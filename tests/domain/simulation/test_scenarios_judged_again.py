"""Every act of every shipped scenario is decided again, on the state it was decided on, to the same bytes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from judged_again import breaches_of

from domain.act import Act, Actor
from domain.process.decode import decode_process
from domain.simulation.memory_register import MemoryRegister, header_of
from domain.simulation.run import run_scenarios

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
SHIPPED = {
    path.stem: decode_process(path.read_text(encoding="utf-8"))
    for path in sorted(TEMPLATES.glob("*.json"))
    if path.name not in ("schema.json", "sets.json")
}


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> tuple[Counter[str], list[str]]:
    """How often each act was asked about again, and what was found wrong."""
    asked: Counter[str] = Counter()
    wrong: list[str] = []
    real = MemoryRegister.take

    def take(register: MemoryRegister, act: Act, by: Actor) -> Any:
        if act.command:
            header = header_of(act, by, seq=len(register.entries))
            wrong.extend(f"{act.name} {each.text}" for each in breaches_of(register, header, act.command, act.changes))
            asked[act.name] += 1
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
