"""Help is spoken in the language of the catalogue in use, and every text of it is gathered for the catalogues."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import CliRunner
from command_line import PROJECT, environment

from desktop.__main__ import app
from desktop.cli.nouns import NOUNS, VERBS
from domain.messages import use_catalogue
from resources.texts.catalogue import english

sys.path.insert(0, str(PROJECT / "installer"))

import renew_catalogues


class Shouted:
    """A made-up language: every text in capital letters, with its places as they are."""

    def gettext(self, message: str, /) -> str:
        parts = re.split(r"(\{[^}]*\})", english().gettext(message))
        return "".join(part if part.startswith("{") else part.upper() for part in parts)

    def ngettext(self, message: str, plural: str, count: int, /) -> str:
        return self.gettext(message if count == 1 else plural)


@pytest.fixture
def shouted() -> Iterator[None]:
    use_catalogue(Shouted(), of_record=english())
    yield
    use_catalogue(english(), of_record=english())


def help_of(*words: str) -> str:
    """What --help of a program that was just started prints."""
    result = CliRunner().invoke(typer.main.get_command(app), [*words, "--help"], catch_exceptions=False)  # type: ignore[arg-type]
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.usefixtures("shouted")
def test_help_is_spoken_in_the_language_of_the_catalogue() -> None:
    first = help_of()
    assert "GOVERNED, COUNTERSIGNED, PROVABLE WORK" in first
    assert "PIECES OF WORK." in first
    assert "PRINT THE VERSION AND END." in first
    noun = help_of("item")
    assert "STOP WORK UNTIL A REVIEW DATE." in noun
    verb = help_of("item", "list")
    assert "ONLY THIS PROCESS." in verb
    assert "THE VAULT'S FOLDER" in verb
    assert "Only this process." not in verb
    below = help_of("people", "roles", "grant")
    assert "LET A PERSON HOLD A ROLE FROM NOW ON" in below
    assert "EACH LINE IS AN ACT OF ITS OWN" in help_of("batch")


def test_help_of_another_program_started_later_is_english_again() -> None:
    assert "Stop work until a review date." in help_of("item")


def help_texts(command: Any) -> Iterator[str]:
    for described in (command, *command.params):
        text = getattr(described, "help", None)
        if text:
            yield text
    for word in getattr(command, "commands", {}):
        yield from help_texts(command.commands[word])


def test_every_help_text_is_gathered_for_the_catalogues() -> None:
    known = {each.id for each in renew_catalogues.gathered()}
    spoken = set(help_texts(typer.main.get_command(app)))
    assert len(spoken) > 300
    assert {text for text in spoken if text not in known} == set()


def test_a_help_text_that_nobody_gathers_would_be_found() -> None:
    source = 'import x\n@app.command("a")\ndef a():\n    """Do a."""\ndef b():\n    """Not shown."""\n'
    tree = renew_catalogues.ast.parse(source)
    assert list(renew_catalogues.help_texts([("a", tree)])) == ["Do a."]


def test_the_help_of_every_first_word_is_its_docstring_or_that_of_the_table() -> None:
    first = help_of()
    program: Any = typer.main.get_command(app)
    for word, entry in {**VERBS, **NOUNS}.items():
        assert f"  {word} " in first
        assert str(entry[-1])[:30] in first
        assert program.commands[word].help


def test_help_costs_less_than_a_third_of_a_second_of_the_processor() -> None:
    took = min(_processor_seconds() for _ in range(3))
    assert took < 0.3


def _processor_seconds() -> float:
    words = [sys.executable, "-m", "desktop", "--help"]
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); print(used.ru_utime + used.ru_stime)"
    )
    begun = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(PROJECT),
        env=environment(),
        timeout=60,
    )
    assert time.perf_counter() > begun
    return float(run.stdout)
