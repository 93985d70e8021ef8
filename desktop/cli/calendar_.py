"""`countersign calendar`: show, set, add-day, countries: the working time of the site."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
import typer

from desktop.cli import counts
from desktop.cli.frame import Call, Json, Reason, in_vault, reads
from desktop.cli.output import announce, print_json, print_json_list, print_text
from desktop.machine.clock import now
from desktop.machine.zone_offsets import zone_offsets
from desktop.session.public_holidays import countries, public_holidays
from domain.commands.settings import SetCalendar, calendar_on_record
from domain.errors import UsageProblem
from domain.messages import message
from domain.records.governance import Calendar

app = typer.Typer(no_args_is_help=True)
_NAMES = (
    message("Mon"),
    message("Tue"),
    message("Wed"),
    message("Thu"),
    message("Fri"),
    message("Sat"),
    message("Sun"),
)
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_YEARS_AHEAD = 3
_FEW = 12


@app.command("show")
@reads
def show(call: Call) -> None:
    """The working calendar as it is on record."""
    _describe(call, calendar_on_record(call.vault.register))


@app.command("set")
@in_vault
def set_(
    call: Call,
    *,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="Time zone, such as Europe/Berlin.")
    ] = None,
    weekdays: Annotated[
        str | None, typer.Option("--weekdays", metavar="1,2,3,4,5", help="Working days, 1 = Monday.")
    ] = None,
    hours: Annotated[str | None, typer.Option("--hours", metavar="9:00-17:00", help="The working day.")] = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CODE", help="Whose public holidays are free; '' = none.")
    ] = None,
    subdivision: Annotated[str, typer.Option("--subdivision", metavar="CODE", help="A part of that country.")] = "",
    years: Annotated[
        str, typer.Option("--years", metavar="2026-2029", help="For which years; else this one and the next three.")
    ] = "",
    reason: Reason = "",
) -> None:
    """Set the working time, signed by an administrator. What is not named stays; so do company days."""
    before = calendar_on_record(call.vault.register)
    after = before
    if zone is not None:
        after = msgspec.structs.replace(after, zone=zone, offsets=zone_offsets(zone))
    if weekdays is not None:
        after = msgspec.structs.replace(after, weekdays=_weekdays(weekdays))
    if hours is not None:
        begins, ends = _hours(hours)
        after = msgspec.structs.replace(after, begins=begins, ends=ends)
    if country is not None:
        after = _with_holidays(after, country, subdivision, _years(years))
    elif subdivision or years:
        raise UsageProblem(
            message("A part of a country and years are about public holidays."), remedy=message("Name --country too.")
        )
    call.perform(SetCalendar(calendar=after, reason=reason))
    _describe(call, calendar_on_record(call.vault.register))


@app.command("add-day")
@in_vault
def add_day(
    call: Call,
    day: Annotated[str, typer.Argument(metavar="DAY", help="The day, such as 2026-12-24.")],
    title: Annotated[str, typer.Argument(metavar="NAME", help="What it is, such as 'Company holiday'.")],
    *,
    worked: Annotated[bool, typer.Option("--worked", help="A day worked although it would be free.")] = False,
    reason: Reason = "",
) -> None:
    """Make one day free, or with --worked a working day, signed by an administrator."""
    before = calendar_on_record(call.vault.register)
    free = [each for each in before.free_days if each[0] != day]
    extra = [each for each in before.extra_days if each[0] != day]
    (extra if worked else free).append([day, title])
    after = msgspec.structs.replace(before, free_days=free, extra_days=extra)
    call.perform(SetCalendar(calendar=after, reason=reason))
    _describe(call, calendar_on_record(call.vault.register))


@app.command("countries")
def list_countries(*, as_json: Json = False) -> None:
    """Countries whose public holidays are known, with their parts. Needs no vault."""
    known = countries()
    if as_json:
        print_json_list({"country": code, "parts": parts} for code, parts in known.items())
        return
    for code, parts in known.items():
        print_text(f"{code}  {', '.join(parts)}".rstrip())


def _weekdays(text: str) -> list[int]:
    try:
        return [int(each) for each in text.split(",")]
    except ValueError as problem:
        raise UsageProblem(
            message("{text!r} are no weekdays.", text=text), remedy=message("Give numbers, 1 = Monday: 1,2,3,4,5.")
        ) from problem


def _hours(text: str) -> tuple[int, int]:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise UsageProblem(
            message("{text!r} is no working day.", text=text), remedy=message("Give its beginning and end: 9:00-17:00.")
        )
    first, minute, last, until = map(int, found.groups())
    return first * 60 + minute, last * 60 + until


def _years(text: str) -> list[int]:
    if not text:
        this = now().year
        return list(range(this, this + _YEARS_AHEAD + 1))
    first, _, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit() and 0 <= int(last or first) - int(first) <= 50):
        raise UsageProblem(
            message("{text!r} are no years.", text=text),
            remedy=message("Give one year, or the first and the last: 2026-2029."),
        )
    return list(range(int(first), int(last or first) + 1))


def _with_holidays(calendar: Calendar, country: str, subdivision: str, years: list[int]) -> Calendar:
    """The calendar with these public holidays in the place of those of the country it had before."""
    gone = set()
    if calendar.country:
        known = {int(day[:4]) for day, _ in calendar.free_days}
        gone = {tuple(each) for each in public_holidays(calendar.country, calendar.subdivision, sorted(known))}
    kept = [each for each in calendar.free_days if tuple(each) not in gone]
    taken = {day for day, _ in (*kept, *calendar.extra_days)}
    new = public_holidays(country, subdivision, years) if country else []
    return msgspec.structs.replace(
        calendar,
        country=country,
        subdivision=subdivision,
        free_days=[*kept, *(each for each in new if each[0] not in taken)],
    )


def _describe(call: Call, calendar: Calendar) -> None:
    if call.as_json:
        print_json(calendar)
        return
    days = ", ".join(_NAMES[day - 1] for day in calendar.weekdays)
    begins, ends = (f"{minutes // 60}:{minutes % 60:02}" for minutes in (calendar.begins, calendar.ends))
    print_text(message("{days}, {begins} to {ends}, {zone}", days=days, begins=begins, ends=ends, zone=calendar.zone))
    if calendar.country:
        part = f" {calendar.subdivision}" if calendar.subdivision else ""
        print_text(
            message(
                "Public holidays of {country}{part}, as they were known when they were set.",
                country=calendar.country,
                part=part,
            )
        )
    today = now().date().isoformat()
    coming = [each for each in calendar.free_days if each[0] >= today]
    for day, title in coming[:_FEW]:
        print_text(message("  {day}  free    {title}", day=day, title=title))
    if len(coming) > _FEW:
        print_text(message("  and {days}", days=counts.free_days(len(coming) - _FEW)))
    for day, title in calendar.extra_days:
        print_text(message("  {day}  worked  {title}", day=day, title=title))
    if not calendar.set_at:
        announce(message("countersign: Nobody has set it; this is the usual week."))
