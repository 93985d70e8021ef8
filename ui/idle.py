"""Locks the vault when nobody has touched the desk for a while."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui.workspace import Workspace

IDLE_MINUTES: Final = 15
_TOUCHES: Final = frozenset({
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
})  # fmt: skip


class IdleLock(QObject):
    """Counts from the last key, click or move; long work under way counts as use."""

    def __init__(self, application: QApplication, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(IDLE_MINUTES * 60_000)
        self.timer.timeout.connect(self._on_idle)
        workspace.session_changed.connect(self._on_session_changed)
        application.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A touch starts the count again; events pass through."""
        if event.type() in _TOUCHES and self.timer.isActive():
            self.timer.start()
        return False

    def _on_session_changed(self) -> None:
        if self._workspace.is_open:
            self.timer.start()
        else:
            self.timer.stop()

    def _on_idle(self) -> None:
        if self._workspace.tasks.busy:
            self.timer.start()
            return
        self._workspace.lock()
