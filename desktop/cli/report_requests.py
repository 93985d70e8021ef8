"""`countersign report`: exceptions, reopened."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.frame import (
    Call,
    in_vault,
    print_json,
    print_text,
)
from domain.days import FIRST_DAY, LAST_DAY, is_day
from domain.errors import UsageProblem
from domain.messages import message
from domain.metrics.exceptions import exception_counts
from domain.metrics.reopenings import reopen_rate
from domain.metrics.urgent_report import urgent_report
from domain.rules.site_day import site_calendar, site_day
from domain.state import ItemFilter

_FIRST, _LAST = FIRST_DAY.isoformat(), LAST_DAY.isoformat()
app = typer.Typer(no_args_is_help=True)
Process = Annotated[str, typer.Option("--process", help="Only this process.")]


@app.command("exceptions")
@in_vault
def exceptions(call: Call, *, process: Process = "") -> None:
    """How often each rule was passed by exception; too often proposes to change its process."""
    today = site_day(call.vault.register, call.vault.actor().at)
    found = exception_counts(call.vault.register, today, process)
    if call.as_json:
        print_json({"day": today, "exceptions": msgspec.to_builtins(found)})
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


@app.command("reopened")
@in_vault
def reopened(
    call: Call,
    *,
    since: Annotated[str, typer.Option("--since", metavar="DAY", help="Closed from this day on.")],
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Closed up to this day.")],
    process: Process = "",
) -> None:
    """How much closed work came back within a year: reopened, or begun anew as a follow-up."""
    for day in (since, until):
        if not is_day(day):
            raise UsageProblem(message("{day!r} is no day.", day=day), remedy=message("Give a day as 2026-11-30."))
    register = call.vault.register
    lines = register.items(ItemFilter(process=process))
    rate = reopen_rate(
        ((register.item_file(line.id), register.links_about(line.id)) for line in lines),
        first_day=since,
        last_day=until,
        calendar=site_calendar(register),
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
@in_vault
def report_urgent(
    call: Call,
    *,
    first_day: Annotated[
        str, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day.")
    ] = FIRST_DAY.isoformat(),
    last_day: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day.")] = _LAST,
) -> None:
    """Urgent transition records: how many, their share, the time to confirm them, what was refused, by whom."""
    if not (is_day(first_day) and is_day(last_day)):
        raise UsageProblem(message("A day is written like 2026-11-22."), remedy=message("Correct --from or --to."))
    found = urgent_report(call.vault.register, at=call.vault.actor().at, first_day=first_day, last_day=last_day)
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
