"""`countersign urgent`: mark, approve, confirm, refuse, withdraw; and `countersign report urgent`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.frame import (
    As,
    ItemName,
    Json,
    PassphraseFile,
    Reason,
    VaultPath,
    errors_explained,
    opened,
    print_json,
    print_text,
)
from desktop.session.open_vault import UnlockedVault
from domain.commands.urgency import ApproveUrgent, ConfirmUrgent, MarkUrgent, RefuseUrgent, WithdrawUrgent
from domain.errors import UsageProblem
from domain.log.entry import Entry
from domain.metrics.urgent_report import urgent_report
from domain.rules.fields import is_day

app = typer.Typer(no_args_is_help=True)
Gate = Annotated[str, typer.Option("--gate", help="The gate, when not the first that fits.")]
Meaning = Annotated[
    str, typer.Option("--meaning", help="What your signature means; default: the words of the process.")
]


def _told(vault: UnlockedVault, entry: Entry, *, as_json: bool) -> None:
    file = vault.register.item_file(entry.header.subject)
    urgency, item = file.urgencies[-1], file.item
    debt = next((each for each in file.obligations if each.about == urgency.id), None)
    if as_json:
        value: dict[str, Any] = {
            "item": item.number,
            "step": item.step,
            "urgency": msgspec.to_builtins(urgency),
            "obligation": msgspec.to_builtins(debt) if debt else None,
            "entry": entry.header.seq,
        }
        print_json(value)
        return
    due = f", to be confirmed by {debt.due[:16].replace('T', ' ')} UTC" if debt and debt.state == "open" else ""
    print_text(f"{item.number}: {item.step}, urgent passage {urgency.state}{due} (entry {entry.header.seq}).")


@app.command("mark")
def mark(
    folder: VaultPath,
    item: ItemName,
    *,
    code: Annotated[str, typer.Option("--code", help="One of the process's reasons for urgency.")] = "",
    reason: Reason = "",
    gate: Gate = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask that the gate ahead be passed by one signature now and confirmed afterwards."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        _told(vault, vault.perform(MarkUrgent(item=item, code=code, reason=reason, gate=gate)), as_json=as_json)


@app.command("approve")
def approve(
    folder: VaultPath,
    item: ItemName,
    *,
    meaning: Meaning = "",
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Give the one signature of the urgent path; asks for the passphrase again."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, secret),
    ):
        entry = vault.perform(ApproveUrgent(item=item, meaning=meaning, reason=reason), passphrase=secret)
        _told(vault, entry, as_json=as_json)


@app.command("confirm")
def confirm(
    folder: VaultPath,
    item: ItemName,
    *,
    meaning: Meaning = "",
    reason: Reason = "",
    gate: Gate = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign, as an ordinary approver, what was passed urgently; the last signature meets the debt."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, secret),
    ):
        entry = vault.perform(ConfirmUrgent(item=item, gate=gate, meaning=meaning, reason=reason), passphrase=secret)
        _told(vault, entry, as_json=as_json)


@app.command("refuse")
def refuse(
    folder: VaultPath,
    item: ItemName,
    *,
    reason: Reason = "",
    gate: Gate = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign that an urgent passage is not confirmed: the item goes back, the work done is kept."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, secret),
    ):
        entry = vault.perform(RefuseUrgent(item=item, gate=gate, reason=reason), passphrase=secret)
        _told(vault, entry, as_json=as_json)


@app.command("withdraw")
def withdraw(
    folder: VaultPath,
    item: ItemName,
    *,
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Give the urgent path up before the gate is passed."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        _told(vault, vault.perform(WithdrawUrgent(item=item, reason=reason)), as_json=as_json)


def report_urgent(
    folder: VaultPath,
    *,
    first_day: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day.")] = "0001-01-01",
    last_day: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day.")] = "9999-12-31",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Urgent passages: how many, their share, the time to confirm them, what was refused, by whom."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        if not (is_day(first_day) and is_day(last_day)):
            raise UsageProblem("A day is written like 2026-11-22.", cure="Correct --from or --to.")
        found = urgent_report(vault.register, at=vault.actor().at, first_day=first_day, last_day=last_day)
        names = {each.id: each.name for each in vault.register.people()}
        value: dict[str, Any] = msgspec.to_builtins(found)
        for use in (*value["by_requester"], *value["by_approver"]):
            use["name"] = names.get(use["person"], "")
        for line in value["lines"]:
            line |= {who: names.get(line[who], "") for who in ("requester", "approver")}
        if as_json:
            print_json({**value, "checkpoint": vault.checkpoint()})
            return
        share = f", {found.share} % of {found.gates_passed} gates with approvals" if found.share else ""
        print_text(f"{found.urgent} urgent passages{share}.")
        print_text(f"{found.confirmed} confirmed, {found.refused} refused, {found.open} open, {found.late} late.")
        if found.mean_hours:
            print_text(f"Confirmed after {found.mean_hours} working hours on average.")
        for title, uses in (("asked for by", value["by_requester"]), ("signed by", value["by_approver"])):
            for use in uses:
                print_text(f"  {title} {use['name']}: {use['passed']} passed, {use['refused']} refused")
        for line in value["lines"]:
            print_text(f"{line['item']:16} {line['gate']:30} {line['code']:12} {line['state']:10} {line['passed_at']}")
