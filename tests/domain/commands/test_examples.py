"""Every command does what its examples in `examples/` say, and every command has some."""

from __future__ import annotations

import json
from typing import Any

import examples
import pytest
from example_states import STATES

from domain.errors import UsageProblem
from domain.registry import COMMANDS

WITHOUT_RULES = {"create_vault"}
"""Commands that nobody can be refused: before the first entry there are no people and no rights."""
WITHOUT_A_CASE = {"adopt_law", "record_migration"}
"""Commands that nobody can be allowed yet: one law and one format of the store hold from the start."""
ALL = [(word, number) for word in COMMANDS for number in range(len(examples.examples_of(word)))]


@pytest.mark.parametrize(("word", "number"), ALL, ids=[f"{word}-{number}" for word, number in ALL])
def test_what_an_example_states_is_what_comes_of_it(word: str, number: int) -> None:
    example = examples.examples_of(word)[number]
    assert example["command"]["command"] == word
    assert json.loads(json.dumps(examples.carried_out(example))) == example, "see examples.py"


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_has_an_example_that_is_allowed_and_one_that_is_refused(word: str) -> None:
    found = examples.examples_of(word)
    assert any(each.get("changes") for each in found) or word in WITHOUT_A_CASE, "none is allowed"
    if word in WITHOUT_RULES:
        assert any("senseless" in each for each in found), "none makes no sense"
    else:
        assert any(each["verdict"] for each in found), "none is refused"
    about = [each["about"] for each in found]
    assert len(set(about)) == len(about)


def test_every_file_is_of_a_command_and_every_state_is_used() -> None:
    assert {path.stem for path in examples.EXAMPLES.iterdir()} == set(COMMANDS)
    used = {each["state"] for word in COMMANDS for each in examples.examples_of(word)}
    assert used == {*STATES, "nothing"}


@pytest.mark.parametrize("change", [{"by": "Zoe"}, {"state": "nowhere"}, {"command": {"command": "fly_item"}}])
def test_an_example_of_nobody_nowhere_or_nothing_is_none(change: dict[str, Any]) -> None:
    example = {**examples.examples_of("edit_item")[0], **change}
    with pytest.raises((KeyError, UsageProblem)):
        examples.carried_out(example)


def test_another_outcome_than_the_one_on_file_is_seen() -> None:
    example = examples.examples_of("edit_item")[0]
    changed = {**example, "command": {**example["command"], "fields": {"plan": "Another plan"}}}
    assert examples.carried_out(changed)["changes"] != example["changes"]
