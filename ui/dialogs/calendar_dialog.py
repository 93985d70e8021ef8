"""The working time of the site: zone, week, hours, public holidays of a country and company days, signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QTimeEdit, QWidget

from domain.commands.settings import SetCalendar, calendar_on_record
from domain.identity import iso
from domain.messages import message
from domain.records.governance import Calendar
from domain.session import Session
from resources.texts.meanings import MEANINGS
from ui.dialogs.sign import SignDialog, Signing
from ui.tasks import Failed
from ui.widgets.forms import FormRow, choice, text_area
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.window_services import WindowServices

YEARS_AHEAD: Final = 3


class CalendarFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The calendar on record, which of its free days are public holidays, and the countries to choose from."""

    calendar: Calendar
    company: tuple[tuple[str, str], ...]
    countries: Mapping[str, tuple[str, ...]]
    year: int


def read_calendar(vault: Session) -> CalendarFacts:
    """What the dialog begins with; asked on the worker."""
    calendar = calendar_on_record(vault.register)
    years = sorted({int(day[:4]) for day, _ in calendar.free_days})
    known = vault.clocks.public_holidays(calendar.country, calendar.subdivision, years) if calendar.country else []
    public = {tuple(each) for each in known}
    return CalendarFacts(
        calendar=calendar,
        company=tuple((day, name) for day, name in calendar.free_days if (day, name) not in public),
        countries=vault.clocks.countries(),
        year=int(iso(vault.actor().at)[:4]),
    )


def company_days(text: str) -> tuple[list[list[str]], list[list[str]]]:
    """Free and worked days of lines such as "2026-12-24 Company holiday" and "+2026-12-19 Stocktaking".

    A line that is not like that comes back as it is: the judge says what is wrong with it.
    """
    free: list[list[str]] = []
    worked: list[list[str]] = []
    for line in text.splitlines():
        if line.strip():
            day, _, name = line.strip().removeprefix("+").strip().partition(" ")
            (worked if line.strip().startswith("+") else free).append([day, name.strip()])
    return free, worked


class WeekFields(QWidget):
    """The fields of a calendar below one another."""

    def __init__(self, facts: CalendarFacts) -> None:
        super().__init__()
        self._facts = facts
        calendar = facts.calendar
        down = column(self, gap=3)
        self.zone = QLineEdit(calendar.zone)
        down.addWidget(FormRow(message("Time &zone"), self.zone, hint=message("Such as Europe/Berlin or UTC.")))
        week = QWidget()
        across = row(week, gap=2)
        self.days: list[QCheckBox] = []
        for number in range(1, 8):
            box = QCheckBox(QLocale().dayName(number, QLocale.FormatType.ShortFormat))
            box.setChecked(number in calendar.weekdays)
            self.days.append(box)
            across.addWidget(box)
        across.addStretch(1)
        week.setFocusProxy(self.days[0])
        down.addWidget(FormRow(message("Working days"), week))
        hours = QWidget()
        across = row(hours, gap=2)
        self.begins, self.ends = QTimeEdit(), QTimeEdit()
        for edit, minutes, name in (
            (self.begins, calendar.begins, message("The working day begins")),
            (self.ends, calendar.ends, message("The working day ends")),
        ):
            edit.setDisplayFormat("HH:mm")
            edit.setTime(QTime(minutes // 60 % 24, minutes % 60))
            edit.setAccessibleName(name)
            across.addWidget(edit)
        across.insertWidget(1, label(message("to"), muted=True))
        across.addStretch(1)
        hours.setFocusProxy(self.begins)
        down.addWidget(FormRow(message("&Hours"), hours))
        place = QWidget()
        across = row(place, gap=2)
        self.country: QComboBox = choice((("", "–"), *((code, code) for code in facts.countries)))
        self.country.setAccessibleName(message("Country whose public holidays are free"))
        self.part: QComboBox = choice(())
        self.part.setAccessibleName(message("Part of the country"))
        across.addWidget(self.country)
        across.addWidget(self.part)
        across.addStretch(1)
        self.country.currentIndexChanged.connect(lambda _index: self._show_parts())
        self.country.setCurrentIndex(max(self.country.findData(calendar.country), 0))
        self._show_parts()
        self.part.setCurrentIndex(max(self.part.findData(calendar.subdivision), 0))
        place.setFocusProxy(self.country)
        hint = message("As they are known now, for this year and the next three.")
        down.addWidget(FormRow(message("Public h&olidays of"), place, hint=hint))
        self.own: QPlainTextEdit = text_area(rows=4)
        lines = [f"{day} {name}" for day, name in facts.company]
        lines += [f"+{day} {name}" for day, name in calendar.extra_days]
        self.own.setPlainText("\n".join(lines))
        hint = message("One a line: 2026-12-24 Company holiday. With + before it the day is worked.")
        down.addWidget(FormRow(message("Company &days"), self.own, hint=hint))
        self.setFocusProxy(self.zone)

    def _show_parts(self) -> None:
        self.part.clear()
        for part in ("", *self._facts.countries.get(self.country.currentData() or "", ())):
            self.part.addItem(part or message("the whole country"), part)
        self.part.setVisible(self.part.count() > 1)

    def calendar(self) -> Calendar:
        """The calendar as filled in, without public holidays."""
        free, worked = company_days(self.own.toPlainText())
        ends = _minutes(self.ends)
        return msgspec.structs.replace(
            self._facts.calendar,
            zone=self.zone.text().strip(),
            weekdays=[number for number, box in enumerate(self.days, 1) if box.isChecked()],
            begins=_minutes(self.begins),
            ends=ends or 24 * 60,
            country=self.country.currentData() or "",
            subdivision=self.part.currentData() or "",
            free_days=free,
            extra_days=worked,
        )


class CalendarDialog(SignDialog):
    """Sign the working time of the site."""

    def __init__(self, services: WindowServices, parent: QWidget, facts: CalendarFacts) -> None:
        self.fields = WeekFields(facts)
        workspace = services.workspace
        session = workspace.session

        def sign(passphrase: str, reason: str, then: Callable[[Any], None], failed: Failed) -> None:
            vault, wanted = workspace.vault, self.fields.calendar()
            years = range(facts.year, facts.year + YEARS_AHEAD + 1)

            def completed() -> Calendar:
                known = wanted.country in facts.countries
                public = vault.clocks.public_holidays(wanted.country, wanted.subdivision, years) if known else []
                taken = {day for day, _ in (*wanted.free_days, *wanted.extra_days)}
                free = [*wanted.free_days, *(each for each in public if each[0] not in taken)]
                offsets = vault.clocks.zone_offsets(wanted.zone)
                return msgspec.structs.replace(wanted, free_days=free, offsets=offsets)

            def go_on(calendar: Calendar) -> None:
                workspace.perform(
                    SetCalendar(calendar=calendar, reason=reason, meaning=MEANINGS["set_calendar"]),
                    context=parent,
                    then=then,
                    failed=failed,
                    passphrase=passphrase,
                )

            services.tasks.run(completed, context=parent, then=go_on, failed=failed)

        super().__init__(
            services,
            parent,
            Signing(
                title=message("Working calendar of this site"),
                verb=message("Sign and set"),
                icon="sign",
                meaning=MEANINGS["set_calendar"],
                person=session.person.name if session else "",
                role="administrator",
                at=workspace.now(),
                facts=(),
                reason_label=message("&Reason"),
            ),
            sign,
            lead=self.fields,
        )


def _minutes(edit: QTimeEdit) -> int:
    return edit.time().hour() * 60 + edit.time().minute()
