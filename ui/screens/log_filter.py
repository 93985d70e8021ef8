"""The filter of the audit log: who, what, about what, when, signed only. The store does the looking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QToolButton, QWidget

from domain.commands.act_words import ACT_WORDS
from domain.identity import iso
from domain.messages import message
from domain.ports import LogFilter
from ui.queries import SessionView
from ui.widgets.buttons import button
from ui.widgets.day_edit import DayEdit, read_day
from ui.widgets.forms import choice
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.words import field_word

_PAUSE_MS = 250
CORE_FIELDS = ("title", "description", "owner", "due", "raised", "severity", "priority", "step", "state")


class LogFilterBar(QWidget):
    """`changed` carries nothing: ask `wanted`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        down = column(self, gap=2)
        across, below = row(gap=2), row(gap=2)
        down.addLayout(across)
        down.addLayout(below)
        self.person: QComboBox = choice((("", message("Everyone")),))
        self.person.setAccessibleName(message("Who"))
        acts = sorted(((act, str(words)) for act, words in ACT_WORDS.items()), key=lambda each: each[1])
        self.act: QComboBox = choice((("", message("Every act")), *acts))
        self.act.setAccessibleName(message("What was done"))
        self.field: QComboBox = choice((("", message("Every field")),))
        self.field.setAccessibleName(message("Which field was changed"))
        self.field.setMaximumWidth(152)
        self.about = QLineEdit()
        self.about.setPlaceholderText(message("Number or name"))
        self.about.setAccessibleName(message("About which item or person"))
        self.about.setClearButtonEnabled(True)
        for inner in self.about.findChildren(QToolButton):
            inner.setAccessibleName(message("Clear what it is about"))
            inner.setToolTip(message("Clear what it is about"))
        self.since, self.until = DayEdit(), DayEdit()
        self.since.setAccessibleName(message("From day"))
        self.until.setAccessibleName(message("To day"))
        self.signed = QCheckBox(message("Si&gned only"))
        self.signed.setToolTip(message("Only acts for which the passphrase was asked again"))
        self.clear = button(message("Show all"), self.show_all, quiet=True)
        across.addWidget(self.person)
        across.addWidget(self.act)
        across.addWidget(self.field)
        across.addWidget(self.about, 1)
        below.addWidget(label(message("From"), muted=True))
        below.addWidget(self.since)
        below.addWidget(label(message("to"), muted=True))
        below.addWidget(self.until)
        below.addWidget(self.signed)
        below.addStretch(1)
        below.addWidget(self.clear)
        for day in (self.since, self.until):
            day.setFixedWidth(184)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._announce)
        self.person.currentIndexChanged.connect(self._announce)
        self.act.currentIndexChanged.connect(self._announce)
        self.field.currentIndexChanged.connect(self._announce)
        self.signed.toggled.connect(self._announce)
        for typed in (self.about.textChanged, self.since.edited, self.until.edited):
            typed.connect(self._pause.start)
        self._announce()

    def show_people(self, session: SessionView) -> None:
        """Offer everyone ever enrolled and every field there is; the choices stay."""
        _offer(self.person, [(each.id, each.name) for each in session.people])
        fields = {field: field_word(field) for field in CORE_FIELDS}
        for process in session.processes:
            fields |= {field.id: field.title for field in process.fields if field.id not in fields}
        _offer(self.field, sorted(fields.items(), key=lambda each: each[1].casefold()))

    def wanted(self) -> LogFilter:
        """What is asked for; days are whole days of this computer's time zone."""
        return LogFilter(
            person=self.person.currentData() or "",
            act=self.act.currentData() or "",
            about=self.about.text().strip(),
            field=self.field.currentData() or "",
            since=_instant(self.since.day()),
            until=_instant(self.until.day(), days=1),
            signed=self.signed.isChecked(),
        )

    def show_all(self) -> None:
        """Take the filter away."""
        self.person.setCurrentIndex(0)
        self.act.setCurrentIndex(0)
        self.field.setCurrentIndex(0)
        self.about.clear()
        for day in (self.since, self.until):
            day.show_day("")
        self.signed.setChecked(False)
        self._announce()

    def _announce(self) -> None:
        self._pause.stop()
        self.clear.setEnabled(self.wanted() != LogFilter())
        self.changed.emit()


def _offer(box: QComboBox, choices: list[tuple[str, str]]) -> None:
    """Offer values with their words below the first line; the choice stays."""
    if [box.itemData(n) for n in range(1, box.count())] == [value for value, _ in choices]:
        return
    chosen = box.currentData()
    box.blockSignals(True)
    while box.count() > 1:
        box.removeItem(1)
    for value, words in choices:
        box.addItem(words, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.blockSignals(False)


def _instant(day: str, *, days: int = 0) -> str:
    """When a day begins here, as the log writes instants; "" for a text that names no day."""
    if not day or not read_day(day).isValid():
        return ""
    begin = datetime.fromisoformat(day[:10]) + timedelta(days=days)
    return iso(begin.astimezone().astimezone(UTC))
