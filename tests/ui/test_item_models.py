"""Models under Qt's own model tester; windows of lines, order and search asked of the store."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from memory_register import MemoryVault
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from domain.state import ItemFilter, ItemLine
from ui.main_window import MainWindow
from ui.models.columns import LINE_ROLE, Column
from ui.models.lines import LinesModel
from ui.models.log_model import LogModel
from ui.models.paged import NOT_YET, WINDOW
from ui.models.register_model import RegisterModel
from ui.widgets.pill import MARK_ROLE
from ui.words import Mark


def many_lines(number: int) -> list[ItemLine]:
    return [
        ItemLine(
            id=f"i{n}",
            number=f"T1-CAPA-{n:05d}",
            title=f"Finding {n}",
            process="capa",
            step="reported",
            state="open",
            owner="p-olga",
            due="2026-01-01",
            severity="major",
            raised="2025-12-01",
            closed="",
            legacy_status="open",
        )
        for n in range(number)
    ]


@pytest.fixture
def asked(world: MemoryVault, monkeypatch: pytest.MonkeyPatch) -> list[tuple[ItemFilter, int]]:
    """A register of 1,000 lines that notes which windows are asked for."""
    lines = many_lines(1000)
    asked: list[tuple[ItemFilter, int]] = []

    def page(wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
        asked.append((wanted, offset))
        chosen = sorted(lines, key=lambda line: getattr(line, wanted.sort), reverse=wanted.descending)
        return tuple(chosen[offset : offset + limit])

    monkeypatch.setattr(world.register, "page", page)
    monkeypatch.setattr(world.register, "count", lambda wanted: 0 if wanted.search == "nothing" else len(lines))
    return asked


@pytest.fixture
def register(asked: list[tuple[ItemFilter, int]], enter: Callable[[str], MainWindow], qtbot: QtBot) -> RegisterModel:
    model = RegisterModel(enter("Quinn").services.workspace)
    asked.clear()
    with qtbot.waitSignal(model.loaded):
        model.reload()
    return model


def test_the_register_model_satisfies_the_model_tester(register: RegisterModel, qtbot: QtBot) -> None:
    tester = QAbstractItemModelTester(register, QAbstractItemModelTester.FailureReportingMode.Fatal)
    with qtbot.waitSignal(register.loaded):
        register.want_rows(400, 420)
    with qtbot.waitSignal(register.loaded):
        register.show_filter(search="nothing")
    assert register.rowCount() == 0
    assert tester.model() is register


def test_only_the_first_window_is_read_at_first(register: RegisterModel, asked: list[tuple[ItemFilter, int]]) -> None:
    assert register.rowCount() == 1000
    assert [offset for _, offset in asked] == [0]


def test_rows_not_read_yet_show_a_quiet_mark_and_arrive_when_wanted(register: RegisterModel, qtbot: QtBot) -> None:
    far = register.index(700, 0)
    assert far.data() == NOT_YET
    assert far.data(LINE_ROLE) is None
    with qtbot.waitSignals([register.dataChanged, register.loaded]):
        register.want_rows(700, 701)
    assert far.data() == "T1-CAPA-00700"
    assert far.data(LINE_ROLE).id == "i700"


def test_a_window_is_asked_for_once(register: RegisterModel, asked: list[tuple[ItemFilter, int]], qtbot: QtBot) -> None:
    with qtbot.waitSignal(register.loaded):
        for first in range(WINDOW, WINDOW + 50):
            register.want_rows(first, first + 20)
    register.want_rows(WINDOW, WINDOW + 20)
    assert [offset for _, offset in asked] == [0, WINDOW]


def test_sorting_is_asked_of_the_store(
    register: RegisterModel, asked: list[tuple[ItemFilter, int]], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(register.loaded):
        register.sort(0, Qt.SortOrder.DescendingOrder)
    assert asked[-1][0].sort == "number"
    assert asked[-1][0].descending
    assert register.index(0, 0).data() == "T1-CAPA-00999"


def test_cells_have_words_pills_and_spoken_texts(register: RegisterModel) -> None:
    columns = {register.headerData(n, Qt.Orientation.Horizontal): n for n in range(register.columnCount())}
    state = register.index(0, columns["State"])
    assert isinstance(state.data(MARK_ROLE), Mark)
    assert state.data() == "Overdue"
    assert state.data(Qt.ItemDataRole.AccessibleTextRole) == "State: Overdue"
    assert register.index(0, columns["Owner"]).data() == "Olga"
    assert register.index(0, columns["Step"]).data() == "Reported"
    assert register.index(0, columns["Due"]).data() == "1 Jan 2026"


def test_an_answer_to_an_older_question_is_dropped(register: RegisterModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(register.loaded):
        register.show_filter(search="nothing")
        register.show_filter(search="")
    assert register.rowCount() == 1000


def test_the_log_model_satisfies_the_model_tester_and_shows_the_newest_first(
    enter: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    workspace = enter("Quinn").services.workspace
    model = LogModel(workspace)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    with qtbot.waitSignal(model.loaded):
        model.reload()
    assert tester.model() is model
    assert model.rowCount() == workspace.session.log_size
    assert [model.index(n, 0).data() for n in range(2)] == [str(model.rowCount() - 1), str(model.rowCount() - 2)]
    assert model.index(model.rowCount() - 1, 3).data() == "Created the vault"


class Pair(msgspec.Struct, frozen=True):
    left: str
    right: str


def test_the_lines_model_satisfies_the_model_tester(qtbot: QtBot) -> None:
    model = LinesModel(
        (Column(header="Left", text=lambda p: p.left), Column(header="Right", text=lambda p: p.right, right=True))
    )
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_lines((Pair("a", "b"), Pair("c", "d")))
    assert tester.model() is model
    assert model.index(1, 1).data() == "d"
    assert model.data(QModelIndex()) is None
    model.show_lines(())
    assert model.rowCount() == 0
