"""A small vault in memory with a cast of people, for the tests of rules and commands."""

from __future__ import annotations

from collections.abc import Iterator

import judged_again
import pytest
from memory_register import MemoryVault


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture(autouse=True)
def _judged_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test's vault lets through is let through again when the log is decided again."""
    wrong: list[str] = []
    monkeypatch.setattr("memory_register.MemoryRegister", judged_again.judged_register(wrong))
    yield
    assert wrong == [], "deciding again finds fault with what was let through"
