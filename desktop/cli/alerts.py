"""`countersign alerts`: list, seen, digest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.frame import (
    As,
    Json,
    PassphraseFile,
    VaultPath,
    errors_explained,
    opened,
    print_json,
    print_text,
    say,
)
from desktop.documents.digest_files import FORMATS
from desktop.machine.installation import must_take_a_file
from domain.calendar.standing import AlertFilter
from domain.commands.alerts import MarkAlertSeen
from domain.errors import UsageProblem
from domain.metrics.digest import alert_lines, alerts_for
from domain.metrics.reports import moment

app = typer.Typer(no_args_is_help=True)
_MOST = 100_000


@app.command("list")
def list_alerts(
    folder: VaultPath,
    *,
    everybody: Annotated[bool, typer.Option("--all", help="Those of everybody, not just yours.")] = False,
    seen: Annotated[bool, typer.Option("--seen", help="Those that were seen, instead of those that were not.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=_MOST, help="How many, newest first.")] = 100,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """What you should hear of. First everything that has come true is put on record, at its true time."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        raised = vault.clocks.raise_alerts()
        if raised:
            say(f"countersign: {raised} new.")
        actor = vault.actor()
        state = "seen" if seen else "open"
        mine = alerts_for(actor, state=state, limit=limit)
        wanted = AlertFilter(state="seen" if seen else "open", limit=limit) if everybody else mine
        found = alert_lines(vault.register, vault.register.alerts(wanted), actor)
        if as_json:
            print_json(found)
            return
        for each in found:
            late = "  [raised late: the program was closed]" if each.late else ""
            print_text(f"{moment(each.at)}  {each.subject or '-'}  {each.text}  for {each.addressed}{late}  {each.id}")
        if not found:
            say("countersign: No alerts.")


@app.command("seen")
def seen(
    folder: VaultPath,
    alerts: Annotated[list[str] | None, typer.Argument(metavar="ALERT", help="Ids of alerts that are for you.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that are for you.")] = False,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say that alerts were seen; for a role, whoever holds it and says so first."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        if everything == bool(alerts):
            raise UsageProblem("Name the alerts, or say --all.", cure="List the alerts to see their ids.")
        chosen = alerts or [each.id for each in vault.register.alerts(alerts_for(vault.actor()))]
        if not chosen:
            raise UsageProblem("There is no alert for you.", cure="There is nothing to do.")
        entry = vault.perform(MarkAlertSeen(alerts=chosen))
        if as_json:
            print_json({"seen": entry.header.changes.count, "entry": entry.header.seq})
        else:
            print_text(f"{entry.header.changes.count} seen (entry {entry.header.seq}).")


@app.command("digest")
def digest(
    folder: VaultPath,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")],
    kind: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What kind of file.")] = "pdf",
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help="For whom the file is; kept on record with its hash.")
    ] = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Your alerts, signatures asked of you and work that is due, as a file: paper, calendar, mail draft or text."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        if kind not in FORMATS:
            raise UsageProblem(f"There is no format {kind!r}.", cure=f"Formats: {', '.join(FORMATS)}.")
        must_take_a_file(out)
        vault.clocks.raise_alerts()
        data = vault.clocks.digest(kind)
        on_record = vault.papers.give_out(data, kind="digest", name=out.name, purpose=purpose, out=out)
        if as_json:
            print_json({"file": str(out), "format": kind, "bytes": len(data), "on_record": on_record})
        else:
            print_text(f"Written to {out}{'' if on_record else '; not on record, nothing is recorded here now'}.")
