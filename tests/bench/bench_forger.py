"""Forges entries of every command and counts those that verification names (not a test).

Run: .venv/bin/python tests/bench/bench_forger.py [seeds]
Each seed describes the scenario anew, with other keys, nonces and ids, and runs a random history, of which one
forgery in 5 is tried. Prints one JSON object: how many forgeries, by kind and
by command, how many are named, which are missed. Ends with 1 unless every one is named.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "forger"))

from forger import Forged, Forger
from histories import History
from listed import LISTED
from rich_history import ScenarioRun
from rich_world import World


def _of_the_story(seed: int) -> Iterator[tuple[Forged, str]]:
    forger, waiting = Forger(ScenarioRun(World(seed)).notify()), list(LISTED)
    for output in forger.walk():
        mine = [each for each in waiting if each.fits(forger, output)]
        waiting = [each for each in waiting if each not in mine]
        for forged in chain((each.make(forger, output) for each in mine), forger.forgeries(output)):
            yield forged, forger.verdict(forged)


def _of_a_history(seed: int) -> Iterator[tuple[Forged, str]]:
    forger, dice = Forger(History(seed).run(60)), Random(seed)
    for output in forger.walk():
        for forged in forger.forgeries(output):
            if not dice.randrange(5):
                yield forged, forger.verdict(forged)


def main() -> int:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    kinds: Counter[str] = Counter()
    commands: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    permitted: Counter[str] = Counter()
    started = time.perf_counter()
    for seed in range(1, seeds + 1):
        for forged, verdict in chain(_of_the_story(seed), _of_a_history(seed)):
            if verdict == "permitted":
                permitted[f"{forged.kind}: {forged.word}"] += 1
                continue
            kinds[forged.kind] += 1
            commands[forged.word] += 1
            if verdict == "missed":
                missed[f"{forged.kind}: {forged.word} {forged.place}"] += 1
    found = {
        "forgeries": kinds.total(),
        "named": kinds.total() - missed.total(),
        "seconds": round(time.perf_counter() - started, 1),
        "kinds": dict(kinds.most_common()),
        "commands": dict(sorted(commands.items())),
        "missed": dict(missed),
        "left out, for a permitted command gives them": dict(sorted(permitted.items())),
    }
    print(json.dumps(found, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
