"""One QAction per command of the table, enabled by the facts of the moment; menus are filled from them."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui.action_spec import ActionSpec
from ui.action_table import ACTIONS, MENUS, SECTIONS
from ui.conditions import nothing_recorded
from ui.icons import Icons
from ui.workspace import Workspace

__all__ = ["ACTIONS", "MENUS", "SECTIONS", "ActionSet", "ActionSpec", "plain_text", "why_not"]


class ActionSet(QObject):
    """One QAction per command, enabled by the workspace's facts."""

    def __init__(self, window: QWidget, workspace: Workspace, icons: Icons) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(str(spec.text), window)
            action.setObjectName(spec.id)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            action.setCheckable(spec.checkable)
            action.setMenuRole(QAction.MenuRole.NoRole)
            if spec.icon:
                icons.place(action, spec.icon)
            window.addAction(action)
            self._actions[spec.id] = action
        workspace.session_changed.connect(self.refresh)
        workspace.focus_changed.connect(self.refresh)
        self.refresh()

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    def all(self) -> tuple[tuple[ActionSpec, QAction], ...]:
        """Every command with its action, in the order of the table."""
        return tuple((spec, self._actions[spec.id]) for spec in ACTIONS)

    def refresh(self) -> None:
        """Ask every command again whether it can be used, and write down why not."""
        for spec, action in self.all():
            on_hold = nothing_recorded(self._workspace) if spec.records else None
            reason = on_hold or spec.enabled_when(self._workspace)
            name = plain_text(action)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            named = f"{name} ({keys})" if keys else name
            action.setEnabled(reason is None)
            action.setToolTip(named if reason is None else f"{named}\n{reason}")
            action.setStatusTip(reason or "")

    def fill_menu(self, menu: QMenu, which: str) -> None:
        """Put the commands of one menu into a menu."""
        for spec, action in self.all():
            if spec.menu == which:
                menu.addAction(action)


def plain_text(action: QAction) -> str:
    """A command's text without its mnemonic mark and dots."""
    return action.text().replace("&", "").rstrip("…")


def why_not(action: QAction) -> str:
    """The reason a disabled command gives, empty when it can be used."""
    return action.statusTip()
