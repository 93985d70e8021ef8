"""`countersign urgent`: mark, approve, confirm, refuse, withdraw; and `countersign report urgent`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.frame import Call, ItemName, Reason, in_vault
from desktop.cli.output import print_json, print_text
from desktop.cli.words import in_words
from domain.commands.urgency import ApproveUrgent, ConfirmUrgent, MarkUrgent, RefuseUrgent, WithdrawUrgent
from domain.log.entry import Entry
from domain.messages import message
from domain.rules.facts import gather
from domain.rules.obligations import obligation_words

app = typer.Typer(no_args_is_help=True)
Gate = Annotated[str, typer.Option("--gate", help="The gate, when not the first that fits.")]
Meaning = Annotated[
    str, typer.Option("--meaning", help="What your signature means; default: the words of the process.")
]


def _described(call: Call, entry: Entry) -> None:
    file = call.vault.register.item_file(entry.header.subject)
    urgency, item = file.urgencies[-1], file.item
    obligation = next((each for each in file.obligations if each.about == urgency.id), None)
    if call.as_json:
        facts = gather(call.vault.register, item.id, call.vault.actor())
        outstanding = (
            {**msgspec.to_builtins(obligation), "text": obligation_words(facts, obligation)} if obligation else None
        )
        value: dict[str, Any] = {
            "item": item.number,
            "step": item.step,
            "urgency": msgspec.to_builtins(urgency),
            "obligation": outstanding,
            "entry": entry.header.seq,
        }
        print_json(value)
        return
    due = (
        message(", to be confirmed by {due} UTC", due=obligation.due[:16].replace("T", " "))
        if obligation and obligation.state == "open"
        else ""
    )
    print_text(
        message(
            "{number}: {step}, urgent transition {state}{due} (entry {seq}).",
            number=item.number,
            step=item.step,
            state=in_words(urgency.state),
            due=due,
            seq=entry.header.seq,
        )
    )


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
    _described(call, call.perform(MarkUrgent(item=item, code=code, reason=reason, gate=gate)))


@app.command("approve")
@in_vault
def approve(call: Call, item: ItemName, *, meaning: Meaning = "", reason: Reason = "") -> None:
    """Give the one signature of the urgent path; asks for the passphrase again."""
    entry = call.perform(ApproveUrgent(item=item, meaning=meaning, reason=reason))
    _described(call, entry)


@app.command("confirm")
@in_vault
def confirm(call: Call, item: ItemName, *, meaning: Meaning = "", reason: Reason = "", gate: Gate = "") -> None:
    """Sign, as an ordinary approver, what was passed urgently; the last signature meets the obligation."""
    entry = call.perform(ConfirmUrgent(item=item, gate=gate, meaning=meaning, reason=reason))
    _described(call, entry)


@app.command("refuse")
@in_vault
def refuse(call: Call, item: ItemName, *, reason: Reason = "", gate: Gate = "") -> None:
    """Sign that an urgent transition is not confirmed: the item goes back, the work done is kept."""
    entry = call.perform(RefuseUrgent(item=item, gate=gate, reason=reason))
    _described(call, entry)


@app.command("withdraw")
@in_vault
def withdraw(call: Call, item: ItemName, *, reason: Reason = "") -> None:
    """Give the urgent path up before the gate is passed."""
    _described(call, call.perform(WithdrawUrgent(item=item, reason=reason)))
