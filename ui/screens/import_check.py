"""The dry run of an import: how many rows are new, the same, changed, refused; and every problem by its cell."""

from __future__ import annotations

from typing import Final

import msgspec
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from domain.messages import message
from domain.trackers.plan import ImportPlan, PlannedRow, statuses_of
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.screens.import_finished import FinishedRows
from ui.theme import set_appearance
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, count_text

MOST_LINES: Final = 5000
"""Lines listed of one kind; the counters always count all."""


class CheckLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row or cell of the tracker and what becomes of it."""

    kind: str
    place: str
    text: str
    raw: str


class CheckPage(QWidget):
    """The counters are filters of the grid below them."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._lines: dict[str, tuple[CheckLine, ...]] = {}
        self._counts: dict[str, int] = {}
        self._words = {
            "new": message("New"),
            "changed": message("Changed"),
            "same": message("Same"),
            "problem": message("Problems"),
            "refused": message("Refused"),
            "skipped": message("No record"),
        }
        down = column(self, gap=2)
        self._chips = row(gap=1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QPushButton] = {}
        for kind in self._words:
            chip = QPushButton(self._words[kind])
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setProperty("kind", kind)
            set_appearance(chip, chip=True)
            self._group.addButton(chip)
            self._chips.addWidget(chip)
            self._buttons[kind] = chip
        self._chips.addStretch(1)
        self.finished = FinishedRows()
        self._chips.addWidget(self.finished)
        self._group.buttonClicked.connect(lambda chip: self.show_kind(chip.property("kind")))
        self._warnings = label(wrap=True, muted=True)
        self._model = LinesModel(self._columns(), self)
        self.grid = Grid(services.theme, services.icons, name=message("Rows of the tracker"))
        self.grid.setModel(self._model)
        self.grid.size_columns((120, 136, 420, 240), stretch=2)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._none = EmptyState(services.icons, icon="approvals", title=message("None of this kind"), text="")
        self._stack.addWidget(self._none)
        down.addLayout(self._chips)
        down.addWidget(self._warnings)
        down.addWidget(self._stack, 1)

    def closed_words(self) -> tuple[str, ...]:
        """The statuses of rows that come in as closed before this vault."""
        return self.finished.chosen()

    def count(self, kind: str) -> int:
        """How many rows or cells are of a kind."""
        return self._counts.get(kind, 0)

    def show_plan(self, plan: ImportPlan) -> None:
        """Count everything, and begin with what needs a look."""
        self._counts = {
            "new": len(plan.new),
            "changed": len(plan.changed),
            "same": len(plan.same),
            "problem": len(plan.problems),
            "refused": len(plan.refused),
            "skipped": len(plan.skipped),
        }
        sheet = plan.sheet
        self._lines = {
            "new": _planned("new", sheet, plan.new),
            "changed": _planned("changed", sheet, plan.changed),
            "same": _planned("same", sheet, plan.same),
            "problem": tuple(
                CheckLine(kind="problem", place=f"{p.sheet}!{p.cell}", text=p.reason, raw=p.raw)
                for p in plan.problems[:MOST_LINES]
            ),
            "refused": tuple(
                CheckLine(kind="refused", place=f"{r.sheet}!{r.cell}", text=str(r.reason), raw=r.raw)
                for r in plan.refused[:MOST_LINES]
            ),
            "skipped": tuple(
                CheckLine(kind="skipped", place=f"{sheet}!{number}", text=str(reason), raw="")
                for number, reason in plan.skipped[:MOST_LINES]
            ),
        }
        self.finished.show_statuses(statuses_of(plan))
        for kind, chip in self._buttons.items():
            chip.setText(f"{self._words[kind]}  {count_text(self._counts[kind])}")
        self._warnings.setText("\n".join(f"•  {each}" for each in plan.warnings[:4]))
        self._warnings.setVisible(bool(plan.warnings))
        first = next((kind for kind in ("refused", "problem", "new", "changed", "same") if self._counts[kind]), "new")
        self._buttons[first].setChecked(True)
        self.show_kind(first)

    def show_kind(self, kind: str) -> None:
        """List the rows or cells of one kind."""
        lines = self._lines.get(kind, ())
        self._model.show_lines(lines)
        self._none.announce(message("{kind}: none", kind=self._words[kind]), "")
        self._stack.setCurrentIndex(0 if lines else 1)

    def _columns(self) -> tuple[Column, ...]:
        marks = {
            "new": Mark(word=message("New"), icon="new", tone="open"),
            "changed": Mark(word=message("Changed"), icon="reopen", tone="held"),
            "same": Mark(word=message("Same"), icon="closed", tone="done"),
            "problem": Mark(word=message("Problem"), icon="overdue", tone="waiting"),
            "refused": Mark(word=message("Refused"), icon="refused", tone="refused"),
            "skipped": Mark(word=message("No record"), icon="info", tone="done"),
        }
        return (
            Column(header=message("Becomes"), text=lambda c: marks[c.kind].word, mark=lambda c: marks[c.kind]),
            Column(header=message("Place"), text=lambda c: c.place),
            Column(header=message("Title or reason"), text=lambda c: c.text, tip=lambda c: c.text, stretch=True),
            Column(header=message("In the tracker"), text=lambda c: c.raw, tip=lambda c: c.raw),
        )


def _planned(kind: str, sheet: str, rows: tuple[PlannedRow, ...]) -> tuple[CheckLine, ...]:
    return tuple(
        CheckLine(
            kind=kind,
            place=f"{sheet}!{each.row}",
            text=each.values.get("title") or each.values.get("description") or "",
            raw=each.key or "",
        )
        for each in rows[:MOST_LINES]
    )
