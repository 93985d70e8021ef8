"""`countersign urgent`: mark, approve, confirm, refuse, withdraw; and `countersign report urgent`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.frame import (
    Call,
    ItemName,
    Reason,
    in_vault,
    print_json,
    print_text,
)
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


def _told(call: Call, entry: Entry) -> None:
    file = call.vault.register.item_file(entry.header.subject)
    urgency, item = file.urgencies[-1], file.item
    debt = next((each for each in file.obligations if each.about == urgency.id), None)
    if call.as_json:
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
@in_vault
def mark(
    call: Call,
    item: ItemName,
    *,
    code: Annotated[str, typer.Option("--code", help="One of the process's reasons for urgency.")] = "",
    reason: Reason = "",
    gate: Gate = "",
) -> None:
    """Ask that the gate ahead be passed by one signature now and confirmed afterwards."""
    _told(call, call.perform(MarkUrgent(item=item, code=code, reason=reason, gate=gate)))


@app.command("approve")
@in_vault
def approve(call: Call, item: ItemName, *, meaning: Meaning = "", reason: Reason = "") -> None:
    """Give the one signature of the urgent path; asks for the passphrase again."""
    entry = call.perform(ApproveUrgent(item=item, meaning=meaning, reason=reason))
    _told(call, entry)


@app.command("confirm")
@in_vault
def confirm(call: Call, item: ItemName, *, meaning: Meaning = "", reason: Reason = "", gate: Gate = "") -> None:
    """Sign, as an ordinary approver, what was passed urgently; the last signature meets the debt."""
    entry = call.perform(ConfirmUrgent(item=item, gate=gate, meaning=meaning, reason=reason))
    _told(call, entry)


@app.command("refuse")
@in_vault
def refuse(call: Call, item: ItemName, *, reason: Reason = "", gate: Gate = "") -> None:
    """Sign that an urgent passage is not confirmed: the item goes back, the work done is kept."""
    entry = call.perform(RefuseUrgent(item=item, gate=gate, reason=reason))
    _told(call, entry)


@app.command("withdraw")
@in_vault
def withdraw(call: Call, item: ItemName, *, reason: Reason = "") -> None:
    """Give the urgent path up before the gate is passed."""
    _told(call, call.perform(WithdrawUrgent(item=item, reason=reason)))


@in_vault
def report_urgent(
    call: Call,
    *,
    first_day: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day.")] = "0001-01-01",
    last_day: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day.")] = "9999-12-31",
) -> None:
    """Urgent passages: how many, their share, the time to confirm them, what was refused, by whom."""
    if not (is_day(first_day) and is_day(last_day)):
        raise UsageProblem("A day is written like 2026-11-22.", cure="Correct --from or --to.")
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
