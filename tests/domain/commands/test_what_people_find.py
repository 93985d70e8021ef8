"""What each person finds at the item of every state: what they can do, what keeps them, who waits for whom.

    .venv/bin/python tests/domain/commands/test_what_people_find.py --write

writes `found/` anew. Read the difference before you keep it: a changed line is a changed answer on somebody's screen.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
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
from domain.process.definition import ProcessVersion
from domain.registry import COMMANDS
from domain.rules.access_conflicts import access_conflicts
from domain.rules.alert_scan import Scan
from domain.rules.facts import Facts, VaultFacts, gather, gather_vault
from domain.rules.next_action import next_actions
from domain.rules.permissions import Permission, permissions
from domain.rules.risk_acceptances import acceptable_obstacles
from domain.rules.waiting import awaited_from_others, waiting_for_actor

FOUND = Path(__file__).resolve().parent / "found"
MAY = "may be done"
PEOPLE = ("Olga", "Wim", "Lea", "Rita", "Bo")
"""The owner, another worker, a lead, who carries risks, and the board."""


def what_is_found(state: str) -> dict[str, Any]:
    """What the people find at the item of a state, and what is found about the vault."""
    vault = prepared(state)
    people = {name: _of(vault, name) for name in PEOPLE}
    olga = vault.actor("Olga")
    later = msgspec.structs.replace(olga, at=vault.now + timedelta(days=40))
    return {
        "state": state,
        "people": people,
        "next": [_plain(each) for each in next_actions(gather(vault.register, vault.item, vault.actor("Olga")))],
        "alerts": [_plain(each) for each in Scan(vault.register, olga).alerts()],
        "alerts in forty days": [_plain(each) for each in Scan(vault.register, later).alerts()],
        "conflicts": [
            f"{each.rule}: {each.text}" for each in access_conflicts(_of_the_vault(vault), _processes(vault))
        ],
    }


def _of_the_vault(vault: Prepared) -> VaultFacts:
    return gather_vault(vault.register, vault.actor("Ada"))


def _processes(vault: Prepared) -> list[ProcessVersion]:
    return [decode_process(each.definition) for each in vault.register.process_versions() if each.state == "in_force"]


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
        "can be accepted": _waivable(facts),
    }


def _waivable(facts: Facts) -> list[str]:
    return [f"{each.gate}: {each.rule} {each.about}" for each in acceptable_obstacles(facts)]


def what_may_be_done() -> dict[str, dict[str, list[str]]]:
    """Every act of a process and of the vault: who may do it by which role, and who may not."""
    vault = prepared("asked")
    facts, processes = _of_the_vault(vault), _processes(vault)
    return {
        name: {
            "may": [_act(each) for each in found if each.allowed],
            "may not": [_act(each) for each in found if not each.allowed],
        }
        for name in ("Olga", "Lea", "Ada")
        for found in [permissions(facts, processes, vault.ids[name])]
    }


def _act(each: Permission) -> str:
    return " ".join(filter(None, (each.process, each.step, each.act, each.role and f"as {each.role}", each.as_place)))


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
    output = {name: _without_words(each) for name, each in value.items() if name not in ("text", "remedy")}
    return {name: each for name, each in output.items() if each not in ("", None, [], {}, False)}


def _text(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def test_what_may_be_done_is_what_is_on_file() -> None:
    assert what_may_be_done() == json.loads((FOUND / f"{MAY}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("state", STATES)
def test_what_people_find_is_what_is_on_file(state: str) -> None:
    assert json.loads(_text(what_is_found(state))) == json.loads((FOUND / f"{state}.json").read_text(encoding="utf-8"))


def test_every_file_is_of_a_state() -> None:
    assert {each.stem for each in FOUND.iterdir()} == {*STATES, MAY}


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("To write anew what people find: test_what_people_find.py --write")
    FOUND.mkdir(exist_ok=True)
    (FOUND / f"{MAY}.json").write_text(_text(what_may_be_done()), encoding="utf-8")
    for word in STATES:
        (FOUND / f"{word}.json").write_text(_text(what_is_found(word)), encoding="utf-8")
