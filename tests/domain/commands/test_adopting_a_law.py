"""An administrator adopts a newer law, once one is known; no law is newer than the first yet, so two are planted."""

from __future__ import annotations

import json

import pytest
from memory_register import MemoryVault

from domain.act import Act
from domain.commands.law import AdoptLaw
from domain.commands.settings import ChangeSetting
from domain.errors import UsageProblem
from domain.records.oversight import REVEAL_NEEDS_TWO, Setting


@pytest.fixture
def newer_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.rules.law_rules.is_known_law", lambda number: number in (1, 2, 3))


def adopted(vault: MemoryVault, **other: str | int) -> Act:
    return vault.act(AdoptLaw, "Ada", **{"law": 2, "reason": "It is clearer", "meaning": "I adopt it", **other})


def test_the_entry_and_the_setting_state_the_law_that_is_adopted(vault: MemoryVault, newer_laws: None) -> None:
    act = adopted(vault)
    assert (act.law, act.role, act.meaning, act.subject) == (
        2,
        "administrator",
        "I adopt it",
        vault.register.vault().id,
    )
    (change,) = (json.loads(each.data()) for each in act.changes)
    assert (change["record"], change["id"], change["before"]) == ("setting", "law", None)
    assert change["after"]["value"] == "2"
    assert change["after"]["set_by"] == vault.ids["Ada"]


def test_a_later_law_takes_the_place_of_the_setting(vault: MemoryVault, newer_laws: None) -> None:
    vault.register.apply(adopted(vault).changes[0])
    (change,) = (json.loads(each.data()) for each in adopted(vault, law=3).changes)
    assert (change["before"]["value"], change["after"]["value"]) == ("2", "3")
    assert change["id"] == "law"


def test_adopting_a_law_leaves_every_other_setting_alone(vault: MemoryVault, newer_laws: None) -> None:
    vault.do(ChangeSetting, "Ada", name=REVEAL_NEEDS_TWO, value="yes")
    vault.register.apply(adopted(vault).changes[0])
    settings = {each.id: each.value for each in vault.register.all_of(Setting)}
    assert settings == {REVEAL_NEEDS_TWO: "yes", "law": "2"}


def test_adopting_states_its_meaning(vault: MemoryVault, newer_laws: None) -> None:
    with pytest.raises(UsageProblem, match="signature"):
        adopted(vault, meaning=" ")
