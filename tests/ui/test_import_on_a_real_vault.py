"""The import by screen on a real vault: the shipped sample tracker, and files that are no tracker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from ui.main_window import MainWindow
from ui.queries import read_session
from ui.screens.import_wizard import CHECK, COLUMNS, RESULT, SOURCE, ImportScreen
from ui.settings import Settings

PASSPHRASE = "a passphrase for one test only"
LONG = 60_000


@pytest.fixture
def real_window(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A window on a new real vault, whose first administrator also holds the role quality."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    window = MainWindow(CountersignApplication(), Settings(tmp_path / "settings.ini"))
    window.show()
    workspace = window.services.workspace
    application = workspace.application
    folder = tmp_path / "Real.vault"

    def make() -> UnlockedSession:
        first_admin = application.create_vault(folder, name="Real", person="Ada Admin", passphrase=PASSPHRASE)
        first_admin.add_person(
            name="Quinn Quality", roles=["quality"], identity_checked="Passport seen", passphrase=PASSPHRASE
        )
        first_admin.lock()
        return application.unlock(folder, person="Quinn Quality", passphrase=PASSPHRASE)

    workspace.open(make, context=window, then=lambda: None, failed=lambda problem: pytest.fail(str(problem)))
    qtbot.waitUntil(lambda: workspace.is_open and not window.services.tasks.busy, timeout=LONG)
    window.show_screen("import")
    yield window
    window.close()
    shiboken6.delete(window)
    qapp.setStyleSheet("")


@pytest.fixture
def screen(real_window: MainWindow) -> ImportScreen:
    found = real_window.screens["import"]
    assert isinstance(found, ImportScreen)
    return found


@pytest.fixture
def idle(real_window: MainWindow, qtbot: QtBot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not real_window.services.tasks.busy, timeout=LONG)


def test_the_sample_tracker_is_read_checked_and_imported(
    real_window: MainWindow, screen: ImportScreen, idle: Callable[[], None]
) -> None:
    with as_file(files("resources.sample") / "sample_tracker.xlsx") as tracker:
        screen.read(tracker)
        idle()
        assert screen.step == COLUMNS
        mapping = screen.columns.mapping()
        assert {field for field, column in mapping.items() if column} >= {"key", "title", "owner", "due", "status"}
        screen.go_on()
        idle()
        assert screen.step == CHECK
        assert screen.check.count("new") > 300
        assert screen.check.count("refused") == 1
        before = read_session(real_window.services.workspace.vault).log_size
        screen.go_on()
        idle()
    assert screen.step == RESULT
    vault = real_window.services.workspace.vault
    announced = [vault.register.entry(seq).header.act for seq in range(before, read_session(vault).log_size)]
    assert announced[0] == "import_register"
    assert set(announced[1:]) <= {"raise_alerts"}, (
        "overdue work that came in is reported at once, and nothing else is recorded"
    )
    register = real_window.screens["register"]
    assert register.model.rowCount() == screen.check.count("new")


def test_two_columns_for_one_field_are_not_accepted(screen: ImportScreen, idle: Callable[[], None]) -> None:
    with as_file(files("resources.sample") / "sample_tracker.xlsx") as tracker:
        screen.read(tracker)
        idle()
        box = screen.columns.box(2)
        box.setCurrentIndex(box.findData("title"))
        assert "same field" in screen.columns.trouble
        screen.go_on()
        idle()
    assert screen.step == COLUMNS


def test_a_file_that_is_no_tracker_states_what_is_wrong_and_changes_nothing(
    screen: ImportScreen, idle: Callable[[], None], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.xlsx"
    letter.write_bytes(b"Dear colleague, please find attached")
    screen.read(letter)
    idle()
    assert screen.step == SOURCE
    assert "letter.xlsx" in screen.bar.announced


def test_starting_anew_forgets_the_file(screen: ImportScreen, idle: Callable[[], None]) -> None:
    with as_file(files("resources.sample") / "sample_tracker.xlsx") as tracker:
        screen.read(tracker)
        idle()
    screen.begin()
    assert screen.step == SOURCE
