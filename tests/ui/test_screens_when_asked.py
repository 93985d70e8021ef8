"""Screens are built when they are asked for, and know then what happened before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from ui.main_window import COMMANDS_OF, MainWindow
from ui.screens.audit_log import AuditLogScreen
from ui.screens.people import PeopleScreen


def built(window: MainWindow) -> set[str]:
    return {name for name in window.screens if window.screens.built(name) is not None}


def test_a_new_window_builds_only_what_it_shows(window: MainWindow) -> None:
    assert built(window) == {"welcome"}


def test_a_window_shows_a_vault_with_the_register_only(enter: Callable[..., MainWindow]) -> None:
    assert built(enter("Quinn")) == {"welcome", "register"}


def test_while_somebody_types_a_passphrase_every_screen_is_built(window: MainWindow, qtbot: QtBot) -> None:
    window.unlock(Path("memory.vault"))
    qtbot.waitUntil(lambda: built(window) == set(window.screens), timeout=60_000)


def test_nothing_more_is_built_ahead_once_a_vault_is_opening(
    window: MainWindow, enter: Callable[..., MainWindow]
) -> None:
    window.unlock(Path("memory.vault"))
    assert window.screens.prepares
    enter("Quinn")
    assert not window.screens.prepares


def test_a_screen_built_late_shows_the_session_that_was_opened_before(enter: Callable[..., MainWindow]) -> None:
    window = enter("Quinn")
    screen = window.screens["people"]
    assert isinstance(screen, PeopleScreen)
    assert screen.grid.model().rowCount() == 8


def test_a_command_of_a_screen_that_was_never_shown_is_carried_out_once(
    enter: Callable[..., MainWindow], idle: Callable[[], None]
) -> None:
    window = enter("Quinn")
    window.services.actions["log.compare"].trigger()
    screen = window.screens.built("log")
    assert isinstance(screen, AuditLogScreen)
    asked = [type(each).__name__ for each in window.children() if type(each).__name__ == "CompareDialog"]
    assert asked == ["CompareDialog"]
    idle()


def test_every_screen_with_commands_is_a_screen_of_the_window(window: MainWindow) -> None:
    assert set(COMMANDS_OF.values()) <= set(window.screens)
    ids = {spec.id.partition(".")[0] for spec, _ in window.services.actions.all()}
    assert set(COMMANDS_OF) <= ids
