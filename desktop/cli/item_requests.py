"""`countersign item ...` outside the normal path: requests, risk acceptances, links, handoffs, follow-ups."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from desktop.cli import counts
from desktop.cli.frame import Call, ItemName, Reason, in_vault, reads
from desktop.cli.item import Fields, done, field_values
from desktop.cli.output import print_json, print_text
from desktop.cli.words import in_words
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.closure import BeginFollowUp
from domain.commands.command import ItemCommand
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink, UnlinkItems
from domain.commands.requests import (
    DecideRequest,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    WithdrawRequest,
)
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance, RevokeRiskAcceptance
from domain.errors import UsageProblem
from domain.messages import Message, message
from domain.records.dues import due_days
from domain.records.governance import Link
from domain.records.waiting import waiting_chain

app = typer.Typer(no_args_is_help=True)

Other = Annotated[str, typer.Argument(metavar="OTHER", help="The other item's number or id.")]
LinkName = Annotated[str, typer.Argument(metavar="LINK", help="A link's id, or the number of the item it names.")]
RequestId = Annotated[str, typer.Option("--request", metavar="ID", help="The request, when several wait.")]
RiskAcceptanceId = Annotated[
    str, typer.Option("--acceptance", metavar="ID", help="The risk acceptance, when there are several.")
]
Verdict = Annotated[bool, typer.Option("--approve/--reject", help="Your decision.")]


def _give(call: Call, command: ItemCommand) -> None:
    """Give a command on one item and tell how the item stands; a follow-up describes of the new one."""
    entry = call.perform(command)
    done(call, entry, "" if isinstance(command, BeginFollowUp) else command.item)


@app.command("ask-cancel")
@in_vault
def ask_cancel(
    call: Call,
    item: ItemName,
    *,
    reason: Reason = "",
    code: Annotated[str, typer.Option("--code", help="One of the process's cancellation reasons.")] = "",
    disposition: Annotated[
        list[str] | None,
        typer.Option("--disposition", metavar="ID=ANSWER", help="What becomes of something; once for each."),
    ] = None,
) -> None:
    """Ask that work end without its outcome; somebody else decides."""
    dispositions = field_values(disposition or [])
    _give(call, RequestCancellation(item=item, reason=reason, code=code, dispositions=dispositions))


@app.command("extend")
@in_vault
def extend(
    call: Call,
    item: ItemName,
    due: Annotated[str, typer.Argument(metavar="YYYY-MM-DD", help="The due day asked for.")],
    *,
    reason: Reason = "",
    risk: Annotated[str, typer.Option("--risk", metavar="TEXT", help="The risk until then, and what stands in.")] = "",
) -> None:
    """Ask for a later due day; somebody else decides."""
    _give(call, RequestExtension(item=item, due=due, reason=reason, interim_risk=risk))


@app.command("change")
@in_vault
def change(call: Call, item: ItemName, fields: Fields, *, reason: Reason = "") -> None:
    """Ask for a change of content; it is applied when somebody else signs it."""
    wanted = field_values(fields)
    _give(call, RequestChange(item=item, fields=wanted, reason=reason))


@app.command("decide")
@in_vault
def decide(call: Call, item: ItemName, *, approve: Verdict, request: RequestId = "", reason: Reason = "") -> None:
    """Sign the decision on a request: cancelling, a later due day, changed content."""
    wanted = request or _the_one(call.vault.register.item_file(item).requests, "asked", "request")
    entry = call.perform(DecideRequest(item=item, request=wanted, approve=approve, reason=reason))
    done(call, entry, item)


@app.command("withdraw")
@in_vault
def withdraw(call: Call, item: ItemName, *, request: RequestId = "", reason: Reason = "") -> None:
    """Take back a request of your own that nobody has decided."""
    wanted = request or _the_one(call.vault.register.item_file(item).requests, "asked", "request")
    done(call, call.perform(WithdrawRequest(item=item, request=wanted, reason=reason)), item)


def _the_one(found: tuple[Any, ...], state: str, what: str) -> str:
    """The id of the one record in this state."""
    fitting = [str(each.id) for each in found if each.state == state]
    if len(fitting) == 1:
        return fitting[0]
    raise UsageProblem(
        message(
            "{count} {what}s are {state} here.",
            count=len(fitting) or message("No"),
            what=what,
            state=state.replace("_", " "),
        ),
        remedy=message("Name one of: {list}.", list=", ".join(fitting))
        if fitting
        else message("Look at the item to see what is on record."),
    )


@app.command("request-acceptance")
@in_vault
def waive(
    call: Call,
    item: ItemName,
    *,
    rule: Annotated[str, typer.Option("--rule", help="The rule of the obstacle, such as blocked.open.")],
    until: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help="The last day, itself included.")],
    risk: Annotated[str, typer.Option("--risk", metavar="TEXT", help="What can happen.")] = "",
    measure: Annotated[str, typer.Option("--measure", metavar="TEXT", help="What stands in for the rule.")] = "",
    gate: Annotated[str, typer.Option("--gate", help="One gate, such as plan->implementation; default: all.")] = "",
    about: Annotated[str, typer.Option("--about", help="What the obstacle concerns: a link, a field, evidence.")] = "",
    reason: Reason = "",
) -> None:
    """Ask that the risk of passing an obstacle be accepted, until a day."""
    _give(
        call,
        RequestRiskAcceptance(
            item=item, rule=rule, gate=gate, concerns=about, reason=reason, risk=risk, measure=measure, expires_on=until
        ),
    )


@app.command("accept-risk")
@in_vault
def accept_risk(
    call: Call,
    item: ItemName,
    *,
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Your decision.")],
    risk_acceptance: RiskAcceptanceId = "",
    reason: Reason = "",
) -> None:
    """Sign that a risk is accepted, or that it is not."""
    wanted = risk_acceptance or _the_one(
        call.vault.register.item_file(item).risk_acceptances, "asked", message("risk acceptance")
    )
    entry = call.perform(DecideRiskAcceptance(item=item, risk_acceptance=wanted, accept=accept, reason=reason))
    done(call, entry, item)


@app.command("revoke-risk")
@in_vault
def revoke_risk(call: Call, item: ItemName, *, risk_acceptance: RiskAcceptanceId = "", reason: Reason = "") -> None:
    """Take an accepted risk back: the gate stands again."""
    wanted = risk_acceptance or _the_one(
        call.vault.register.item_file(item).risk_acceptances, "in_force", message("risk acceptance")
    )
    entry = call.perform(RevokeRiskAcceptance(item=item, risk_acceptance=wanted, reason=reason))
    done(call, entry, item)


@app.command("link")
@in_vault
def link(
    call: Call,
    item: ItemName,
    other: Other,
    *,
    kind: Annotated[
        str, typer.Option("--kind", help="blocked_by, follow_up_of, continuation_of, merged_into or related.")
    ] = "blocked_by",
    reason: Reason = "",
) -> None:
    """Link an item to another one; blocked_by holds up its gates until the other is closed."""
    _give(call, LinkItems(item=item, other=other, kind=kind, reason=reason))


def link_named(vault: UnlockedSession, item: str, name: str) -> Link:
    """The link in force of an item by its id, or by the number of the item it names.

    Raises:
        UsageProblem: none, or several to the same item.
    """
    in_force = [each for each in vault.register.item_file(item).links if each.state == "in_force"]
    found = [each for each in in_force if name in (each.id, each.other, vault.register.item(each.other).number)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{each.id} ({each.kind} {vault.register.item(each.other).number})" for each in in_force)
    raise UsageProblem(
        message("{name!r} names {links} here.", name=name, links=counts.links(len(found))),
        remedy=message("Links: {known}.", known=known or message("none")),
    )


@app.command("unlink")
@in_vault
def unlink(call: Call, item: ItemName, link: LinkName, *, reason: Reason = "") -> None:
    """End a link, with a reason."""
    ended = link_named(call.vault, item, link).id
    done(call, call.perform(UnlinkItems(item=item, link=ended, reason=reason)), item)


@app.command("replace-link")
@in_vault
def replace_a_link(call: Call, item: ItemName, link: LinkName, other: Other, *, reason: Reason = "") -> None:
    """Put another item in the place of the one a link names."""
    ended = link_named(call.vault, item, link).id
    entry = call.perform(ReplaceLink(item=item, link=ended, other=other, reason=reason))
    done(call, entry, item)


@app.command("ask-blocker")
@in_vault
def ask_the_blocker(
    call: Call,
    item: ItemName,
    link: LinkName,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The question.")],
) -> None:
    """Ask the owner of the item that this one waits for."""
    asked = link_named(call.vault, item, link).id
    done(call, call.perform(AskBlocker(item=item, link=asked, text=text)), item)


@app.command("chain")
@reads
def chain(call: Call, item: ItemName) -> None:
    """Whom this waits for, directly and through others; the way that takes longest is marked."""
    register = call.vault.register
    found = waiting_chain(register.item(item).id, links_of=register.links_about, item_of=register.item)
    names = {person.id: person.name for person in register.people()}
    if call.as_json:
        print_json([{**msgspec.to_builtins(one), "owner": names.get(one.owner, one.owner_name)} for one in found])
        return
    for one in found:
        mark = "*" if one.critical else " "
        owner = names.get(one.owner, one.owner_name) or "nobody"
        print_text(
            message(
                "{mark} {value}{number} {step}, {state}, {owner}, due {due}: {title}",
                mark=mark,
                value="  " * one.depth,
                number=one.number,
                step=one.step,
                state=in_words(one.state),
                owner=owner,
                due=one.due or message("unknown"),
                title=one.title[:60],
            )
        )


@app.command("accept")
@in_vault
def take(call: Call, item: ItemName) -> None:
    """Take over work that was handed over to you."""
    _give(call, AcceptHandoff(item=item))


@app.command("return")
@in_vault
def return_(call: Call, item: ItemName, *, reason: Reason = "") -> None:
    """Send work that was handed over to you back, with a reason."""
    _give(call, ReturnHandoff(item=item, reason=reason))


@app.command("follow-up")
@in_vault
def follow_up(call: Call, item: ItemName, *, reason: Reason = "") -> None:
    """Begin a new item for what came back after this one was closed, where its process does so; signed."""
    _give(call, BeginFollowUp(item=item, reason=reason))


_HOW = {
    "extension": Message("granted by {name}: {reason}"),
    "change": Message("changed by {name}: {reason}"),
}


@app.command("dues")
@reads
def dues(call: Call, item: ItemName) -> None:
    """Every due day the item has had: the first one, and each later one with who granted it and why."""
    found = due_days(call.vault.register.item_file(item))
    names = {person.id: person.name for person in call.vault.register.people()}
    if call.as_json:
        print_json(
            [{**msgspec.to_builtins(one), "decided_by": names.get(one.decided_by, one.decided_by)} for one in found]
        )
        return
    for one in found:
        granted = (
            _HOW[one.how].filled(name=names.get(one.decided_by, ""), reason=one.reason or message("no reason given"))
            if one.nth
            else message("first promised")
        )
        print_text(f"{one.nth} {one.day or message('no day')} {granted}")
