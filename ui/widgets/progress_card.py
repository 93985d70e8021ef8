"""Long work, shown at the bottom right: what, which phase, how much, and a way to cancel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from domain.messages import message
from ui.tasks import Job
from ui.theme import set_appearance
from ui.widgets.layout import card, column, row
from ui.widgets.text import label
from ui.words import count_text

SHOW_AFTER_MS = 300
"""Work shorter than this shows no card."""


class ProgressCard(QWidget):
    """One card for the job under way; it follows the corner of its parent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._corner_of = parent
        frame = card()
        outside = column(self)
        outside.addWidget(frame)
        inside = column(frame, margin=3, gap=2)
        top = row(gap=2)
        self._what = label(type_="strong")
        self._cancel = QPushButton(message("Cancel work"))
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self._on_cancel)
        top.addWidget(self._what, 1)
        top.addWidget(self._cancel)
        self._phase = label(muted=True, type_="small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(message("Progress"))
        inside.addLayout(top)
        inside.addWidget(self._bar)
        inside.addWidget(self._phase)
        set_appearance(self, surface="plain")
        self.setFixedWidth(360)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SHOW_AFTER_MS)
        self._delay.timeout.connect(self._on_late)
        self.hide()
        parent.installEventFilter(self)

    def follow(self, job: Job) -> None:
        """Show a job once it has taken a while, until it ends."""
        self._job = job
        self._what.setText(job.label)
        self._phase.clear()
        self._bar.setRange(0, 0)
        self._cancel.setEnabled(True)
        job.progressed.connect(self._on_progressed)
        job.ended.connect(self._on_ended)
        self._delay.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the parent changes size."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        parent = self._corner_of
        self.move(parent.width() - self.width() - 16, parent.height() - self.height() - 16)

    def _on_late(self) -> None:
        if self._job is not None:
            self._place()
            self.show()
            self.raise_()

    def _on_progressed(self, phase: str, done: int, of: int) -> None:
        self._bar.setRange(0, 1000 if of else 0)
        if of:
            self._bar.setValue(done * 1000 // of)
            self._phase.setText(
                message("{phase}: {done} of {all}", phase=phase, done=count_text(done), all=count_text(of))
            )
        else:
            self._phase.setText(phase)

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._cancel.setEnabled(False)
            self._phase.setText(message("Cancelling; everything stays as it was."))
            self._job.cancel()

    def _on_ended(self) -> None:
        self._job = None
        self._delay.stop()
        self.hide()
