"""A warm process with the crash shim loaded: for every job it forks a child, lets it die or err, and judges.

Jobs come as JSON lines on standard input, judgements go out as JSON lines. Started by crash_rig.py only.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

import crash_acts
import crash_judge
import crash_shim

from desktop.store.engine import without_transaction
from domain.errors import CountersignError

_LONGEST_ACT = 60.0


def _child(job: dict[str, Any], place: Any, tried: Any, to_parent: int) -> dict[str, Any]:
    crash = crash_shim.Shim()
    output: dict[str, Any] = {"outcome": "done", "retried": "", "size_on_error": -1}

    output["acknowledged_on_error"] = 0

    def ack() -> None:
        crash.mark()
        os.write(to_parent, b"A\n")
        output["acknowledged_on_error"] += 1

    with place.at_home(), tried.program():
        opened = tried.open(place, tried)
        os.write(to_parent, b"O\n")
        if job.get("synchronous"):
            with without_transaction(opened._store._engine) as connection:
                connection.exec_driver_sql(f"PRAGMA synchronous = {job['synchronous']}")
        crash.arm(place.on, n=job["n"], mode=job["mode"], record=job.get("record", ""))
        began = time.perf_counter()
        try:
            tried.do(opened, place, ack)
        except CountersignError as problem:
            output.update(outcome=type(problem).__name__, stated=str(problem))
        except BaseException:  # noqa: BLE001 anything else is what the harness looks for: a person would see a traceback
            output.update(outcome="traceback", stated=traceback.format_exc()[-1500:])
        output.update(counted=crash.counted, reads=crash.reads, seconds=time.perf_counter() - began)
        crash.disarm()
        if output["outcome"] != "done":
            _try_again(opened, place, tried, output, to_parent)
    return output


def _try_again(opened: Any, place: Any, tried: Any, output: dict[str, Any], to_parent: int) -> None:
    """The cause is gone: in the same program, the same vault must be as it was and take the act now."""
    vault = opened[0] if isinstance(opened, tuple) else opened
    try:
        if tried.together:
            vault.discard()
            opened = vault = tried.open(place, tried)
        if vault is not None:
            output["size_on_error"] = vault.register.log_size()
            output["findings_on_error"] = [finding.text for finding in vault.verify().findings]
        tried.do(opened, place, lambda: os.write(to_parent, b"A\n") and None)
        output["retried"] = "done"
    except BaseException as problem:  # noqa: BLE001 whatever it is, it belongs in the report
        output["retried"] = f"{type(problem).__name__}: {problem}"[-600:]


def _run_child(job: dict[str, Any], place: Any, tried: Any) -> dict[str, Any]:
    """What the child acknowledged and shown; `killed` when it died."""
    from_child, to_parent = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(from_child)
            output = _child(job, place, tried, to_parent)
            os.write(to_parent, b"T" + json.dumps(output).encode() + b"\n")
            code = 0
        finally:
            os._exit(code)
    os.close(to_parent)
    stated, opened_at, deadline = b"", 0.0, time.monotonic() + _LONGEST_ACT
    while True:
        wait = deadline - time.monotonic()
        if opened_at and "after" in job:
            wait = min(wait, opened_at + job["after"] - time.monotonic())
        ready, _, _ = select.select([from_child], [], [], max(wait, 0))
        if not ready:
            os.kill(child, signal.SIGKILL)
            opened_at = 0.0
            deadline = time.monotonic() + _LONGEST_ACT
            continue
        data = os.read(from_child, 65536)
        if not data:
            break
        stated += data
        if not opened_at and stated.startswith(b"O\n") and "after" in job:
            opened_at = time.monotonic()
    os.close(from_child)
    _, status = os.waitpid(child, 0)
    lines = stated.split(b"\n")
    output = {"outcome": "killed"} if os.WIFSIGNALED(status) else {"outcome": "died without a word"}
    for line in lines:
        if line.startswith(b"T"):
            output = json.loads(line[1:])
    output["acknowledged"] = lines.count(b"A")
    output["opened"] = b"O" in lines
    return output


def run(job: dict[str, Any], bases: dict[str, Any], leaves: dict[str, list[str]], folder: Path) -> dict[str, Any]:
    """One job: copy the base, do the act with operation `n` spoiled in `mode`, judge what is left.

    With `record` the operations are written down; with `after` (seconds) the child is killed at that moment.
    """
    tried = crash_acts.ACTS[job["act"]]
    place = bases[tried.base].copy_to(folder / "job")
    try:
        output = _run_child(job, place, tried)
        if job.get("keep"):
            return output
        verdict = crash_judge.judge(
            place,
            tried,
            leaves=leaves[tried.base],
            acknowledged=output["acknowledged"],
            whole="done" in (output["outcome"], output.get("retried")),
            newcomer=bool(job["n"] % 2),
        )
        kept = output.get("size_on_error", 0) - len(leaves[tried.base])
        if output.get("retried") and kept >= 0 and kept != output["acknowledged_on_error"] and not tried.together:
            verdict.wrong.append(f"the error came with {kept} entries kept, {output['acknowledged_on_error']} promised")
        verdict.wrong += output.get("findings_on_error", [])
        return {**output, "added": verdict.added, "notices": verdict.notices, "wrong": verdict.wrong}
    finally:
        shutil.rmtree(folder / "job")


def main() -> None:
    """Make the bases, then answer jobs until the input ends."""
    folder = Path(sys.argv[1])
    tempfile.tempdir = str(folder)
    crash_acts.remember_stretching()
    bases = crash_acts.make_bases(folder / "bases")
    leaves: dict[str, list[str]] = {"nothing": []}
    for name, place in bases.items():
        if place.vault.exists():
            with place.copy_to(folder / "look").at_home():
                vault = crash_acts.unlock(crash_acts.Place(folder / "look"), crash_acts.ADA)
                leaves[name] = crash_acts.leaf_marks(vault)
                vault.lock()
            shutil.rmtree(folder / "look")
    leaves["carried"] = leaves["plan"]
    print(json.dumps({"bases": sorted(bases)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line), bases, leaves, folder)), flush=True)


if __name__ == "__main__":
    main()
