"""Items that were closed before they came into the vault: the register shows, counts and lists them apart."""

from __future__ import annotations

from collections.abc import Callable

from memory_register import MemoryVault

from domain.commands.changing import item_changed
from ui.main_window import MainWindow
from ui.screens.register import RegisterScreen

Enter = Callable[[str], MainWindow]
Idle = Callable[[], None]


def test_items_closed_before_stand_under_a_button_of_their_own(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    world.new_item()
    before = world.register.item(world.new_item())
    world.register.apply(item_changed(before, state="closed_before"))
    register = enter("Quinn").screens["register"]
    assert isinstance(register, RegisterScreen)
    idle()
    assert register.steps()["All"] == "All  2"
    assert register.steps()["Reported"] == "Reported  1"
    assert register.steps()["Closed before"] == "Closed before  1"
    register.choose_step("reported")
    idle()
    assert register.model.rowCount() == 1
    register.choose_closed_before()
    idle()
    assert [register.model.line(row).id for row in range(register.model.rowCount())] == [before.id]


def test_where_nothing_was_closed_before_there_is_no_button_for_it(
    enter: Enter, idle: Idle, world: MemoryVault
) -> None:
    world.new_item()
    register = enter("Quinn").screens["register"]
    assert isinstance(register, RegisterScreen)
    idle()
    assert "Closed before" not in register.steps()
