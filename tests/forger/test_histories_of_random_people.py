"""Whatever is decided in random histories is decided again in the same way, with and without a backup folder; so are
refusals.

The bench runs 500 of them.
"""

from __future__ import annotations

from collections import Counter

import pytest
from histories import DictOverflow, History, breaches_of
from rich_history import rich

from domain.replay.state import MemoryState

HISTORIES, STEPS, KEPT = 20, 40, 5
happened: Counter[str] = Counter()


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_random_history_replays_without_a_breach(seed: int) -> None:
    history = History(seed)
    world = history.run(STEPS)
    happened.update(history.happened)
    assert breaches_of(world, MemoryState()) == []
    assert breaches_of(world, MemoryState(DictOverflow(), most=KEPT)) == [], (
        "most of the state lay on the backup folder"
    )


def test_the_whole_scenario_replays_from_a_backup_folder() -> None:
    assert breaches_of(rich(), MemoryState(DictOverflow(), most=KEPT)) == []


def test_random_people_get_somewhere() -> None:
    """Without this the histories could agree because nothing ever happens in them."""
    for seed in range(HISTORIES, HISTORIES + 2) if not happened else ():
        history = History(seed)
        history.run(STEPS)
        happened.update(history.happened)
    print(happened)
    recorded = {word for word in happened if word != "senseless" and not word.startswith("refused ")}
    assert len(recorded) > 8
    assert sum(times for word, times in happened.items() if word.startswith("refused ")) > 20
