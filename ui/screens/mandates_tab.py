"""Delegates: every mandate given, in force or ended; a page of the people screen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QDialog, QFrame, QWidget

from domain.identity import iso
from domain.messages import message
from domain.records.governance import Mandate
from ui.dialogs.mandate_dialogs import GrantMandateDialog, end_mandate_dialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import SessionView
from ui.request_words import readable, request_mark
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton, button
from ui.widgets.grid import Grid
from ui.widgets.layout import column, row
from ui.window_services import WindowServices
from ui.words import Mark, date_text


class MandatesTab(QWidget):
    """The newest first. One's own can be ended here, by administrators every one."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._session: SessionView | None = None
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        self.grid = Grid(services.theme, services.icons, name=message("Mandates"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=7)
        self.grid.chosen.connect(self._on_chosen)
        down.addWidget(self.grid, 1)
        foot = QFrame()
        set_appearance(foot, surface="foot")
        transitions = row(foot, margin=2, gap=2)
        transitions.addWidget(ActionButton(services.actions["mandate.give"], services.icons, icon="people"))
        self._end = button(message("End the mandate…"), self.end, icons=services.icons, icon="refused")
        transitions.addWidget(self._end)
        transitions.addStretch(1)
        down.addWidget(foot)
        services.actions["mandate.give"].triggered.connect(lambda _checked=False: self.give())

    def show_mandates(self, session: SessionView, mandates: tuple[Mandate, ...]) -> None:
        """Fill the list."""
        self._session = session
        self._model.show_lines(tuple(sorted(mandates, key=lambda each: each.given_at, reverse=True)))
        self._on_chosen(self.grid.currentIndex())

    def give(self) -> QDialog | None:
        """The signing that makes somebody one's delegate."""
        session = self._services.workspace.session
        if session is None:
            return None
        dialog = GrantMandateDialog(self._services, self.window(), session)
        dialog.open()
        return dialog

    def end(self) -> QDialog | None:
        """The signing that ends the mandate chosen."""
        mandate = self._chosen()
        if self._session is None or mandate is None:
            return None
        dialog = end_mandate_dialog(self._services, self.window(), self._session, mandate)
        dialog.open()
        return dialog

    def _chosen(self) -> Mandate | None:
        line = self._model.line(self.grid.currentIndex().row())
        return line if isinstance(line, Mandate) else None

    def _on_chosen(self, _index: QModelIndex) -> None:
        mandate, session = self._chosen(), self._session
        reason = ""
        if session is None or mandate is None:
            reason = message("Choose a mandate first.")
        elif self._state(mandate) != "in_force" and mandate.state == "revoked":
            reason = message("It was ended already.")
        elif session.person.id != mandate.delegator and "administrator" not in session.roles:
            reason = message("Only {name} or an administrator ends it.", name=session.name_of(mandate.delegator))
        elif session.log.read_only:
            reason = message("This vault is open for reading only.")
        self._end.setEnabled(not reason)
        self._end.setToolTip(reason)

    def _state(self, mandate: Mandate) -> str:
        today = iso(self._services.workspace.now())[:10]
        if mandate.state == "revoked":
            return "revoked"
        if mandate.last_day < today:
            return "ended"
        return "in_force" if mandate.first_day <= today else "given"

    def _name(self, person: str) -> str:
        return self._session.name_of(person) if self._session else person

    def _role(self, role: str) -> str:
        return self._session.role_title(role) if self._session else role

    def _scope(self, mandate: Mandate) -> str:
        process = self._session.process(mandate.process) if self._session and mandate.process else None
        where = process.title if process else (mandate.process or message("every process"))
        return f"{where}: {', '.join(readable(each) for each in mandate.severities)}" if mandate.severities else where

    def _columns(self) -> tuple[Column, ...]:
        def mark(mandate: Mandate) -> Mark:
            return request_mark(self._state(mandate))

        return (
            Column(header=message("Given by"), text=lambda each: self._name(each.delegator), width=140),
            Column(header=message("Delegate"), text=lambda each: self._name(each.delegate), width=140),
            Column(header=message("Role"), text=lambda each: self._role(each.role), width=120),
            Column(header=message("Scope"), text=self._scope, tip=self._scope, width=170),
            Column(header=message("From"), text=lambda each: date_text(each.first_day), width=112),
            Column(header=message("To"), text=lambda each: date_text(each.last_day), width=112),
            Column(header=message("State"), text=lambda each: mark(each).word, mark=mark, width=112),
            Column(header=message("Reason"), text=lambda each: each.reason, tip=lambda each: each.reason, width=160),
        )
