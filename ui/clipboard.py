"""What we put on the clipboard does not stay there: it goes after half a minute, and when the vault is locked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication

from ui.workspace import Workspace

KEPT_SECONDS: Final = 30
_MODES: Final = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)


class ClipboardGuard(QObject):
    """Takes away only what is ours: what another program put there since is its own affair."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._clipboard = QApplication.clipboard()
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(KEPT_SECONDS * 1000)
        self.timer.timeout.connect(self.forget)
        self._clipboard.dataChanged.connect(self._on_changed)
        workspace.locked.connect(self.forget)

    def forget(self) -> None:
        """Clear the clipboard, and the selection where the window system has one, if they are ours."""
        self.timer.stop()
        for mode in _MODES:
            if self._is_ours(mode):
                self._clipboard.clear(mode)

    def _on_changed(self) -> None:
        if self._workspace.is_open and self._is_ours(QClipboard.Mode.Clipboard):
            self.timer.start()

    def _is_ours(self, mode: QClipboard.Mode) -> bool:
        if mode == QClipboard.Mode.Selection:
            return self._clipboard.supportsSelection() and self._clipboard.ownsSelection()
        return self._clipboard.ownsClipboard()
