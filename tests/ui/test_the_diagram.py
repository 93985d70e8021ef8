"""The drawn process: walked and pinned by keyboard and mouse; what is pinned stays."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from domain.process.decode import decode_process
from ui.screens.designer.diagram_view import GRID, DiagramView

CAPA = Path(__file__).resolve().parents[2] / "resources" / "processes" / "capa.json"
CTRL = Qt.KeyboardModifier.ControlModifier


def shown(qtbot: QtBot) -> DiagramView:
    view = DiagramView()
    qtbot.addWidget(view)
    view.show_version(decode_process(CAPA.read_text(encoding="utf-8")))
    view.resize(view.minimumSize())
    return view


def test_arrows_replay_the_steps_and_report_each(qtbot: QtBot) -> None:
    view = shown(qtbot)
    described = []
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Right)
        described.append(view.described())
    assert [each.partition(",")[0] for each in described] == ["Step 1 of 7", "Step 2 of 7", "Step 3 of 7"]
    assert view.accessibleDescription() == described[-1]


def test_control_and_arrows_pin_a_step_and_home_lets_it_go(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.choose("plan")
    node = view.diagram.node("plan")
    with qtbot.waitSignal(view.placed) as put:
        QTest.keyClick(view, Qt.Key.Key_Down, CTRL)
    assert put.args == ["plan", f"{node.x},{node.y + GRID}"]
    with qtbot.waitSignal(view.placed) as gone:
        QTest.keyClick(view, Qt.Key.Key_Home)
    assert gone.args == ["plan", ""]


def test_a_step_is_dragged_onto_the_grid_and_a_click_moves_nothing(qtbot: QtBot) -> None:
    view = shown(qtbot)
    node = view.diagram.node("plan")
    middle = QPoint(node.x + node.w // 2, node.y + node.h // 2)
    left = Qt.MouseButton.LeftButton
    with qtbot.assertNotEmitted(view.placed), qtbot.waitSignal(view.chosen):
        QTest.mouseClick(view, left, pos=middle)
    with qtbot.waitSignal(view.placed) as put:
        QTest.mousePress(view, left, pos=middle)
        QTest.mouseMove(view, middle + QPoint(61, 38))
        QTest.mouseRelease(view, left, pos=middle + QPoint(61, 38))
    step, place = put.args
    x, y = map(int, place.split(","))
    assert step == "plan"
    assert (x % GRID, y % GRID) == (0, 0)
    assert abs(x - node.x - 61) <= GRID
    assert abs(y - node.y - 38) <= GRID


def test_control_and_plus_minus_and_nought_zoom(qtbot: QtBot) -> None:
    view = shown(qtbot)
    usual = view.minimumWidth()
    QTest.keyClick(view, Qt.Key.Key_Plus, CTRL)
    assert view.minimumWidth() > usual
    QTest.keyClick(view, Qt.Key.Key_0, CTRL)
    assert view.minimumWidth() == usual
    QTest.keyClick(view, Qt.Key.Key_Minus, CTRL)
    assert view.minimumWidth() < usual
