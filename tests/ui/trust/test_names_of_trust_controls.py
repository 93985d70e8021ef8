"""Every control of the screens and dialogs about trust has a name to speak, and every dialog a harmless way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import PASSPHRASE
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from test_accessibility import reachable, unnamed

from ui.main_window import MainWindow
from ui.screens.audit_log import AuditLogScreen
from ui.screens.copies import CopiesScreen
from ui.screens.people import PeopleScreen


@pytest.fixture
def window(desk, site_vault: Path) -> MainWindow:
    """The site's administrator, with one copy on the shelf and another person chosen."""
    desk.enter(site_vault, "Ada Admin", PASSPHRASE)
    copies = desk.show("copies")
    desk.window.desk.actions["copies.make"].trigger()
    desk.until(copies.copies)
    desk.idle()
    people = desk.show("people")
    people.choose(next(each.id for each in desk.workspace.session.people if each.name == "Quinn QA"))
    desk.idle()
    return desk.window


def dialogs(window: MainWindow) -> Iterator[QDialog | None]:
    log, people, copies = (window.screens[name] for name in ("log", "people", "copies"))
    assert isinstance(log, AuditLogScreen)
    assert isinstance(people, PeopleScreen)
    assert isinstance(copies, CopiesScreen)
    yield log.compare()
    yield log.export()
    yield log.review()
    yield people.change_role(grant=True)
    yield people.change_role(grant=False)
    yield people.disable()
    yield people.ask_reset()
    yield people.give_reset()
    yield people.change_passphrase()
    yield people.review()
    yield copies.drill()
    yield window.restore(copies.copies()[0].file)


def test_every_dialog_about_trust_speaks_and_esc_does_nothing(desk, window, qtbot) -> None:
    size = desk.workspace.vault.register.log_size()
    seen = 0
    for dialog in dialogs(window):
        assert dialog is not None
        desk.idle()
        assert unnamed(dialog) == [], dialog.windowTitle()
        assert dialog.windowTitle()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        seen += 1
    assert seen == 12
    assert desk.workspace.vault.register.log_size() == size


@pytest.mark.parametrize("name", ["recovery", "log", "people", "copies", "self_check"])
def test_every_screen_about_trust_speaks(desk, window, name) -> None:
    screen = desk.show(name)
    if name == "self_check":
        screen.check()
        desk.until(lambda: screen.result is not None)
        desk.idle()
    if name == "people":
        for page in range(screen.tabs.count()):
            screen.tabs.setCurrentIndex(page)
            desk.idle()
            assert unnamed(screen) == []
    assert len(list(reachable(screen))) >= 3
    assert unnamed(screen) == []
