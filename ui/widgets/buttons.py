"""Buttons: plain ones, and ones that stand for a command of the action table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from ui.icons import Icons
from ui.theme import set_appearance


def button(
    text: str,
    on_click: Callable[[], object],
    *,
    icons: Icons | None = None,
    icon: str = "",
    primary: bool = False,
    quiet: bool = False,
) -> QPushButton:
    """A push button. Only one per view is primary."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if primary:
        set_appearance(made, primary=True)
    if quiet:
        set_appearance(made, quiet=True)
    if icons is not None and icon:
        icons.place(made, icon, "accent_ink" if primary else ("accent" if quiet else "text"))
    made.clicked.connect(lambda _checked=False: on_click())
    return made


class ActionButton(QPushButton):
    """A button that triggers a command, disabled with the command's own reason."""

    def __init__(self, action: QAction, icons: Icons, *, text: str = "", icon: str = "", primary: bool = False) -> None:
        super().__init__()
        self._action = action
        self._text = text
        self.setAutoDefault(False)
        if primary:
            set_appearance(self, primary=True)
        if icon:
            icons.place(self, icon, "accent_ink" if primary else "text")
        self.clicked.connect(self._on_clicked)
        action.changed.connect(self._on_action_changed)
        self._on_action_changed()

    def _on_clicked(self) -> None:
        self._action.trigger()

    def _on_action_changed(self) -> None:
        self.setText(self._text or self._action.text())
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setStatusTip(self._action.statusTip())
