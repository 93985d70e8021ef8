"""The warm process that kills and spoils acts, started once for a whole test run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import crash_shim
import pytest
from crash_rig import Worker, working


@pytest.fixture(scope="session")
def rig() -> Iterator[tuple[Worker, Path]]:
    why_not = crash_shim.missing()
    if why_not:
        pytest.skip(why_not)
    with working() as (worker, folder):
        yield worker, folder
