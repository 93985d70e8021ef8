"""`countersign report`: exceptions, reopened."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from desktop.cli.frame import (
    Call,
    in_vault,
    print_json,
    print_text,
)
from domain.errors import UsageProblem
from domain.identity import iso
from domain.metrics.exceptions import exception_counts
from domain.metrics.reopenings import reopen_rate
from domain.ports import ItemFilter
from domain.rules.fields import is_day

app = typer.Typer(no_args_is_help=True)
Process = Annotated[str, typer.Option("--process", help="Only this process.")]


@app.command("exceptions")
@in_vault
def exceptions(call: Call, *, process: Process = "") -> None:
    """How often each rule was passed by exception; too often proposes to change its process."""
    today = iso(call.vault.actor().at)[:10]
    found = exception_counts(call.vault.register, today, process)
    if call.as_json:
        print_json({"day": today, "exceptions": msgspec.to_builtins(found)})
        return
    for one in found:
        print_text(
            f"{one.process:16} {one.rule:22} {one.granted} granted in {one.within_days} days, {one.in_force} in "
            f"force, used {one.passages} times{': look at the rule' if one.proposes_change else ''}"
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
    """How much closed work came back within a year: reopened, or begun anew as a recurrence."""
    for day in (since, until):
        if not is_day(day):
            raise UsageProblem(f"{day!r} is no day.", cure="Give a day as 2026-11-30.")
    register = call.vault.register
    lines = register.items(ItemFilter(process=process))
    rate = reopen_rate(
        ((register.item_file(line.id), register.links_about(line.id)) for line in lines),
        first_day=since,
        last_day=until,
    )
    if call.as_json:
        print_json(rate)
        return
    print_text(f"{rate.reopened} of {rate.closed} closings did not hold ({rate.percent or 'no'} %).")
    for number, closed, back in rate.again:
        print_text(f"  {number} closed {closed}, back {back}")
