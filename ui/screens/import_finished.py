"""Which statuses of a tracker mean that a row was finished before it came here: a person says so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from domain.messages import message, plural_message
from ui.words import count_text


class FinishedRows(QPushButton):
    """A menu of the statuses, each with its number of rows; hidden where the tracker has none."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.setAccessibleName(message("Statuses of rows finished before"))
        self._counts: dict[str, int] = {}
        self._actions: dict[str, QAction] = {}
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setMenu(self._menu)
        self.setToolTip(
            message("Rows with these statuses come in as closed before this vault. All others are open work.")
        )
        self.setAccessibleName(message("Statuses of rows that were finished before"))
        self.hide()

    def chosen(self) -> tuple[str, ...]:
        """The statuses that were ticked, as the tracker writes them."""
        return tuple(status for status, action in self._actions.items() if action.isChecked())

    def choose(self, status: str) -> None:
        """Tick a status, or take its tick away."""
        self._actions[status].toggle()

    def show_statuses(self, announced: Sequence[tuple[str, int]]) -> None:
        """Offer the statuses of another plan; those that were ticked stay ticked."""
        ticked = self.chosen()
        self._menu.clear()
        self._counts = dict(announced)
        self._actions = {}
        for status, count in announced:
            line = plural_message(
                "{status}  ({count} row)",
                "{status}  ({count} rows)",
                count,
                status=status.replace("&", "&&"),
                count=count_text(count),
            )
            action = self._menu.addAction(line)
            action.setCheckable(True)
            action.setChecked(status in ticked)
            action.toggled.connect(self._announce)
            self._actions[status] = action
        self.setVisible(bool(announced))
        self._announce()

    def _announce(self) -> None:
        rows = sum(self._counts[status] for status in self.chosen())
        self.setText(
            plural_message(
                "&Finished before: {count} row", "&Finished before: {count} rows", rows, count=count_text(rows)
            )
        )
