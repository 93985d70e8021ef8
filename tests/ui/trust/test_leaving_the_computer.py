"""Leaving the window: the last minute is counted down, a sleep locks, and nothing of the vault stays behind."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from command_line import PASSPHRASE
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.screens.people import PeopleScreen


@pytest.fixture
def window(services, site_vault: Path) -> MainWindow:
    return services.enter(site_vault, "Ada Admin", PASSPHRASE)


def test_the_last_minute_is_counted_down_and_a_key_calls_it_off(services, window: MainWindow, qtbot: QtBot) -> None:
    idle = window.idle_lock
    idle.timer.start(30_000)
    idle.on_second()
    assert "Locks in" in window.status.locks.text()
    idle.timer.setInterval(15 * 60_000)
    qtbot.keyClick(window, Qt.Key.Key_Shift)
    assert window.status.locks.text() == ""
    assert idle.timer.remainingTime() > 60_000
    assert services.workspace.is_open


def test_a_long_while_to_go_states_nothing(services, window: MainWindow) -> None:
    window.idle_lock.on_second()
    assert window.status.locks.text() == ""
    assert services.workspace.is_open


def test_a_computer_that_slept_wakes_up_locked(services, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    at = time.time()
    monkeypatch.setattr(time, "time", lambda: at + 3600.0)
    window.idle_lock.on_second()
    assert not services.workspace.is_open
    assert not window.idle_lock.seconds.isActive()


def test_locking_closes_dialogs_and_forgets_what_was_typed(services, window: MainWindow) -> None:
    people = services.show("people")
    assert isinstance(people, PeopleScreen)
    dialog = people.change_passphrase()
    closed = []
    dialog.rejected.connect(lambda: closed.append(True))
    dialog.old.type_in(PASSPHRASE)
    window.services.actions["vault.lock"].trigger()
    assert closed
    assert not services.workspace.is_open
