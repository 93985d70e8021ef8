"""The page of an item asks why what was set changes, in the form where it is changed."""

from __future__ import annotations

from collections.abc import Callable

from memory_register import MemoryVault
from PySide6.QtWidgets import QLineEdit

from ui.main_window import MainWindow
from ui.screens.item import ItemScreen

Enter = Callable[[str], MainWindow]
Idle = Callable[[], None]


def test_another_severity_is_recorded_with_the_reason_typed_beside_it(
    enter: Enter, idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    before = world.register.item(item).severity
    window = enter("Quinn")
    window.services.workspace.open_item(item)
    idle()
    screen = window.screens["item"]
    assert isinstance(screen, ItemScreen)
    overview = screen.overview
    (reason,) = [each for each in overview.findChildren(QLineEdit) if each.accessibleName() == "Reason of the change"]
    overview.editor("title").show_value("A better title")
    overview.editor("title").edited.emit()
    assert not reason.isVisibleTo(overview)
    overview.editor("severity").show_value("critical")
    overview.editor("severity").edited.emit()
    assert reason.isVisibleTo(overview)
    window.services.actions["item.save"].trigger()
    idle()
    assert "Severity had a value before; changing it needs a reason" in screen.bar.announced
    assert world.register.item(item).severity == before
    reason.setText("Customers are affected.")
    window.services.actions["item.save"].trigger()
    idle()
    assert world.register.item(item).severity == "critical"
    assert world.register.entries[-1].header.reason == "Customers are affected."
    assert not overview.is_dirty
    assert not reason.text()
