"""A day typed as people write it, or picked from a calendar; it may be left empty."""

from __future__ import annotations

import re

from PySide6.QtCore import QDate, QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QToolButton, QWidget

from domain.messages import message
from ui.widgets.layout import row
from ui.words import date_text

_NUMBERS = re.compile(r"(\d{1,2})[. ]+(\d{1,2})[. ]+(\d{4})")
_WITH_MONTH_NAME = ("d MMM yyyy", "d MMMM yyyy", "MMM d yyyy", "MMMM d yyyy")


def read_day(text: str) -> QDate:
    """The day a text names: 2026-11-22, 22 Nov 2026, November 22, 2026 or 22.11.2026; invalid for any other.

    Slashes are not read: 03/04/2026 is a different day on each side of an ocean.
    """
    words = " ".join(text.replace(",", " ").split())
    day = QDate.fromString(words, Qt.DateFormat.ISODate)
    if day.isValid():
        return day
    if numbers := _NUMBERS.fullmatch(words):
        return QDate(int(numbers[3]), int(numbers[2]), int(numbers[1]))
    for locale in (QLocale(), QLocale.c()):
        for form in _WITH_MONTH_NAME:
            day = locale.toDate(words, form)
            if day.isValid():
                return day
    return QDate()


class DayEdit(QWidget):
    """`edited` is emitted when a person typed or picked. Alt+Down opens the calendar.

    A text that names no day is kept and given as it is: the rules then refuse it with the reason, and nothing
    that was typed is lost unseen.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line = QLineEdit()
        self._line.setPlaceholderText(message("no date"))
        self._line.setToolTip(message("A day, for example {date}", date=date_text("2026-11-22")))
        self._open = QToolButton()
        self._open.setArrowType(Qt.ArrowType.DownArrow)
        self._open.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._open.setAccessibleName(message("Open the calendar"))
        self._open.setToolTip(message("Calendar (Alt+Down)"))
        across = row(self, gap=1)
        across.addWidget(self._line, 1)
        across.addWidget(self._open)
        self.setFocusProxy(self._line)
        self._line.textEdited.connect(lambda _text: self.edited.emit())
        self._line.editingFinished.connect(self._on_finished)
        self._open.clicked.connect(self.open_calendar)

    def day(self) -> str:
        """The ISO day, "" when nothing is typed, and the text itself when it names no day."""
        text = self._line.text().strip()
        day = read_day(text)
        return day.toString(Qt.DateFormat.ISODate) if day.isValid() else text

    def show_day(self, iso_day: str) -> None:
        """Show an ISO day, or none."""
        self._line.setText(date_text(iso_day))
        self._line.setCursorPosition(0)

    def open_calendar(self) -> None:
        """Show a calendar on the day typed, or on today."""
        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.setAccessibleName(message("Calendar"))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekend, QTextCharFormat())  # red would mean something here
        calendar.setMinimumSize(300, 240)
        day = read_day(self._line.text())
        calendar.setSelectedDate(day if day.isValid() else QDate.currentDate())
        calendar.activated.connect(self._on_picked)
        calendar.clicked.connect(self._on_picked)
        for picked in (calendar.activated, calendar.clicked):
            picked.connect(calendar.close)
        calendar.move(self.mapToGlobal(self.rect().bottomLeft()))
        calendar.show()
        calendar.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down opens the calendar."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A locked day can be read and not picked."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._open.setVisible(self.isEnabled())

    def setAccessibleName(self, name: str) -> None:
        """The name belongs to the line, which takes the focus."""
        super().setAccessibleName(name)
        self._line.setAccessibleName(name)
        self._open.setAccessibleName(message("Open the calendar for {name}", name=name))

    def setAccessibleDescription(self, text: str) -> None:
        """As for the name."""
        super().setAccessibleDescription(text)
        self._line.setAccessibleDescription(text)

    def _on_finished(self) -> None:
        """What was typed in another way is shown in the one way of the window."""
        day = read_day(self._line.text())
        if day.isValid():
            self._line.setText(date_text(day.toString(Qt.DateFormat.ISODate)))

    def _on_picked(self, day: QDate) -> None:
        self.show_day(day.toString(Qt.DateFormat.ISODate))
        self.edited.emit()
