"""Entries crafted around the rules, made of those of the shipped scenarios: deciding again names every one of them.

Each act of a scenario, on the state it was decided on, is handed over again as it is, by everybody else, under other
words, with each value that it sets made another one, with a change left out and with one more.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "commands"))

import pytest
from examples import NONCE, asked_in, examples_of
from forgeries import forgeries, unnamed_forgeries
from judged_again import breaches_of

from domain.act import Act, Actor
from domain.commands.deciding import decide
from domain.process.decode import decode_process
from domain.registry import COMMANDS
from domain.simulation.memory_register import MemoryRegister, header_of
from domain.simulation.run import run_scenarios

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
SHIPPED = {
    path.stem: decode_process(path.read_text(encoding="utf-8"))
    for path in sorted(TEMPLATES.glob("*.json"))
    if path.name not in ("schema.json", "sets.json")
}
MOST_ALIKE = 2
"""Acts of one name that are forged in the scenarios of a process."""


@pytest.mark.parametrize("process", SHIPPED)
def test_every_forged_entry_is_named_and_the_true_one_is_not(process: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: Counter[str] = Counter()
    forged: Counter[str] = Counter()
    unnamed: list[str] = []
    wronged: list[str] = []
    real = MemoryRegister.take

    def take(register: MemoryRegister, act: Act, by: Actor) -> Any:
        if act.command and done[act.name] < MOST_ALIKE and act.name != "create_vault":
            done[act.name] += 1
            true = header_of(act, by, seq=len(register.entries))
            wronged.extend(f"{act.name}: {each.text}" for each in breaches_of(register, true, act.command, act.changes))
            forged[act.name] += len(list(forgeries(register, act, by)))
            unnamed.extend(f"{act.name}: {about}" for about in unnamed_forgeries(register, act, by))
        return real(register, act, by)

    monkeypatch.setattr(MemoryRegister, "take", take)
    assert [each.failure.text for each in run_scenarios(SHIPPED[process], SHIPPED) if each.failure] == []
    assert wronged == []
    assert unnamed == []
    assert {"create_item", "move_item", "approve_item", "enrol_person"} <= set(forged)
    assert sum(forged.values()) > 500


@pytest.mark.parametrize("word", sorted(set(COMMANDS) - {"create_vault"}))
def test_every_forgery_of_an_example_of_a_command_is_named(word: str) -> None:
    for example in examples_of(word):
        asked = asked_in(example)
        if "changes" in example:
            act = decide(asked.command, asked.state, asked.by, nonce=NONCE)
            true = header_of(act, asked.by, seq=asked.state.log_size())
            assert breaches_of(asked.state, true, act.command, act.changes) == []
            assert list(unnamed_forgeries(asked.state, act, asked.by)) == [], example["about"]


@pytest.mark.parametrize("leaves", [slice(0, 1), slice(1, 2), slice(0, 0)], ids=["no item", "no command", "nothing"])
def test_a_migration_without_all_of_its_leaves_is_named(leaves: slice) -> None:
    asked = asked_in(examples_of("migrate_items")[0])
    act = decide(asked.command, asked.state, asked.by, nonce=NONCE)
    header = header_of(act, asked.by, seq=asked.state.log_size())
    assert len(act.command) == 2
    found = breaches_of(asked.state, header, act.command[leaves], act.changes)
    assert [each.rule for each in found] == ["command.senseless"]
