"""A small vault in memory with a cast of people, for the tests of rules and use cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import memory_register
import pytest
from domain.replay.rules import EntryThen, rule_breaches
from memory_register import MemoryVault

from domain.act import Act, Actor
from domain.simulation.memory_register import header_of


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture(autouse=True)
def _judged_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test's vault lets through the gates is let through again when replay asks the rules."""
    wrong: list[str] = []

    class JudgedRegister(memory_register.MemoryRegister):
        def take(self, act: Act, by: Actor) -> Any:
            if self.entries and act.changes:
                then = EntryThen(header_of(act, by, seq=len(self.entries)), act.changes, self)
                wrong.extend(f"{act.name}: {breach.text}" for breach in rule_breaches(then))
            return super().take(act, by)

    monkeypatch.setattr(memory_register, "MemoryRegister", JudgedRegister)
    yield
    assert wrong == [], "replay finds fault with what the gates let through"
