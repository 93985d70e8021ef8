"""A small vault in memory with a cast of people, for the tests of rules and use cases."""

from __future__ import annotations

import pytest
from memory_register import MemoryVault


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()
