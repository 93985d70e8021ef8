"""A window on a small honest world: the real rules over a register in memory, without keys or files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "domain"))

from fake_application import PASSPHRASE, FakeApplication
from memory_register import MemoryVault
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.settings import Settings


@pytest.fixture
def world() -> MemoryVault:
    """Eight people and the CAPA process; no item yet."""
    return MemoryVault()


@pytest.fixture
def application(world: MemoryVault) -> FakeApplication:
    return FakeApplication(world)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def window(qapp: QApplication, application: FakeApplication, settings: Settings) -> Iterator[MainWindow]:
    made = MainWindow(application, settings)
    made.show()
    yield made
    made.close()
    made.close()  # the first time, unrecorded changes would hold the window open
    shiboken6.delete(made)  # now: a window left to be deleted later slows every later one down
    qapp.setStyleSheet("")


@pytest.fixture
def idle(qtbot: QtBot, window: MainWindow) -> Callable[[], None]:
    """Wait until the worker has nothing to do and everything is delivered."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not window.services.tasks.busy)

    return wait


@pytest.fixture
def enter(window: MainWindow, idle: Callable[[], None]) -> Callable[[str], MainWindow]:
    """Unlock as a person and wait for the register."""

    def unlock(person: str = "Quinn") -> MainWindow:
        application = window.services.workspace.application
        window.services.workspace.open(
            lambda: application.unlock(Path("memory.vault"), person=person, passphrase=PASSPHRASE),
            context=window,
            then=lambda: None,
            failed=lambda problem: pytest.fail(str(problem)),
        )
        idle()
        assert window.services.workspace.is_open
        idle()
        return window

    return unlock
