"""The warm process that kills and spoils acts, started once for a whole test run; small things to damage."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import crash_shim
import pytest
from crash_acts import remember_stretching
from crash_rig import Worker, working

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "store"))  # small_store.py: a store of one small life


@pytest.fixture(scope="session")
def rig() -> Iterator[tuple[Worker, Path]]:
    why_not = crash_shim.missing()
    if why_not:
        pytest.skip(why_not)
    with working() as (worker, folder):
        yield worker, folder


@pytest.fixture(scope="module")
def stretched_once() -> Iterator[None]:
    undo = remember_stretching()
    yield
    undo()
