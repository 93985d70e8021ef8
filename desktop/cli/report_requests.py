"""`countersign report`: exceptions, reopened."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.filters import FIRST_DAY, LAST_DAY, DayRange, FromDay, ToDay, day_range, must_be_process
from desktop.cli.frame import Call, reads
from desktop.cli.output import print_json, print_json_list, print_text
from domain.identity import iso
from domain.messages import message
from domain.metrics.exceptions import exception_counts, granted_exceptions
from domain.metrics.reopenings import reopen_rate
from domain.metrics.urgent_report import urgent_report
from domain.state import ItemFilter

app = typer.Typer(no_args_is_help=True)
Process = Annotated[str, typer.Option("--process", help="Only this process.")]


@app.command("exceptions")
@reads
def exceptions(call: Call, *, process: Process = "", first_day: FromDay = "", last_day: ToDay = "") -> None:
    """How often each rule was passed by exception; too often proposes to change its process.

    Counted are the days that the process looks back, or with --from and --to the exceptions granted on these days.
    """
    must_be_process(call.vault.register, process)
    days = day_range(first_day, last_day)
    today = iso(call.vault.actor().at)[:10]
    if days:
        _granted_in(call, days, process)
        return
    found = exception_counts(call.vault.register, today, process)
    if call.as_json:
        print_json_list(found, day=today)
        return
    for one in found:
        print_text(
            message(
                "{process:16} {rule:22} {granted} granted in {within_days} days, {in_force} in force, used "
                "{transition_records} times{message}",
                process=one.process,
                rule=one.rule,
                granted=one.granted,
                within_days=one.within_days,
                in_force=one.in_force,
                transition_records=one.transition_records,
                message=message(": look at the rule") if one.proposes_change else "",
            )
        )


def _granted_in(call: Call, days: DayRange, process: str) -> None:
    """The exceptions granted on these days, the oldest first."""
    granted = (each for each in granted_exceptions(call.vault.register) if each.day in days)
    found = sorted(
        (each for each in granted if process in ("", each.process)), key=lambda each: (each.day, each.number)
    )
    if call.as_json:
        print_json_list(found)
        return
    for one in found:
        stands = message("until {expires_on}", expires_on=one.expires_on) if one.standing else message("ended")
        print_text(f"{one.day}  {one.number:16} {one.process:16} {one.rule:22} {stands}")


@app.command("reopened")
@reads
def reopened(
    call: Call,
    *,
    first_day: FromDay = "",
    last_day: ToDay = "",
    process: Process = "",
) -> None:
    """How much work closed on these days came back within a year: reopened, or begun anew as a follow-up."""
    must_be_process(call.vault.register, process)
    days = day_range(first_day, last_day)
    register = call.vault.register
    lines = register.items(ItemFilter(process=process))
    rate = reopen_rate(
        ((register.item_file(line.id), register.links_about(line.id)) for line in lines),
        first_day=days.first or FIRST_DAY,
        last_day=days.last or LAST_DAY,
    )
    if call.as_json:
        print_json(rate)
        return
    print_text(
        message(
            "{reopened} of {closed} closings did not hold ({percent} %).",
            reopened=rate.reopened,
            closed=rate.closed,
            percent=rate.percent or "no",
        )
    )
    for number, closed, back in rate.again:
        print_text(message("  {number} closed {closed}, back {back}", number=number, closed=closed, back=back))


@app.command("urgent")
@reads
def report_urgent(
    call: Call,
    *,
    first_day: FromDay = "",
    last_day: ToDay = "",
) -> None:
    """Urgent transition records: how many, their share, the time to confirm them, what was refused, by whom."""
    days = day_range(first_day, last_day)
    found = urgent_report(
        call.vault.register,
        at=call.vault.actor().at,
        first_day=days.first or FIRST_DAY,
        last_day=days.last or LAST_DAY,
    )
    names = {each.id: each.name for each in call.vault.register.people()}
    value: dict[str, Any] = msgspec.to_builtins(found)
    for use in (*value["by_requester"], *value["by_approver"]):
        use["name"] = names.get(use["person"], "")
    for line in value["lines"]:
        line |= {who: names.get(line[who], "") for who in ("requester", "approver")}
    if call.as_json:
        print_json({**value, "checkpoint": call.vault.checkpoint()})
        return
    share = (
        message(
            ", {share} % of {gates_passed} gates with approvals", share=found.share, gates_passed=found.gates_passed
        )
        if found.share
        else ""
    )
    print_text(message("{urgent} urgent transitions{share}.", urgent=found.urgent, share=share))
    print_text(
        message(
            "{confirmed} confirmed, {refused} refused, {open} open, {late} late.",
            confirmed=found.confirmed,
            refused=found.refused,
            open=found.open,
            late=found.late,
        )
    )
    if found.mean_hours:
        print_text(message("Confirmed after {mean_hours} working hours on average.", mean_hours=found.mean_hours))
    for title, uses in ((message("asked for by"), value["by_requester"]), (message("signed by"), value["by_approver"])):
        for use in uses:
            print_text(
                message(
                    "  {title} {use}: {use_2} passed, {use_3} refused",
                    title=title,
                    use=use["name"],
                    use_2=use["passed"],
                    use_3=use["refused"],
                )
            )
    for line in value["lines"]:
        print_text(f"{line['item']:16} {line['gate']:30} {line['code']:12} {line['state']:10} {line['passed_at']}")
