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
from ui.screens.backups import BackupsScreen
from ui.screens.people import PeopleScreen


@pytest.fixture
def window(services, site_vault: Path) -> MainWindow:
    """The site's administrator, with one copy on the backup folder and another person chosen."""
    services.enter(site_vault, "Ada Admin", PASSPHRASE)
    copies = services.show("backups")
    services.window.services.actions["backups.make"].trigger()
    services.until(copies.backups)
    services.idle()
    people = services.show("people")
    people.choose(next(each.id for each in services.workspace.session.people if each.name == "Quinn QA"))
    services.idle()
    return services.window


def dialogs(window: MainWindow) -> Iterator[QDialog | None]:
    log, people, copies = (window.screens[name] for name in ("log", "people", "backups"))
    assert isinstance(log, AuditLogScreen)
    assert isinstance(people, PeopleScreen)
    assert isinstance(copies, BackupsScreen)
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
    yield copies.restore_test()
    yield window.restore(copies.backups()[0].file)


def test_every_dialog_about_trust_speaks_and_esc_does_nothing(services, window, qtbot) -> None:
    size = services.workspace.vault.register.log_size()
    seen = 0
    for dialog in dialogs(window):
        assert dialog is not None
        services.idle()
        assert unnamed(dialog) == [], dialog.windowTitle()
        assert dialog.windowTitle()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        seen += 1
    assert seen == 12
    assert services.workspace.vault.register.log_size() == size


@pytest.mark.parametrize("name", ["recovery", "log", "people", "backups", "self_check"])
def test_every_screen_about_trust_speaks(services, window, name) -> None:
    screen = services.show(name)
    if name == "self_check":
        screen.check()
        services.until(lambda: screen.result is not None)
        services.idle()
    if name == "people":
        for page in range(screen.tabs.count()):
            screen.tabs.setCurrentIndex(page)
            services.idle()
            assert unnamed(screen) == []
    assert len(list(reachable(screen))) >= 3
    assert unnamed(screen) == []
