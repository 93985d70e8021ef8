"""`countersign report`: late, breaches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.frame import (
    Call,
    announce,
    in_vault,
    print_json,
    print_text,
)
from desktop.machine.installation import must_take_a_file
from desktop.session.unlocked_session import UnlockedSession
from domain.calendar.working_time import WorkingCalendar
from domain.commands.settings import calendar_on_record
from domain.days import is_day
from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.metrics.breaches import breaches
from domain.metrics.causes import CAUSES, lateness
from domain.metrics.reports import breach_report, late_report
from domain.rules.judged_alone import Unjudged
from domain.table_report import TableReport, report_text

app = typer.Typer(no_args_is_help=True)
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE.pdf", help="Also print it, with the chain's head.")]
Purpose = Annotated[str, typer.Option("--purpose", metavar="TEXT", help="For whom the file is; kept on record.")]


@app.command("late")
@in_vault
def late(
    call: Call,
    *,
    process: Annotated[str, typer.Option("--process", help="Only this process.")] = "",
    cause: Annotated[str, typer.Option("--cause", metavar="|".join(CAUSES), help="Only this cause.")] = "",
    pdf: Pdf = None,
    purpose: Purpose = "",
) -> None:
    """Late work by cause: who is waited for, and for how long."""
    if cause and cause not in CAUSES:
        raise UsageProblem(
            message("There is no cause {cause!r}.", cause=cause),
            remedy=message("Causes: {list}.", list=", ".join(CAUSES)),
        )
    found = lateness(call.vault.register, by=call.vault.actor(), process=process)
    value = {
        "at": found.at,
        "counts": {each: count for each, count in found.counts() if cause in ("", each)},
        "items": [msgspec.to_builtins(each) for each in found.items if cause in ("", each.cause)],
        "unjudged": msgspec.to_builtins(found.unjudged),
        "checkpoint": call.vault.checkpoint(),
    }
    report = late_report(found, day=_day(call.vault), process=process, cause=cause)
    _give(call, report, value, pdf=pdf, purpose=purpose)


@app.command("breaches")
@in_vault
def breaches_(
    call: Call,
    *,
    since: Annotated[str, typer.Option("--since", metavar="DAY", help="From this day on.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Up to this day.")] = "",
    pdf: Pdf = None,
    purpose: Purpose = "",
) -> None:
    """Steps that took longer than their time, with who owned the item and who answered for it at that moment."""
    for day in (since, until):
        if day and not is_day(day):
            raise UsageProblem(message("{day!r} is no day.", day=day), remedy=message("Give a day as 2026-11-30."))
    call.vault.clocks.raise_alerts()
    at = call.vault.actor().at
    failed: list[Unjudged] = []
    found = breaches(call.vault.register, at=at, since=since, until=until, failed=failed)
    report = breach_report(found, day=_day(call.vault), at=iso(at), since=since, until=until, failed=failed)
    value = {
        "at": iso(at),
        "breaches": msgspec.to_builtins(found),
        "unjudged": msgspec.to_builtins(failed),
        "checkpoint": call.vault.checkpoint(),
    }
    _give(call, report, value, pdf=pdf, purpose=purpose)


def _day(vault: UnlockedSession) -> int:
    return WorkingCalendar.of(calendar_on_record(vault.register)).minutes_per_day


def _give(call: Call, report: TableReport, value: dict[str, Any], *, pdf: Path | None, purpose: str) -> None:
    if pdf is not None:
        must_take_a_file(pdf)
        data = call.vault.documents.table_report(report)
        on_record = call.vault.documents.give_out(data, kind="report", name=pdf.name, purpose=purpose, out=pdf)
        announce(
            message(
                "Written to {pdf}{word}.",
                pdf=pdf,
                word="" if on_record else message("; not on record, because nothing is recorded here now"),
            )
        )
    if call.as_json:
        print_json(value)
    else:
        print_text(report_text(report).rstrip("\n"))
