"""Every command is known by its word, whatever was imported before."""

from __future__ import annotations

import subprocess
import sys

import pytest

from domain.commands.command import Command, command_class
from domain.errors import UsageProblem
from domain.registry import COMMANDS


@pytest.mark.parametrize("word", ["grant_mandate", "prove_draft"])
def test_a_word_is_known_where_nothing_else_was_imported(word: str) -> None:
    asked = f"from domain.commands.command import command_class; print(command_class({word!r}).__name__)"
    output = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert output.stdout.strip() == COMMANDS[word].__name__


def test_a_word_of_no_command_is_shown() -> None:
    with pytest.raises(UsageProblem, match="no command 'fly_item'"):
        command_class("fly_item")


def test_a_command_has_no_field_under_the_name_of_what_every_command_has() -> None:
    with pytest.raises(TypeError, match="word"):

        class NameWord(Command, frozen=True, kw_only=True):
            word: str  # type: ignore[misc, assignment]


@pytest.mark.parametrize("word", ["command", "item_command", "vault_command", "draft_command"])
def test_what_commands_have_in_common_is_no_command(word: str) -> None:
    assert word not in COMMANDS
    with pytest.raises(UsageProblem):
        command_class(word)
