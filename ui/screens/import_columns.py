"""Which column of the tracker fills which field: every column with its samples, the proposal and its reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QLabel, QRadioButton, QWidget

from domain.messages import message, plural_message
from domain.session import TrackerReading
from domain.trackers.cells import column_letter, text_of
from domain.trackers.header_words import FIELDS
from domain.trackers.match_columns import ColumnMatch
from domain.trackers.plan import ImportPlan
from ui.widgets.forms import choice
from ui.widgets.layout import column, row, scrolled
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text, field_word

SURE = 0.6
"""Below this score a proposal should be looked at."""

SAMPLES_SHOWN, SAMPLE_LETTERS = 4, 36


class ColumnsPage(QWidget):
    """`mapping()` is what was chosen: field -> column letter, "" for left empty."""

    changed = Signal()

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._boxes: dict[int, QComboBox] = {}
        self._inner = QWidget()
        self._down = column(self, gap=2)
        self._what = label(wrap=True)
        self._down.addWidget(self._what)
        self._dates = self._build_dates()
        self._down.addWidget(self._dates)
        self._area = scrolled(self._inner)
        self._down.addWidget(self._area, 1)
        self._trouble = label(wrap=True)
        self._trouble.setProperty("ink", "overdue")
        self._down.addWidget(self._trouble)

    @property
    def day_first(self) -> bool | None:
        """How to read 03/04/2024, None while nobody chose."""
        if self._day.isChecked():
            return True
        return False if self._month.isChecked() else None

    @property
    def trouble(self) -> str:
        """Why these columns cannot be used, empty when they can."""
        return self._trouble.text()

    def box(self, column_number: int) -> QComboBox:
        """The box of a column, counted from one."""
        return self._boxes[column_number]

    def mapping(self) -> dict[str, str]:
        """Field -> column letter; fields without a column are named with ""."""
        chosen = {box.currentData(): column_letter(number) for number, box in self._boxes.items() if box.currentData()}
        return {field: chosen.get(field, "") for field in FIELDS}

    def show_tracker(self, tracker: TrackerReading) -> None:
        """Show the columns of a table with the proposals."""
        table = tracker.table
        self._what.setText(
            plural_message(
                "Sheet {sheet}, column names in row {row}, {count} row. Columns not used are kept with each item as "
                "written.",
                "Sheet {sheet}, column names in row {row}, {count} rows. Columns not used are kept with each item as "
                "written.",
                len(table.data_rows),
                sheet=table.sheet,
                row=table.header_row,
                count=count_text(len(table.data_rows)),
            )
        )
        proposed = {match.column: match for match in tracker.matches if match.column is not None}
        self._inner = QWidget()
        grid = QGridLayout(self._inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        heads = (message("Column"), message("First values"), message("Becomes"), message("Why"))
        for n, words in enumerate(heads):
            grid.addWidget(label(words, muted=True, type_="small"), 0, n)
        fields = (("", message("Kept as written")), *((field, field_word(field)) for field in FIELDS))
        self._boxes = {}
        for place, (number, header) in enumerate(table.headers, 1):
            name = label(f"{column_letter(number)}  {header or message('(no name)')}", type_="strong", wrap=True)
            name.setFixedWidth(176)
            values = tuple(dict.fromkeys(text_of(cell) for cell in tracker.samples.get(number, ())))
            shown = label(
                "  ·  ".join(_sample(value) for value in values[:SAMPLES_SHOWN]) or "–", muted=True, wrap=True
            )
            box = choice(fields)
            box.setMinimumWidth(168)
            box.setAccessibleName(message("What column {value} becomes", value=f"{column_letter(number)} {header}"))
            match = proposed.get(number)
            box.setCurrentIndex(max(box.findData(match.field), 0) if match else 0)
            why = label(type_="small", muted=True, wrap=True)
            why.setFixedWidth(216)
            why.setText(self._why(match))
            box.currentIndexChanged.connect(lambda _index, why=why: self._on_changed(why))
            for n, part in enumerate((name, shown, box, why)):
                grid.addWidget(part, place, n, Qt.AlignmentFlag.AlignVCenter)
            self._boxes[number] = box
        grid.setRowStretch(len(table.headers) + 1, 1)
        self._area.setWidget(self._inner)
        self._dates.hide()
        self._check()

    def show_plan(self, plan: ImportPlan) -> None:
        """Ask for the order of day and month when whole columns leave it open."""
        self._dates.setVisible(bool(plan.ambiguous) or self.day_first is not None)
        if plan.ambiguous:
            column_ = plan.ambiguous[0]
            self._question.setText(
                message(
                    "The dates in {column} can be read both ways, for example {examples}. Which is it?",
                    column=column_.header,
                    examples=", ".join(f"{raw} ({cell})" for cell, raw in column_.examples),
                )
            )

    def forget(self) -> None:
        """Forget choices made for another file."""
        self._order.setExclusive(False)
        self._day.setChecked(False)
        self._month.setChecked(False)
        self._order.setExclusive(True)
        self._dates.hide()

    def _build_dates(self) -> QWidget:
        frame = QWidget()
        across = row(frame, gap=4)
        self._question = label(wrap=True, type_="strong")
        self._day, self._month = QRadioButton(message("&Day first")), QRadioButton(message("&Month first"))
        self._order = QButtonGroup(self)
        across.addWidget(self._question, 1)
        for choice_ in (self._day, self._month):
            self._order.addButton(choice_)
            across.addWidget(choice_)
        self._order.buttonClicked.connect(lambda _button: self.changed.emit())
        frame.hide()
        return frame

    def _on_changed(self, why: QLabel) -> None:
        why.setText(message("chosen by you"))
        self._check()
        self.changed.emit()

    def _why(self, match: ColumnMatch | None) -> str:
        if match is None:
            return ""
        percent = round(match.score * 100)
        if match.score < SURE:
            return message("please check: {reason}, {percent} %", reason=match.reason, percent=percent)
        return message("{reason}, {percent} %", reason=match.reason, percent=percent)

    def _check(self) -> None:
        chosen = [box.currentData() for box in self._boxes.values() if box.currentData()]
        twice = sorted({field for field in chosen if chosen.count(field) > 1})
        if twice:
            names = ", ".join(field_word(field) for field in twice)
            self._trouble.setText(message("Two columns cannot become the same field: {names}.", names=names))
        elif "title" not in chosen and "description" not in chosen:
            self._trouble.setText(message("Choose a column for the title or the description."))
        else:
            self._trouble.clear()
        self._trouble.setVisible(bool(self._trouble.text()))


def _sample(text: str) -> str:
    """A cell's text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SAMPLE_LETTERS else f"{line[: SAMPLE_LETTERS - 1].rstrip()}…"
