"""Whoever a refusal names can act on it, in the states that random histories lead to."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest
from histories import History
from named_in_refusals import complaints
from rich_history import OLGA, rich

HISTORIES, STEPS = 8, 40


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whoever_is_named_can_act_after_a_random_history(seed: int) -> None:
    world = History(1_000 + seed).run(STEPS)
    assert list(complaints(world.state, world.actor(OLGA))) == []


def test_whoever_is_named_can_act_after_every_command() -> None:
    world = rich()
    assert list(complaints(world.state, world.actor(OLGA))) == []
