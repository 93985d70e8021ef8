"""An item that asks for signatures at two gates at once: which of them the window is about to sign."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_application import FakeVault
from memory_register import CAPA, CAST, MemoryVault

from domain.commands.items import MoveItem
from domain.commands.urgency import ApproveUrgent, MarkUrgent
from ui.queries import read_item

PLAN = "plan->implementation"


@pytest.fixture
def world() -> MemoryVault:
    document = json.loads(CAPA.read_text(encoding="utf-8"))
    document["urgent"] = {
        "role": "process_owner",
        "meaning": "Urgent approval, to be confirmed.",
        "confirm_hours": 16,
        "reasons": ["safety"],
    }
    transitions = {f"{transition['from']}->{transition['to']}": transition for transition in document["transitions"]}
    onward = next(
        transition
        for name, transition in transitions.items()
        if name.startswith("implementation->") and transition["to"] != "plan"
    )
    onward["gate"] = {"approvals": [transitions[PLAN]["gate"]["approvals"][0]]}
    world = MemoryVault(process=json.dumps(document))
    for name, roles in CAST.items():
        world.enrol(name, roles)
    return world


def test_the_gate_chosen_is_the_one_that_is_signed(world: MemoryVault, tmp_path: Path) -> None:
    item = world.new_item()
    world.bring_to(item, "plan")
    world.make_ready(item, sign=False)
    world.do(MarkUrgent, "Olga", item=item, code="safety", reason="Line 3 stands still.")
    world.do(ApproveUrgent, "Pat", item=item)
    world.do(MoveItem, "Olga", item=item, step="implementation")
    quinn = FakeVault(world, "Quinn", tmp_path)
    lines = {each.kind: each for each in world.register.waiting_for(quinn.actor())}
    assert set(lines) == {"ordinary", "confirm"}, "both are asked of Quinn"
    for kind, line in lines.items():
        asked = read_item(quinn, item, gate=line.gate).pending
        assert asked is not None
        assert (asked.kind, asked.gate) == (kind, line.gate)
    olga = read_item(FakeVault(world, "Olga", tmp_path), item).pending
    assert olga is not None
    assert not olga.open_to(world.ids["Olga"])
