"""Whoever a refusal names can act on it, in every named state and for everybody there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pytest
from example_states import STATES, prepared
from named_in_refusals import complaints

from domain.registry import COMMANDS
from resources.texts.catalogue import ENGLISH, LOCALE, NAME

CATALOGUE = LOCALE / ENGLISH / "LC_MESSAGES" / f"{NAME}.po"


@pytest.mark.parametrize("state", STATES)
def test_whoever_is_named_can_act(state: str) -> None:
    vault = prepared(state)
    assert list(complaints(vault.register, vault.actor("Olga"))) == []


def test_each_command_that_a_remedy_names_exists() -> None:
    """A remedy names commands by their words; whatever looks like such a word is one."""
    text = CATALOGUE.read_text(encoding="utf-8")
    entries = re.findall(r'msgid "([a-z_.]+\.remedy[a-z_.]*)"\nmsgstr ((?:"[^\n]*"\n)+)', text)
    assert len(entries) > 200
    for name, remedy in entries:
        plain = re.sub(r"\{[^}]*\}", "", remedy)
        named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", plain))
        assert named <= {*COMMANDS, "blocked_by"}, (name, named)
