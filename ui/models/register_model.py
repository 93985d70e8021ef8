"""The register of a process: items as the store pages, sorts and filters them."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt

from domain.messages import message
from domain.records.item import CLOSED_BEFORE
from domain.session import Session
from domain.state import ItemFilter, ItemLine
from ui.models.columns import Column
from ui.models.paged import PagedModel
from ui.request_words import readable
from ui.words import Mark, date_text, is_overdue, state_mark
from ui.workspace import Workspace


class RegisterModel(PagedModel):
    """Shows what an `ItemFilter` selects."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(workspace, self._columns(), parent)
        self._filter = ItemFilter()

    def wanted(self) -> ItemFilter:
        """The filter and order shown."""
        return self._filter

    def show_filter(self, **changes: Any) -> None:
        """Change parts of the filter and read again."""
        self._filter = msgspec.structs.replace(self._filter, **changes)
        self.reload()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort in the store by a column; a column without a sort name leaves the order."""
        name = self.columns[column].sort if 0 <= column < len(self.columns) else ""
        if name:
            self.show_filter(sort=name, descending=order == Qt.SortOrder.DescendingOrder)

    def read_count(self, vault: Session, wanted: Any) -> int:
        """Items that match."""
        return vault.register.count(wanted)

    def read_window(self, vault: Session, wanted: Any, *, offset: int, limit: int, count: int) -> tuple[Any, ...]:
        """A window of matching items in order."""
        return vault.register.page(wanted, offset=offset, limit=limit) if offset < count else ()

    def _mark(self, line: ItemLine) -> Mark:
        if line.state == CLOSED_BEFORE:  # the whole word would take the room of the titles
            return msgspec.structs.replace(state_mark(line.state), word=message("Closed before"))
        return state_mark(line.state, overdue=is_overdue(line.due, at=self._workspace.now()))

    def _step(self, line: ItemLine) -> str:
        if line.state == CLOSED_BEFORE:  # nothing of the process was passed here
            return "–"
        session = self._workspace.session
        process = session.process(line.process) if session else None
        step = process.step(line.step) if process else None
        return step.title if step else line.step

    def _owner(self, line: ItemLine) -> str:
        return self._workspace.session.name_of(line.owner) if self._workspace.session else line.owner

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=message("Number"), text=lambda i: i.number, sort="number", width=120),
            Column(
                header=message("Title"),
                text=lambda i: i.title,
                tip=lambda i: i.title,
                sort="title",
                width=360,
                stretch=True,
            ),
            Column(header=message("Step"), text=self._step, sort="step", width=116),
            Column(
                header=message("State"),
                text=lambda i: self._mark(i).word,
                mark=self._mark,
                sort="state",
                width=136,
            ),
            Column(header=message("Owner"), text=self._owner, sort="owner", width=128),
            Column(
                header=message("Due"),
                text=lambda i: date_text(i.due),
                data=lambda i: i.due,
                sort="due",
                right=True,
                width=116,
            ),
            Column(
                header=message("Severity"),
                text=lambda i: readable(i.severity),
                data=lambda i: i.severity,
                sort="severity",
                width=80,
            ),
            Column(
                header=message("Raised"),
                text=lambda i: date_text(i.raised),
                data=lambda i: i.raised,
                sort="raised",
                right=True,
                width=116,
            ),
            Column(header=message("Tracker status"), text=lambda i: i.legacy_status, width=124),
        )
