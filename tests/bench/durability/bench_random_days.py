"""The long form: many random days of many steps, each held against its model.

python tests/bench/durability/bench_random_days.py [--days N] [--steps N] [--seed S]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from long_rig import table

from crash_acts import remember_stretching  # isort: skip  the path to it is set by long_rig
from crash_shim import fast_folder  # isort: skip
from random_days import Days  # isort: skip


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--days", type=int, default=200)
    asked.add_argument("--steps", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1000)
    options = asked.parse_args()
    remember_stretching()
    began, entries, wrong = time.perf_counter(), 0, []
    for day in range(options.days):
        with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
            os.environ["COUNTERSIGN_HOME"] = str(Path(folder) / "home")
            days = Days(Path(folder), seed=options.seed + day)
            try:
                for _ in range(options.steps):
                    days.step()
                entries += days.end()
            except Exception as problem:  # noqa: BLE001 (whatever it is, it is what is looked for)
                wrong.append(f"seed {options.seed + day}: {type(problem).__name__}: {problem} after {days.steps}"[:600])
    took = time.perf_counter() - began
    print(
        table(
            ("days", "steps", "entries", "wrong", "s"),
            [(options.days, options.days * options.steps, entries, len(wrong), int(took))],
        )
    )
    print("\n".join(wrong[:10]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
