"""What the README describes a stranger to type is there to be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from desktop.__main__ import app

README = Path(__file__).resolve().parents[2] / "README.md"
COMMANDS = re.findall(r"^\| `countersign ([^`]+)` \|", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
HAS_NO_VAULT = {"demo", "pack verify"}


def test_the_readme_shows_the_command_line() -> None:
    assert len(COMMANDS) >= 15


@pytest.mark.parametrize("shown", COMMANDS)
def test_a_command_in_the_readme_exists_with_its_arguments_and_options(shown: str) -> None:
    words, command, path = shown.split(), typer.main.get_command(app), []
    while hasattr(command, "commands"):
        path.append(words.pop(0))
        assert path[-1] in command.commands, f"countersign {' '.join(path)} does not exist"
        command = command.commands[path[-1]]
    known = {name: parameter for parameter in command.params for name in parameter.opts}
    options = [word for word in words if word.startswith("--")]
    assert set(options) <= set(known)
    values = {words[words.index(option) + 1] for option in options if not known[option].is_flag}
    shown_arguments = [word for word in words if word not in options and word not in values]
    accepted = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    assert len(shown_arguments) == len([one for one in accepted if one.required]), [one.name for one in accepted]
    assert " ".join(path) in HAS_NO_VAULT or shown_arguments[0] == "VAULT"
    missing = [
        p.opts[0] for p in command.params if p.param_type_name == "option" and p.required and p.opts[0] not in options
    ]
    assert missing == [], "an option that must be given is shown"
    assert "--json" in known
