"""Every act killed, torn and spoiled at operations spread over all it does to its files.

The long form, every operation and random moments, is tests/bench/durability.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from crash_acts import ACTS
from crash_rig import Worker

Rig = tuple[Worker, Path]
SLOW = {"create_vault", "add_person", "change_passphrase", "close_and_pack", "rotate", "restore", "import"}
OURS = {"Unavailable", "FileProblem", "Damaged"}
CAUTIOUS = {*OURS, "Refused"}
"""A log that cannot be read at unlocking leaves the vault open for inspection only, which refuses acts."""

NOT_TO_BE_REPEATED = ("restored and in its place", "could not be undone")
"""What the message says where repeating is not the remedy."""


def spread(count: int, wanted: int, *, salt: int = 0) -> list[int]:
    """Numbers 1..count, evenly spread and always with the last: there an act is acknowledged."""
    step = max(1, count // wanted)
    return sorted({*range(1 + salt % step, count + 1, step), count})


def undisturbed(rig: Rig, act: str) -> dict[str, object]:
    output = rig[0].ask(act=act, n=0, mode="")
    assert (output["outcome"], output["wrong"]) == ("done", []), output
    assert output["counted"] > 5, "the shim saw what the act did"
    return output


@pytest.mark.parametrize("act", ACTS)
def test_a_vault_killed_at_any_operation_is_as_before_or_as_after(rig: Rig, act: str) -> None:
    count = int(str(undisturbed(rig, act)["counted"]))
    wrong, killed = [], 0
    for mode, wanted in (("kill", 4 if act in SLOW else 10), ("torn", 1 if act in SLOW else 4)):
        for n in spread(count, wanted, salt=len(mode)):
            output = rig[0].ask(act=act, n=n, mode=mode)
            killed += output["outcome"] == "killed"
            wrong += [(mode, n, problem) for problem in output["wrong"]]
    print(f"{act}: {count} operations, {killed} kills")
    assert killed >= 5
    assert wrong == []


@pytest.mark.parametrize("act", ACTS)
def test_a_failing_disk_is_stated_plainly_and_the_same_act_works_when_it_is_well_again(rig: Rig, act: str) -> None:
    usual = undisturbed(rig, act)
    wrong, refused = [], 0
    few = (("eio", 2), ("enospc", 1))
    for mode, wanted in few if act in SLOW else (("eio", 3), ("enospc", 2), ("short", 1), ("eintr", 1), ("rofs", 1)):
        for n in spread(int(str(usual["counted"])), wanted, salt=7 * len(mode)):
            output = rig[0].ask(act=act, n=n, mode=mode)
            refused += output["outcome"] != "done"
            if output["outcome"] not in {"done", *OURS}:
                wrong.append((mode, n, output["outcome"], output.get("stated")))
            wrong += [(mode, n, problem) for problem in output["wrong"]]
            reconciled = any(words in output.get("stated", "") for words in NOT_TO_BE_REPEATED)
            if mode in ("eio", "enospc", "eintr") and output["retried"] not in ("", "done") and not reconciled:
                wrong.append((mode, n, output["retried"]))
    assert refused >= 1
    assert wrong == []


@pytest.mark.parametrize("act", ACTS)
def test_a_file_that_cannot_be_read_is_stated_plainly_and_leaves_the_vault_as_it_was(rig: Rig, act: str) -> None:
    wrong, refused = [], 0
    for n in spread(int(str(undisturbed(rig, act)["reads"])), 2 if act in SLOW else 3):
        output = rig[0].ask(act=act, n=n, mode="eioread")
        refused += output["outcome"] != "done"
        if output["outcome"] not in {"done", *CAUTIOUS}:
            wrong.append((n, output["outcome"], output.get("stated")))
        wrong += [(n, problem) for problem in output["wrong"]]
    assert refused >= 1
    assert wrong == []
