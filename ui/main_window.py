"""The window: menus, tool bar, navigation, the stack of screens, the bar of messages, the status line."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QWidget,
)

from domain.errors import CountersignError
from domain.identity import iso
from domain.messages import message
from domain.services import SheetDraft
from domain.session import Application, Session
from ui.actions import ACTIONS, MENUS, SECTIONS, ActionSet
from ui.clipboard import ClipboardGuard
from ui.dialogs.choose_file import ask_file, ask_folder
from ui.dialogs.command_list import CommandList
from ui.dialogs.restore_dialog import RestoreDialog
from ui.icons import Icons
from ui.idle import IdleLock
from ui.place_kept import PlaceKept
from ui.queries import SessionView
from ui.screen_set import ScreenSet, screen_makers
from ui.screens.audit_log import AuditLogScreen
from ui.screens.backups import BackupsScreen
from ui.screens.decision_commands import DecisionCommands
from ui.screens.item import ItemScreen
from ui.screens.item_commands import ItemCommands
from ui.screens.link_commands import LinkCommands
from ui.screens.new_vault import NewVault
from ui.screens.pack_check import PackCheck
from ui.screens.people import PeopleScreen
from ui.screens.recover import Recover
from ui.screens.recovery_sheet import RecoverySheetScreen
from ui.screens.request_commands import RequestCommands
from ui.screens.unlock import Unlock
from ui.screens.urgent_commands import UrgentCommands
from ui.screens.welcome import Welcome
from ui.settings import RecentVault, Settings
from ui.status_line import StatusLine
from ui.tasks import Tasks
from ui.theme import CHOICES, Theme, set_appearance
from ui.upkeep import Upkeep
from ui.widgets.forms import WheelGuard
from ui.widgets.layout import column, fitting, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.navigation import Navigation
from ui.widgets.progress_card import ProgressCard
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Sentence
from ui.workspace import Workspace

SMALLEST = QSize(960, 640)
FIRST_SIZE = QSize(1280, 800)
OUTSIDE = frozenset({"welcome", "unlock", "new_vault", "pack_check", "recover"})
"""Screens that need no open vault."""
COMMANDS_OF = {
    "alerts": "alerts",
    "calendar": "dashboard",
    "backups": "backups",
    "dashboard": "dashboard",
    "designer": "designer",
    "log": "log",
    "mandate": "people",
    "people": "people",
    "self": "self_check",
}
"""Commands by the first part of their name, and the screen that carries them out."""


class MainWindow(QMainWindow):
    """Built once by the composition root with the application it works in and this computer's settings."""

    def __init__(self, application: Application, settings: Settings) -> None:
        super().__init__()
        qt_application = QApplication.instance()
        assert isinstance(qt_application, QApplication), "a window needs a running application"
        theme = Theme(qt_application, choice=settings.theme, parent=self)
        icons = Icons(theme)
        tasks = Tasks(self)
        workspace = Workspace(application, tasks, self)
        self.services = WindowServices(
            workspace=workspace,
            tasks=tasks,
            actions=ActionSet(self, workspace, icons),
            icons=icons,
            theme=theme,
            settings=settings,
        )
        self._wheel_guard = WheelGuard(qt_application, self)
        self.idle_lock = IdleLock(qt_application, workspace, self)
        self.clipboard = ClipboardGuard(workspace, self)
        self.upkeep = Upkeep(workspace, self)
        self._section = "register"
        self._was_open = self._leaving = False
        self._inside = QWidget()
        self.commands = ItemCommands(self.services, self)
        self.requests = RequestCommands(self.services, self)
        self.links = LinkCommands(self.services, self)
        self.decisions = DecisionCommands(self.services, self)
        self.urgent = UrgentCommands(self.services, self)
        self.setWindowTitle(message("Countersign"))
        self.setWindowIcon(icons.icon("countersign", "accent"))
        self.setMinimumSize(SMALLEST)
        self._build_menus()
        self._build_tool_bar()
        self._build_centre()
        self._place = PlaceKept(workspace, self.services.actions, self, built=self.screens.built)
        self.status = StatusLine(workspace, theme, icons)
        self.setStatusBar(self.status)
        self._connect()
        self.resize(fitting(FIRST_SIZE, self))
        if not settings.geometry.isEmpty():
            self.restoreGeometry(settings.geometry)
        self.show_screen("welcome")

    def show_screen(self, name: str) -> None:
        """Show a screen by its word; `back` shows the section in use before an item or closure page."""
        workspace = self.services.workspace
        if name == "back":
            name = self._section
        if name in SECTIONS:
            self._section = name
            self.navigation.choose(name)
        workspace.section = name
        if name == "recovery":
            self.bar.clear()
        screen = self.screens[name]
        inside = name not in OUTSIDE
        self._inside.setVisible(inside)
        self._outside.setVisible(not inside)
        (self._sections if inside else self._outside).setCurrentWidget(screen)
        self._tool_bar.setVisible(inside)
        shown = getattr(screen, "refresh", None)
        if callable(shown) and workspace.is_open:
            shown()
        focus = getattr(screen, "focus_content", None)
        if callable(focus):
            focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Lock, remember the window's place, let running work end. Unrecorded changes are shown first, once."""
        item = self.screens.built("item")
        if isinstance(item, ItemScreen) and item.has_unrecorded_changes and not self._leaving:
            self._leaving = True
            self.show_screen("item")
            item.announce_unrecorded(
                message("Save them (Ctrl+S), or close the window again: they wait here for you, not recorded.")
            )
            event.ignore()
            return
        self.services.settings.geometry = self.saveGeometry()
        self.services.workspace.lock()
        self.services.tasks.close()
        super().closeEvent(event)

    def _build_menus(self) -> None:
        for name, title in MENUS:
            menu = self.menuBar().addMenu(str(title))
            menu.setToolTipsVisible(True)
            self.services.actions.fill_menu(menu, name)

    def _build_tool_bar(self) -> None:
        self._tool_bar = QToolBar(message("Tool bar"))
        self._tool_bar.setObjectName("tools")
        self._tool_bar.setMovable(False)
        self._tool_bar.setIconSize(QSize(18, 18))
        self._tool_bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in ("item.open", "item.move", "item.approve", "item.add_evidence", "item.assign"):
            self._tool_bar.addAction(self.services.actions[name])
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._tool_bar.addWidget(room)
        for name in ("go.commands", "vault.lock"):
            self._tool_bar.addAction(self.services.actions[name])
        self.addToolBar(self._tool_bar)

    def _build_centre(self) -> None:
        services = self.services
        centre = QWidget()
        down = column(centre, gap=0)
        self.bar = MessageBar(services.icons)
        self._bar_room = QWidget()
        column(self._bar_room, margin=2).addWidget(self.bar)
        self._bar_room.hide()
        self.navigation = Navigation(services.icons, services.theme)
        self._sections, self._outside = QStackedWidget(), QStackedWidget()
        self.screens = ScreenSet(
            screen_makers(services, self.commands, self.decisions, lambda: self.screens["log"]),
            place=self._place_screen,
            parent=self,
        )
        across = row(self._inside, gap=0)
        across.addWidget(self.navigation)
        across.addWidget(self._sections, 1)
        self._reading_only = label(wrap=True, select=True)
        self._reading_only.setAccessibleName(message("This vault is read only"))
        self._band = QFrame()
        set_appearance(self._band, tone="held")
        row(self._band, margin=2, gap=2).addWidget(self._reading_only, 1)
        self._band.hide()
        down.addWidget(self._band)
        down.addWidget(self._bar_room)
        down.addWidget(self._inside, 1)
        down.addWidget(self._outside, 1)
        self.setCentralWidget(centre)
        self._progress = ProgressCard(centre)

    def _connect(self) -> None:
        services, actions = self.services, self.services.actions
        workspace = services.workspace
        workspace.session_changed.connect(self._on_session_changed)
        workspace.section_wanted.connect(self.show_screen)
        workspace.announced.connect(self._on_announced)
        workspace.locked.connect(self._on_locked)
        self.idle_lock.counts_down.connect(self.status.count_down)
        services.tasks.failed.connect(self._on_failed)
        services.tasks.job_started.connect(self._progress.follow)
        self.bar.dismissed.connect(self._bar_room.hide)
        self.navigation.chosen.connect(self.show_screen)
        workspace.opening.connect(self._on_opening)
        self.services.actions["vault.restore"].triggered.connect(lambda _checked=False: self._on_restore())
        for name in SECTIONS:
            actions[f"go.{name}"].triggered.connect(partial(self._on_go, name))
        for choice in CHOICES:
            actions[f"look.{choice}"].triggered.connect(partial(self._on_theme, choice))
            actions[f"look.{choice}"].setChecked(choice == services.settings.theme)
        own = set()
        for name, slot in (
            ("vault.new", lambda: self._on_new_vault(sample=False)),
            ("vault.sample", lambda: self._on_new_vault(sample=True)),
            ("vault.open", self._on_open_vault),
            ("vault.lock", workspace.lock),
            ("pack.verify", self._on_verify_pack),
            ("app.quit", self.close),
            ("view.filter", self._on_filter),
            ("view.refresh", self._on_refresh),
            ("go.commands", lambda: CommandList(actions, self).open()),
            ("help.keys", lambda: CommandList(actions, self, run=False).open()),
            ("log.verify", self._on_verify_log),
            ("people.add", self._on_add_person),
            ("vault.recovery_sheet", lambda: self.show_screen("recovery")),
        ):
            own.add(name)
            actions[name].triggered.connect(lambda _checked=False, slot=slot: slot())
        for spec in ACTIONS:
            screen = COMMANDS_OF.get(spec.id.partition(".")[0])
            if screen is not None and spec.id not in own:
                actions[spec.id].triggered.connect(partial(self._wake, spec.id, screen))

    def _place_screen(self, name: str, screen: QWidget) -> None:
        """Take a new screen into its stack, and listen to what it asks of the window."""
        (self._outside if name in OUTSIDE else self._sections).addWidget(screen)
        if isinstance(screen, Welcome):
            screen.vault_chosen.connect(self.unlock)
        elif isinstance(screen, Unlock):
            screen.recover_wanted.connect(self._on_code_wanted)
            screen.restore_wanted.connect(self._on_restore)
        elif isinstance(screen, Recover):
            screen.recovered.connect(self._on_recovered)
        elif isinstance(screen, BackupsScreen):
            screen.restore_wanted.connect(self._on_restore_file)

    def _on_opening(self) -> None:
        """While the passphrase is stretched on the worker, what will be seen first is built."""
        self.screens.stop_preparing()
        _ = self.screens["register"]

    def _wake(self, name: str, screen: str, _checked: object = None) -> None:
        """A command of a screen that nobody asked for yet: build the screen, which then hears of it."""
        if self.screens.built(screen) is None:
            _ = self.screens[screen]
            self.services.actions[name].trigger()

    def _on_code_wanted(self, folder: Path) -> None:
        recover = self.screens["recover"]
        assert isinstance(recover, Recover)
        self.show_screen("recover")
        recover.show_folder(folder)

    def _on_recovered(self, draft: SheetDraft) -> None:
        sheet = self.screens["recovery"]
        assert isinstance(sheet, RecoverySheetScreen)
        sheet.show_used(draft)
        self.show_screen("recovery")

    def restore(self, file: Path) -> RestoreDialog:
        """Ask what is needed to put a copy in use; the new vault opens when it is proven."""
        dialog = RestoreDialog(self.services, self, file, self._on_restored)
        dialog.open()
        return dialog

    def _on_restore(self) -> None:
        patterns = message("Backups of vaults (*.countersign)")
        ask_file(self, title=message("Restore a backup"), patterns=patterns, then=self._on_restore_file)

    def _on_restore_file(self, file: Path) -> None:
        self.restore(file)

    def _on_restored(self, folder: Path, vault: Session, session: SessionView) -> None:
        workspace, settings = self.services.workspace, self.services.settings
        workspace.lock()
        settings.remember_vault(
            RecentVault(
                folder=str(folder),
                name=session.vault.name,
                opened=iso(session.opened_at),
                person=session.person.name,
            )
        )
        workspace.take(vault, session)
        workspace.announce(message("Restored and proven."), str(folder))

    def unlock(self, folder: Path) -> None:
        """Show the unlock page for a vault; one that is open is locked first."""
        self.services.workspace.lock()
        known = next((each for each in self.services.settings.recent if each.folder == str(folder)), None)
        self.show_screen("unlock")
        page = self.screens["unlock"]
        assert isinstance(page, Unlock)
        page.show_folder(folder, name=known.name if known else "", person=known.person if known else "")
        self.screens.prepare()

    def _on_session_changed(self) -> None:
        session = self.services.workspace.session
        just_opened, self._was_open = session is not None and not self._was_open, session is not None
        self._show_band(session)
        if session is None:
            self.setWindowTitle(message("Countersign"))
            return
        self.setWindowTitle(message("{vault} – Countersign", vault=session.vault.name))
        self.navigation.show_count("approvals", len(session.waiting))
        self.navigation.show_count("alerts", session.alerts)
        if just_opened and self.services.workspace.section in OUTSIDE:
            self.show_screen("register")
            self._show_notices(session)
            self._place.go_back()

    def _show_band(self, session: SessionView | None) -> None:
        """As long as nothing may be recorded, every screen says so."""
        why = session.log.read_only if session else ""
        self._reading_only.setText(message("Read only.  {why}", why=why))
        self._band.setVisible(bool(why))

    def _show_notices(self, session: SessionView) -> None:
        """What opening noticed; nothing of it goes away before it is dismissed."""
        missing = message("You have no recovery sheet: if your passphrase is lost, nobody can let you in.")
        described = tuple(each for each in session.notices if each != session.log.read_only)  # the band says that
        notices = (*described, *((missing,) if session.lacks_sheet else ()))
        if not notices:
            return
        self._bar_room.show()
        self.bar.announce(message("Please read"), "\n".join(notices), tone="waiting")
        if session.lacks_sheet:
            self.bar.offer(message("Print a recovery sheet…"), self.services.actions["vault.recovery_sheet"].trigger)

    def _on_locked(self) -> None:
        """Nothing of the vault stays on the window: no dialog with what was typed, no message."""
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()
        self.bar.clear()
        self.show_screen("welcome")

    def _on_announced(self, sentence: object) -> None:
        if isinstance(sentence, Sentence):
            self._bar_room.show()
            self.bar.show_sentence(sentence)

    def _on_failed(self, problem: object) -> None:
        if isinstance(problem, CountersignError):
            self._bar_room.show()
            self.bar.show_error(problem)

    def _on_go(self, name: str, _checked: object = None) -> None:
        self.show_screen(name)

    def _on_theme(self, choice: str, _checked: object = None) -> None:
        self.services.settings.theme = choice
        self.services.theme.choose(choice)
        for each in CHOICES:
            self.services.actions[f"look.{each}"].setChecked(each == choice)

    def _on_new_vault(self, *, sample: bool) -> None:
        self.services.workspace.lock()
        self.show_screen("new_vault")
        page = self.screens["new_vault"]
        assert isinstance(page, NewVault)
        page.begin(sample=sample)

    def _on_open_vault(self) -> None:
        ask_folder(self, title=message("Open a vault (a folder NAME.vault)"), then=self.unlock)

    def _on_verify_pack(self) -> None:
        page = self.screens["pack_check"]
        assert isinstance(page, PackCheck)

        def chosen(path: Path) -> None:
            self.show_screen("pack_check")
            page.verify(path)

        ask_file(self, title=message("Verify a closure pack"), patterns=message("Closure packs (*.pdf)"), then=chosen)

    def _on_filter(self) -> None:
        focus = getattr(self.screens[self.services.workspace.section], "focus_filter", None)
        if callable(focus):
            focus()

    def _on_refresh(self) -> None:
        self.services.workspace.renew()
        refresh = getattr(self.screens[self.services.workspace.section], "refresh", None)
        if callable(refresh):
            refresh()

    def _on_verify_log(self) -> None:
        self.show_screen("log")
        screen = self.screens["log"]
        assert isinstance(screen, AuditLogScreen)
        screen.verify()

    def _on_add_person(self) -> None:
        self.show_screen("people")
        screen = self.screens["people"]
        assert isinstance(screen, PeopleScreen)
        screen.add_person()
