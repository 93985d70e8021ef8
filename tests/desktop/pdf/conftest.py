"""Packs printed from the small log that the closure tests keep."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "domain" / "closure"))

from closed_item import closed_item

from desktop.pdf.print_pack import RENDERER, print_pack


@pytest.fixture(scope="session")
def made():
    """The pack, the proof and the signatures of one closed item."""
    return closed_item().made(RENDERER)


@pytest.fixture(scope="session")
def printed(made) -> bytes:
    return print_pack(*made)
