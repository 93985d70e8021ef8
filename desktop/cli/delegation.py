"""`countersign delegation`: give, revoke, list."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from desktop.cli.frame import Call, Reason, in_vault, reads
from desktop.cli.output import print_json, print_text
from desktop.cli.roles import person_id
from domain.commands.delegation import GrantMandate, RevokeMandate
from domain.identity import iso
from domain.messages import message
from domain.records.governance import Mandate

app = typer.Typer(no_args_is_help=True)


@app.command("grant")
@in_vault
def give(
    call: Call,
    delegate: Annotated[str, typer.Argument(metavar="DELEGATE", help="The name of whoever signs in your place.")],
    *,
    role: Annotated[str, typer.Option("--role", help="The role you hold and delegate.")],
    first_day: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day.")],
    last_day: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day, itself included.")],
    process: Annotated[str, typer.Option("--process", help="Only this process.")] = "",
    severity: Annotated[
        list[str] | None, typer.Option("--severity", help="Only this severity; can be repeated.")
    ] = None,
    reason: Reason = "",
) -> None:
    """Let a delegate sign in their name in your place, signed; refused the day after it ends."""
    entry = call.perform(
        GrantMandate(
            delegate=person_id(call.vault, delegate),
            role=role,
            first_day=first_day,
            last_day=last_day,
            process=process,
            severities=tuple(severity or ()),
            reason=reason,
        )
    )
    call.answer(
        {"mandate": entry.header.subject, "entry": entry.header.seq},
        message(
            "{delegate} may sign as {role} in your place, {first_day} to {last_day} ({subject}).",
            delegate=delegate,
            role=role,
            first_day=first_day,
            last_day=last_day,
            subject=entry.header.subject,
        ),
    )


@app.command("revoke")
@in_vault
def revoke(
    call: Call,
    mandate: Annotated[str, typer.Argument(metavar="MANDATE", help="The mandate's id.")],
    *,
    reason: Reason = "",
) -> None:
    """End a mandate before its last day, signed; what waits for the delegate waits for the delegator again."""
    entry = call.perform(RevokeMandate(mandate=mandate, reason=reason))
    call.answer({"mandate": mandate, "entry": entry.header.seq}, message("Ended (entry {seq}).", seq=entry.header.seq))


@app.command("list")
@reads
def list_mandates(call: Call) -> None:
    """Every mandate there is and was."""
    names = {each.id: each.name for each in call.vault.register.people()}
    today = iso(call.vault.actor().at)[:10]
    found = []
    for each in call.vault.register.all_of(Mandate):
        valid = each.state == "given" and each.first_day <= today <= each.last_day
        value = msgspec.to_builtins(each)
        found.append(
            {**value, "delegator": names[each.delegator], "delegate": names[each.delegate], "valid_today": valid}
        )
    if call.as_json:
        print_json(found)
        return
    for one in found:
        scope = " ".join((one["process"] or message("every process"), *one["severities"]))
        state = message("valid today") if one["valid_today"] else one["state"]
        days = message("{one} to {one_2}", one=one["first_day"], one_2=one["last_day"])
        print_text(
            message(
                "{one}  {one_2} for {one_3} as {one_4}, {days}, {scope}: {state}",
                one=one["id"],
                one_2=one["delegate"],
                one_3=one["delegator"],
                one_4=one["role"],
                days=days,
                scope=scope,
                state=state,
            )
        )
