"""The long form: every act killed and torn at every operation and at random moments, and every fault at every one.

    python tests/bench/durability/bench_kills.py [--random N] [--only-random] [--torn-every N] [--faults] [--act NAME]

Prints a table; ends with 1 if anything was lost, half done or could not be opened.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from long_rig import table

from crash_acts import ACTS  # isort: skip  the path to it is set by long_rig
from crash_rig import Worker, working  # isort: skip

OURS = {"Unavailable", "FileProblem", "Damaged", "Refused"}


def killed_everywhere(worker: Worker, act: str, mode: str, count: int, wrong: list[str], *, every: int = 1) -> int:
    """Kills at every operation; how many there were comes back."""
    kills = 0
    for n in range(1, count + 1, every):
        output = worker.ask(act=act, n=n, mode=mode)
        kills += output["outcome"] == "killed"
        wrong += [f"{act} {mode} {n}: {problem}" for problem in output["wrong"]]
    return kills


def killed_at_random(worker: Worker, act: str, times: int, chance: random.Random, wrong: list[str]) -> int:
    """Kills from outside at moments spread over what the act takes."""
    whole = worker.ask(act=act, n=0, mode="", keep=True)["seconds"]
    kills = 0
    for _ in range(times):
        after = chance.random() * whole
        output = worker.ask(act=act, n=0, mode="", after=after)
        kills += output["outcome"] == "killed"
        wrong += [f"{act} after {after:.4f} s: {problem}" for problem in output["wrong"]]
    return kills


def spoiled_everywhere(worker: Worker, act: str, mode: str, count: int, wrong: list[str]) -> Counter[str]:
    """One kind of fault at every operation; the outcomes come back."""
    outcomes: Counter[str] = Counter()
    for n in range(1, count + 1):
        output = worker.ask(act=act, n=n, mode=mode)
        outcomes[output["outcome"]] += 1
        wrong += [f"{act} {mode} {n}: {problem}" for problem in output["wrong"]]
        if output["outcome"] not in {"done", *OURS}:
            wrong.append(f"{act} {mode} {n}: {output['outcome']}: {output.get('said', '')[-200:]}")
    return outcomes


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--random", type=int, default=40, help="random kills of each act")
    asked.add_argument("--only-random", action="store_true", help="no kills at each operation")
    asked.add_argument("--torn-every", type=int, default=1, help="tear at every so many operations")
    asked.add_argument("--faults", action="store_true", help="also every fault at every operation")
    asked.add_argument("--act", nargs="*", default=list(ACTS), choices=list(ACTS))
    options = asked.parse_args()
    chance = random.Random(11)
    wrong: list[str] = []
    rows: list[tuple[object, ...]] = []
    began = time.perf_counter()
    with working() as (worker, _):
        for act in options.act:
            usual = worker.ask(act=act, n=0, mode="")
            wrong += [f"{act}: {problem}" for problem in usual["wrong"]]
            count = usual["counted"]
            kills = torn = 0
            if not options.only_random:
                kills = killed_everywhere(worker, act, "kill", count, wrong)
                torn = killed_everywhere(worker, act, "torn", count, wrong, every=options.torn_every)
            by_chance = killed_at_random(worker, act, options.random, chance, wrong)
            faults = 0
            if options.faults:
                for mode in ("eio", "enospc", "short", "eintr", "rofs"):
                    faults += sum(spoiled_everywhere(worker, act, mode, count, wrong).values())
                faults += sum(spoiled_everywhere(worker, act, "eioread", usual["reads"], wrong).values())
            rows.append((act, count, kills, torn, by_chance, faults, len(wrong)))
            print(rows[-1], flush=True)
    heads = ("act", "operations", "killed", "torn", "at random", "faults", "wrong so far")
    print(table(heads, rows))
    killed = sum(int(str(row[2])) + int(str(row[3])) + int(str(row[4])) for row in rows)
    faults = sum(int(str(row[5])) for row in rows)
    print(f"{killed:,} kills, {faults:,} faults, {len(wrong)} wrong, {time.perf_counter() - began:.0f} s")
    print("\n".join(wrong[:40]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
