"""Trackers other people keep: each of their rows is accounted for; odd and hostile files end in words, in bounds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import PROJECT, CommandOutput, command, environment, secret_file

TRACKERS = PROJECT / ".." / "shared" / "trackers"
SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"}
OPEN = sorted(file for file in (TRACKERS / "open").glob("*") if file.suffix in SUFFIXES)
ODD = sorted(file for file in (TRACKERS / "edge-open").glob("*") if file.name != "manifest.json")
MOST_SECONDS, MOST_MEGABYTES = 10, 500
NEEDS_TRACKERS = pytest.mark.skipif(not OPEN, reason="the public trackers (shared/trackers) are not beside the project")
# One process reads all odd files, so that the memory of its reader processes is theirs and nobody else's.
CHECK_ALL = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from command_line import command
vault, secret, *files = sys.argv[2:]
for file in files:
    started = time.monotonic()
    output = command("import", "check", vault, file, "--process", "capa", "--as", "Quinn QA",
                   "--passphrase-file", secret, "--json")
    # what this process inherited as its own peak was the test run's; the kernel's mark for its memory is its own
    own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    peak = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, own)
    seconds = time.monotonic() - started
    print(json.dumps({"file": file, "code": output.code, "value": output.json(), "err": output.err,
                      "seconds": seconds, "megabytes": peak // 1024}), flush=True)
"""


def import_command(verb: str, vault: Path, file: Path, secret: Path, *more: str) -> CommandOutput:
    person = ("--as", "Quinn QA", "--passphrase-file", secret, "--json")
    return command("import", verb, vault, file, "--process", "capa", *more, *person)


@NEEDS_TRACKERS
def test_every_row_of_every_public_tracker_is_accounted_for(site_vault: Path, tmp_path: Path) -> None:
    secret = secret_file(tmp_path)
    assert len(OPEN) == 15
    expected = 0
    for file in OPEN:
        output = import_command("run", site_vault, file, secret)
        done = output.json()
        assert output.code == (1 if done["refused"] else 0), (file.name, output)
        accounted = done["new"] + done["same"] + done["changed"] + len(done["refused"])
        assert done["rows"] == accounted, file.name
        assert done["counts"]["new"] == done["new"], file.name
        assert all(each["cell"] and each["reason"] for each in done["refused"]), file.name
        expected += done["new"]
    person = ("--as", "Quinn QA", "--passphrase-file", secret, "--json")
    assert command("vault", "info", site_vault, *person).json()["items"] == expected
    assert len(command("item", "list", site_vault, *person).items()) == expected
    assert command("log", "verify", site_vault, *person).json()["intact"]


def _what_is_wrong(outcome: dict[str, Any]) -> str:
    """Why this outcome of a check is neither a plan nor a file problem in bounds; "" when it is."""
    value, code = outcome["value"], outcome["code"]
    if code == (1 if value.get("refused") else 0):
        sums_up = value["rows"] == value["new"] + value["same"] + value["changed"] + len(value["refused"])
        problem = "" if sums_up else "rows are missing from the plan"
    else:
        error = value["error"]
        in_words = (code, error["kind"]) == (8, "FileProblem") and error["what"] and error["where"] and error["remedy"]
        problem = "" if in_words and "Traceback" not in outcome["err"] else outcome["err"] or "no words"
    if outcome["seconds"] > MOST_SECONDS:
        return f"{outcome['seconds']:.1f} seconds"
    return f"{outcome['megabytes']} MB" if not 0 < outcome["megabytes"] < MOST_MEGABYTES else problem


@NEEDS_TRACKERS
def test_every_odd_file_ends_in_a_plan_or_in_a_file_problem(site_vault: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-c", CHECK_ALL, str(PROJECT / "tests"), str(site_vault), str(secret_file(tmp_path))]
    run = subprocess.run(
        [*words, *map(str, ODD)], capture_output=True, text=True, check=False, cwd=PROJECT, env=environment()
    )
    assert run.returncode == 0, run.stderr
    outcomes = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(outcomes) == len(ODD) > 30
    assert {outcome["code"] for outcome in outcomes} == {0, 1, 8}, "some are read, some only in part, some are not"
    problems = {Path(outcome["file"]).name: _what_is_wrong(outcome) for outcome in outcomes}
    assert {name: problem for name, problem in problems.items() if problem} == {}
