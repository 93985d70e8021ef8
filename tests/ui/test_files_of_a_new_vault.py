"""A vault that is new on this computer has its evidence files checked beside the window, which can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec
import pytest
from fake_application import FakeLog
from memory_register import MemoryVault

from domain.log.verdict import LogVerdict
from domain.services import LogState, Progress
from ui.main_window import MainWindow

Enter = Callable[[str], MainWindow]
Idle = Callable[[], None]


class NewHere:
    """The log of a vault whose files nobody has looked at on this computer, until `steps` are gone through."""

    def __init__(self, state: Callable[[FakeLog], LogState], *, steps: int) -> None:
        self._state, self._steps = state, steps
        self.checked = False
        self.threads: list[int] = []

    def state(self, log: FakeLog) -> LogState:
        return msgspec.structs.replace(self._state(log), files_checked=self.checked)

    def check_files(self, _log: FakeLog, *, progress: Progress) -> LogVerdict:
        self.threads.append(threading.get_ident())
        done = 0
        while done < self._steps or not self._steps:  # none: it goes on until it is cancelled
            done += 1
            progress("verify files", done, self._steps or done + 1)
        self.checked = True
        return LogVerdict(vault="memory", entries=1, root="ab" * 32, changes=0, rows=0, files=done, findings=())


def new_here(monkeypatch: pytest.MonkeyPatch, *, steps: int) -> NewHere:
    made = NewHere(FakeLog.state, steps=steps)

    def state(log: FakeLog) -> LogState:
        return made.state(log)

    def check_files(log: FakeLog, *, progress: Progress) -> LogVerdict:
        return made.check_files(log, progress=progress)

    monkeypatch.setattr(FakeLog, "state", state)
    monkeypatch.setattr(FakeLog, "check_files", check_files, raising=False)
    return made


def test_the_files_are_checked_off_the_windows_thread(
    world: MemoryVault, enter: Enter, idle: Idle, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = new_here(monkeypatch, steps=3)
    world.new_item()
    window = enter("Quinn")
    idle()
    idle()
    assert made.checked
    assert made.threads
    assert threading.get_ident() not in made.threads
    session = window.services.workspace.session
    assert session is not None
    assert session.log.files_checked


def test_it_can_be_cancelled_and_then_the_window_says_that_nothing_is_known(
    world: MemoryVault, enter: Enter, idle: Idle, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = new_here(monkeypatch, steps=0)
    world.new_item()
    stop: list[MainWindow] = []
    monkeypatch.setattr("ui.tasks.Job.report", _cancelling(stop))
    window = enter("Quinn")
    stop.append(window)
    idle()
    assert not made.checked
    assert "were not checked" in window.bar.announced
    session = window.services.workspace.session
    assert session is not None
    assert not session.log.files_checked


def _cancelling(stop: list[MainWindow]) -> Callable[..., None]:
    from ui.tasks import Job  # noqa: PLC0415 (its method as it is, before it is replaced)

    real = Job.report

    def report(job: Job, phase: str, done: int, of: int) -> None:
        if stop or done > 1000:
            job.cancel()
        real(job, phase, done, of)

    return report
