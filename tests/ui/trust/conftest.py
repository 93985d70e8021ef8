"""A window on real vaults: keys, files, a store and a log, as on a person's desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from ui.main_window import MainWindow
from ui.settings import Settings

LONG = 60_000
Enter = Callable[..., MainWindow]


class WindowServices:
    """The window with what tests do to it again and again."""

    def __init__(self, window: MainWindow, qtbot: QtBot, application: CountersignApplication) -> None:
        self.window, self.qtbot, self.application = window, qtbot, application

    @property
    def workspace(self):
        return self.window.services.workspace

    def idle(self) -> None:
        """Until the worker has nothing to do and everything is delivered."""
        self.qtbot.waitUntil(lambda: not self.window.services.tasks.busy, timeout=LONG)

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=LONG)

    def enter(self, folder: Path, person: str, passphrase: str) -> MainWindow:
        self.workspace.open(
            lambda: self.application.unlock(folder, person=person, passphrase=passphrase),
            context=self.window,
            then=lambda: None,
            failed=lambda problem: pytest.fail(str(problem)),
        )
        self.until(lambda: self.workspace.is_open)
        self.idle()
        return self.window

    def show(self, name: str):
        self.window.show_screen(name)
        self.idle()
        return self.window.screens[name]

    def announced(self) -> str:
        return self.window.bar.announced


@pytest.fixture
def services(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WindowServices]:
    """A window that has nothing open; without a vault of this test, the installation remembers nothing."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    application = CountersignApplication(cost=MINIMUM_COST)
    window = MainWindow(application, Settings(tmp_path / "settings.ini"))
    window.upkeep.first_alerts.timeout.disconnect()  # alerts are entries of their own; tests of them ask for them
    window.show()
    yield WindowServices(window, qtbot, application)
    window.close()
    window.close()  # the first time, unrecorded changes would hold the window open
    shiboken6.delete(window)
    qapp.setStyleSheet("")
