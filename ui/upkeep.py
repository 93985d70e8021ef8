"""What an open vault needs every minute: a heartbeat for others, a copy when one is due, alerts every few."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from domain.errors import Cancelled, CountersignError
from domain.messages import message
from ui.tasks import Job
from ui.workspace import Workspace

EVERY_MS: Final = 60_000
ALERTS_EVERY: Final = 5
"""Minutes between two looks for what is due."""
FIRST_ALERTS_MS: Final = 1_500
"""After opening: what is shown first comes first."""


class Upkeep(QObject):
    """Works between other tasks; a copy that cannot be made is reported once per sitting, and tried again."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._described = False
        self.timer = QTimer(self)
        self.timer.setInterval(EVERY_MS)
        self.timer.timeout.connect(self._on_minute)
        self.first_alerts = QTimer(self)
        self.first_alerts.setSingleShot(True)
        self.first_alerts.setInterval(FIRST_ALERTS_MS)
        self.first_alerts.timeout.connect(self.raise_alerts)
        self._minutes = 0
        self.file_check: Job | None = None
        workspace.session_changed.connect(self._on_session_changed)

    def _on_session_changed(self) -> None:
        if not self._workspace.is_open:
            self._described = False
            self.timer.stop()
            self.first_alerts.stop()
        elif not self.timer.isActive():
            self._minutes = 0
            self.timer.start()
            self.first_alerts.start()
            self._check_files()

    def _check_files(self) -> None:
        """A vault that is new on this computer has its stored files checked, off the window's thread; it can be
        cancelled, and then the notice of opening stays: they were not checked.
        """
        session = self._workspace.session
        if session is None or session.log.files_checked:
            return
        vault = self._workspace.vault
        self.file_check = self._workspace.tasks.run_long(
            lambda progress: vault.log.check_files(progress=progress),
            label=message("Checking the evidence files, for the first time on this computer"),
            context=self,
            then=lambda _verdict: self._workspace.renew(),
            failed=self._on_files_unchecked,
        )

    def _on_files_unchecked(self, problem: CountersignError) -> None:
        if isinstance(problem, Cancelled):
            self._workspace.announce(
                message("The evidence files were not checked"),
                message("Whether their bytes are those on record is not known on this computer."),
                tone="waiting",
            )
        else:
            self._on_failed(problem)

    def raise_alerts(self) -> None:
        """Record the alerts that became due, off the window's thread; the counts are renewed when there is
        something.
        """
        if not self._workspace.is_open:
            return
        vault = self._workspace.vault

        def done(raised: int) -> None:
            if raised:
                self._workspace.renew()

        self._workspace.tasks.run(vault.clocks.raise_alerts, context=self, then=done, failed=self._on_failed)

    def _on_minute(self) -> None:
        self._minutes += 1
        if not self._workspace.is_open or self._workspace.tasks.busy:
            return
        if self._minutes >= ALERTS_EVERY:
            self._minutes = 0
            self.raise_alerts()
        vault = self._workspace.vault
        session = self._workspace.session
        reading_only = session is None or bool(session.log.read_only)

        def work() -> bool:
            vault.heartbeat()
            return not reading_only and vault.maybe_snapshot() is not None

        def done(copied: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            if copied:
                self._workspace.renew()

        self._workspace.tasks.run(work, context=self, then=done, failed=self._on_failed)

    def _on_failed(self, problem: CountersignError) -> None:
        if not self._described:
            self._described = True
            self._workspace.tasks.failed.emit(problem)
