"""Lives through random histories and replays each, all in memory and from a backup folder (not a test).

Run: .venv/bin/python tests/bench/bench_histories.py [histories] [steps] [first seed]
Prints one JSON object: how many entries, what was recorded and refused, and each breach. Ends with 1 if there is one.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "forger"))

from histories import DictOverflow, History, breaches_of

from domain.replay.state import MemoryState


def main() -> int:
    given = [int(each) for each in sys.argv[1:]]
    count, steps, first = (*given, *(500, 60, 1000)[len(given) :])
    happened: Counter[str] = Counter()
    breaches: list[str] = []
    entries, started = 0, time.perf_counter()
    for seed in range(first, first + count):
        history = History(seed)
        try:
            world = history.run(steps)
        except Exception as problem:  # noqa: BLE001 (whatever it is, the bench goes on and says so)
            breaches.append(f"history {seed}: {type(problem).__name__}: {problem}")
            world = history.world
        happened.update(history.happened)
        entries += len(world.output)
        for state in (MemoryState(), MemoryState(DictOverflow(), most=5)):
            breaches += [
                f"history {seed}, entry {seq}: {word}: {text}" for seq, word, text in breaches_of(world, state)
            ]
    refused = sum(times for word, times in happened.items() if word.startswith("refused "))
    found = {
        "histories": count,
        "entries": entries,
        "seconds": round(time.perf_counter() - started, 1),
        "refusals recorded": refused,
        "commands": {word: times for word, times in sorted(happened.items()) if not word.startswith("refused ")},
        "breaches": breaches,
    }
    print(json.dumps(found, indent=1))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
