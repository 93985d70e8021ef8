"""Every control a person can reach has a name to speak, on every screen and in every dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from memory_register import MemoryVault, a_file
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QScrollArea,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from domain.commands.evidence import AddEvidence
from ui.actions import SECTIONS
from ui.dialogs.command_list import CommandList
from ui.dialogs.item_dialogs import AssignDialog, HoldDialog, MoveDialog, ResumeDialog
from ui.main_window import OUTSIDE, MainWindow
from ui.screens.item import ItemScreen
from ui.screens.people import PeopleScreen

INNER_PARTS = (
    "qt_spinbox_lineedit",
    "qt_toolbar_ext_button",
    "qt_menubar_ext_button",
    "qt_tableview_cornerbutton",
    "ScrollLeftButton",
    "ScrollRightButton",
)


def reachable(root: QWidget) -> Iterator[QWidget]:
    """Controls under a widget that take the focus or a click; Qt's own inner parts speak through their owner."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.objectName() in INNER_PARTS or isinstance(widget, QScrollArea):
            continue
        inner = in_a_popup(widget) or widget.focusProxy() is not None
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        if not inner and (takes_focus or isinstance(widget, QAbstractButton)):
            yield widget


def in_a_popup(widget: QWidget) -> bool:
    """Part of a combo box or its list, which speaks through the box."""
    above = widget.parentWidget()
    return isinstance(above, QComboBox) or (above is not None and isinstance(above.parentWidget(), QComboBox))


def readable(widget: QWidget) -> str:
    speaker = QAccessible.queryAccessibleInterface(widget)
    return speaker.text(QAccessible.Text.Name) if speaker is not None else ""


def unnamed(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parentWidget()).__name__}"
        for widget in reachable(root)
        if not readable(widget).strip() and not isinstance(widget, QDialog | QTabBar) and widget is not root
    ]


@pytest.fixture
def item(world: MemoryVault) -> str:
    made = world.new_item()
    world.bring_to(made, "implementation")
    world.do(
        AddEvidence,
        "Olga",
        item=made,
        requirement="implementation_record",
        file=a_file("seen"),
        file_name="seen.txt",
    )
    return made


@pytest.mark.parametrize("name", sorted(OUTSIDE))
def test_controls_outside_a_vault_have_names(window: MainWindow, name: str) -> None:
    window.show_screen(name)
    assert len(list(reachable(window.screens[name]))) > 0
    assert unnamed(window.screens[name]) == []


@pytest.mark.parametrize("name", [*SECTIONS, "item", "closure"])
def test_controls_inside_a_vault_have_names(
    item: str, enter: Callable[[str], MainWindow], idle: Callable[[], None], name: str
) -> None:
    window = enter("Quinn")
    window.services.workspace.select(item)
    idle()
    window.show_screen(name)
    idle()
    assert len(list(reachable(window.screens[name]))) >= 2
    assert unnamed(window) == []


def open_dialogs(window: MainWindow, item: str, world: MemoryVault) -> Iterator[QDialog]:
    """One after the other, every dialog there is."""
    focus = window.services.workspace.focus
    assert focus is not None
    yield CommandList(window.services.actions, window)
    yield CommandList(window.services.actions, window, run=False)
    for kind in (MoveDialog, HoldDialog, ResumeDialog, AssignDialog):
        yield kind(window.services, window, focus)
    people = window.screens["people"]
    assert isinstance(people, PeopleScreen)
    made = (
        window.commands.new_item(),
        window.commands.add_evidence(Path(__file__)),
        window.commands.review(world.register.item_file(item).evidence[-1]),
        window.commands.cancel(focus),
        window.commands.reopen(focus),
        people.add_person(),
    )
    for dialog in made:
        assert dialog is not None
        yield dialog


def test_controls_of_every_dialog_have_names_and_a_harmless_way_out(
    item: str, world: MemoryVault, enter: Callable[[str], MainWindow], idle: Callable[[], None], qtbot: QtBot
) -> None:
    window = enter("Quinn")
    window.services.workspace.select(item)
    idle()
    seen = 0
    for dialog in open_dialogs(window, item, world):
        assert unnamed(dialog) == [], dialog.windowTitle()
        assert dialog.windowTitle()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        seen += 1
    assert seen == 12
    assert world.register.item(item).state == "open"


def test_icon_only_buttons_state_in_a_tip_what_they_do(
    enter: Callable[[str], MainWindow], idle: Callable[[], None]
) -> None:
    window = enter("Quinn")
    idle()
    silent = [
        readable(button)
        for button in window.findChildren(QToolButton)
        if not button.text() and button.objectName() not in INNER_PARTS and not isinstance(button.parent(), QTabBar)
        if not button.toolTip() and not isinstance(button.parentWidget(), QComboBox)
        if type(button.parentWidget()).__name__ != "QLineEdit"
    ]
    assert silent == []


def test_the_wheel_changes_no_box_that_has_no_focus(
    item: str, enter: Callable[[str], MainWindow], idle: Callable[[], None]
) -> None:
    window = enter("Quinn")
    window.services.workspace.open_item(item)
    idle()
    screen = window.screens["item"]
    assert isinstance(screen, ItemScreen)
    box = screen.overview.editor("severity").findChild(QComboBox)
    before = box.currentIndex()
    middle = QPointF(box.rect().center())
    for transition in (120, -120):
        turn = QWheelEvent(
            middle,
            box.mapToGlobal(middle),
            QPoint(0, 0),
            QPoint(0, transition),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, turn)
        assert box.currentIndex() == before


def test_tab_leaves_boxes_for_several_lines_and_grids(
    item: str, enter: Callable[[str], MainWindow], idle: Callable[[], None]
) -> None:
    window = enter("Quinn")
    window.services.workspace.open_item(item)
    idle()
    screen = window.screens["item"]
    assert isinstance(screen, ItemScreen)
    areas = [w for w in screen.findChildren(QWidget) if type(w).__name__ == "QPlainTextEdit"]
    assert len(areas) > 3
    assert all(area.tabChangesFocus() for area in areas)
    grids = [w for w in screen.findChildren(QWidget) if type(w).__name__ in {"Grid", "QTableWidget"}]
    assert len(grids) > 3
    assert not any(grid.tabKeyNavigation() for grid in grids)
