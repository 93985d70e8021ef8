"""The register of a process: items as the store pages, sorts and filters them."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Qt

from domain.session import Session
from domain.state import ItemFilter, ItemLine
from ui.models.columns import Column
from ui.models.paged import PagedModel
from ui.words import Mark, date_text, is_overdue, state_mark
from ui.workspace import Workspace

_tr = QCoreApplication.translate


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
        return state_mark(line.state, overdue=is_overdue(line.due, at=self._workspace.now()))

    def _step(self, line: ItemLine) -> str:
        session = self._workspace.session
        process = session.process(line.process) if session else None
        step = process.step(line.step) if process else None
        return step.title if step else line.step

    def _owner(self, line: ItemLine) -> str:
        return self._workspace.session.name_of(line.owner) if self._workspace.session else line.owner

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=_tr("register", "Number"), text=lambda i: i.number, sort="number", width=120),
            Column(
                header=_tr("register", "Title"),
                text=lambda i: i.title,
                tip=lambda i: i.title,
                sort="title",
                width=360,
                stretch=True,
            ),
            Column(header=_tr("register", "Step"), text=self._step, sort="step", width=116),
            Column(
                header=_tr("register", "State"),
                text=lambda i: self._mark(i).word,
                mark=self._mark,
                sort="state",
                width=176,
            ),
            Column(header=_tr("register", "Owner"), text=self._owner, sort="owner", width=128),
            Column(
                header=_tr("register", "Due"),
                text=lambda i: date_text(i.due),
                data=lambda i: i.due,
                sort="due",
                right=True,
                width=116,
            ),
            Column(header=_tr("register", "Severity"), text=lambda i: i.severity, sort="severity", width=80),
            Column(
                header=_tr("register", "Raised"),
                text=lambda i: date_text(i.raised),
                data=lambda i: i.raised,
                sort="raised",
                right=True,
                width=116,
            ),
            Column(header=_tr("register", "Tracker status"), text=lambda i: i.legacy_status, width=124),
        )
