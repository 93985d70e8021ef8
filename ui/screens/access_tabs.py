"""Who holds what as a table, two questions with their answers, and the keys: each a page of the people screen."""

from __future__ import annotations

import msgspec
from PySide6.QtWidgets import QComboBox, QWidget

from domain.identity import iso
from domain.messages import message
from domain.records.people import PersonKey
from domain.rules.holding_roles import is_held
from domain.rules.permissions import Doer, Permission
from ui.access_queries import Access, read_permissions
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import SessionView
from ui.widgets.forms import FormRow, choice
from ui.widgets.grid import Grid
from ui.widgets.layout import column
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, date_text, doing_word, moment_text


class MatrixLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person with what the cell of each role says."""

    name: str
    cells: dict[str, str]


class MatrixTab(QWidget):
    """People down, roles across; each cell says from when, and until when if it ended."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._roles: tuple[str, ...] = ()
        self._model = LinesModel((), self)
        down = column(self, gap=0)
        self.grid = Grid(services.theme, services.icons, name=message("Who holds which role"))
        down.addWidget(self.grid, 1)

    def show_session(self, session: SessionView) -> None:
        """Fill the table; its columns are the roles of the processes in force."""
        titles = session.role_titles()
        if tuple(titles) != self._roles:
            self._roles = tuple(titles)
            self._model = LinesModel(self._columns(titles), self)
            self.grid.setModel(self._model)
            self.grid.size_columns((176, *(max(144, 9 * len(title) + 24) for title in titles.values())))
        now = iso(self._services.workspace.now())
        self._model.show_lines(
            tuple(
                MatrixLine(
                    name=person.name,
                    cells={role: _held(session, person.id, role, now) for role in titles},
                )
                for person in session.people
            )
        )

    def _columns(self, titles: dict[str, str]) -> tuple[Column, ...]:
        def of_role(role: str, title: str) -> Column:
            def text(line: MatrixLine) -> str:
                return line.cells.get(role, "")

            return Column(header=title, text=text, tip=text)

        name = Column(header=message("Name"), text=lambda line: line.name, width=176)
        return (name, *(of_role(role, title) for role, title in titles.items()))


def _held(session: SessionView, person: str, role: str, now: str) -> str:
    grants = [each for each in session.held if each.person == person and each.role == role]
    current = [each for each in grants if is_held(each, now)]
    if current:
        since, until = date_text(current[-1].valid_from), current[-1].valid_until
        if until:
            return message("since {since} until {until}", since=since, until=date_text(until))
        return message("since {date}", date=since)
    if any(each.is_proposal for each in grants):
        return message("waits for a second administrator")
    if grants:
        last = max(grants, key=lambda each: each.valid_until)
        return message("ended {date}", date=date_text(last.valid_until))
    return ""


