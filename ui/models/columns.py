"""A column of a grid: header, text of a line, sort key, pill, alignment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt

from ui.words import Mark

LINE_ROLE: Final = Qt.ItemDataRole.UserRole
"""The whole frozen line of a row."""


_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, kw_only=True)
class Column:
    """One table column. `sort` is the name the store sorts by, "" when it cannot be sorted.

    `data` is the value for other programs, where it is not the words shown: days as ISO.
    """

    header: str
    text: Callable[[Any], str]
    sort: str = ""
    mark: Callable[[Any], Mark] | None = None
    tip: Callable[[Any], str] | None = None
    data: Callable[[Any], str] | None = None
    right: bool = False
    width: int = 120
    stretch: bool = False

    def as_data(self, line: Any) -> str:
        """The value of a line for other programs."""
        return (self.data or self.text)(line)


def cell(column: Column, line: Any, role: int) -> Any:
    """What a model answers for a loaded line."""
    if role == Qt.ItemDataRole.DisplayRole:
        return column.text(line)
    if role == LINE_ROLE:
        return line
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return _RIGHT if column.right else _LEFT
    return None


def accessible_cell(column: Column, line: Any) -> str:
    """What a screen reader says of a cell: header and text, never a bare icon."""
    return f"{column.header}: {column.text(line)}"
