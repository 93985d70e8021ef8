"""How many small wrong changes to the trusted core the tests notice.

    python tests/bench/mutation/bench_mutants.py [MODULE ...] [--sample N] [--seed S] [--out FILE.json]

MODULE is a path below the project, such as domain/log/merkle.py, or a key of `CORE`; without any, all of `CORE`. The
project is copied, each sampled mutant is written over its module there, and the tests of that module are run until
one fails. Prints one JSON document: killed, survived (with line and change) and the share per module. A mutant that
makes the tests run for far longer than they do without it counts as killed. Ends with 1 below 90 %.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mutants import Mutant, mutants

PROJECT = Path(__file__).resolve().parents[3]
WANTED = 0.9
_LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "demo")

_LOG = ("tests/domain/log", "tests/vectors", "tests/domain/closure")
_SLOTS = (
    "tests/desktop/vault/test_slot_bounds.py",
    "tests/desktop/vault/test_sealing_bytes.py",
    "tests/desktop/vault/test_secrets_are_wiped.py",
    "tests/vectors",
    "tests/desktop/vault",
    "tests/desktop/people/test_changes_of_people.py",
    "tests/desktop/people/test_resets_and_recovery.py",
)
_REPLAY = (
    "tests/desktop/store/test_change_shapes.py",
    "tests/desktop/store/test_verification_of_parts.py",
    "tests/desktop/store/test_verify_since.py",
    "tests/desktop/people/test_forged_people.py",
    "tests/desktop/store/test_clocks_that_go_back.py",
    "tests/desktop/store/test_store_verification.py",
)
CORE: dict[str, tuple[str, ...]] = {
    "domain/log/anchors.py": _LOG,
    "domain/log/canonical.py": _LOG,
    "domain/log/certificates.py": (*_LOG, "tests/desktop/people/test_forged_people.py"),
    "domain/log/checkpoint.py": _LOG,
    "domain/log/clock.py": (*_LOG, "tests/desktop/store/test_clocks_that_go_back.py"),
    "domain/log/entry.py": _LOG,
    "domain/log/merkle.py": _LOG,
    "domain/log/proven.py": (*_LOG, "tests/desktop/store/test_verify_since.py"),
    "domain/log/tlog_proof.py": _LOG,
    "desktop/vault/slot_format.py": _SLOTS,
    "desktop/vault/slots.py": _SLOTS,
    "desktop/vault/primitives.py": _SLOTS,
    "desktop/vault/sealing.py": _SLOTS,
    "desktop/vault/key_ring.py": (*_SLOTS, "tests/desktop/people"),
    "desktop/store/verify.py": _REPLAY,
    "desktop/store/fold.py": _REPLAY,
    "desktop/store/replay_log.py": _REPLAY,
}
"""Modules of the trusted core, and the tests that answer for each, the quickest first."""


def tests_of(module: str) -> tuple[str, ...]:
    """The tests that answer for a module: named in `CORE`, or those that mirror its room."""
    if module in CORE:
        return CORE[module]
    room = PROJECT / "tests" / Path(module).parent
    return (str(room.relative_to(PROJECT)),)


def run_tests(tree: Path, tests: tuple[str, ...], *, limit: float) -> bool:
    """Whether all of them pass within the time."""
    there = [test for test in tests if (tree / test).exists()]
    try:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *there, "-q", "-x", "-n0", "-p", "no:cacheprovider", "-p", "no:randomly"],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def judge(module: str, tree: Path, chosen: list[Mutant]) -> dict[str, Any]:
    """Run the tests against each of the mutants."""
    file, tests = tree / module, tests_of(module)
    whole = file.read_text(encoding="utf-8")
    began = time.monotonic()
    if not run_tests(tree, tests, limit=3600):
        return {"module": module, "error": "the tests fail without any mutant"}
    limit = 60 + 4 * (time.monotonic() - began)
    survived = []
    try:
        for each in chosen:
            file.write_text(each.text, encoding="utf-8")
            if run_tests(tree, tests, limit=limit):
                survived.append({"line": each.line, "what": each.what})
                print(f"survived: {module}:{each.line} {each.what}", file=sys.stderr, flush=True)
    finally:
        file.write_text(whole, encoding="utf-8")
    killed = len(chosen) - len(survived)
    return {"module": module, "mutants": len(chosen), "killed": killed, "survived": survived}


def sampled(module: str, *, sample: int, seed: int) -> list[Mutant]:
    """So many mutants of a module, always the same ones for a seed."""
    found = list(mutants((PROJECT / module).read_text(encoding="utf-8")))
    chance = random.Random(f"{seed} {module}")
    return sorted(chance.sample(found, min(sample, len(found))))


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("modules", nargs="*", metavar="MODULE")
    asked.add_argument("--sample", type=int, default=20, help="mutants of each module")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, help="also write the result here")
    options = asked.parse_args()
    results = []
    with tempfile.TemporaryDirectory(prefix="countersign-mutants-") as folder:
        tree = Path(folder) / "project"
        shutil.copytree(PROJECT, tree, ignore=_LEFT_BEHIND)
        for module in options.modules or CORE:
            chosen = sampled(module, sample=options.sample, seed=options.seed)
            results.append(judge(module, tree, chosen))
            print(json.dumps(results[-1]), file=sys.stderr, flush=True)
    mutated, killed = sum(each.get("mutants", 0) for each in results), sum(each.get("killed", 0) for each in results)
    share = killed / mutated if mutated else 0.0
    output = {"seed": options.seed, "mutants": mutated, "killed": killed, "share": round(share, 3), "modules": results}
    text = json.dumps(output, indent=2)
    print(text)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    return 0 if share >= WANTED and not any("error" in each for each in results) else 1


if __name__ == "__main__":
    sys.exit(main())