class PermissionsTab(QWidget):
    """What may this person do? Answered by the gates' own functions."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._session: SessionView | None = None
        down = column(self, margin=3, gap=3)
        self.person: QComboBox = choice(())
        down.addWidget(FormRow(message("&What may this person do?"), self.person))
        self._model = LinesModel(self._columns(), self)
        self.grid = Grid(services.theme, services.icons, name=message("What this person may do"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=4)
        down.addWidget(self.grid, 1)
        self.person.currentIndexChanged.connect(self.ask)

    def show_session(self, session: SessionView) -> None:
        """Offer the people; the question stays."""
        self._session = session
        chosen = self.person.currentData() or session.person.id
        self.person.blockSignals(True)
        self.person.clear()
        for person in session.people:
            self.person.addItem(person.name, person.id)
        self.person.setCurrentIndex(max(self.person.findData(chosen), 0))
        self.person.blockSignals(False)
        self.ask()

    def ask(self) -> None:
        """Ask the gates about the person chosen."""
        if not (self._services.workspace.is_open and self.isVisible()):
            return
        vault, person = self._services.workspace.vault, self.person.currentData() or ""

        def answered(found: tuple[Permission, ...]) -> None:
            if self.person.currentData() == person:
                self._model.show_lines(found)

        self._services.tasks.run(lambda: read_permissions(vault, person), context=self, then=answered)

    def answers(self) -> tuple[Permission, ...]:
        """What is shown."""
        return self._model.lines

    def _role(self, line: Permission) -> str:
        if not line.allowed:
            if line.as_place:
                return message("{why_not}; as the {place} of the item: yes", why_not=line.why_not, place=line.as_place)
            return line.why_not
        title = self._session.role_title(line.role) if self._session else line.role
        return message("as {title}", title=title)

    def _columns(self) -> tuple[Column, ...]:
        def mark(line: Permission) -> Mark:
            if line.allowed:
                return Mark(word=message("Yes"), icon="closed", tone="proven")
            if line.as_place:
                return Mark(word=message("Own items"), icon="info", tone="open")
            return Mark(word=message("No"), icon="reject", tone="done")

        return (
            Column(header=message("Process"), text=lambda a: _process(self._session, a.process), width=168),
            Column(header=message("Step"), text=lambda a: _step(self._session, a.process, a.step), width=128),
            Column(header=message("Act"), text=lambda a: act_text(self._session, a.process, a.act), width=208),
            Column(header=message("May"), text=lambda a: mark(a).word, mark=mark, width=120),
            Column(header=message("How, or what is missing"), text=self._role, tip=self._role, stretch=True),
        )


class DoersTab(QWidget):
    """Who may do this? One act, every place, everybody."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._session: SessionView | None = None
        self._doers: tuple[Doer, ...] = ()
        down = column(self, margin=3, gap=3)
        self.act: QComboBox = choice(())
        down.addWidget(FormRow(message("Wh&o may do this?"), self.act))
        self._model = LinesModel(self._columns(), self)
        self.grid = Grid(services.theme, services.icons, name=message("Who may do this"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=4)
        down.addWidget(self.grid, 1)
        self.act.currentIndexChanged.connect(self._on_asked)

    def show_access(self, session: SessionView, access: Access) -> None:
        """Offer the acts there are; the question stays."""
        self._session, self._doers = session, access.doers
        chosen = self.act.currentData() or "approve_item"
        acts = dict.fromkeys(doer.act.split()[0] for doer in access.doers)
        self.act.blockSignals(True)
        self.act.clear()
        for act in sorted(acts, key=doing_word):
            self.act.addItem(doing_word(act), act)
        self.act.setCurrentIndex(max(self.act.findData(chosen), 0))
        self.act.blockSignals(False)
        self._on_asked()

    def answers(self) -> tuple[Doer, ...]:
        """What is shown."""
        return self._model.lines

    def _on_asked(self) -> None:
        act = self.act.currentData() or ""
        self._model.show_lines(tuple(doer for doer in self._doers if doer.act.split()[0] == act))

    def _columns(self) -> tuple[Column, ...]:
        def role(line: Doer) -> str:
            return self._session.role_title(line.role) if self._session else line.role

        return (
            Column(header=message("Process"), text=lambda d: _process(self._session, d.process), width=168),
            Column(header=message("Step"), text=lambda d: _step(self._session, d.process, d.step), width=128),
            Column(header=message("Act"), text=lambda d: act_text(self._session, d.process, d.act), width=208),
            Column(header=message("Who"), text=lambda d: d.name, width=176),
            Column(header=message("As"), text=role, stretch=True),
        )


class KeysTab(QWidget):
    """Signing keys with the time in which they were good; none is ever used for two people."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._session: SessionView | None = None
        down = column(self, gap=0)
        self._model = LinesModel(self._columns(), self)
        self.grid = Grid(services.theme, services.icons, name=message("Signing keys"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=1)
        down.addWidget(self.grid, 1)
        note = label(
            message("Every key is certified by the vault's root key and has proven that its owner holds it."),
            muted=True,
            type_="small",
            wrap=True,
        )
        note.setContentsMargins(12, 6, 12, 6)
        down.addWidget(note)

    def show_access(self, session: SessionView, access: Access) -> None:
        """Fill the list."""
        self._session = session
        self._model.show_lines(access.keys)

    def _columns(self) -> tuple[Column, ...]:
        def mark(key: PersonKey) -> Mark:
            if key.revoked_from:
                return Mark(word=message("Revoked"), icon="cancel", tone="done")
            return Mark(word=message("In force"), icon="closed", tone="proven")

        def owner(key: PersonKey) -> str:
            return self._session.name_of(key.person) if self._session else key.person

        return (
            Column(header=message("Person"), text=owner, width=176),
            Column(header=message("Key"), text=lambda k: k.id, tip=lambda k: k.id, stretch=True),
            Column(header=message("State"), text=lambda k: mark(k).word, mark=mark, width=112),
            Column(header=message("From"), text=lambda k: moment_text(k.valid_from), width=160),
            Column(header=message("Revoked"), text=lambda k: moment_text(k.revoked_from), width=160),
        )


def act_text(session: SessionView | None, process: str, act: str) -> str:
    """An act of the two questions in words: its verb, and the step or level it is about."""
    verb, _, rest = act.partition(" ")
    if not rest:
        return doing_word(verb)
    if rest.startswith("level "):
        return message("{act}, level {level}", act=doing_word(verb), level=rest.removeprefix("level "))
    return message("{act} to {step}", act=doing_word(verb), step=_step(session, process, rest))


def _process(session: SessionView | None, process: str) -> str:
    if not process:
        return message("The vault")
    found = session.process(process) if session else None
    return found.title if found else process


def _step(session: SessionView | None, process: str, step: str) -> str:
    found = session.process(process) if session else None
    known = found.step(step) if found else None
    return known.title if known else step
