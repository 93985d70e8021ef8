"""The screens of the window, each built when it is first asked for: a window that opens builds two, not fifteen.

While somebody types a passphrase the others are built one by one, so that later none has to be waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.screens.alerts import AlertsScreen
from ui.screens.approvals import ApprovalsScreen
from ui.screens.audit_log import AuditLogScreen
from ui.screens.backups import BackupsScreen
from ui.screens.closure import ClosureScreen
from ui.screens.dashboard import DashboardScreen
from ui.screens.decision_commands import DecisionCommands
from ui.screens.designer.screen import DesignerScreen
from ui.screens.import_wizard import ImportScreen
from ui.screens.item import ItemScreen
from ui.screens.item_commands import ItemCommands
from ui.screens.new_vault import NewVault
from ui.screens.pack_check import PackCheck
from ui.screens.people import PeopleScreen
from ui.screens.recover import Recover
from ui.screens.recovery_sheet import RecoverySheetScreen
from ui.screens.register import RegisterScreen
from ui.screens.self_check import SelfCheckScreen
from ui.screens.unlock import Unlock
from ui.screens.welcome import Welcome
from ui.window_services import WindowServices

PAUSE_MS = 40
"""Between two screens built ahead: keys typed meanwhile are shown first."""


def screen_makers(
    services: WindowServices, commands: ItemCommands, decisions: DecisionCommands, log: Callable[[], QWidget]
) -> dict[str, Callable[[], QWidget]]:
    """How each screen is built, in the order in which they are built ahead; `log` gives the audit log's."""

    def self_check() -> QWidget:
        screen = log()
        assert isinstance(screen, AuditLogScreen)
        return SelfCheckScreen(services, screen)

    return {
        "welcome": partial(Welcome, services),
        "unlock": partial(Unlock, services),
        "register": partial(RegisterScreen, services),
        "item": partial(ItemScreen, services, commands),
        "approvals": partial(ApprovalsScreen, services, decisions),
        "alerts": partial(AlertsScreen, services),
        "dashboard": partial(DashboardScreen, services),
        "import": partial(ImportScreen, services),
        "log": partial(AuditLogScreen, services),
        "people": partial(PeopleScreen, services),
        "backups": partial(BackupsScreen, services),
        "self_check": self_check,
        "designer": partial(DesignerScreen, services),
        "closure": partial(ClosureScreen, services),
        "recovery": partial(RecoverySheetScreen, services),
        "new_vault": partial(NewVault, services),
        "pack_check": partial(PackCheck, services),
        "recover": partial(Recover, services),
    }


class ScreenSet(Mapping[str, QWidget]):
    """Screens by their word. `place` takes each new screen into the window and connects it."""

    def __init__(
        self,
        makers: Mapping[str, Callable[[], QWidget]],
        *,
        place: Callable[[str, QWidget], None],
        parent: QObject,
    ) -> None:
        self._makers = makers
        self._place = place
        self._built: dict[str, QWidget] = {}
        self._pause = QTimer(parent)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._build_next)

    def __getitem__(self, name: str) -> QWidget:
        screen = self._built.get(name)
        if screen is None:
            screen = self._built[name] = self._makers[name]()
            self._place(name, screen)
        return screen

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def built(self, name: str) -> QWidget | None:
        """The screen if anybody asked for it yet."""
        return self._built.get(name)

    @property
    def prepares(self) -> bool:
        """Whether missing screens are being built by themselves."""
        return self._pause.isActive()

    def prepare(self) -> None:
        """Build what is missing, one screen at a time, while the window waits for its person."""
        self._pause.start()

    def stop_preparing(self) -> None:
        """Somebody works now: a screen is built when it is asked for, no sooner."""
        self._pause.stop()

    def _build_next(self) -> None:
        missing = next((name for name in self._makers if name not in self._built), None)
        if missing is None:
            self._pause.stop()
            return
        _ = self[missing]
