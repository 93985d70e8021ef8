"""Who sets the calendar of the site and to what, and whose alerts are whose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from domain.calendar.alert_words import alert_words
from domain.days import is_day
from domain.identity import iso, parse_iso
from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.governance import Alert, Calendar, ZoneOffset
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.people import name_of
from domain.rules.rights import needs_one_of

_A_DAY = 24 * 60
_MOST_DAYS = 5_000
_LONGEST_NAME = 200
_MOST_OFFSETS = 500
_FARTHEST = 14 * 60
"""Minutes: no clock of the world is farther from UTC (Line Islands)."""
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")
_PLACE = re.compile(r"[A-Za-z0-9 ._-]{0,40}")


def calendar_obstacles(facts: VaultFacts, calendar: Calendar) -> tuple[Obstacle, ...]:
    """May the actor set this calendar of the site?"""
    refused = needs_one_of(facts, (ADMINISTRATOR,), message("clock_rules.set_the_calendar_of"))
    found = (
        Obstacle(rule=rule, text=text, remedy=remedy, responsible=facts.actor.name)
        for rule, text, remedy in _wrong(calendar)
    )
    return (*refused, *found)


def seen_obstacles(facts: VaultFacts, alerts: Iterable[Alert]) -> tuple[Obstacle, ...]:
    """May the actor say that these alerts were seen?"""
    return tuple(_not_addressed(facts, each) for each in alerts if not addressed(facts, each))


def addressed(facts: VaultFacts, alert: Alert) -> bool:
    """Whether the alert is for the actor: by name, or by a role the actor holds."""
    return alert.person == facts.actor.person if alert.person else alert.role in facts.actor.roles


def _not_addressed(facts: VaultFacts, alert: Alert) -> Obstacle:
    people = (alert.person,) if alert.person else facts.holders.get(alert.role, ())
    who = ", ".join(name_of(facts, person) for person in people) or alert.role
    text = message("alert.not_yours.text", alert=alert_words(alert), who=who, actor=facts.actor.name)
    return Obstacle(rule="alert.not_yours", text=text, remedy=message("alert.not_yours.remedy"), responsible=who)


def _wrong(calendar: Calendar) -> Iterator[tuple[str, str, str]]:
    """What no calendar can be: rule, text, remedy."""
    yield from _wrong_place(calendar)
    if not 0 <= calendar.begins < calendar.ends <= _A_DAY:
        yield (
            "calendar.hours",
            message("clock_rules.the_working_day_must"),
            message("clock_rules.give_hours_as"),
        )
    if not set(calendar.weekdays) <= set(range(1, 8)) or len(set(calendar.weekdays)) != len(calendar.weekdays):
        yield (
            "calendar.weekdays",
            message("clock_rules.working_days_are_numbers"),
            message("clock_rules.give_them_as"),
        )
    if not calendar.weekdays:
        yield "calendar.weekdays", message("clock_rules.a_week_without_a"), message("clock_rules.name_at_least_one")
    if len(calendar.free_days) + len(calendar.extra_days) > _MOST_DAYS:
        yield (
            "calendar.days",
            message("clock_rules.a_calendar_names_up", most_days=_MOST_DAYS),
            message("clock_rules.take_fewer_years"),
        )
    wrong = next((each for each in chain(calendar.free_days, calendar.extra_days) if not _is_named_day(each)), None)
    if wrong is not None:
        yield "calendar.days", message("clock_rules.is_not_a_day", wrong=wrong), message("clock_rules.give_a_day_as")
    both = sorted({each[0] for each in calendar.free_days if each} & {each[0] for each in calendar.extra_days if each})
    if both:
        yield (
            "calendar.days",
            message("clock_rules.cannot_be_free_and", both=both[0]),
            message("clock_rules.take_it_out_of"),
        )


def _wrong_place(calendar: Calendar) -> Iterator[tuple[str, str, str]]:
    """A zone must be named and say what its clocks show; UTC needs no offsets."""
    if not _ZONE.fullmatch(calendar.zone) or (calendar.zone == "UTC") != (not calendar.offsets):
        text = message("clock_rules.there_is_no_time", zone=calendar.zone)
        yield "calendar.zone", text, message("clock_rules.name_one_as_in")
    if len(calendar.offsets) > _MOST_OFFSETS:
        text = message("clock_rules.a_time_zone_has", most_offsets=_MOST_OFFSETS)
        yield "calendar.offsets", text, message("clock_rules.give_those_of_the")
    wrong = next((each for each in calendar.offsets if not _is_offset(each)), None)
    if wrong is not None:
        text = message("clock_rules.is_not_an_instant", since=wrong.since, minutes=wrong.minutes)
        yield "calendar.offsets", text, message("clock_rules.give_an_instant_as")
    if any(one.since >= two.since for one, two in pairwise(calendar.offsets)):
        yield "calendar.offsets", message("clock_rules.the_offsets_of_a"), message("clock_rules.sort_them")
    if not (_PLACE.fullmatch(calendar.country) and _PLACE.fullmatch(calendar.subdivision)):
        yield (
            "calendar.country",
            message("clock_rules.countries_and_their_parts"),
            message("clock_rules.give_codes_as_de"),
        )


def _is_offset(offset: ZoneOffset) -> bool:
    try:
        return iso(parse_iso(offset.since)) == offset.since and abs(offset.minutes) <= _FARTHEST
    except ValueError:
        return False


def _is_named_day(named: list[str]) -> bool:
    if len(named) != 2 or is_blank(named[1]) or len(named[1]) > _LONGEST_NAME:
        return False
    return is_day(named[0])
