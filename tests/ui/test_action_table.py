"""The command table: unique ids and keys, menus that reach everything, reasons for what is disabled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from ui.actions import ACTIONS, MENUS, SECTIONS, why_not
from ui.dialogs.command_list import CommandList
from ui.main_window import MainWindow


def test_no_id_and_no_key_is_used_twice() -> None:
    assert max(Counter(spec.id for spec in ACTIONS).values()) == 1
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert [key for key, number in keys.items() if number > 1] == []


def test_no_key_is_alt_gr_on_european_keyboards() -> None:
    assert [spec.id for spec in ACTIONS for key in spec.keys if "Ctrl+Alt" in key or key.startswith("Alt+")] == []


def test_every_key_is_a_key() -> None:
    for spec in ACTIONS:
        for key in spec.keys:
            assert QKeySequence(key).toString() == key


def test_every_command_stands_in_a_menu_that_exists() -> None:
    assert {spec.menu for spec in ACTIONS} <= {name for name, _ in MENUS}


@pytest.mark.parametrize("menu", [name for name, _ in MENUS])
def test_mnemonics_are_unique_in_each_menu(menu: str) -> None:
    letters = [str(spec.text)[str(spec.text).index("&") + 1].casefold() for spec in ACTIONS if spec.menu == menu]
    assert sorted(letters) == sorted(set(letters))


def test_the_first_nine_sections_are_reached_by_control_and_number() -> None:
    by_id = {spec.id: spec for spec in ACTIONS}
    for n, section in enumerate(SECTIONS[:9], 1):
        assert f"Ctrl+{n}" in by_id[f"go.{section}"].keys


def test_menus_of_the_window_hold_every_command(window: MainWindow) -> None:
    shown = {
        action.objectName()
        for menu in window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if action.objectName()
    }
    assert shown == {spec.id for spec in ACTIONS}


def test_without_a_vault_disabled_commands_state_why(window: MainWindow) -> None:
    disabled = [action for _spec, action in window.services.actions.all() if not action.isEnabled()]
    assert len(disabled) > 10
    for action in disabled:
        assert why_not(action)
        assert why_not(action) in action.toolTip()


def test_an_administrator_without_quality_rights_is_shown_which_role_creates(
    enter: Callable[[str], MainWindow],
) -> None:
    action = enter("Ada").services.actions["item.new"]
    assert not action.isEnabled()
    assert "Quality" in why_not(action)


def test_the_command_list_finds_by_letters_and_explains_disabled_ones(window: MainWindow) -> None:
    commands = CommandList(window.services.actions, window)
    commands.search.setText("hol pu")
    assert commands.list.rowCount() == 1
    assert commands.list.item(0, 0).text() == "Put on hold"
    assert commands.explained_why() == why_not(window.services.actions["item.hold"])
    commands.close()


def test_the_command_list_holds_every_command(window: MainWindow) -> None:
    commands = CommandList(window.services.actions, window)
    assert commands.list.rowCount() == len(ACTIONS)
    commands.close()


def test_the_key_help_lists_the_keys(window: MainWindow) -> None:
    keys = CommandList(window.services.actions, window, run=False)
    shown = {keys.list.item(n, 1).text() for n in range(keys.list.rowCount())}
    assert "Ctrl+L" in shown
    keys.close()
