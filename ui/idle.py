"""Locks the vault when nobody has touched the window for a while, and when the computer has slept."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ui.workspace import Workspace

IDLE_MINUTES: Final = 15
LAST_SECONDS: Final = 60
ASLEEP_SECONDS: Final = 60.0
"""A second that took longer than this was no second: the computer slept, or its clock was set."""
_TOUCHES: Final = frozenset({
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
})  # fmt: skip


class IdleLock(QObject):
    """Counts from the last key, click or move; long work under way counts as use.

    `counts_down` carries the seconds that are left in the last minute, and 0 when it is over or called off.
    """

    counts_down = Signal(int)

    def __init__(self, application: QApplication, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._last_second = 0.0
        self._counting = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(IDLE_MINUTES * 60_000)
        self.timer.timeout.connect(self._on_idle)
        self.seconds = QTimer(self)
        self.seconds.setInterval(1000)
        self.seconds.timeout.connect(self.on_second)
        workspace.session_changed.connect(self._on_session_changed)
        application.applicationStateChanged.connect(self._on_state_changed)
        application.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A touch starts the count again; events pass through."""
        if event.type() in _TOUCHES and self.timer.isActive():
            self.timer.start()
            self._announce(0)
        return False

    def on_second(self) -> None:
        """Lock after a sleep; show the last minute second by second."""
        at = time.time()  # the clock on the wall goes on while the computer sleeps, the monotonic one may not
        slept = at - self._last_second > ASLEEP_SECONDS
        self._last_second = at
        if slept:
            self._workspace.lock()
            return
        left = self.timer.remainingTime() / 1000
        self._announce(int(left) if 0 < left <= LAST_SECONDS else 0)

    def _announce(self, seconds: int) -> None:
        if seconds or self._counting:
            self._counting = seconds > 0
            self.counts_down.emit(seconds)

    def _on_session_changed(self) -> None:
        if not self._workspace.is_open:
            self.timer.stop()
            self.seconds.stop()
            self._announce(0)
        elif not self.seconds.isActive():
            self._last_second = time.time()
            self.timer.start()
            self.seconds.start()

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationSuspended:
            self._workspace.lock()

    def _on_idle(self) -> None:
        if self._workspace.tasks.busy:
            self.timer.start()
            return
        self._workspace.lock()
