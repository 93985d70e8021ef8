"""Ways through the window that several journeys take: another person sits down, a file is put on record and judged."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from window_driver import CTRL, Hands

from ui.dialogs.item_dialogs import AddEvidenceDialog, ReviewDialog
from ui.screens.item import ItemScreen
from ui.screens.unlock import Unlock
from ui.screens.welcome import Welcome


def passphrase_of(name: str) -> str:
    return f"{name.lower()} has words of their own"


def change_places(hands: Hands, person: str) -> None:
    """Lock, and unlock as somebody else."""
    hands.key(Qt.Key.Key_L, CTRL)
    hands.screen(Welcome)
    assert not hands.window.services.workspace.is_open
    hands.wait_idle()
    hands.look("welcome with a vault")
    hands.key(Qt.Key.Key_Return)
    page = hands.screen(Unlock)
    hands.wait_idle()
    hands.fill("Person", person)
    assert page.person == person
    hands.fill("Passphrase", passphrase_of(person))
    hands.look("unlock")
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: hands.window.services.workspace.is_open)
    hands.wait_idle()
    assert hands.window.services.workspace.session.person.name == person
    assert hands.section == "register"


def add_evidence(hands: Hands, screen: ItemScreen, file: Path, requirement: str) -> None:
    hands.key(Qt.Key.Key_E, CTRL)
    hands.hand_in(file)
    hands.dialog(AddEvidenceDialog)
    hands.fill("Stands for", requirement)
    hands.look("add evidence")
    hands.press("Add evidence")
    hands.no_dialog()
    assert [each for each in hands.window.services.workspace.focus.facts.file.evidence if each.file_name == file.name]
    screen.tabs.setCurrentWidget(screen.evidence)


def open_review(hands: Hands, screen: ItemScreen, file: str) -> ReviewDialog:
    """Find the file in the evidence tab and ask for a judgement by Enter."""
    screen.tabs.setCurrentWidget(screen.evidence)
    grid = screen.evidence.grid
    grid.setFocus()
    hands.key(Qt.Key.Key_Home, CTRL)
    while hands.cells(grid, grid.currentIndex().row())["File"] != file:
        before = grid.currentIndex().row()
        hands.key(Qt.Key.Key_Down)
        assert grid.currentIndex().row() > before, f"{file} is not listed"
    hands.look("evidence tab")
    hands.key(Qt.Key.Key_Return)
    return hands.dialog(ReviewDialog)
