"""From a recorded act to judged states of a disk that lost power: used by the short tests and the long bench."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from crash_acts import ABSENT, ACTS, NEW_PASSPHRASE, PASSPHRASE, Place, unlock
from crash_rig import Worker
from power_loss import Disk, Operation, read_record, states
from store_states import COPY, StateJudge

AFTERWARDS = {"change_passphrase": NEW_PASSPHRASE}
"""What opens the vault after these acts."""


@dataclass
class Figures:
    """What a replay came to."""

    act: str
    operations: int = 0
    states: int = 0
    distinct: int = 0
    allowed: int = 0
    bad: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Recorded:
    """One undisturbed run of an act, written down."""

    act: str
    base: Path
    under: str
    operations: list[Operation]


def record(worker: Worker, folder: Path, act: str, *, synchronous: str = "") -> Recorded:
    """Do the act once and write down what it did to its files."""
    file = folder / f"{act}{synchronous}.record"
    file.unlink(missing_ok=True)  # the shim appends
    output = worker.ask(act=act, n=0, mode="", record=str(file), keep=True, synchronous=synchronous)
    assert output["outcome"] == "done", output
    base = folder / "bases" / ACTS[act].base / "on"
    return Recorded(act, base, str(folder / "job" / "on"), read_record(file))


def replay(
    run: Recorded, folder: Path, *, each: int = 1, every: int = 1, seed: int = 1, most_bad: int = 20, shift: int = 0
) -> Figures:
    """Judge the states that power loss may leave, at every `every`-th operation from `shift` on."""
    end = Disk(run.base, run.under)
    for operation in run.operations:
        end.replay(operation)
    whole = end.kept()
    begin = Disk(run.base, run.under).kept()
    keys = [_store_key(run.act, begin, folder / "begin", PASSPHRASE)] if "site.vault/" in begin else []
    passphrase = AFTERWARDS.get(run.act, PASSPHRASE)
    with ACTS[run.act].program():
        keys.append(_store_key(run.act, whole, folder / "end", passphrase))
    people = tuple((name, PASSPHRASE) for name in (ACTS[run.act].person, *ABSENT)) if run.act == "rotate" else ()
    judge = StateJudge(folder, tuple(dict.fromkeys(keys)), people)
    judge.copies = {name: data for name, data in whole.items() if name.endswith(COPY)}
    disk = Disk(run.base, run.under)
    judge.learn(disk.kept())
    for operation in run.operations:
        disk.replay(operation)
        if operation.letter != "A":
            judge.learn(disk.kept())
    found = Figures(run.act, operations=len(run.operations), allowed=len(judge.allowed))
    looked = judge.distinct
    seen = states(run.base, run.under, run.operations, each=each, every=every, seed=seed, shift=shift)
    for cut, mode, acknowledged, files in seen:
        found.states += 1
        problem = judge.problem(files, acknowledged=acknowledged)
        if problem:
            found.bad[f"{mode} at {cut}: {problem}"] += 1
            if len(found.bad) >= most_bad:
                break
    found.distinct = judge.distinct - looked
    return found


def _store_key(act: str, whole: dict[str, bytes], folder: Path, passphrase: str) -> bytes:
    """The key of the store in a whole state, by unlocking that."""
    shutil.rmtree(folder, ignore_errors=True)
    place = Place(folder)
    place.home.mkdir(parents=True)
    for name, data in whole.items():
        path = place.on / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(data)
    with place.at_home():
        vault = unlock(place, ACTS[act].person, passphrase)
        try:
            return vault._keys.store_key
        finally:
            vault.discard()
