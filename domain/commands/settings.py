"""Commands about the vault as a whole: the calendar of the site, and settings."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.act import Act
from domain.calendar.working_time import USUAL
from domain.commands.changing import must_change, new_record, record_changed
from domain.commands.command import Case, VaultCommand
from domain.commands.meanings import stated_meaning
from domain.identity import iso
from domain.obstacle import Obstacle
from domain.records.governance import Calendar
from domain.records.oversight import SETTINGS, Setting
from domain.records.people import ADMINISTRATOR
from domain.rules.clock_rules import calendar_obstacles
from domain.rules.facts import VaultFacts
from domain.rules.oversight_rules import setting_obstacles
from domain.state import State


def calendar_on_record(state: State) -> Calendar:
    """The calendar of the site: the one on record, or the usual week."""
    return next(iter(state.all_of(Calendar)), USUAL)


def setting_value(state: State, name: str) -> str:
    """What holds now: the recorded value, or the shipped one."""
    return next((each.value for each in state.all_of(Setting) if each.id == name), SETTINGS[name][0])


class SetCalendar(VaultCommand, frozen=True, kw_only=True):
    """Sign that from now on deadlines go by this calendar. Deadlines that were written down already stay.

    Who set it and when is stated by the act, whatever `calendar` says.
    """

    signing: ClassVar[bool] = True

    calendar: Calendar
    reason: str = ""
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, or no calendar can be like this."""
        return calendar_obstacles(facts, self.calendar)

    def decide(self, case: Case) -> Act:
        before, given = calendar_on_record(case.state), self.calendar
        wanted = msgspec.structs.replace(
            given,
            id=USUAL.id,
            free_days=sorted(given.free_days),
            extra_days=sorted(given.extra_days),
            weekdays=sorted(given.weekdays),
            set_at=before.set_at,
            set_by=before.set_by,
        )
        must_change((record_changed("calendar", before, **_values(wanted)),), "calendar")
        wanted = msgspec.structs.replace(wanted, set_at=iso(case.by.at), set_by=case.by.person)
        change = (
            record_changed("calendar", before, **_values(wanted)) if before.set_at else new_record("calendar", wanted)
        )
        return self.act(change, role=ADMINISTRATOR, subject=case.state.vault().id, meaning=stated_meaning(self.meaning))


def _values(calendar: Calendar) -> dict[str, object]:
    values: dict[str, object] = msgspec.to_builtins(calendar)
    return values


class ChangeSetting(VaultCommand, frozen=True, kw_only=True):
    """Sign that a setting of the vault has this value from now on."""

    signing: ClassVar[bool] = True

    name: str
    value: str
    reason: str = ""
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, or no such setting or value."""
        return setting_obstacles(facts, name=self.name, value=self.value)

    def decide(self, case: Case) -> Act:
        state = case.state
        known = next((each for each in state.all_of(Setting) if each.id == self.name), None)
        wanted = Setting(id=self.name, value=self.value, set_at=iso(case.by.at), set_by=case.by.person)
        if self.value == setting_value(state, self.name):
            must_change((), self.name)
        change = (
            record_changed("setting", known, value=wanted.value, set_at=wanted.set_at, set_by=wanted.set_by)
            if known
            else new_record("setting", wanted)
        )
        return self.act(change, role=ADMINISTRATOR, subject=state.vault().id, meaning=stated_meaning(self.meaning))
