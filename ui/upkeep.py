"""What an open vault needs every minute: a sign of life for others, and a copy when one is due."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from domain.errors import CountersignError
from ui.workspace import Workspace

EVERY_MS: Final = 60_000


class Upkeep(QObject):
    """Works between other tasks; a copy that cannot be made is told once per sitting, and tried again."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._told = False
        self.timer = QTimer(self)
        self.timer.setInterval(EVERY_MS)
        self.timer.timeout.connect(self._on_minute)
        workspace.session_changed.connect(self._on_session_changed)

    def _on_session_changed(self) -> None:
        if not self._workspace.is_open:
            self._told = False
            self.timer.stop()
        elif not self.timer.isActive():
            self.timer.start()

    def _on_minute(self) -> None:
        if not self._workspace.is_open or self._workspace.tasks.busy:
            return
        vault = self._workspace.vault
        session = self._workspace.session
        reading_only = session is None or bool(session.log.read_only)

        def work() -> bool:
            vault.beat()
            return not reading_only and vault.maybe_snapshot() is not None

        def done(copied: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            if copied:
                self._workspace.renew()

        self._workspace.tasks.run(work, context=self, then=done, failed=self._on_failed)

    def _on_failed(self, problem: CountersignError) -> None:
        if not self._told:
            self._told = True
            self._workspace.tasks.failed.emit(problem)
