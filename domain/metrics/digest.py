"""What one person should hear of today: alerts not seen, signatures asked, own work that is due."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from domain.act import Actor
from domain.calendar.alert_words import alert_words
from domain.calendar.standing import AlertFilter, StandingFilter
from domain.calendar.working_time import WorkingCalendar
from domain.days import days_after
from domain.identity import iso
from domain.ports import Register, WaitingApproval
from domain.records.governance import Alert, Calendar

DAYS_AHEAD: Final = 14
"""Work due within so many days is part of a digest."""


class AlertLine(msgspec.Struct, frozen=True, kw_only=True):
    """One alert in words. `subject` is the item's number and title, `addressed` a name or a role, `at` when it came
    true (ISO UTC).
    """

    id: str
    item: str
    number: str
    subject: str
    condition: str
    escalation_level: str
    text: str
    addressed: str
    at: str
    raised_at: str
    late: bool
    seen: bool
    mine: bool
    by_role: bool


class DueLine(msgspec.Struct, frozen=True, kw_only=True):
    """Work of the person that is due on an ISO day."""

    item: str
    number: str
    title: str
    due: str
    overdue: bool


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """The digest of one person at a moment (ISO UTC)."""

    person: str
    roles: tuple[str, ...]
    at: str
    alerts: tuple[AlertLine, ...]
    decisions: tuple[WaitingApproval, ...]
    due: tuple[DueLine, ...]


def alerts_for(actor: Actor, *, state: str = "open", limit: int = 0) -> AlertFilter:
    """The filter for alerts that are for this person, by name or by role."""
    chosen = {"open": "open", "seen": "seen"}.get(state, "")
    # a person without roles must not be taken for "anybody"
    return msgspec.convert(
        {"person": actor.person, "roles": sorted(actor.roles), "state": chosen, "limit": limit}, AlertFilter
    )


def alert_lines(register: Register, alerts: tuple[Alert, ...], actor: Actor) -> tuple[AlertLine, ...]:
    """Alerts in words, in the order given."""
    names = {each.id: each.name for each in register.people()}
    items: dict[str, tuple[str, str]] = {}
    found = []
    for each in alerts:
        if each.item and each.item not in items:
            item = register.item(each.item)
            items[each.item] = (item.number, f"{item.number} {item.title}")
        number, subject = items.get(each.item, ("", ""))
        found.append(
            AlertLine(
                id=each.id,
                item=each.item,
                number=number,
                subject=subject,
                condition=each.condition,
                escalation_level=each.escalation_level,
                text=alert_words(each),
                addressed=names.get(each.person, each.person) if each.person else each.role,
                at=each.due_at,
                raised_at=each.raised_at,
                late=each.late == "yes",
                seen=each.state == "seen",
                mine=bool(each.person) and each.person == actor.person,
                by_role=not each.person,
            )
        )
    return tuple(found)


def digest_of(register: Register, *, by: Actor) -> Digest:
    """The digest of the actor, as of the actor's moment."""
    calendar = WorkingCalendar.of(next(iter(register.all_of(Calendar)), None))
    today = date.fromisoformat(calendar.day_of(by.at))
    last = days_after(today, DAYS_AHEAD).isoformat()
    mine = [each for each in register.standing(StandingFilter(due_until=last)) if each.owner == by.person]
    due = [
        DueLine(
            item=each.item,
            number=each.number,
            title=register.item(each.item).title,
            due=each.due,
            overdue=each.due < today.isoformat(),
        )
        for each in mine
    ]
    return Digest(
        person=by.name,
        roles=tuple(sorted(by.roles)),
        at=iso(by.at),
        alerts=alert_lines(register, register.alerts(alerts_for(by)), by),
        decisions=register.waiting_for(by),
        due=tuple(sorted(due, key=lambda each: (each.due, each.number))),
    )
