"""What is typed and not recorded: on its field again after a lock or a crash, for nobody else, gone when recorded or
discarded.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import PASSPHRASE, environment
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.application.application import CountersignApplication
from domain.commands.items import CreateItem
from domain.drafts import Draft, decode_draft, encode_draft
from ui.dialogs.item_dialogs import HoldDialog, NewItemDialog
from ui.drafts import PAUSE_MS, form_place, item_place
from ui.main_window import MainWindow
from ui.screens.item import ItemScreen
from ui.widgets.field_values import show_field_value

PROJECT = Path(__file__).resolve().parents[3]
QUINN, PRIYA = "Quinn QA", "Priya Process"
TEXT = "Burr at edge C, seen on Monday"


@pytest.fixture
def item(site_vault: Path) -> str:
    """An item that Quinn opened."""
    vault = CountersignApplication().unlock(site_vault, person=QUINN, passphrase=PASSPHRASE)
    entry = vault.perform(CreateItem(process="capa", fields={"title": "Burr", "severity": "minor"}))
    vault.lock()
    return entry.header.subject


# The store is asked by one thread at a time: these tests look into an open vault only while its worker rests.


def _drafts(folder: Path, person: str = QUINN) -> dict[str, Draft | None]:
    vault = CountersignApplication().unlock(folder, person=person, passphrase=PASSPHRASE)
    found = {place: decode_draft(text) for place, text in vault.drafts.all().items()}
    vault.lock()
    return found


def _screen(window: MainWindow) -> ItemScreen:
    screen = window.screens["item"]
    assert isinstance(screen, ItemScreen)
    return screen


def _open(services, folder: Path, item: str, person: str = QUINN) -> MainWindow:
    window = services.enter(folder, person, PASSPHRASE)
    services.workspace.open_item(item)
    services.until(lambda: services.workspace.focus is not None and services.workspace.section == "item")
    services.idle()
    return window


def _type(qtbot: QtBot, window: MainWindow, field: str = "description", text: str = TEXT) -> None:
    editor = _screen(window).overview.editor(field)
    editor.setFocus()
    qtbot.keyClicks(editor.focusProxy(), text)


def _cursor_in(window: MainWindow, field: str) -> bool:
    overview = _screen(window).overview
    inside = overview.focusWidget()
    return inside is not None and overview.editor(field).isAncestorOf(inside)


def _lock(services, qtbot: QtBot) -> None:
    on_top = QApplication.activeModalWidget() or services.window
    on_top.activateWindow()
    services.until(on_top.isActiveWindow)
    qtbot.keyClick(on_top, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    services.until(lambda: not services.workspace.is_open)
    services.idle()


def test_a_lock_in_the_middle_of_a_sentence_loses_nothing(services, site_vault: Path, item: str, qtbot: QtBot) -> None:
    window = _open(services, site_vault, item)
    _type(qtbot, window)
    _lock(services, qtbot)
    assert _screen(window).overview.editor("description").value() == "", "nothing stays on the locked desk"
    services.enter(site_vault, QUINN, PASSPHRASE)
    services.until(lambda: _screen(window).overview.is_dirty)
    assert services.workspace.section == "item"
    assert services.workspace.focus.facts.file.item.id == item
    assert _screen(window).overview.editor("description").value() == TEXT
    assert _cursor_in(window, "description")
    assert "not recorded" in _screen(window).bar.announced
    services.window.services.actions["item.save"].trigger()
    services.until(lambda: not _screen(window).overview.is_dirty)
    services.idle()
    _lock(services, qtbot)
    assert _drafts(site_vault) == {}, "what is recorded is no draft any more"
    vault = CountersignApplication().unlock(site_vault, person=QUINN, passphrase=PASSPHRASE)
    assert vault.register.item(item).description == TEXT
    vault.lock()


def test_the_idle_lock_loses_nothing_either(services, site_vault: Path, item: str, qtbot: QtBot) -> None:
    window = _open(services, site_vault, item)
    _type(qtbot, window)
    window.idle_lock.timer.setInterval(1)
    window.idle_lock.timer.start()
    services.until(lambda: not services.workspace.is_open)
    services.idle()
    assert _drafts(site_vault) == {item_place(item): Draft(values={"description": TEXT}, field="description")}


def test_typing_is_put_aside_while_it_goes_on(services, site_vault: Path, item: str, qtbot: QtBot) -> None:
    assert PAUSE_MS <= 2_000
    window = _open(services, site_vault, item)
    autosave = _screen(window).drafts
    autosave.pause.setInterval(5)
    _type(qtbot, window)
    services.until(lambda: not autosave.pause.isActive())
    services.idle()
    assert list(services.workspace.vault.drafts.all()) == [item_place(item)]
    _screen(window).overview.discard()
    services.idle()
    assert dict(services.workspace.vault.drafts.all()) == {}, "discarded in words, gone from the vault"


def test_another_person_at_the_same_desk_sees_nothing(services, site_vault: Path, item: str, qtbot: QtBot) -> None:
    window = _open(services, site_vault, item)
    _type(qtbot, window)
    _lock(services, qtbot)
    services.enter(site_vault, PRIYA, PASSPHRASE)
    assert services.workspace.section == "register", "the place is that of one person"
    services.workspace.open_item(item)
    services.until(lambda: services.workspace.focus is not None)
    services.idle()
    assert not _screen(window).overview.is_dirty
    assert _screen(window).overview.editor("description").value() == ""
    _lock(services, qtbot)
    assert item_place(item) in _drafts(site_vault), "and takes nothing away"


def test_going_to_another_item_keeps_what_was_typed_on_the_first(
    services, site_vault: Path, item: str, qtbot: QtBot
) -> None:
    window = _open(services, site_vault, item)
    entry = services.workspace.vault.perform(CreateItem(process="capa", fields={"title": "Another"}))
    _type(qtbot, window)
    services.workspace.open_item(entry.header.subject)
    services.until(lambda: services.workspace.focus.facts.file.item.id == entry.header.subject)
    services.idle()
    assert not _screen(window).overview.is_dirty
    services.workspace.open_item(item)
    services.until(lambda: _screen(window).overview.is_dirty)
    assert _screen(window).overview.editor("description").value() == TEXT


def test_a_reason_that_was_being_typed_comes_back_in_its_form(
    services, site_vault: Path, item: str, qtbot: QtBot
) -> None:
    window = _open(services, site_vault, item)
    window.services.actions["item.hold"].trigger()
    dialog = window.findChild(HoldDialog)
    dialog.reason.setFocus()
    qtbot.keyClicks(dialog.reason, "waiting for the gauge")
    _lock(services, qtbot)
    assert list(_drafts(site_vault)) == [form_place("item.hold", item)]
    services.enter(site_vault, QUINN, PASSPHRASE)
    services.until(lambda: any(each.isVisible() for each in window.findChildren(HoldDialog)))
    again = next(each for each in window.findChildren(HoldDialog) if each.isVisible())
    services.until(again.reason.toPlainText)
    assert again.reason.toPlainText() == "waiting for the gauge"
    assert again.focusWidget() is again.reason
    assert again.reason.textCursor().atEnd()
    assert "not recorded" in again.bar.announced
    again.reject()
    services.idle()
    _lock(services, qtbot)
    assert _drafts(site_vault) == {}, "called off in words: thrown away"


def test_a_new_item_half_filled_in_comes_back_and_is_gone_once_it_is_recorded(
    services, site_vault: Path, qtbot: QtBot
) -> None:
    window = services.enter(site_vault, QUINN, PASSPHRASE)
    window.services.actions["item.new"].trigger()
    dialog = window.findChild(NewItemDialog)
    show_field_value(dialog.process, "capa")
    qtbot.keyClicks(dialog.title, "Torn label")
    _lock(services, qtbot)
    services.enter(site_vault, QUINN, PASSPHRASE)
    services.until(lambda: any(each.isVisible() for each in window.findChildren(NewItemDialog)))
    again = next(each for each in window.findChildren(NewItemDialog) if each.isVisible())
    services.until(lambda: again.title.text() == "Torn label")
    assert again.process.currentData() == "capa"
    again.severity.show_value("minor")
    again.submit()
    services.idle()
    services.until(lambda: services.workspace.focus is not None)
    services.idle()
    _lock(services, qtbot)
    assert _drafts(site_vault) == {}


def test_a_draft_that_was_recorded_before_it_could_be_forgotten_is_dropped(
    services, site_vault: Path, item: str
) -> None:
    vault = CountersignApplication().unlock(site_vault, person=QUINN, passphrase=PASSPHRASE)
    vault.drafts.save(item_place(item), encode_draft(Draft(values={"title": "Burr"}, field="title")))
    vault.lock()
    window = services.enter(site_vault, QUINN, PASSPHRASE)
    services.until(lambda: services.workspace.section == "item" and services.workspace.focus is not None)
    services.idle()
    assert not _screen(window).overview.is_dirty
    assert dict(services.workspace.vault.drafts.all()) == {}


KILLED = """
import os, signal, sys
from pathlib import Path
import ui
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest
from desktop.application.application import CountersignApplication
from ui.main_window import MainWindow
from ui.settings import Settings
folder, item, text, home = Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4])
passphrase = sys.stdin.read()
app = QApplication([])
window = MainWindow(CountersignApplication(), Settings(home / "settings.ini"))
window.show()
space = window.services.workspace
space.open(lambda: space.application.unlock(folder, person="Quinn QA", passphrase=passphrase), context=window,
           then=lambda: space.open_item(item), failed=lambda problem: sys.exit(problem.what))
def wait(true):
    while not true():
        QTest.qWait(10)
wait(lambda: space.focus is not None and space.section == "item" and not window.services.tasks.busy)
screen = window.screens["item"]
screen.drafts.pause.setInterval(5)
editor = screen.overview.editor("description")
editor.setFocus()
QTest.keyClicks(editor.focusProxy(), text)
wait(lambda: not screen.drafts.pause.isActive() and not window.services.tasks.busy)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_a_program_that_was_killed_comes_back_to_the_same_field(
    services, site_vault: Path, item: str, tmp_path: Path
) -> None:
    words = [sys.executable, "-c", KILLED, str(site_vault), item, TEXT, str(tmp_path)]
    run = subprocess.run(
        words,
        cwd=PROJECT,
        env=environment(),
        input=PASSPHRASE,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    window = services.enter(site_vault, QUINN, PASSPHRASE)
    services.until(lambda: services.workspace.section == "item" and _screen(window).overview.is_dirty)
    assert _screen(window).overview.editor("description").value() == TEXT
    assert _cursor_in(window, "description")
    assert window.screens["item"].tabs.currentWidget() is _screen(window).overview
