"""Verification names every forgery: a sample of the forger's whole set, and each of a list. The bench runs them all."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from forger import Forger
from listed import LISTED, Listed
from rich_history import rich

from domain.commands.command import VaultCommand
from domain.registry import COMMANDS

ONE_IN = 160
WITHOUT_A_STORY = {"adopt_law"}
"""There is one law until the first release: nobody can adopt another."""


def test_the_scenario_gives_every_command_and_is_believed() -> None:
    assert {each.command.word for each in rich().output} == set(COMMANDS) - WITHOUT_A_STORY
    forger = Forger(rich())
    assert sum(1 for _ in forger.walk()) == len(rich().output)


def test_a_sample_of_all_forgeries_is_named() -> None:
    forger, dice = Forger(rich()), Random(8)
    kinds: Counter[str] = Counter()
    commands: Counter[str] = Counter()
    missed = []
    for output in forger.walk():
        for forged in forger.forgeries(output):
            first = not kinds[forged.kind] or not commands[forged.word]
            if not first and dice.randrange(ONE_IN):
                continue
            kinds[forged.kind] += 1
            commands[forged.word] += 1
            if forger.verdict(forged) == "missed":
                missed.append((forged.kind, forged.word, forged.place))
    print(f"{kinds.total()} forgeries: {kinds}")
    assert missed == []
    assert set(commands) >= set(COMMANDS) - WITHOUT_A_STORY
    assert kinds.total() > 400


@pytest.fixture(scope="module")
def named_by() -> dict[str, tuple[str, ...]]:
    """The rules that name each listed forgery."""
    forger, found = Forger(rich()), {}
    waiting = list(LISTED)
    for output in forger.walk():
        for each in [each for each in waiting if each.fits(forger, output)]:
            waiting.remove(each)
            found[each.what] = forger.names(each.make(forger, output))
    assert [each.what for each in waiting] == []
    return found


@pytest.mark.parametrize("listed", LISTED, ids=lambda listed: listed.what)
def test_each_listed_forgery_is_named_by_its_rule(listed: Listed, named_by: dict[str, tuple[str, ...]]) -> None:
    rules = named_by[listed.what]
    assert rules
    assert listed.rule in ("", *rules)


def test_no_field_of_a_command_hides_what_every_command_has() -> None:
    with pytest.raises(TypeError, match="word"):
        type("Hiding", (VaultCommand,), {"__annotations__": {"word": "str"}, "__module__": __name__})
