"""The filter of the audit log: who, what, about what, when, signed only. The store does the looking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QToolButton, QWidget

from domain.identity import iso
from domain.ports import LogFilter
from ui.reading import Session
from ui.widgets.buttons import button
from ui.widgets.day_edit import DayEdit, read_day
from ui.widgets.forms import choice
from ui.widgets.layout import row
from ui.widgets.text import label
from ui.words import act_words

_PAUSE_MS = 250


class LogFilterBar(QWidget):
    """`changed` carries nothing: ask `wanted`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        across = row(self, gap=2)
        self.person: QComboBox = choice((("", self.tr("Everyone")),))
        self.person.setAccessibleName(self.tr("Who"))
        acts = sorted(act_words().items(), key=lambda each: each[1])
        self.act: QComboBox = choice((("", self.tr("Every act")), *acts))
        self.act.setAccessibleName(self.tr("What was done"))
        self.about = QLineEdit()
        self.about.setPlaceholderText(self.tr("Number or name"))
        self.about.setAccessibleName(self.tr("About which item or person"))
        self.about.setClearButtonEnabled(True)
        for inner in self.about.findChildren(QToolButton):
            inner.setAccessibleName(self.tr("Clear what it is about"))
            inner.setToolTip(self.tr("Clear what it is about"))
        self.since, self.until = DayEdit(), DayEdit()
        self.since.setAccessibleName(self.tr("From day"))
        self.until.setAccessibleName(self.tr("To day"))
        self.signed = QCheckBox(self.tr("Si&gned only"))
        self.signed.setToolTip(self.tr("Only acts for which the passphrase was asked again"))
        self.clear = button(self.tr("Show all"), self.show_all, quiet=True)
        across.addWidget(self.person)
        across.addWidget(self.act)
        across.addWidget(self.about, 1)
        across.addWidget(label(self.tr("from"), muted=True))
        across.addWidget(self.since)
        across.addWidget(label(self.tr("to"), muted=True))
        across.addWidget(self.until)
        across.addWidget(self.signed)
        across.addWidget(self.clear)
        for day in (self.since, self.until):
            day.setFixedWidth(184)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._say)
        self.person.currentIndexChanged.connect(self._say)
        self.act.currentIndexChanged.connect(self._say)
        self.signed.toggled.connect(self._say)
        for typed in (self.about.textChanged, self.since.edited, self.until.edited):
            typed.connect(self._pause.start)
        self._say()

    def show_people(self, session: Session) -> None:
        """Offer everyone ever enrolled; the choice stays."""
        names = [(each.id, each.name) for each in session.people]
        if [self.person.itemData(n) for n in range(1, self.person.count())] == [id_ for id_, _ in names]:
            return
        chosen = self.person.currentData()
        self.person.blockSignals(True)
        while self.person.count() > 1:
            self.person.removeItem(1)
        for id_, name in names:
            self.person.addItem(name, id_)
        self.person.setCurrentIndex(max(self.person.findData(chosen), 0))
        self.person.blockSignals(False)

    def wanted(self) -> LogFilter:
        """What is asked for; days are whole days of this computer's time zone."""
        return LogFilter(
            person=self.person.currentData() or "",
            act=self.act.currentData() or "",
            about=self.about.text().strip(),
            since=_instant(self.since.day()),
            until=_instant(self.until.day(), days=1),
            signed=self.signed.isChecked(),
        )

    def show_all(self) -> None:
        """Take the filter away."""
        self.person.setCurrentIndex(0)
        self.act.setCurrentIndex(0)
        self.about.clear()
        for day in (self.since, self.until):
            day.show_day("")
        self.signed.setChecked(False)
        self._say()

    def _say(self) -> None:
        self._pause.stop()
        self.clear.setEnabled(self.wanted() != LogFilter())
        self.changed.emit()


def _instant(day: str, *, days: int = 0) -> str:
    """When a day begins here, as the log writes instants; "" for a text that names no day."""
    if not day or not read_day(day).isValid():
        return ""
    begin = datetime.fromisoformat(day[:10]) + timedelta(days=days)
    return iso(begin.astimezone().astimezone(UTC))
