"""Steps that took longer than their time, each with who owned the item and who answered for it at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from domain.calendar.escalation import SLA
from domain.calendar.sla import limit_of, worked
from domain.calendar.standing import AlertFilter, Stop
from domain.calendar.working_time import WorkingCalendar
from domain.identity import parse_iso
from domain.messages import message
from domain.ports import Register
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.records.governance import Alert, Calendar
from domain.records.item import ItemFile
from domain.rules.category_choices import process_for
from domain.rules.judged_alone import Unjudged, alone
from domain.rules.versions_carried import visible_categories


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """One stay at a step that used up its time at `breached_at`.

    Instants are ISO UTC, `until` "" while the item still stands there; `used`, `limit` and `late_by` are working
    minutes. `owner` and `accountable` are names as things stood at `breached_at`: the sender of a handoff that
    nobody had accepted answered for it then. `raised_late`: the program was not running.
    """

    item: str
    number: str
    title: str
    process: str
    step: str
    since: str
    until: str
    breached_at: str
    limit: int
    used: int
    late_by: int
    owner: str
    accountable: str
    raised_at: str
    raised_late: bool


class _Owner(msgspec.Struct, frozen=True):
    """The owner as a change of an item's record says it."""

    owner: str | None = None
    owner_name: str | None = None


class _ItemChange(msgspec.Struct, frozen=True):
    record: str
    id: str
    after: _Owner


_CHANGE = msgspec.json.Decoder(_ItemChange)


def breaches(
    register: Register, *, at: datetime, since: str = "", until: str = "", failed: list[Unjudged] | None = None
) -> tuple[Breach, ...]:
    """The stays whose time was used up between two ISO days (both included, as days of the site; "" = any).

    They are read from the alerts on record, so raise alerts first. In the order in which they happened. `failed` takes
    the items whose values make no sense.
    """
    calendar = WorkingCalendar.of(next(iter(register.all_of(Calendar)), None))
    names = {each.id: each.name for each in register.people()}
    found: dict[tuple[str, ...], Breach] = {}
    unjudged = [] if failed is None else failed
    for alert in reversed(register.alerts(AlertFilter())):
        if alert.condition != SLA or alert.escalation_level != "100":
            continue
        day = calendar.day_of(parse_iso(alert.due_at))
        stay = tuple(alert.key.split("|")[3:])  # item, cycle, since: two roles shown of one stay are one breach
        if stay in found or (since and day < since) or (until and day > until):
            continue
        judged = partial(_stay, register, alert, stay=stay, calendar=calendar, names=names, at=at)
        for breach in alone(judged, unjudged, id_=alert.item):
            found[stay] = breach
    return tuple(found.values())


def _stay(register: Register, alert: Alert, *, stay: tuple[str, ...], **how: Any) -> Iterator[Breach]:
    found = _breach(register, alert, cycle=int(stay[1]), since=stay[2], **how)
    if found is not None:
        yield found


def _breach(
    register: Register,
    alert: Alert,
    *,
    cycle: int,
    since: str,
    calendar: WorkingCalendar,
    names: dict[str, str],
    at: datetime,
) -> Breach | None:
    file = register.item_file(alert.item)
    version = decode_process(register.process_version(file.item.process_version).definition)
    process = process_for(version, file.item, visible_categories(register, version, alert.due_at[:10]))
    place = next(
        (n for n, each in enumerate(file.transition_records) if each.cycle == cycle and each.at == since), None
    )
    if place is None:
        return None
    step = process.step(file.transition_records[place].to_step)
    until = file.transition_records[place + 1].at if place + 1 < len(file.transition_records) else ""
    ended = parse_iso(until) if until else at
    limit = limit_of(step, calendar)
    used = worked(calendar, parse_iso(since), _stops(file, cycle), ended)
    return Breach(
        item=file.item.id,
        number=file.item.number,
        title=file.item.title,
        process=file.item.process,
        step=step.title if step else file.transition_records[place].to_step,
        since=since,
        until=until,
        breached_at=alert.due_at,
        limit=limit,
        used=used,
        late_by=max(used - limit, 0),
        owner=_owner_at(register, file, alert.due_at, names),
        accountable=_accountable_at(file, process, step.accountable if step else "", alert.due_at, names),
        raised_at=alert.raised_at,
        raised_late=alert.late == "yes",
    )


def _stops(file: ItemFile, cycle: int) -> tuple[Stop, ...]:
    holds = [(each.since, each.until) for each in file.holds if each.stops_clock == "yes" and each.cycle == cycle]
    asked = [
        (each.asked_at, each.answered_at)
        for each in file.questions
        if each.stops_clock == "yes" and each.cycle == cycle
    ]
    return tuple(Stop(item=file.item.id, since=since, until=until) for since, until in (*holds, *asked))


def _owner_at(register: Register, file: ItemFile, moment: str, names: dict[str, str]) -> str:
    """Who owned the item then, as the log says; "" = nobody."""
    owner = name = ""
    for seq in register.entries_about(file.item.id):
        if register.entry(seq).header.at > moment:
            break
        for data in register.changes(seq):
            change = _item_change(data, file.item.id)
            if change is not None:
                owner = owner if change.owner is None else change.owner
                name = name if change.owner_name is None else change.owner_name
    return names.get(owner, name)


def _item_change(data: bytes, item: str) -> _Owner | None:
    try:
        change = _CHANGE.decode(data)
    except msgspec.ValidationError:
        return None  # a change of another record, in which "owner" may be anything
    return change.after if change.record == "item" and change.id == item else None


def _accountable_at(file: ItemFile, process: ProcessVersion, role: str, moment: str, names: dict[str, str]) -> str:
    for each in file.handoffs:
        if each.offered_at <= moment and (each.state == "offered" or moment < each.ended_at):
            return message("breaches.handed_over_not_accepted", sender=names.get(each.sender, ""))
    return process.role_title(role)
