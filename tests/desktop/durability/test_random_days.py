"""Several people live random days in one vault; model, tables, log and rules stay one. Long: bench_random_days.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_days import Days

pytestmark = pytest.mark.usefixtures("stretched_once")
STEPS = 25


@pytest.mark.parametrize("seed", range(4))
def test_a_random_day_leaves_what_the_model_states(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    days = Days(tmp_path, seed=seed)
    for _ in range(STEPS):
        days.step()
    assert days.end() > STEPS // 3
    assert len(set(days.steps)) > 6
