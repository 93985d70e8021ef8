"""Work off the window's thread: one worker owns the open vault, so reading and recording never interleave.

Only frozen values cross. A result is delivered by a queued signal on the window's thread, and dropped when
the widget that asked is gone. Results and failures go through two callbacks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from domain.errors import Cancelled, CountersignError, Unavailable
from domain.messages import message
from domain.services import Progress

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Failed = Callable[[CountersignError], None]


class Job(QObject):
    """One piece of long work under way. Its signals arrive on the window's thread."""

    progressed = Signal(str, int, int)
    ended = Signal()

    def __init__(self, parent: QObject, *, label: str) -> None:
        super().__init__(parent)
        self.label = label
        self._cancelled = Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next report of progress; it then ends with `Cancelled`."""
        self._cancelled.set()

    def report(self, phase: str, done: int, of: int) -> None:
        """What long work calls (from the worker) with its phase, how much is done and of how much.

        Raises:
            Cancelled: the person cancelled.
        """
        if self._cancelled.is_set():
            raise Cancelled(message("Cancelled. Nothing was changed."))
        self.progressed.emit(phase, done, of)


class Tasks(QObject):
    """Runs work on the one worker thread.

    `failed` carries errors that nobody asked to hear about; `job_started` announces long work.
    """

    busy_changed = Signal(bool)
    job_started = Signal(object)
    failed = Signal(object)
    _delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")
        self._jobs: set[Job] = set()
        self._under_way = 0
        self._closed = False
        self._delivered.connect(self._on_delivered, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether any work is queued or running."""
        return self._under_way > 0

    def run(
        self,
        work: Callable[[], Answer],
        *,
        context: QObject,
        then: Callable[[Answer], None],
        failed: Failed | None = None,
    ) -> None:
        """Run short work; failures go to `failed`, or to the `failed` signal when none is given."""
        self._submit(work, context=context, then=then, failed=failed, job=None)

    def run_long(
        self,
        work: Callable[[Progress], Answer],
        *,
        label: str,
        context: QObject,
        then: Callable[[Answer], None],
        failed: Failed | None = None,
    ) -> Job:
        """Run work that reports progress and can be cancelled; shown on a progress card."""
        job = Job(self, label=label)
        self._jobs.add(job)
        self._submit(lambda: work(job.report), context=context, then=then, failed=failed, job=job)
        self.job_started.emit(job)
        return job

    def close(self) -> None:
        """Cancel long work, finish what has begun (locking too), and deliver nothing any more."""
        self._closed = True
        self.cancel_jobs()
        self._worker.shutdown(wait=True)

    def cancel_jobs(self) -> None:
        """Ask all long work to stop."""
        for job in self._jobs:
            job.cancel()

    def _submit(
        self,
        work: Callable[[], Answer],
        *,
        context: QObject,
        then: Callable[[Answer], None],
        failed: Failed | None,
        job: Job | None,
    ) -> None:
        if self._closed:
            return
        self._under_way += 1
        if self._under_way == 1:
            self.busy_changed.emit(True)

        def deliver_failure(problem: CountersignError) -> None:
            if failed is not None:
                failed(problem)
            elif not isinstance(problem, Cancelled):
                self.failed.emit(problem)

        def at_work() -> None:
            delivery: Callable[[], None]
            try:
                answer = work()
            except CountersignError as problem:
                delivery = _later(deliver_failure, problem)
            except Exception as fault:  # noqa: BLE001  a fault of the program must become a sentence, never a dead window
                _log.exception("work failed")
                delivery = _later(deliver_failure, _unforeseen(fault))
            else:
                delivery = _later(then, answer)
            if shiboken6.isValid(self):
                self._delivered.emit((context, delivery, job))

        self._worker.submit(at_work)

    @Slot(object)
    def _on_delivered(self, parcel: tuple[QObject, Callable[[], None], Job | None]) -> None:
        context, delivery, job = parcel
        self._under_way -= 1
        if job is not None:
            self._jobs.discard(job)
            job.ended.emit()
            job.deleteLater()
        if not self._closed and shiboken6.isValid(context):
            delivery()
        if self._under_way == 0:
            self.busy_changed.emit(False)


def _later(callback: Callable[[Any], None], value: Any) -> Callable[[], None]:
    return lambda: callback(value)


def _unforeseen(fault: Exception) -> Unavailable:
    return Unavailable(
        message("The program met a fault it does not know. Nothing was changed."),
        where=type(fault).__name__,
        remedy=message("Try again; if it happens again, send the program's log to whoever supports you."),
    )
