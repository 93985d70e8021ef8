"""The command line: `countersign NOUN VERB VAULT ...`, the twin of every screen."""

from __future__ import annotations

import sys

import typer

from desktop.cli import (
    act,
    alerts,
    approval,
    calendar_,
    category,
    demo,
    diag,
    evidence,
    import_,
    item,
    item_can,
    item_life,
    log,
    mandate,
    pack,
    people,
    process,
    process_control,
    report,
    report_life,
    self_,
    urgent,
    vault,
)
from desktop.machine.hardening import harden_process

app = typer.Typer(
    name="countersign",
    help="Governed, countersigned, provable work, offline, in one encrypted vault.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(vault.app, name="vault", help="Make, check and sample vaults.")
app.add_typer(people.app, name="people", help="Who acts here, and as what.")
process.app.add_typer(process_control.app)
app.add_typer(process.app, name="process", help="How work flows: the processes.")
app.add_typer(category.app, name="category", help="Categories of a process: proposed, approved, chosen from a day.")
app.add_typer(import_.app, name="import", help="Bring a legacy tracker in.")
item.app.add_typer(item_life.app)
item.app.add_typer(item_can.app)
app.add_typer(item.app, name="item", help="Pieces of work.")
app.add_typer(evidence.app, name="evidence", help="Files that prove something.")
app.add_typer(approval.app, name="approval", help="Signatures: what waits, what was signed, questions before deciding.")
app.add_typer(urgent.app, name="urgent", help="The urgent path: one signature now, confirmed afterwards.")
app.add_typer(mandate.app, name="mandate", help="Deputies: who signs in whose place, until when.")
app.add_typer(alerts.app, name="alerts", help="What people have to hear of, and when it came true.")
report.app.command("urgent")(urgent.report_urgent)
report.app.add_typer(report_life.app)
app.add_typer(report.app, name="report", help="Late work and breaches, with what they are made of.")
app.add_typer(calendar_.app, name="calendar", help="The working time of the site.")
app.add_typer(log.app, name="log", help="The signed log.")
app.add_typer(pack.app, name="pack", help="Closure packs.")
app.add_typer(self_.app, name="self", help="What rules ask, and what a vault shows for it.")
app.add_typer(diag.app, name="diag", help="For whoever helps: a bundle without content.")
app.command("approve", help="Sign an approval (or a rejection) at the gate ahead.")(act.approve)
app.command("approve-many", help="Sign approvals of several items in one ceremony.")(approval.approve_many)
app.command("close", help="Close an item, signed, and print its closure pack.")(act.close)
app.command("demo", help="The whole main job on the embedded sample, in a new folder.")(demo.demo)


def main() -> None:
    """Run the command line; files it makes are for this user only."""
    harden_process()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
