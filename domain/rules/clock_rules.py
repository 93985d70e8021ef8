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
from domain.rules.obstacles import obstacle
from domain.rules.people import able, name_of, who_can
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
    return (*refused, *_wrong(facts, calendar))


def seen_obstacles(facts: VaultFacts, alerts: Iterable[Alert]) -> tuple[Obstacle, ...]:
    """May the actor say that these alerts were seen?"""
    return tuple(_not_addressed(facts, each) for each in alerts if not addressed(facts, each))


def addressed(facts: VaultFacts, alert: Alert) -> bool:
    """Whether the alert is for the actor: by name, or by a role the actor holds."""
    return alert.person == facts.actor.person if alert.person else alert.role in facts.actor.roles


def _not_addressed(facts: VaultFacts, alert: Alert) -> Obstacle:
    people = (alert.person,) if alert.person else facts.holders.get(alert.role, ())
    who = ", ".join(name_of(facts, person) for person in people) or alert.role
    can = able(facts, *people) if people else who_can(facts, (alert.role,))
    return obstacle(facts, "alert.not_yours", responsible=can, alert=alert_words(alert), who=who)


def _wrong(facts: VaultFacts, calendar: Calendar) -> Iterator[Obstacle]:
    """What no calendar can be."""
    yield from _wrong_place(facts, calendar)
    if not 0 <= calendar.begins < calendar.ends <= _A_DAY:
        yield obstacle(facts, "calendar.hours")
    if not set(calendar.weekdays) <= set(range(1, 8)) or len(set(calendar.weekdays)) != len(calendar.weekdays):
        yield obstacle(facts, "calendar.weekdays")
    if not calendar.weekdays:
        yield obstacle(facts, "calendar.weekdays", "none")
    if len(calendar.free_days) + len(calendar.extra_days) > _MOST_DAYS:
        yield obstacle(facts, "calendar.days", "many", most_days=_MOST_DAYS)
    wrong = next((each for each in chain(calendar.free_days, calendar.extra_days) if not _is_named_day(each)), None)
    if wrong is not None:
        yield obstacle(facts, "calendar.days", "not_a_day", wrong=wrong)
    both = sorted({each[0] for each in calendar.free_days if each} & {each[0] for each in calendar.extra_days if each})
    if both:
        yield obstacle(facts, "calendar.days", "both", both=both[0])


def _wrong_place(facts: VaultFacts, calendar: Calendar) -> Iterator[Obstacle]:
    """A zone must be named and say what its clocks show; UTC needs no offsets."""
    if not _ZONE.fullmatch(calendar.zone) or (calendar.zone == "UTC") != (not calendar.offsets):
        yield obstacle(facts, "calendar.zone", zone=calendar.zone)
    if len(calendar.offsets) > _MOST_OFFSETS:
        yield obstacle(facts, "calendar.offsets", "many", most_offsets=_MOST_OFFSETS)
    wrong = next((each for each in calendar.offsets if not _is_offset(each)), None)
    if wrong is not None:
        yield obstacle(facts, "calendar.offsets", "not_an_instant", since=wrong.since, minutes=wrong.minutes)
    if any(one.since >= two.since for one, two in pairwise(calendar.offsets)):
        yield obstacle(facts, "calendar.offsets", "unsorted")
    if not (_PLACE.fullmatch(calendar.country) and _PLACE.fullmatch(calendar.subdivision)):
        yield obstacle(facts, "calendar.country")


def _is_offset(offset: ZoneOffset) -> bool:
    try:
        return iso(parse_iso(offset.since)) == offset.since and abs(offset.minutes) <= _FARTHEST
    except ValueError:
        return False


def _is_named_day(named: list[str]) -> bool:
    if len(named) != 2 or is_blank(named[1]) or len(named[1]) > _LONGEST_NAME:
        return False
    return is_day(named[0])
