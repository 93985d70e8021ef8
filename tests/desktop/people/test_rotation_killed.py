"""Removing a person, killed at operations on the vault's files: one key opens it, all who stay enter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]


def _shim() -> ModuleType:
    spec = spec_from_file_location("crash_shim_for_rotation", HERE.parent / "durability" / "crash_shim.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_removal_killed_at_any_operation_is_whole_or_finished_at_the_next_unlock(people_made_once: Path) -> None:
    shim = _shim()
    if shim.missing():
        pytest.skip(shim.missing())
    with tempfile.TemporaryDirectory(prefix="countersign-rotation-", dir=shim.fast_folder()) as folder:
        environment = dict(os.environ, LD_PRELOAD=str(shim.compiled(Path(folder))), PYTHONPATH=str(PROJECT))
        run = subprocess.run(
            [sys.executable, str(HERE / "rotation_worker.py"), str(people_made_once), f"{folder}/work", "16", "7"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
    assert run.returncode == 0, run.stderr
    output = json.loads(run.stdout.splitlines()[-1])
    assert output["operations"] > 100
    assert output["kills"] >= 20
    assert output["wrong"] == {}
