"""Hands and eyes at the real window: keys, clicks, what is read on screen. Nothing here knows a rule.

Everything waits for what it needs to see; nothing waits for a time. With COUNTERSIGN_PICTURES naming a
folder, `look` keeps a picture of the screen there, for whoever wants to see what a person sees.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui.actions import SECTIONS
from ui.dialogs.command_list import CommandList
from ui.main_window import MainWindow
from ui.models.paged import PagedModel
from ui.screens.item import ItemScreen
from ui.widgets.forms import FormRow
from ui.widgets.grid import Grid

LONG = 60_000
PICTURES = "COUNTERSIGN_PICTURES"
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)

Seen = TypeVar("Seen", bound=QWidget)


class Hands:
    """A person at the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot
        self._pictures = 0

    # --- waiting and looking -------------------------------------------------------------------------

    def until(self, true: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(true()), timeout=LONG)

    def wait_idle(self) -> None:
        """Until the worker has nothing to do and everything is delivered."""
        self.until(lambda: not self.window.services.tasks.busy)
        QApplication.processEvents()  # what was delivered comes on view

    def look(self, name: str) -> None:
        """Keep a picture of what is shown, if pictures are wanted."""
        folder = os.environ.get(PICTURES)
        if not folder:
            return
        QApplication.processEvents()
        self._pictures += 1
        shown = self.window.grab() if not (dialog := self.open_dialog()) else dialog.grab()
        Path(folder).mkdir(parents=True, exist_ok=True)
        assert shown.save(str(Path(folder) / f"{self._pictures:02} {name}.png"))

    @property
    def section(self) -> str:
        return self.window.services.workspace.section

    def screen(self, kind: type[Seen]) -> Seen:
        """The screen of a kind, which must be the one on view."""
        found = next(each for each in self.window.screens.values() if isinstance(each, kind))
        assert found.isVisible(), f"{kind.__name__} is not on view, but {self.section}"
        return found

    def open_dialog(self) -> QDialog | None:
        dialogs = [each for each in self.window.findChildren(QDialog) if each.isVisible()]
        return dialogs[-1] if dialogs else None

    def dialog(self, kind: type[Seen]) -> Seen:
        """Wait for a dialog of a kind to stand open."""
        self.until(lambda: isinstance(self.open_dialog(), kind))
        found = self.open_dialog()
        assert isinstance(found, kind)
        return found

    def no_dialog(self) -> None:
        """Wait until every dialog is gone, and its work is done."""
        self.until(lambda: self.open_dialog() is None)
        self.wait_idle()

    def read(self, where: QWidget) -> str:
        """Every label on view inside a widget, in one text."""
        return "\n".join(each.text() for each in where.findChildren(QLabel) if each.isVisible() and each.text())

    # --- keys and clicks -----------------------------------------------------------------------------

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the keyboard is."""
        QTest.keyClick(self._at_keyboard(), key, modifier)

    def keys(self, text: str) -> None:
        """Type text wherever the keyboard is."""
        QTest.keyClicks(self._at_keyboard(), text)

    def _at_keyboard(self) -> QWidget:
        top = self._in_front()
        return top.focusWidget() or top

    def _in_front(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        top = popup or self.open_dialog() or self.window
        if popup is None and not top.isActiveWindow():
            top.activateWindow()  # where no window manager does it after a menu or a dialog has gone
            self.until(top.isActiveWindow)
        return top

    def menu(self, letter: Qt.Key, command: Qt.Key) -> None:
        """Open a menu of the menu bar by its letter and choose a command by its own."""
        QTest.keyClick(self._at_keyboard(), letter, ALT)
        self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        QTest.keyClick(QApplication.activePopupWidget(), command)
        self.until(lambda: QApplication.activePopupWidget() is None)

    def command(self, letters: str) -> None:
        """Run a command from the command list."""
        self.key(Qt.Key.Key_K, CTRL)
        self.dialog(CommandList)
        self.keys(letters)
        self.key(Qt.Key.Key_Return)

    def button(self, text: str, where: QWidget | None = None) -> QAbstractButton:
        """The button on view that says `text` (mnemonic marks aside)."""
        place = where or self.open_dialog() or self.window
        found = [
            each
            for each in place.findChildren(QAbstractButton)
            if each.isVisible() and each.text().replace("&", "") == text
        ]
        assert found, f"no button says {text!r}: {[b.text() for b in place.findChildren(QAbstractButton)]}"
        return found[0]

    def press(self, text: str, where: QWidget | None = None) -> None:
        """Click a button; it must be enabled."""
        found = self.button(text, where)
        assert found.isEnabled(), f"{text!r} is disabled: {found.toolTip()}"
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    def tick(self, text: str) -> None:
        """Tick a box from the keyboard."""
        box = self.button(text)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Space)
        assert box.isChecked()

    def hand_in(self, path: Path) -> None:
        """Answer the file dialog that stands open, by the signal it gives when a person has chosen."""
        dialog = self.dialog(QFileDialog)
        dialog.fileSelected.emit(str(path))
        dialog.close()
        self.until(lambda: not isinstance(self.open_dialog(), QFileDialog))
        self.wait_idle()

    # --- forms ---------------------------------------------------------------------------------------

    def row(self, title: str) -> FormRow:
        """The form row on view with this label."""
        place = self.open_dialog() or self.window
        found = [each for each in place.findChildren(FormRow) if each.title == title and each.isVisible()]
        assert found, f"no field {title!r}: {[r.title for r in place.findChildren(FormRow) if r.isVisible()]}"
        return found[0]

    def fill(self, title: str, text: str) -> None:
        """Go into a field and type: text replaces what is there, a choice is looked for by its first letters."""
        field = self.row(title).field
        while (inner := field.focusProxy()) is not None:
            field = inner
        self._in_front()
        field.setFocus()
        self.until(field.hasFocus)
        if isinstance(field, QComboBox):
            pause = QApplication.keyboardInputInterval()
            for n, letter in enumerate(text.partition(" ")[0]):  # a space would open the list
                # Whoever comes to a field has not just typed in it: the first letter begins a search of its own.
                QApplication.setKeyboardInputInterval(pause if n else 0)
                if not field.currentText().startswith(text):
                    QTest.keyClicks(field, letter)
            QApplication.setKeyboardInputInterval(pause)
            assert field.currentText().startswith(text), f"{title}: {field.currentText()!r}"
        else:
            assert isinstance(field, QLineEdit | QPlainTextEdit), type(field)
            QTest.keyClick(field, Qt.Key.Key_A, CTRL)
            QTest.keyClicks(field, text)

    def fill_table(self, title: str, place: int, cells: tuple[str, ...]) -> None:
        """Type into the cells of one row of a table field, from the left."""
        field = self.row(title).field
        while (inner := field.focusProxy()) is not None:
            field = inner
        assert isinstance(field, QTableWidget), type(field)
        for column, text in enumerate(cells):
            field.setFocus()
            field.setCurrentCell(place, column)
            QTest.keyClick(field, Qt.Key.Key_F2)
            self.until(lambda field=field: field.findChild(QLineEdit) is not None)
            editor = field.findChild(QLineEdit)
            QTest.keyClick(editor, Qt.Key.Key_A, CTRL)
            QTest.keyClicks(editor, text)
            QTest.keyClick(editor, Qt.Key.Key_Return)
            self.until(lambda field=field: field.findChild(QLineEdit) is None)
            item = field.item(place, column)
            assert item is not None
            assert item.text() == text

    def marked_wrong(self) -> set[str]:
        """Titles of the fields that show a reason why they are not good."""
        place = self.open_dialog() or self.window
        return {each.title for each in place.findChildren(FormRow) if each.isVisible() and each.is_wrong}

    # --- ways through the window ---------------------------------------------------------------------

    def go(self, section: str) -> None:
        """Show a section by its keys, which are those of the action table."""
        QTest.keySequence(self._at_keyboard(), self.window.services.actions[f"go.{section}"].shortcut())
        assert self.section == section
        self.wait_idle()

    def in_navigation(self, section: str) -> str:
        """What the navigation says of a section."""
        return self.window.navigation.item(SECTIONS.index(section)).text()

    def cells(self, grid: Grid, place: int) -> dict[str, Any]:
        """One row of a grid by its column titles."""
        model = grid.model()
        horizontal = Qt.Orientation.Horizontal
        return {model.headerData(n, horizontal): model.index(place, n).data() for n in range(model.columnCount())}

    def open_by_search(self, text: str) -> ItemScreen:
        """Look for an item in the register and open it, all by keyboard."""
        self.go("register")
        self.key(Qt.Key.Key_F, CTRL)
        self.keys(text)
        register = self.window.screens["register"]
        model: PagedModel = register.model
        self.until(lambda: model.wanted().search == text and not self.window.services.tasks.busy)
        assert model.rowCount() == 1, f"{text!r} finds {model.rowCount()} items"
        self.key(Qt.Key.Key_Down)
        self.until(register.grid.hasFocus)
        self.key(Qt.Key.Key_Return)
        assert self.section == "item"
        self.wait_idle()
        return self.screen(ItemScreen)
