"""The audit log, newest entry first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from domain.commands.act_words import act_word
from domain.messages import message
from domain.ports import LogFilter, LogLine
from domain.session import Session
from ui.models.columns import Column
from ui.models.paged import PagedModel
from ui.words import count_text, moment_text, reason_text
from ui.workspace import Workspace


class LogModel(PagedModel):
    """Rows are entries; row 0 is the last one recorded."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(workspace, self._columns(), parent)
        self._filter = LogFilter()

    def wanted(self) -> LogFilter:
        """The filter in force."""
        return self._filter

    def show_filter(self, wanted: LogFilter) -> None:
        """Show the entries that match."""
        if wanted != self._filter:
            self._filter = wanted
            self.reload()

    def read_count(self, vault: Session, wanted: Any) -> int:
        """Entries that match."""
        return vault.register.log_count(wanted)

    def read_window(self, vault: Session, wanted: Any, *, offset: int, limit: int, count: int) -> tuple[Any, ...]:
        """A window of matching entries, newest first."""
        return vault.register.log_window(wanted, offset=offset, limit=limit) if offset < count else ()

    def _person(self, line: LogLine) -> str:
        return self._workspace.session.name_of(line.person) if self._workspace.session else line.person

    def _subject(self, line: LogLine) -> str:
        if line.subject_number:
            return line.subject_number
        session = self._workspace.session
        if session is None:
            return line.subject
        if line.subject == session.vault.id:
            return session.vault.name
        named = session.name_of(line.subject)
        return "" if named == line.subject and _is_id(named) else named  # a bare id means nothing to a person

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=message("No."), text=lambda e: count_text(e.seq), right=True, width=64),
            Column(header=message("Time"), text=lambda e: moment_text(e.at), width=152),
            Column(header=message("Person"), text=self._person, width=112),
            Column(
                header=message("What was done"),
                text=lambda e: act_word(e.act),
                tip=lambda e: act_word(e.act),
                width=176,
            ),
            Column(header=message("About"), text=self._subject, width=112),
            Column(
                header=message("Reason"),
                text=lambda e: reason_text(e.act, e.reason),
                tip=lambda e: reason_text(e.act, e.reason),
                width=200,
                stretch=True,
            ),
            Column(header=message("Leaf hash"), text=lambda e: e.leaf[:8], tip=lambda e: e.leaf, width=88),
        )


def _is_id(text: str) -> bool:
    """Whether it is the id of a record: five groups of hexadecimal digits."""
    return [len(group) for group in text.split("-")] == [8, 4, 4, 4, 12]
