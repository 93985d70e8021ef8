"""People and the roles they hold; administrators add people here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QLineEdit, QTabWidget, QWidget

from domain.identity import iso
from domain.messages import message, plural_message
from domain.records.people import ADMINISTRATOR, Person
from ui.access_queries import Access, read_access
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.people_dialogs import (
    ConfirmDialog,
    DisableDialog,
    GiveResetDialog,
    PassphraseDialog,
    RoleDialog,
    ask_reset_dialog,
    review_access_dialog,
    withdraw_reset_dialog,
)
from ui.dialogs.sign import SignDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import SessionView
from ui.screens.access_tabs import DoersTab, KeysTab, MatrixTab, PermissionsTab
from ui.screens.mandates_tab import MandatesTab
from ui.tasks import Failed
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, count_text, moment_text

MOST_CONFLICTS = 6


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person as the list shows them."""

    id: str
    name: str
    state: str
    roles: str
    enrolled: str
    by: str


class PeopleScreen(QWidget):
    """Conflicts first; then the people with what can be done about the one chosen, and who may do what."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._access: Access | None = None
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.gaps = MessageBar(services.icons)
        around = column(margin=2)
        around.addWidget(self.gaps)
        down.addLayout(around)
        self.tabs = QTabWidget()
        self.matrix, self.keys = MatrixTab(services), KeysTab(services)
        self.permissions, self.doers = PermissionsTab(services), DoersTab(services)
        self.mandates = MandatesTab(services)
        for page, title in (
            (self._build_people(), message("People")),
            (self.matrix, message("Who holds what")),
            (self.permissions, message("What may … do?")),
            (self.doers, message("Who may … do?")),
            (self.mandates, message("Delegates")),
            (self.keys, message("Keys")),
        ):
            self.tabs.addTab(page, title)
        self.tabs.currentChanged.connect(lambda _page: self.permissions.ask())
        down.addWidget(self.tabs, 1)
        services.workspace.session_changed.connect(self._on_session_changed)
        for name, slot in (
            ("people.confirm", self.confirm),
            ("people.grant", lambda: self.change_role(grant=True)),
            ("people.revoke", lambda: self.change_role(grant=False)),
            ("people.disable", self.disable),
            ("people.ask_reset", self.ask_reset),
            ("people.withdraw_reset", self.withdraw_reset),
            ("people.give_reset", self.give_reset),
            ("people.passphrase", self.change_passphrase),
            ("people.review", self.review),
        ):
            services.actions[name].triggered.connect(lambda _checked=False, slot=slot: slot())
        self._on_session_changed()

    def refresh(self) -> None:
        """Ask the gates again, when it is looked at."""
        session = self._services.workspace.session
        if session is None or not self.isVisible():
            return
        vault = self._services.workspace.vault
        self._services.tasks.run(lambda: read_access(vault), context=self, then=self._on_access)
        self.permissions.show_session(session)

    def focus_content(self) -> None:
        """Put the cursor into the list."""
        self.grid.setFocus()
        self.grid.choose_row(max(self.grid.currentIndex().row(), 0) if self._model.rowCount() else -1)

    def choose(self, person: str) -> None:
        """Put the cursor on a person (an id)."""
        for row_ in range(self._model.rowCount()):
            line = self._model.line(row_)
            if isinstance(line, PersonLine) and line.id == person:
                self.grid.choose_row(row_)

    def add_person(self) -> AddPersonDialog | None:
        """Ask for a person to enrol."""
        session = self._services.workspace.session
        return None if session is None else _opened(AddPersonDialog(self._services, self.window(), session))

    def change_role(self, *, grant: bool) -> RoleDialog | None:
        """Ask which role the person chosen gets or loses."""
        session, person = self._services.workspace.session, self._person()
        if session is None or person is None:
            return None
        return _opened(RoleDialog(self._services, self.window(), session, person, grant=grant))

    def confirm(self) -> ConfirmDialog | None:
        """Show what was proposed for the person chosen, to be confirmed."""
        session, person = self._services.workspace.session, self._person()
        if session is None or person is None:
            return None
        return _opened(ConfirmDialog(self._services, self.window(), session, person))

    def disable(self) -> DisableDialog | None:
        """Ask for the reason that ends the person's work here."""
        person = self._person()
        return None if person is None else _opened(DisableDialog(self._services, self.window(), person))

    def ask_reset(self) -> SignDialog | None:
        """Vouch for the person chosen and ask for a new key."""
        session, person = self._services.workspace.session, self._person()
        if session is None or person is None:
            return None
        return _opened(ask_reset_dialog(self._services, self.window(), session, person))

    def withdraw_reset(self) -> SignDialog | None:
        """Take back the request for a new key for the person chosen."""
        session, person = self._services.workspace.session, self._person()
        asked = (
            next((each for each in session.asked_resets if person and each.person == person.id), None)
            if session
            else None
        )
        if session is None or person is None or asked is None:
            return None
        return _opened(withdraw_reset_dialog(self._services, self.window(), session, person, asked))

    def give_reset(self) -> GiveResetDialog | None:
        """Give the key that somebody else asked for."""
        session, person = self._services.workspace.session, self._person()
        if session is None or person is None:
            return None
        return _opened(GiveResetDialog(self._services, self.window(), session, person))

    def change_passphrase(self) -> PassphraseDialog | None:
        """Ask for one's own new passphrase."""
        session = self._services.workspace.session
        return None if session is None else _opened(PassphraseDialog(self._services, self.window(), session))

    def review(self) -> SignDialog | None:
        """The signing for the access there is now."""
        session = self._services.workspace.session
        if session is None:
            return None
        self._services.workspace.go("people")
        found = len(self._access.conflicts) if self._access else 0
        dialog = _opened(review_access_dialog(self._services, self.window(), session, conflicts=found))
        dialog.accepted.connect(lambda: self._services.workspace.announce(message("The access review is signed.")))
        return dialog

    def _person(self) -> Person | None:
        workspace = self._services.workspace
        return workspace.session.person_of(workspace.person) if workspace.session else None

    def _build_bar(self) -> QWidget:
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(message("People and roles"), type_="title"))
        across.addStretch(1)
        actions, icons = self._services.actions, self._services.icons
        for name, text, icon in (
            ("people.passphrase", message("Change my passphrase…"), "lock"),
            ("people.review", message("Sign an access review…"), "sign"),
        ):
            across.addWidget(ActionButton(actions[name], icons, text=text, icon=icon))
        add = actions["people.add"]
        across.addWidget(ActionButton(add, icons, text=message("Add a person…"), icon="new", primary=True))
        return top

    def _build_people(self) -> QWidget:
        services = self._services
        page = QWidget()
        down = column(page, gap=0)
        self.grid = Grid(services.theme, services.icons, name=message("People"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=2)
        self.grid.chosen.connect(self._on_chosen)
        down.addWidget(self.grid, 1)
        foot = QFrame()
        set_appearance(foot, surface="foot")
        transitions = row(foot, margin=2, gap=2)
        for name in (
            "people.confirm",
            "people.grant",
            "people.revoke",
            "people.disable",
            "people.ask_reset",
            "people.withdraw_reset",
            "people.give_reset",
        ):
            transitions.addWidget(ActionButton(services.actions[name], services.icons))
        transitions.addStretch(1)
        down.addWidget(foot)
        note = label(
            message(
                "Nobody, no administrator either, can sign as someone else: each person's keys open only with their "
                "own passphrase."
            ),
            muted=True,
            wrap=True,
            type_="small",
        )
        note.setContentsMargins(12, 6, 12, 6)
        down.addWidget(note)
        return page

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        self._services.workspace.choose_person(line.id if isinstance(line, PersonLine) else "")

    def _on_access(self, access: Access) -> None:
        session = self._services.workspace.session
        if session is None:
            return
        self._access = access
        self.doers.show_access(session, access)
        self.keys.show_access(session, access)
        self.mandates.show_mandates(session, access.mandates)
        if not access.conflicts:
            self.gaps.clear()
            return
        title = plural_message(
            "{count} conflict between roles and people",
            "{count} conflicts between roles and people",
            len(access.conflicts),
            count=count_text(len(access.conflicts)),
        )
        shown = [f"•  {each.text} {each.remedy}" for each in access.conflicts[:MOST_CONFLICTS]]
        more = len(access.conflicts) - len(shown)
        if more > 0:
            shown.append(plural_message("and {count} more", "and {count} more", more, count=count_text(more)))
        self.gaps.announce(title, "\n".join(shown), tone="waiting")

    def _on_session_changed(self) -> None:
        session = self._services.workspace.session
        if session is None:
            self._access = None
            self._model.show_lines(())
            self.gaps.clear()
            return
        now = iso(self._services.workspace.now())
        chosen = self._services.workspace.person
        self._model.show_lines(
            tuple(
                PersonLine(
                    id=person.id,
                    name=person.name,
                    state=person.state,
                    roles=", ".join(session.role_title(held.role) for held in session.roles_of(person.id, at=now))
                    or "–",
                    enrolled=moment_text(person.enrolled_at),
                    by=session.name_of(person.enrolled_by),
                )
                for person in session.people
            )
        )
        self.matrix.show_session(session)
        self.choose(chosen or session.person.id)
        self.refresh()

    def _columns(self) -> tuple[Column, ...]:
        def mark(line: PersonLine) -> Mark:
            if line.state == "active":
                return Mark(word=message("Active"), icon="closed", tone="proven")
            if line.state == "proposed":
                return Mark(word=message("Proposed"), icon="waiting", tone="waiting")
            return Mark(word=message("Disabled"), icon="cancel", tone="done")

        return (
            Column(header=message("Name"), text=lambda p: p.name, width=200),
            Column(header=message("State"), text=lambda p: mark(p).word, mark=mark, width=112),
            Column(header=message("Roles"), text=lambda p: p.roles, tip=lambda p: p.roles, width=280, stretch=True),
            Column(header=message("Enrolled"), text=lambda p: p.enrolled, width=152),
            Column(header=message("By"), text=lambda p: p.by, width=168),
        )


Shown = TypeVar("Shown", bound=QDialog)


def _opened(dialog: Shown) -> Shown:
    dialog.open()
    return dialog


class AddPersonDialog(FormDialog):
    """Name, roles and the new person's own passphrase, typed by themselves."""

    def __init__(self, services: WindowServices, parent: QWidget, session: SessionView) -> None:
        super().__init__(
            services,
            parent,
            title=message("Add a person"),
            text=message("Let the new person type the passphrase: it makes their own keys, which nobody else can use."),
            verb=message("Add person"),
            icon="people",
        )
        self.name = QLineEdit()
        named = self.add_field(message("&Name, as signatures show it"), self.name, required=True)
        self.identity = QLineEdit()
        checked = self.add_field(
            message("&Identity checked by"),
            self.identity,
            required=True,
            hint=message("How you made sure who it is, such as: passport seen in person. Kept on record."),
        )
        self.roles: dict[str, QCheckBox] = {}
        self.form.addWidget(label(message("Roles"), muted=True, type_="small"))
        for role, title in {
            **session.role_titles(),
            ADMINISTRATOR: message("Administrator (no rights in processes)"),
        }.items():
            box = QCheckBox(title)
            self.roles[role] = box
            self.form.addWidget(box)
        self.passphrase = NewPassphrase(
            services, title=message("Their &passphrase"), names=lambda: (self.name.text(), *session.names_known())
        )
        self.form.addWidget(self.passphrase)
        self.require(self.passphrase.complete)
        self.demand(named, lambda: bool(self.name.text().strip()), message("Type a name."))
        self.demand(checked, lambda: bool(self.identity.text().strip()), message("Say how you made sure who it is."))
        self.passphrase.again.returned.connect(self.submit)
        self.on_submit(self._enrol)
        self.name.setFocus()

    def _enrol(self, then: Callable[[Any], None], failed: Failed) -> None:
        vault, workspace = self.services.workspace.vault, self.services.workspace
        name, passphrase = self.name.text().strip(), self.passphrase.take()
        identity = self.identity.text().strip()
        roles = [role for role, box in self.roles.items() if box.isChecked()]

        workspace.change(
            lambda: vault.add_person(name=name, roles=roles, identity_checked=identity, passphrase=passphrase),
            context=self,
            then=then,
            failed=failed,
        )
