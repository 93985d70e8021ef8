"""Small hostile files cost whoever verifies them little: under 300 MB and 5 seconds of processor time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = 300 * 1024 * 1024
MOST_SECONDS = 5.0
SMALL = 4 * 1024 * 1024
MEASURE = """
import json, os, sys
sys.path[:0] = ["tests/domain/closure", "tests/desktop/pdf"]
from hostile_packs import HOSTILE
from desktop.pdf.verify_pack import verify_pack
for name, make in HOSTILE.items():
    data = make()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, b"1" if verify_pack(data).verified else b"0")
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    print(json.dumps([name, len(data), status, os.read(read, 1).decode(), used.ru_maxrss * 1024, used.ru_utime]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="what a process used is asked of a system that forks")
def test_small_hostile_files_stay_within_bounds() -> None:
    run = subprocess.run([sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=True)
    measured = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(measured) >= 20
    for name, size, status, verified, memory, seconds in measured:
        assert size < SMALL, name
        assert status == 0, name
        assert verified == "0" or name == "days without end", name
        assert memory < MOST_BYTES, (name, memory)
        assert seconds < MOST_SECONDS, (name, seconds)
