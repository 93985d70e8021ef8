"""Power loss replayed from recorded operations: what was not synced is dropped, torn, reordered, and names too."""

from __future__ import annotations

from pathlib import Path

import pytest
from crash_acts import ACTS
from crash_rig import Worker
from recorded_acts import Figures, Recorded, record, replay

pytestmark = pytest.mark.usefixtures("stretched_once")
Rig = tuple[Worker, Path]
STATES_IN_ALL = 2_000


def test_power_loss_at_any_operation_leaves_the_state_before_or_after_every_act(rig: Rig) -> None:
    figures = []
    for act in ACTS:
        run = record(*rig, act)
        figures.append(replay(run, rig[1], each=2, every=max(1, len(run.operations) // 12)))
    for found in figures:
        print(f"{found.act}: {found.operations} operations, {found.states} states, {found.distinct} distinct")
    assert {found.act: dict(found.bad) for found in figures if found.bad} == {}
    assert sum(found.states for found in figures) >= STATES_IN_ALL
    assert all(found.allowed > 1 for found in figures if ACTS[found.act].entries)


def test_power_loss_during_a_change_of_the_data_key_shuts_out_nobody_who_was_absent(rig: Rig) -> None:
    run = record(*rig, "rotate")
    found = replay(run, rig[1], each=2, every=max(1, len(run.operations) // 24))
    print(f"rotate: {found.operations} operations, {found.states} states, {found.distinct} distinct")
    assert found.bad == {}
    assert found.states > 200
    assert found.allowed >= 3, "before, begun and finished"


def bad_states(found: Figures) -> int:
    return sum(found.bad.values())


@pytest.mark.parametrize("act", ["edit_item", "add_evidence"])
def test_the_same_replay_finds_broken_stores_when_nothing_is_synced(rig: Rig, act: str) -> None:
    run = record(*rig, act, synchronous="OFF")
    assert bad_states(replay(run, rig[1], each=2, every=3)) > 10


@pytest.mark.parametrize("act", ["create_vault", "add_person", "change_passphrase", "restore", "rotate"])
def test_the_same_replay_finds_lost_names_when_folders_are_not_synced(rig: Rig, act: str) -> None:
    run = record(*rig, act)
    folders = {operation.path for operation in run.operations if operation.letter == "S"}
    folders -= {operation.path for operation in run.operations if operation.letter in "CWT"}
    careless = [each for each in run.operations if each.letter != "S" or each.path not in folders]
    assert len(careless) < len(run.operations)
    assert bad_states(replay(Recorded(run.act, run.base, run.under, careless), rig[1], each=2, every=4)) > 0
