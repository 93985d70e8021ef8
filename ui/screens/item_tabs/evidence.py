"""Evidence per requirement: what is asked for, what was given, and what a reviewer stated."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from domain.messages import message
from domain.records.item import Evidence
from ui.dialogs.evidence_copy import EvidenceCopyDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import ItemInFocus
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import column, row
from ui.window_services import WindowServices
from ui.words import Mark, evidence_mark, moment_text, size_text


class EvidenceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement with one of its files, or with none yet."""

    requirement: str
    title: str
    names: dict[str, str]
    evidence: Evidence | None


class EvidenceTab(QWidget):
    """`review_wanted` carries the evidence to judge; `file_dropped` a local path."""

    review_wanted = Signal(object)
    file_dropped = Signal(str)

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self.setAcceptDrops(True)
        self._model = LinesModel(self._columns(), self)
        self.grid = Grid(services.theme, services.icons, name=message("Evidence"))
        self.grid.setModel(self._model)
        widths = tuple(each.width for each in self._model.columns)
        self.grid.size_columns(widths, stretch=1, spare=(len(widths) - 1,))
        self.grid.chosen.connect(lambda _index: self._on_chosen())
        self.grid.opened.connect(lambda _index: self._on_review())
        self._review = button(message("Accept or reject…"), self._on_review, icons=services.icons, icon="verify")
        self._copy = button(message("Save a copy…"), self._on_copy, icons=services.icons, icon="save")
        foot = row(margin=3, gap=2)
        foot.addWidget(ActionButton(services.actions["item.add_evidence"], services.icons, icon="evidence"))
        foot.addWidget(self._review)
        foot.addWidget(self._copy)
        foot.addStretch(1)
        self._stack = QStackedWidget()
        self._empty = EmptyState(
            services.icons,
            icon="evidence",
            title=message("No evidence is asked for"),
            text=message("The process version of this item names no evidence."),
        )
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._empty)
        down = column(self, gap=0)
        down.addWidget(self._stack, 1)
        down.addLayout(foot)

    def show_item(self, focus: ItemInFocus) -> None:
        """Every requirement of the process version, each file of the present cycle under it."""
        facts = focus.facts
        names = dict(facts.names)
        lines = [
            EvidenceLine(requirement=requirement.id, title=requirement.title, names=names, evidence=each)
            for requirement in facts.process.evidence
            for each in _given(focus, requirement.id)
        ]
        chosen = self._chosen()
        self._model.show_lines(tuple(lines))
        self._stack.setCurrentWidget(self.grid if lines else self._empty)
        kept = next(
            (n for n, line in enumerate(lines) if chosen and line.evidence and line.evidence.id == chosen.id), 0
        )
        self.grid.choose_row(kept if lines else -1)
        self._on_chosen()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One local file can be dropped here."""
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A dropped file begins the same dialog as the button."""
        self.file_dropped.emit(event.mimeData().urls()[0].toLocalFile())

    def chosen_requirement(self) -> str:
        """The requirement under the cursor."""
        line = self._model.line(self.grid.currentIndex().row())
        return line.requirement if isinstance(line, EvidenceLine) else ""

    def _chosen(self) -> Evidence | None:
        line = self._model.line(self.grid.currentIndex().row())
        return line.evidence if isinstance(line, EvidenceLine) else None

    def _on_chosen(self) -> None:
        chosen = self._chosen()
        self._review.setEnabled(chosen is not None and chosen.state == "submitted")
        self._copy.setEnabled(chosen is not None)

    def _on_review(self) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.state == "submitted":
            self.review_wanted.emit(chosen)

    def _on_copy(self) -> None:
        self.save_copy()

    def save_copy(self) -> EvidenceCopyDialog | None:
        """Ask for whom and why, then where to: a copy of the file under the cursor leaves the vault."""
        chosen = self._chosen()
        if chosen is None:
            return None
        dialog = EvidenceCopyDialog(self._services, self.window(), chosen)
        dialog.open()
        return dialog

    def _columns(self) -> tuple[Column, ...]:
        def of(line: EvidenceLine, show: Callable[[Evidence], str]) -> str:
            return show(line.evidence) if line.evidence is not None else ""

        def mark(line: EvidenceLine) -> Mark:
            return evidence_mark(of(line, lambda e: e.state))

        def added(line: EvidenceLine) -> str:
            return of(line, lambda e: f"{line.names.get(e.added_by, '')}, {moment_text(e.added_at)}")

        def reviewed(line: EvidenceLine) -> str:
            return of(
                line,
                lambda e: f"{line.names.get(e.reviewed_by, '')}, {moment_text(e.reviewed_at)}" if e.reviewed_by else "",
            )

        return (
            Column(header=message("Asked for"), text=lambda i: i.title, tip=lambda i: i.title, width=184),
            Column(
                header=message("File"),
                text=lambda i: of(i, lambda e: e.file_name),
                tip=lambda i: of(i, lambda e: e.file_name),
                width=200,
                stretch=True,
            ),
            Column(header=message("State"), text=lambda i: mark(i).word, mark=mark, width=112),
            Column(header=message("Size"), text=lambda i: of(i, lambda e: size_text(e.size)), right=True, width=80),
            Column(header=message("Added"), text=added, tip=lambda i: of(i, lambda e: e.note), width=236),
            Column(header=message("Reviewed"), text=reviewed, tip=lambda i: of(i, lambda e: e.review_note), width=236),
            Column(
                header=message("SHA-256"),
                text=lambda i: of(i, lambda e: e.file[:12]),
                tip=lambda i: of(i, lambda e: e.file),
                width=124,
            ),
        )


def _given(focus: ItemInFocus, requirement: str) -> tuple[Evidence | None, ...]:
    """The files of a requirement, or one gap."""
    return tuple(each for each in focus.facts.file.evidence if each.requirement == requirement) or (None,)
