"""One site for each test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from process_site import ProcessSite


@pytest.fixture
def process_site() -> ProcessSite:
    return ProcessSite()
