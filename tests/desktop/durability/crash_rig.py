"""The client of the warm process that kills and spoils acts: see crash_worker.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import crash_shim

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]


class Worker:
    """The other end: starts the warm process and asks it."""

    def __init__(self, folder: Path) -> None:
        environment = dict(
            os.environ, LD_PRELOAD=str(crash_shim.compiled(folder)), PYTHONPATH=f"{PROJECT}:{PROJECT / 'tests'}:{HERE}"
        )
        environment["TMPDIR"] = str(folder)
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "crash_worker.py"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.ready = self._answer()

    def ask(self, **job: Any) -> dict[str, Any]:
        """Do one job; see `run`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker died"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


@contextmanager
def working() -> Iterator[tuple[Worker, Path]]:
    """A worker with its bases made, and the folder they are in."""
    with tempfile.TemporaryDirectory(prefix="countersign-crash-", dir=crash_shim.fast_folder()) as folder:
        worker = Worker(Path(folder))
        try:
            yield worker, Path(folder)
        finally:
            worker.close()
