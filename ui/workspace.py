"""What is open on the window: the vault, the session, the item in focus. Screens meet through its signals only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from domain.act import IncomingFile
from domain.calendar.working_time import WorkingCalendar
from domain.commands.command import Command
from domain.errors import Refused
from domain.log.entry import Entry
from domain.session import Application, Session
from ui.queries import ItemInFocus, SessionView, read_item, read_session
from ui.tasks import Failed, Tasks
from ui.tokens import Tone
from ui.words import Sentence


class Workspace(QObject):
    """Holds the open vault for the worker and the snapshots for the screens.

    Signals: `opening` (a vault is being unlocked on the worker), `session_changed` (opened, locked, or facts of
    the session renewed), `focus_changed` (another item, or the same one after a change), `recorded` (an entry was
    written), `leaving` (the keys go in a moment: what is typed is put aside now), `locked`, `section_wanted` (a screen
    should be shown), `stated` (a `Sentence` for the bar of the window).
    """

    opening = Signal()
    session_changed = Signal()
    focus_changed = Signal()
    recorded = Signal(object)
    leaving = Signal()
    locked = Signal()
    section_wanted = Signal(str)
    announced = Signal(object)

    def __init__(self, application: Application, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.application = application
        self.tasks = tasks
        self.session: SessionView | None = None
        self.focus: ItemInFocus | None = None
        self.section = ""
        self.person = ""
        self._vault: Session | None = None
        self._wanted = ""
        self._gate = ""

    @property
    def vault(self) -> Session:
        """The open vault, for work on the worker thread only."""
        assert self._vault is not None, "asked for the vault while none is open"
        return self._vault

    @property
    def is_open(self) -> bool:
        """Whether a vault is unlocked."""
        return self._vault is not None

    def now(self) -> datetime:
        """The moment shown on screen; acts carry the application's own."""
        return datetime.now(UTC)

    def today(self) -> str:
        """The ISO day that it is at the site."""
        calendar = self.session.calendar if self.session is not None else WorkingCalendar.of(None)
        return calendar.day_of(self.now())

    def open(
        self, opener: Callable[[], Session], *, context: QObject, then: Callable[[], None], failed: Failed
    ) -> None:
        """Unlock, create or sample a vault off the window's thread, then show its session."""

        def work() -> tuple[Session, SessionView]:
            vault = opener()
            return vault, read_session(vault)

        def opened(answer: tuple[Session, SessionView]) -> None:
            self._vault, self.session = answer
            self.session_changed.emit()
            then()

        self.tasks.run(work, context=context, then=opened, failed=failed)
        self.opening.emit()

    def take(self, vault: Session, session: SessionView) -> None:
        """Show a vault that long work opened."""
        self._vault, self.session = vault, session
        self.session_changed.emit()

    def lock(self) -> None:
        """Put aside what is typed, forget everything shown, then drop the keys. Locking never asks."""
        if self._vault is not None:
            self.leaving.emit()
        vault, self._vault = self._vault, None
        self.session = self.focus = None
        self.person = ""
        self._wanted = self._gate = ""
        if vault is not None:
            self.tasks.cancel_jobs()
            self.tasks.run(vault.lock, context=self, then=_nothing)
            self.locked.emit()
            self.session_changed.emit()
            self.focus_changed.emit()

    def select(self, item: str, *, gate: str = "") -> None:
        """Bring an item into focus, about to be signed at `gate`; of several quick choices only the last is read."""
        self._wanted, self._gate = item, gate
        wanted = (item, gate)
        if not item or self._vault is None:
            self.focus = None
            self.focus_changed.emit()
            return
        vault = self._vault

        def work() -> ItemInFocus | None:
            return read_item(vault, item, gate=gate) if (self._wanted, self._gate) == wanted else None

        def shown(answer: ItemInFocus | None) -> None:
            if answer is not None and (self._wanted, self._gate) == wanted and self.is_open:
                self.focus = answer
                self.focus_changed.emit()

        self.tasks.run(work, context=self, then=shown)

    def perform(
        self,
        command: Command,
        *,
        context: QObject,
        then: Callable[[Entry], None] | None = None,
        failed: Failed | None = None,
        passphrase: str | None = None,
        files: Sequence[IncomingFile] = (),
    ) -> None:
        """Carry a command out; on success every view hears of the entry. `files` bring the bytes it names by hash."""
        vault = self.vault
        self.change(
            lambda: vault.perform(command, passphrase=passphrase, files=files),
            context=context,
            then=then,
            failed=failed,
        )

    def change(
        self,
        work: Callable[[], Entry],
        *,
        context: QObject,
        then: Callable[[Entry], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Run work that ends in an entry of the log; on success every view hears of it."""

        def not_done(problem: Any) -> None:
            if isinstance(problem, Refused):
                self.renew()  # the refused command is itself an entry
            (failed or self.tasks.failed.emit)(problem)

        self.tasks.run(work, context=context, then=lambda entry: self.notify(entry, then), failed=not_done)

    def notify(self, entry: Entry, then: Callable[[Entry], None] | None = None) -> None:
        """An entry was recorded: let every view hear of it, then whoever asked for it."""
        self.recorded.emit(entry)
        self.renew()
        if then is not None:
            then(entry)

    def choose_person(self, person: str) -> None:
        """Bring a person (an id) into focus, for the commands about people."""
        if person != self.person:
            self.person = person
            self.focus_changed.emit()

    def open_item(self, item: str) -> None:
        """Bring an item into focus and show its page."""
        self.select(item)
        self.section_wanted.emit("item")

    def go(self, section: str) -> None:
        """Ask for a screen by its word."""
        self.section_wanted.emit(section)

    def announce(self, title: str, text: str = "", *, tone: Tone = "proven") -> None:
        """Put a sentence into the bar of the window."""
        self.announced.emit(Sentence(title=title, text=text, tone=tone))

    def renew(self) -> None:
        """Read the session and the item in focus again."""
        if self._vault is None:
            return
        vault = self._vault

        def shown(session: SessionView) -> None:
            if self._vault is vault:
                self.session = session
                self.session_changed.emit()

        self.tasks.run(lambda: read_session(vault), context=self, then=shown)
        if self._wanted:
            self.select(self._wanted, gate=self._gate)


def _nothing(_answer: None) -> None:
    """Locking has no result to show."""
