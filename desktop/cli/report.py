"""`countersign report`: late, breaches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.filters import FromDay, ToDay, day_range, must_be_known, must_be_process
from desktop.cli.frame import Call, reads
from desktop.cli.output import announce, print_json_list, print_text, with_units
from desktop.machine.installation import must_take_a_file
from desktop.session.unlocked_session import UnlockedSession
from domain.calendar.working_time import WorkingCalendar
from domain.commands.settings import calendar_on_record
from domain.identity import iso
from domain.messages import message
from domain.metrics.breaches import breaches
from domain.metrics.causes import CAUSES, lateness
from domain.metrics.reports import breach_report, late_report
from domain.table_report import TableReport, report_text

app = typer.Typer(no_args_is_help=True)
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE.pdf", help="Also print it, with the chain's head.")]
Purpose = Annotated[str, typer.Option("--purpose", metavar="TEXT", help="For whom the file is; kept on record.")]


@app.command("late")
@reads
def late(
    call: Call,
    *,
    process: Annotated[str, typer.Option("--process", help="Only this process.")] = "",
    cause: Annotated[str, typer.Option("--cause", metavar="|".join(CAUSES), help="Only this cause.")] = "",
    first_day: FromDay = "",
    last_day: ToDay = "",
    pdf: Pdf = None,
    purpose: Purpose = "",
) -> None:
    """Late work by cause: who is waited for, and for how long. --from and --to are about the due day."""
    must_be_known(cause, CAUSES, option="--cause")
    must_be_process(call.vault.register, process)
    days = day_range(first_day, last_day)
    found = lateness(call.vault.register, by=call.vault.actor(), process=process)
    found = msgspec.structs.replace(found, items=tuple(each for each in found.items if each.due in days))
    items = [with_units(each) for each in found.items if cause in ("", each.cause)]
    beside = {"at": found.at, "causes": {each: count for each, count in found.counts() if cause in ("", each)}}
    report = late_report(found, day=_day(call.vault), process=process, cause=cause, since=days.first, until=days.last)
    _give(call, report, items, beside, pdf=pdf, purpose=purpose)


@app.command("breaches")
@reads
def breaches_(
    call: Call,
    *,
    first_day: FromDay = "",
    last_day: ToDay = "",
    pdf: Pdf = None,
    purpose: Purpose = "",
) -> None:
    """Steps that took longer than their time, with who owned the item and who answered for it at that moment."""
    days = day_range(first_day, last_day)
    call.vault.clocks.raise_alerts()
    at = call.vault.actor().at
    found = breaches(call.vault.register, at=at, since=days.first, until=days.last)
    report = breach_report(found, day=_day(call.vault), at=iso(at), since=days.first, until=days.last)
    _give(call, report, [with_units(each) for each in found], {"at": iso(at)}, pdf=pdf, purpose=purpose)


def _day(vault: UnlockedSession) -> int:
    return WorkingCalendar.of(calendar_on_record(vault.register)).minutes_per_day


def _give(
    call: Call,
    report: TableReport,
    items: list[dict[str, Any]],
    beside: dict[str, Any],
    *,
    pdf: Path | None,
    purpose: str,
) -> None:
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
        print_json_list(items, **beside, checkpoint=call.vault.checkpoint())
    else:
        print_text(report_text(report).rstrip("\n"))
