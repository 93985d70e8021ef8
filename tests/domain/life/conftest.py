"""One road for each test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from road import Road


@pytest.fixture
def road() -> Road:
    return Road()
