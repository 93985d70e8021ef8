"""Published vectors lie beside the project, not in it; without them these tests skip and say which file is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"


@pytest.fixture(scope="session")
def published() -> Callable[[str], Path]:
    """Return the path of a published file or folder below shared/vectors, or skip by its name."""

    def find(name: str) -> Path:
        place = VECTORS / name
        if not place.exists():
            pytest.skip(f"published vectors are not beside the project: shared/vectors/{name}")
        return place

    return find


@pytest.fixture(scope="session")
def wycheproof(published: Callable[[str], Path]) -> Callable[[str], list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Return the (group, test) pairs of one Wycheproof file."""

    def read(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        found = json.loads(published(f"wycheproof/testvectors_v1/{name}").read_text(encoding="utf-8"))
        pairs = [(group, test) for group in found["testGroups"] for test in group["tests"]]
        assert len(pairs) == found["numberOfTests"]
        return pairs

    return read
