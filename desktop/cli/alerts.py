"""`countersign alerts`: list, seen, digest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli import counts
from desktop.cli.filters import FromDay, ToDay, day_range
from desktop.cli.frame import Call, in_vault, reads
from desktop.cli.output import announce, print_json, print_text
from desktop.documents.digest_files import FORMATS
from desktop.machine.installation import must_take_a_file
from domain.calendar.standing import AlertFilter
from domain.commands.alerts import MarkAlertSeen
from domain.errors import UsageProblem
from domain.messages import message, plural_message
from domain.metrics.digest import alert_lines, alerts_for
from domain.metrics.reports import moment

app = typer.Typer(no_args_is_help=True)
_MOST = 100_000


@app.command("list")
@reads
def list_alerts(
    call: Call,
    *,
    everybody: Annotated[bool, typer.Option("--all", help="Those of everybody, not just yours.")] = False,
    seen: Annotated[bool, typer.Option("--seen", help="Those that were seen, instead of those that were not.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=_MOST, help="How many, newest first.")] = 100,
    first_day: FromDay = "",
    last_day: ToDay = "",
) -> None:
    """What you should hear of. First everything that is due is put on record, at its true time.

    --from and --to are about the day on which an alert came true.
    """
    days = day_range(first_day, last_day)
    raised = call.vault.clocks.raise_alerts()
    if raised:
        announce(plural_message("countersign: {count} new alert.", "countersign: {count} new alerts.", raised))
    actor = call.vault.actor()
    state = "seen" if seen else "open"
    most = 0 if days else limit
    mine = alerts_for(actor, state=state, limit=most)
    wanted = AlertFilter(state="seen" if seen else "open", limit=most) if everybody else mine
    register = call.vault.register
    chosen = [each for each in register.alerts(wanted) if each.due_at in days][:limit]
    found = alert_lines(register, tuple(chosen), actor)
    if call.as_json:
        print_json(found)
        return
    for each in found:
        late = message("  [raised late: the program was closed]") if each.late else ""
        print_text(
            message(
                "{moment}  {subject}  {text}  for {addressed}{late}  {id}",
                moment=moment(each.at),
                subject=each.subject or "-",
                text=each.text,
                addressed=each.addressed,
                late=late,
                id=each.id,
            )
        )
    if not found:
        announce(message("countersign: No alerts."))


@app.command("seen")
@in_vault
def seen(
    call: Call,
    alerts: Annotated[list[str] | None, typer.Argument(metavar="ALERT", help="Ids of alerts that are for you.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that are for you.")] = False,
) -> None:
    """Say that alerts were seen; for a role, whoever holds it and says so first."""
    if everything == bool(alerts):
        raise UsageProblem(
            message("Name the alerts, or say --all."), remedy=message("List the alerts to see their ids.")
        )
    chosen = alerts or [each.id for each in call.vault.register.alerts(alerts_for(call.vault.actor()))]
    if not chosen:
        raise UsageProblem(message("There is no alert for you."), remedy=message("There is nothing to do."))
    header = call.perform(MarkAlertSeen(alerts=tuple(chosen))).header
    seen = header.changes.count - header.commands
    call.answer(
        {"seen": seen, "entry": header.seq},
        message("{alerts} seen (entry {seq}).", alerts=counts.alerts(seen), seq=header.seq),
    )


@app.command("digest")
@in_vault
def digest(
    call: Call,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")],
    kind: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What kind of file.")] = "pdf",
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help="For whom the file is; kept on record with its hash.")
    ] = "",
) -> None:
    """Your alerts, signatures asked of you and work that is due, as a file: paper, calendar, mail draft or text."""
    if kind not in FORMATS:
        raise UsageProblem(
            message("There is no format {kind!r}.", kind=kind),
            remedy=message("Formats: {list}.", list=", ".join(FORMATS)),
        )
    must_take_a_file(out)
    call.vault.clocks.raise_alerts()
    data = call.vault.clocks.digest(kind)
    on_record = call.vault.documents.give_out(data, kind="digest", name=out.name, purpose=purpose, out=out)
    call.answer(
        {"file": str(out), "format": kind, "bytes": len(data), "on_record": on_record},
        message(
            "Written to {out}{word}.",
            out=out,
            word="" if on_record else message("; not on record, nothing is recorded here now"),
        ),
    )
