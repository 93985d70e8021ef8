"""Who sets the calendar of the site and to what, and whose alerts are whose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, pairwise

from domain.identity import iso, parse_iso
from domain.law.letters import is_blank
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
    refused = needs_one_of(facts, (ADMINISTRATOR,), "set the calendar of the site")
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
    text = f"The alert '{alert.text}' is for {who}; {facts.actor.name} cannot say that it was seen."
    return Obstacle(rule="alert.not_yours", text=text, remedy="Let whoever it is for look at it.", responsible=who)


def _wrong(calendar: Calendar) -> Iterator[tuple[str, str, str]]:
    """What no calendar can be: rule, text, remedy."""
    yield from _wrong_place(calendar)
    if not 0 <= calendar.begins < calendar.ends <= _A_DAY:
        yield (
            "calendar.hours",
            "The working day must begin before it ends, within one day.",
            "Give hours as 9:00-17:00.",
        )
    if not set(calendar.weekdays) <= set(range(1, 8)) or len(set(calendar.weekdays)) != len(calendar.weekdays):
        yield (
            "calendar.weekdays",
            "Working days are numbers from 1 (Monday) to 7, each once.",
            "Give them as 1,2,3,4,5.",
        )
    if not calendar.weekdays:
        yield "calendar.weekdays", "A week without a working day lets no clock run.", "Name at least one weekday."
    if len(calendar.free_days) + len(calendar.extra_days) > _MOST_DAYS:
        yield "calendar.days", f"A calendar names up to {_MOST_DAYS:,} days.", "Take fewer years."
    wrong = next((each for each in chain(calendar.free_days, calendar.extra_days) if not _is_named_day(each)), None)
    if wrong is not None:
        yield "calendar.days", f"{wrong!r} is not a day with its name.", "Give a day as 2026-12-24 and a name."
    both = sorted({each[0] for each in calendar.free_days if each} & {each[0] for each in calendar.extra_days if each})
    if both:
        yield "calendar.days", f"{both[0]} cannot be free and worked at once.", "Take it out of one of the two."


def _wrong_place(calendar: Calendar) -> Iterator[tuple[str, str, str]]:
    """A zone must be named and say what its clocks show; UTC needs no offsets."""
    if not _ZONE.fullmatch(calendar.zone) or (calendar.zone == "UTC") != (not calendar.offsets):
        text = f"There is no time zone '{calendar.zone}' with these offsets."
        yield "calendar.zone", text, "Name one as in Europe/Berlin or UTC."
    if len(calendar.offsets) > _MOST_OFFSETS:
        text = f"A time zone has up to {_MOST_OFFSETS} offsets here."
        yield "calendar.offsets", text, "Give those of the years to come."
    wrong = next((each for each in calendar.offsets if not _is_offset(each)), None)
    if wrong is not None:
        text = f"[{wrong.since}, {wrong.minutes}] is not an instant with minutes ahead of UTC."
        yield "calendar.offsets", text, "Give an instant as 2026-03-29T01:00:00.000Z and up to 840 minutes."
    if any(one.since >= two.since for one, two in pairwise(calendar.offsets)):
        yield "calendar.offsets", "The offsets of a time zone are in order, the oldest first.", "Sort them."
    if not (_PLACE.fullmatch(calendar.country) and _PLACE.fullmatch(calendar.subdivision)):
        yield "calendar.country", "Countries and their parts are named by their codes.", "Give codes as DE and BY."


def _is_offset(offset: ZoneOffset) -> bool:
    try:
        return iso(parse_iso(offset.since)) == offset.since and abs(offset.minutes) <= _FARTHEST
    except ValueError:
        return False


def _is_named_day(named: list[str]) -> bool:
    if len(named) != 2 or is_blank(named[1]) or len(named[1]) > _LONGEST_NAME:
        return False
    try:
        return date.fromisoformat(named[0]).isoformat() == named[0]
    except ValueError:
        return False
