"""What the long forms share: the harness of the short tests, and a table of figures."""

from __future__ import annotations

import sys
from pathlib import Path

_HARNESS = Path(__file__).resolve().parents[2] / "desktop"
for _folder in ("durability", "store"):
    sys.path.insert(0, str(_HARNESS / _folder))
sys.path.insert(0, str(_HARNESS.parents[1]))


def table(heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Plain text columns, as wide as they need to be."""
    cells = [heads, *(tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
