"""Packs printed from the small log that the closure tests keep."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "domain" / "closure"))

from closed_story import closed_item

from desktop.pdf.print_pack import RENDERER, print_pack
from domain.closure.assemble import assemble_pack


@pytest.fixture(scope="session")
def made():
    """The pack and the proof of one closed item."""
    return assemble_pack(**closed_item().parts(renderer=RENDERER))


@pytest.fixture(scope="session")
def printed(made) -> bytes:
    return print_pack(*made)
