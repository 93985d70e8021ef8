"""Starting costs what is asked for: help and version load no store, no Qt and no PDF maker, and need no display."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from command_line import PROJECT

from desktop.__main__ import app
from desktop.cli.nouns import NOUNS, VERBS

HEAVY = {
    "sqlalchemy",
    "sqlcipher3",
    "reportlab",
    "pikepdf",
    "openpyxl",
    "holidays",
    "zxcvbn",
    "PySide6",
    "cryptography",
}
LATER = {"reportlab", "pikepdf", "openpyxl", "holidays", "zxcvbn", "icalendar", "rapidfuzz", "PySide6"}
LOADED = """
import runpy, sys
sys.argv[0] = "program"
try:
    runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=False)
except SystemExit as ended:
    print("ended with", ended.code or 0)
print("loaded:", *sorted({name.split(".")[0] for name in sys.modules}))
"""


def _run(*words: str) -> tuple[str, set[str]]:
    without_display = {name: value for name, value in os.environ.items() if "DISPLAY" not in name and "QT_" not in name}
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={**without_display, "PYTHONPATH": str(PROJECT)},
        check=True,
        timeout=120,
    )
    output, _, loaded = run.stdout.partition("loaded: ")
    return output, set(loaded.split())


@pytest.mark.parametrize("module", ["desktop", "desktop.app"])
@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_need_no_display_and_load_nothing_heavy(module: str, option: str) -> None:
    output, loaded = _run(module, option)
    assert output.endswith("ended with 0\n")
    assert "countersign" in output
    assert HEAVY & loaded == set()


def test_a_noun_loads_no_library_that_only_some_of_its_commands_use() -> None:
    output, loaded = _run("desktop", "item", "list", "--help")
    assert "The register" in output or "--process" in output
    assert "sqlalchemy" in loaded, "the modules of the noun were loaded"
    assert LATER & loaded == set()


def test_every_word_of_the_tables_is_a_command_and_its_help_is_shown() -> None:
    program = typer.main.get_command(app)
    output, _ = _run("desktop", "--help")
    for word in (*VERBS, *NOUNS):
        assert program.commands[word].help
        assert f"  {word} " in output
    assert "no-such-word" not in program.commands


def test_options_are_written_with_hyphens() -> None:
    options = list(_options(typer.main.get_command(app)))
    assert len(options) > 100
    assert [option for option in options if "_" in option] == []


def _options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from (each for each in parameter.opts if each.startswith("-"))
    below = getattr(command, "commands", {})
    for word in below:
        yield from _options(below[word])
