"""How many of mutmut's mutants of `domain/rules` the tests kill.

    python tests/bench/mutation/bench_gates_with_mutmut.py [--sample N] [--seed S] [--children N] [--list]

mutmut 3.8 (BSD licence, from the package index, not among the locked libraries) has to be installed beside the
test tools. The project is copied, mutmut makes all of its mutants there, and a random sample of them is tried, N of
them (0 = every one, some hours). Prints one JSON document; a mutant that no test reaches counts as alive. Ends with 1
below 90 %. `--list` names the survivors.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
WANTED = 0.9
TESTS = (
    "tests/domain/rules",
    "tests/domain/requests",
    "tests/domain/commands",
    "tests/domain/calendar",
    "tests/domain/simulation/test_scenarios_judged_again.py",
    "tests/desktop/people/test_forged_people.py",
    "tests/desktop/people/test_changes_of_people.py",
    "tests/desktop/people/test_resets_and_recovery.py",
    "tests/desktop/store/test_rules_at_replay.py",
)
SETTINGS = """
[tool.mutmut]
source_paths = ["domain"]
only_mutate = ["domain/rules/*"]
also_copy = ["desktop", "ui", "resources", "installer"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", "--timeout=0"]
pytest_add_cli_args_test_selection = {tests}
"""
_LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "demo", "mutants")
_OUTCOMES = {0: "survived", 1: "killed", 3: "killed", 33: "no test", 36: "killed by time"}


def mutmut(tree: Path, children: int, *names: str) -> None:
    """Run mutmut in the copy. It ends with an error when nothing has the name: all mutants are made by then."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names]
    subprocess.run(command, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def outcomes(tree: Path) -> dict[str, int | None]:
    """Every mutant with the exit code of its tests; None = not tried."""
    found: dict[str, int | None] = {}
    for file in sorted((tree / "mutants" / "domain" / "rules").glob("*.meta")):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sample", type=int, default=500, help="how many mutants, 0 = every one")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--children", type=int, default=2)
    asked.add_argument("--list", action="store_true", help="also name the survivors")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="countersign-mutmut-") as folder:
        tree = Path(folder) / "project"
        shutil.copytree(PROJECT, tree, ignore=_LEFT_BEHIND)
        with (tree / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS.format(tests=json.dumps(TESTS)))
        mutmut(tree, options.children, "no mutant has this name")
        made = sorted(outcomes(tree))
        if not made:
            print("mutmut made no mutants: is it installed here, and do the tests pass without any?", file=sys.stderr)
            return 2
        chosen = random.Random(options.seed).sample(made, min(options.sample, len(made))) if options.sample else made
        mutmut(tree, options.children, *chosen)
        tried = {name: code for name, code in outcomes(tree).items() if name in set(chosen)}
    counts = Counter(_OUTCOMES.get(code, f"exit {code}") for code in tried.values() if code is not None)
    killed = counts["killed"] + counts["killed by time"]
    share = killed / max(sum(counts.values()), 1)
    output = {"made": len(made), "tried": sum(counts.values()), "killed": killed, "share": round(share, 3)}
    alive = sorted(name for name, code in tried.items() if code in (0, 33)) if options.list else []
    print(json.dumps({**output, "outcomes": dict(counts), "alive": alive}, indent=1))
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
