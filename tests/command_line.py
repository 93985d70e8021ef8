"""Typing commands as a person does: in this process where speed counts, in a process of their own where it matters."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typer
from click.testing import CliRunner

from desktop.__main__ import app

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE_TRACKER = PROJECT / "resources" / "sample" / "sample_tracker.xlsx"
PASSPHRASE = "throw-away words for a test vault"


class CommandOutput(msgspec.Struct, frozen=True, kw_only=True):
    """What a command stated, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def items(self) -> list[Any]:
        """What a list lists, after a look at its shape."""
        value = self.json()
        assert value["count"] == len(value["items"])
        assert all(isinstance(each, str) for each in value["notices"])
        return list(value["items"])

    def answer(self) -> Any:
        """What a list lists and nothing stands beside; else the whole answer."""
        value = self.json()
        return self.items() if isinstance(value, dict) and set(value) == {"items", "count", "notices"} else value

    def lines(self) -> list[Any]:
        """One JSON value from each line, for a batch, which answers line by line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def error(self) -> Any:
        """The error of a command that was asked for JSON, after a look at what it shown the person."""
        assert "Traceback" not in self.err + self.out
        assert self.err.startswith("countersign: "), self.err
        return self.json()["error"]


@cache
def _program() -> Any:
    return typer.main.get_command(app)


def command(*words: object) -> CommandOutput:
    """Type one command here. What the program failed to turn into words is raised: the test then fails on it."""
    result = CliRunner().invoke(_program(), [str(word) for word in words], catch_exceptions=False)
    return CommandOutput(code=result.exit_code, out=result.stdout, err=result.stderr)


def real_command(*words: object) -> CommandOutput:
    """Type one command in a process of its own, through the program as installed beside this Python."""
    program = Path(sys.executable).with_name("countersign")
    start = [str(program)] if program.exists() else [sys.executable, "-m", "desktop"]
    run = subprocess.run(
        [*start, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=PROJECT,
        env=environment(),
        check=False,
        timeout=120,
    )
    assert "Traceback" not in run.stderr
    return CommandOutput(code=run.returncode, out=run.stdout, err=run.stderr)


def secret_file(folder: Path, passphrase: str = PASSPHRASE, name: str = "passphrase.txt") -> Path:
    """A passphrase in a file, for --passphrase-file."""
    file = folder / name
    file.write_text(f"{passphrase}\n", encoding="utf-8")
    return file


def files_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder by name: two equal answers mean nothing was changed between."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def environment() -> dict[str, str]:
    """This process's environment for a child that runs modules of the project."""
    return {**os.environ, "PYTHONPATH": str(PROJECT)}
