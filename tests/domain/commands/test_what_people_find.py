"""What each person finds at the item of every state: what they can do, what keeps them, who waits for whom.

    .venv/bin/python tests/domain/commands/test_what_people_find.py --write

writes `found/` anew. Read the difference before you keep it: a changed line is a changed answer on somebody's screen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
import pytest
from example_states import STATES, Prepared, prepared

from domain.commands.available import available_commands
from domain.ports import WaitingApproval
from domain.process.decode import decode_process
from domain.registry import COMMANDS
from domain.rules.access_conflicts import access_conflicts
from domain.rules.alert_scan import Scan
from domain.rules.facts import Facts, gather, gather_vault
from domain.rules.next_action import next_actions
from domain.rules.waiting import awaited_from_others, waiting_for_actor
from domain.rules.waivers import waivable_ahead

FOUND = Path(__file__).resolve().parent / "found"
PEOPLE = ("Olga", "Wim", "Lea", "Rita", "Bo")
"""The owner, another worker, a lead, who carries risks, and the board."""


def what_is_found(state: str) -> dict[str, Any]:
    """What the people find at the item of a state, and what is found about the vault."""
    vault = prepared(state)
    people = {name: _of(vault, name) for name in PEOPLE}
    found = Scan(vault.register, vault.actor("Olga")).alerts()
    processes = [vault.register.in_force("work").definition]
    return {
        "state": state,
        "people": people,
        "next": [_plain(each) for each in next_actions(gather(vault.register, vault.item, vault.actor("Olga")))],
        "alerts": sorted(json.dumps(_plain(each), sort_keys=True) for each in found),
        "conflicts": _conflicts(vault, processes),
    }


def _conflicts(vault: Prepared, definitions: list[str]) -> list[Any]:
    facts = gather_vault(vault.register, vault.actor("Ada"))
    return [_plain(each) for each in access_conflicts(facts, [decode_process(each) for each in definitions])]


def _of(vault: Prepared, name: str) -> dict[str, Any]:
    facts = gather(vault.register, vault.item, vault.actor(name))
    other = gather(vault.register, vault.other, vault.actor(name))
    verdicts = available_commands(facts, COMMANDS.values())
    return {
        "can": [word for word, verdict in verdicts.items() if verdict.allowed],
        "cannot": {
            word: ", ".join(each.rule for each in verdict.obstacles)
            for word, verdict in verdicts.items()
            if not verdict.allowed
        },
        "waits for them": _lines(waiting_for_actor(facts)) + _lines(waiting_for_actor(other)),
        "they wait for": _lines(awaited_from_others(facts)) + _lines(awaited_from_others(other)),
        "can be waived": _waivable(facts),
    }


def _waivable(facts: Facts) -> list[str]:
    return [f"{each.gate}: {each.rule} {each.about}" for each in waivable_ahead(facts)]


def _lines(found: tuple[WaitingApproval, ...]) -> list[dict[str, Any]]:
    return [_plain(each) for each in found]


def _plain(value: Any) -> Any:
    """What is in it that is not empty, as plain values, without words for people."""
    return _without_words(msgspec.to_builtins(value))


def _without_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_words(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {name: _without_words(each) for name, each in value.items() if name not in ("text", "cure")}
    return {name: each for name, each in told.items() if each not in ("", None, [], {}, False)}


def _text(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("state", STATES)
def test_what_people_find_is_what_is_on_file(state: str) -> None:
    assert json.loads(_text(what_is_found(state))) == json.loads((FOUND / f"{state}.json").read_text(encoding="utf-8"))


def test_every_file_is_of_a_state() -> None:
    assert {each.stem for each in FOUND.iterdir()} == set(STATES)


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("To write anew what people find: test_what_people_find.py --write")
    FOUND.mkdir(exist_ok=True)
    for word in STATES:
        (FOUND / f"{word}.json").write_text(_text(what_is_found(word)), encoding="utf-8")
