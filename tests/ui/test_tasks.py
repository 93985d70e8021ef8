"""Work runs off the window's thread; answers come back on it, or not at all when nobody is left to hear."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from domain.errors import Cancelled, CountersignError, Refused, Unavailable
from domain.services import Progress
from ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_work_runs_on_one_other_thread_and_answers_arrive_here(tasks: Tasks, qtbot: QtBot) -> None:
    worked: list[int] = []
    arrived: list[int] = []
    context = QObject()
    for _ in range(5):
        tasks.run(
            lambda: worked.append(threading.get_ident()),
            context=context,
            then=lambda _: arrived.append(threading.get_ident()),
        )
    qtbot.waitUntil(lambda: len(arrived) == 5)
    assert len(set(worked)) == 1
    assert set(arrived) == {threading.get_ident()}
    assert set(worked) != set(arrived)


def test_a_refusal_goes_to_the_failure_callback_only(tasks: Tasks, qtbot: QtBot) -> None:
    failures: list[CountersignError] = []
    answers: list[object] = []

    def refuse() -> None:
        raise Refused("No.")

    tasks.run(refuse, context=tasks, then=answers.append, failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].what == "No."
    assert answers == []


def test_a_failure_nobody_asked_for_is_announced(tasks: Tasks, qtbot: QtBot) -> None:
    def fail() -> None:
        raise Unavailable("The disk is full.")

    with qtbot.waitSignal(tasks.failed) as heard:
        tasks.run(fail, context=tasks, then=lambda _: None)
    assert heard.args[0].what == "The disk is full."


def test_a_fault_of_the_program_becomes_a_sentence_without_its_values(tasks: Tasks, qtbot: QtBot) -> None:
    def fault() -> None:
        raise KeyError("secret words")

    with qtbot.waitSignal(tasks.failed) as heard:
        tasks.run(fault, context=tasks, then=lambda _: None)
    assert isinstance(heard.args[0], Unavailable)
    assert "secret" not in str(heard.args[0])


def test_a_late_answer_does_not_reach_a_widget_that_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    release = threading.Event()
    answers: list[object] = []
    context = QObject()
    tasks.run(lambda: release.wait(10), context=context, then=answers.append)
    shiboken6.delete(context)
    release.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert answers == []


def test_long_work_reports_and_can_be_cancelled(tasks: Tasks, qtbot: QtBot) -> None:
    heard_by, started, go_on = threading.Event(), threading.Event(), threading.Event()
    failures: list[CountersignError] = []
    phases: list[tuple[str, int, int]] = []

    def work(progress: Progress) -> int:
        heard_by.wait(10)
        for n in range(100):
            progress("rows", n, 100)
            started.set()
            go_on.wait(10)
        return 100

    job = tasks.run_long(work, label="Importing", context=tasks, then=lambda _: None, failed=failures.append)
    job.progressed.connect(lambda *what: phases.append(what))
    heard_by.set()
    assert started.wait(10)
    job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], Cancelled)
    assert phases[0] == ("rows", 0, 100)
    assert len(phases) == 1


def test_busy_is_true_from_the_first_work_to_the_last_answer(tasks: Tasks, qtbot: QtBot) -> None:
    described: list[bool] = []
    tasks.busy_changed.connect(described.append)
    for _ in range(3):
        tasks.run(lambda: None, context=tasks, then=lambda _: None)
    assert tasks.busy
    qtbot.waitUntil(lambda: not tasks.busy)
    assert described == [True, False]


def test_after_closing_nothing_is_run(qtbot: QtBot) -> None:
    closed = Tasks()
    closed.close()
    ran: list[int] = []
    closed.run(lambda: ran.append(1), context=closed, then=lambda _: None)
    assert ran == []
    assert not closed.busy
