"""Days as people type them, lists that give letters to their screen and keep room for words, errors that go away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from domain.errors import Refused
from domain.obstacle import Obstacle
from ui.main_window import MainWindow
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.widgets.day_edit import DayEdit, read_day
from ui.widgets.forms import FormRow
from ui.widgets.grid import LEAST_STRETCH, Grid
from ui.words import date_text, error_sentence


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_as_it_is_shown_and_as_it_is_recorded(day: date) -> None:
    iso = day.isoformat()
    for written in (iso, date_text(iso), f"{day.day}.{day.month}.{day.year}", f"{day:%B} {day.day}, {day.year}"):
        assert read_day(written).toString(Qt.DateFormat.ISODate) == iso, written


@pytest.mark.parametrize("text", ["", "soon", "03/04/2026", "31.2.2026", "18 Dec", "18 Dec 27"])
def test_what_names_no_day_is_not_made_one(text: str) -> None:
    assert not read_day(text).isValid()


@pytest.fixture
def day_edit(qtbot: QtBot) -> Iterator[DayEdit]:
    page = QWidget()
    down = QVBoxLayout(page)
    edit = DayEdit()
    down.addWidget(edit)
    down.addWidget(QLineEdit())
    qtbot.addWidget(page)
    page.show()
    edit.setFocus()
    yield edit
    page.close()


def test_a_day_is_typed_into_an_empty_field_and_shown_in_one_way(day_edit: DayEdit, qtbot: QtBot) -> None:
    line = day_edit.focusProxy()
    assert isinstance(line, QLineEdit)
    with qtbot.waitSignal(day_edit.edited):
        qtbot.keyClicks(line, "2026-12-18")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert (line.text(), day_edit.day()) == ("18 Dec 2026", "2026-12-18")


def test_a_text_that_names_no_day_is_kept_for_the_rules_to_refuse(day_edit: DayEdit, qtbot: QtBot) -> None:
    line = day_edit.focusProxy()
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, "next week")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert day_edit.day() == "next week"


def test_a_day_is_picked_from_the_calendar_by_keyboard(day_edit: DayEdit, qtbot: QtBot) -> None:
    day_edit.show_day("2026-12-18")
    qtbot.keyClick(day_edit.focusProxy(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = day_edit.findChild(QCalendarWidget)
    assert calendar.isVisible()
    assert calendar.selectedDate().toString(Qt.DateFormat.ISODate) == "2026-12-18"
    grid = calendar.focusProxy() or calendar
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert day_edit.day() == "2026-12-19"
    qtbot.waitUntil(lambda: day_edit.findChild(QCalendarWidget) is None)


class Letters(QWidget):
    """A screen that hears keys its list does not take."""

    heard = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's own name)
        self.heard.emit(event.text())


@pytest.fixture
def listed(window: MainWindow, qtbot: QtBot) -> Iterator[Grid]:
    screen = Letters()
    grid = Grid(window.services.theme, window.services.icons, name="Lines")
    columns = tuple(Column(header=each, text=str) for each in ("Number", "Title", "Owner", "Note"))
    model = LinesModel(columns, grid)
    model.show_lines(("Anna", "Bert"))
    grid.setModel(model)
    grid.size_columns((100, 100, 100, 100), stretch=1, spare=(3, 2))
    QVBoxLayout(screen).addWidget(grid)
    qtbot.addWidget(screen)
    screen.show()
    yield grid
    screen.close()


def test_letters_pressed_in_a_list_are_heard_by_its_screen(listed: Grid, qtbot: QtBot) -> None:
    listed.choose_row(0)
    screen = listed.parentWidget()
    assert isinstance(screen, Letters)
    with qtbot.waitSignal(screen.heard) as heard:
        qtbot.keyClick(listed, Qt.Key.Key_B)
    assert heard.args == ["b"]
    assert listed.currentIndex().row() == 0, "no search in the rows"


def test_columns_that_can_be_spared_make_room_for_words_in_a_narrow_list(listed: Grid, qtbot: QtBot) -> None:
    for width, hidden in ((900, []), (100 * 3 + LEAST_STRETCH - 20, [3]), (360, [3, 2]), (900, [])):
        listed.setFixedWidth(width)
        qtbot.waitUntil(lambda width=width: listed.width() == width)
        assert [column for column in (3, 2, 1, 0) if listed.isColumnHidden(column)] == hidden, width


def test_the_reason_under_a_field_goes_when_the_field_is_changed(qtbot: QtBot) -> None:
    field = QLineEdit()
    row = FormRow("&Name", field, required=True)
    qtbot.addWidget(row)
    row.mark_wrong("Type a name.")
    assert row.is_wrong
    qtbot.keyClicks(field, "A")
    assert not row.is_wrong


def test_what_the_title_of_an_error_states_is_not_stated_twice() -> None:
    obstacle = Obstacle(rule="field.title", text="An item needs a title.", remedy="Give it one.", responsible="Quinn")
    announced = error_sentence(Refused("T1 cannot change: An item needs a title.", (obstacle,), where="T1"))
    assert (announced.text, announced.details) == ("", ("Give it one. (Quinn)",))
