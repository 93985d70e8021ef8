"""The long form: power lost at every operation of every act, in many random ways, and the control without syncs.

    python tests/bench/durability/bench_power_loss.py [--states N]

Prints a table; ends with 1 if a state is bad, or if the control finds none.
"""

from __future__ import annotations

import argparse
import sys
import time

from long_rig import table

from crash_acts import ACTS, remember_stretching  # isort: skip  the path to it is set by long_rig
from crash_rig import working  # isort: skip
from recorded_acts import Figures, record, replay  # isort: skip

_CONTROL = ("edit_item", "add_evidence", "create_item")


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--states", type=int, default=50_000, help="states to judge in all, at least")
    wanted = asked.parse_args().states
    remember_stretching()
    began = time.perf_counter()
    found: list[Figures] = []
    with working() as (worker, folder):
        runs = [record(worker, folder, act) for act in ACTS]
        cuts = sum(len(run.operations) for run in runs)
        each = max(1, -(-(wanted - 2 * cuts) // (4 * cuts)))
        for run in runs:
            found.append(replay(run, folder, each=each))
            print(found[-1], flush=True)
        blind = [
            replay(record(worker, folder, act, synchronous="OFF"), folder, each=2, most_bad=1000) for act in _CONTROL
        ]
    heads = ("act", "operations", "states", "distinct", "bad")
    print(table(heads, [(f.act, f.operations, f.states, f.distinct, sum(f.bad.values())) for f in found]))
    states, bad = sum(f.states for f in found), sum(sum(f.bad.values()) for f in found)
    print(f"{states:,} states, {bad} bad, {time.perf_counter() - began:.0f} s")
    control = ", ".join(f"{f.act} {sum(f.bad.values())} bad of {f.states}" for f in blind)
    print(f"control with synchronous=OFF: {control}")
    return 1 if bad or states < wanted or not all(f.bad for f in blind) else 0


if __name__ == "__main__":
    sys.exit(main())
