"""People and the roles they hold; administrators add people here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from domain.identity import iso
from domain.items.people import ADMINISTRATOR
from domain.log.entry import Entry
from ui.desk import Desk
from ui.dialogs.form_dialog import FormDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.reading import Session
from ui.tasks import Failed
from ui.widgets.buttons import ActionButton
from ui.widgets.forms import PassphraseEdit
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, column, row
from ui.widgets.text import label
from ui.words import Mark, moment_text


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person as the list shows them."""

    name: str
    state: str
    roles: str
    enrolled: str
    by: str


class PeopleScreen(QWidget):
    """Reads from the session; adding a person is a dialog."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(self.tr("People and roles"), type_="title"))
        across.addStretch(1)
        add = desk.actions["people.add"]
        across.addWidget(ActionButton(add, desk.icons, text=self.tr("Add a person…"), icon="new", primary=True))
        down.addWidget(top)
        self.gaps = label(wrap=True)
        self.gaps.setContentsMargins(12, 8, 12, 8)
        self.gaps.setProperty("ink", "waiting")
        down.addWidget(self.gaps)
        self.grid = Grid(desk.theme, desk.icons, name=self.tr("People"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=2)
        down.addWidget(self.grid, 1)
        note = label(
            self.tr(
                "Nobody, no administrator either, can sign as someone else: each person's keys open only "
                "with their own passphrase."
            ),
            muted=True,
            wrap=True,
            type_="small",
        )
        note.setContentsMargins(12, 6, 12, 6)
        down.addWidget(note)
        desk.workspace.session_changed.connect(self._on_session_changed)

    def focus_content(self) -> None:
        """Put the cursor into the list."""
        self.grid.setFocus()
        self.grid.choose_row(max(self.grid.currentIndex().row(), 0) if self._model.rowCount() else -1)

    def add_person(self) -> AddPersonDialog | None:
        """Ask for a person to enrol."""
        session = self._desk.workspace.session
        if session is None:
            return None
        dialog = AddPersonDialog(self._desk, self.window(), session)
        dialog.open()
        return dialog

    def _on_session_changed(self) -> None:
        session = self._desk.workspace.session
        if session is None:
            self._model.show_lines(())
            return
        now = iso(self._desk.workspace.now())
        held: dict[str, list[str]] = {}
        for each in session.held:
            if not each.valid_until or now < each.valid_until:
                held.setdefault(each.person, []).append(each.role)
        self._model.show_lines(
            tuple(
                PersonLine(
                    name=person.name,
                    state=person.state,
                    roles=", ".join(session.role_title(role) for role in held.get(person.id, [])) or "–",
                    enrolled=moment_text(person.enrolled_at),
                    by=session.name_of(person.enrolled_by),
                )
                for person in session.people
            )
        )
        given = {role for roles in held.values() for role in roles}
        lacking = [role.title for process in session.processes for role in process.roles if role.id not in given]
        self.gaps.setText(self.tr("Nobody holds: %1.").replace("%1", ", ".join(dict.fromkeys(lacking))))
        self.gaps.setVisible(bool(lacking))

    def _columns(self) -> tuple[Column, ...]:
        def mark(line: PersonLine) -> Mark:
            if line.state == "active":
                return Mark(word=self.tr("Active"), icon="closed", tone="proven")
            return Mark(word=self.tr("Disabled"), icon="cancel", tone="done")

        return (
            Column(header=self.tr("Name"), text=lambda p: p.name, width=200),
            Column(header=self.tr("State"), text=lambda p: mark(p).word, mark=mark, width=112),
            Column(header=self.tr("Roles"), text=lambda p: p.roles, tip=lambda p: p.roles, width=280, stretch=True),
            Column(header=self.tr("Enrolled"), text=lambda p: p.enrolled, width=152),
            Column(header=self.tr("By"), text=lambda p: p.by, width=168),
        )


class AddPersonDialog(FormDialog):
    """Name, roles and the new person's own passphrase, typed by themselves."""

    def __init__(self, desk: Desk, parent: QWidget, session: Session) -> None:
        super().__init__(
            desk,
            parent,
            title=self.tr("Add a person"),
            text=self.tr("Let the new person type the passphrase: it makes their own keys, which nobody else can use."),
            verb=self.tr("Add person"),
            icon="people",
        )
        self.name = QLineEdit()
        named = self.add_field(self.tr("&Name, as signatures show it"), self.name, required=True)
        self.roles: dict[str, QCheckBox] = {}
        self.form.addWidget(label(self.tr("Roles"), muted=True, type_="small"))
        known = {role.id: role.title for process in session.processes for role in process.roles}
        for role, title in {**known, ADMINISTRATOR: self.tr("Administrator (no rights in processes)")}.items():
            box = QCheckBox(title)
            self.roles[role] = box
            self.form.addWidget(box)
        self.passphrase, self.again = PassphraseEdit(desk.icons), PassphraseEdit(desk.icons)
        secret = self.add_field(
            self.tr("Their &passphrase"),
            self.passphrase,
            hint=self.tr("At least 15 characters or five words."),
            required=True,
        )
        same = self.add_field(self.tr("Passphrase a&gain"), self.again, required=True)
        self.demand(named, lambda: bool(self.name.text().strip()), self.tr("Type a name."))
        self.demand(secret, lambda: not self.passphrase.is_empty, self.tr("A passphrase is needed."))
        self.demand(same, lambda: self.again.peek_equal(self.passphrase), self.tr("The two are not the same."))
        self.on_submit(self._enrol)
        self.name.setFocus()

    def _enrol(self, then: Callable[[Any], None], failed: Failed) -> None:
        vault, workspace = self.desk.workspace.vault, self.desk.workspace
        name, passphrase = self.name.text().strip(), self.passphrase.take()
        self.again.clear()
        roles = [role for role, box in self.roles.items() if box.isChecked()]

        def enrolled(entry: Entry) -> None:
            workspace.recorded.emit(entry)
            workspace.renew()
            then(entry)

        self.desk.tasks.run(
            lambda: vault.add_person(name=name, roles=roles, passphrase=passphrase),
            context=self,
            then=enrolled,
            failed=failed,
        )
