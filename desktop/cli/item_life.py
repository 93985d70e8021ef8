"""`countersign item ...` off the straight road: requests, waivers, links, handoffs, recurrences."""

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
from desktop.cli.item import Fields, done, field_values
from desktop.session.open_vault import UnlockedVault
from domain.commands.closure import BeginRecurrence
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink, UnlinkItems
from domain.commands.requests import (
    DecideRequest,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    WithdrawRequest,
)
from domain.commands.risk_acceptance import DecideWaiver, RequestWaiver, RevokeWaiver
from domain.errors import UsageProblem
from domain.records.dues import due_days
from domain.records.governance import Link
from domain.records.waiting import waiting_chain

app = typer.Typer(no_args_is_help=True)

Other = Annotated[str, typer.Argument(metavar="OTHER", help="The other item's number or id.")]
LinkName = Annotated[str, typer.Argument(metavar="LINK", help="A link's id, or the number of the item it names.")]
RequestId = Annotated[str, typer.Option("--request", metavar="ID", help="The request, when several wait.")]
WaiverId = Annotated[str, typer.Option("--waiver", metavar="ID", help="The waiver, when there are several.")]
Verdict = Annotated[bool, typer.Option("--approve/--reject", help="Your decision.")]


def _act(  # one frame for commands that act on one item
    folder: VaultPath, item: str, use_case: Any, *, name: str, secret: PassphraseFile, as_json: bool, **arguments: Any
) -> None:
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=secret) as (vault, passphrase):
        entry = vault.perform(use_case, passphrase=passphrase, item=item, **arguments)
        done(vault, entry, "" if use_case is BeginRecurrence else item, as_json=as_json)


@app.command("ask-cancel")
def ask_cancel(
    folder: VaultPath,
    item: ItemName,
    *,
    reason: Reason = "",
    code: Annotated[str, typer.Option("--code", help="One of the process's cancellation reasons.")] = "",
    fate: Annotated[
        list[str] | None, typer.Option("--fate", metavar="ID=ANSWER", help="What becomes of something; once for each.")
    ] = None,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask that work end without its outcome; somebody else decides."""
    with errors_explained(as_json=as_json):
        fates = field_values(fate or [])
    _act(
        *(folder, item, RequestCancellation),
        name=name,
        secret=passphrase_file,
        as_json=as_json,
        reason=reason,
        code=code,
        fates=fates,
    )


@app.command("extend")
def extend(
    folder: VaultPath,
    item: ItemName,
    due: Annotated[str, typer.Argument(metavar="YYYY-MM-DD", help="The due day asked for.")],
    *,
    reason: Reason = "",
    risk: Annotated[str, typer.Option("--risk", metavar="TEXT", help="The risk until then, and what stands in.")] = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask for a later due day; somebody else decides."""
    _act(
        *(folder, item, RequestExtension),
        name=name,
        secret=passphrase_file,
        as_json=as_json,
        due=due,
        reason=reason,
        interim_risk=risk,
    )


@app.command("change")
def change(
    folder: VaultPath,
    item: ItemName,
    fields: Fields,
    *,
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask for a change of content; it is applied when somebody else signs it."""
    with errors_explained(as_json=as_json):
        wanted = field_values(fields)
    _act(
        *(folder, item, RequestChange),
        name=name,
        secret=passphrase_file,
        as_json=as_json,
        fields=wanted,
        reason=reason,
    )


@app.command("decide")
def decide(
    folder: VaultPath,
    item: ItemName,
    *,
    approve: Verdict,
    request: RequestId = "",
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign the decision on a request: cancelling, a later due day, changed content."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, passphrase),
    ):
        wanted = request or _the_one(vault.register.item_file(item).requests, "asked", "request")
        entry = vault.perform(
            DecideRequest(item=item, request=wanted, approve=approve, reason=reason), passphrase=passphrase
        )
        done(vault, entry, item, as_json=as_json)


@app.command("withdraw")
def withdraw(
    folder: VaultPath,
    item: ItemName,
    *,
    request: RequestId = "",
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Take back a request of your own that nobody has decided."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        wanted = request or _the_one(vault.register.item_file(item).requests, "asked", "request")
        done(vault, vault.perform(WithdrawRequest(item=item, request=wanted, reason=reason)), item, as_json=as_json)


def _the_one(found: tuple[Any, ...], state: str, what: str) -> str:
    """The id of the one record in this state."""
    fitting = [str(each.id) for each in found if each.state == state]
    if len(fitting) == 1:
        return fitting[0]
    raise UsageProblem(
        f"{len(fitting) or 'No'} {what}s are {state.replace('_', ' ')} here.",
        cure=f"Name one of: {', '.join(fitting)}." if fitting else "Look at the item to see what is on record.",
    )


@app.command("waive")
def waive(
    folder: VaultPath,
    item: ItemName,
    *,
    rule: Annotated[str, typer.Option("--rule", help="The rule of the obstacle, such as blocked.open.")],
    until: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help="The last day, itself included.")],
    risk: Annotated[str, typer.Option("--risk", metavar="TEXT", help="What can happen.")] = "",
    measure: Annotated[str, typer.Option("--measure", metavar="TEXT", help="What stands in for the rule.")] = "",
    gate: Annotated[str, typer.Option("--gate", help="One gate, such as plan->implementation; default: all.")] = "",
    about: Annotated[str, typer.Option("--about", help="What the obstacle concerns: a link, a field, evidence.")] = "",
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask that the risk of passing an obstacle be accepted, until a day."""
    _act(
        *(folder, item, RequestWaiver),
        name=name,
        secret=passphrase_file,
        as_json=as_json,
        rule=rule,
        gate=gate,
        about=about,
        reason=reason,
        risk=risk,
        measure=measure,
        expires_on=until,
    )


@app.command("accept-risk")
def accept_risk(
    folder: VaultPath,
    item: ItemName,
    *,
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Your decision.")],
    waiver: WaiverId = "",
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign that a risk is accepted, or that it is not."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, passphrase),
    ):
        wanted = waiver or _the_one(vault.register.item_file(item).waivers, "asked", "waiver")
        entry = vault.perform(
            DecideWaiver(item=item, waiver=wanted, accept=accept, reason=reason), passphrase=passphrase
        )
        done(vault, entry, item, as_json=as_json)


@app.command("revoke-risk")
def revoke_risk(
    folder: VaultPath,
    item: ItemName,
    *,
    waiver: WaiverId = "",
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Take an accepted risk back: the gate stands again."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, passphrase),
    ):
        wanted = waiver or _the_one(vault.register.item_file(item).waivers, "in_force", "waiver")
        entry = vault.perform(RevokeWaiver(item=item, waiver=wanted, reason=reason), passphrase=passphrase)
        done(vault, entry, item, as_json=as_json)


@app.command("link")
def link(
    folder: VaultPath,
    item: ItemName,
    other: Other,
    *,
    kind: Annotated[
        str, typer.Option("--kind", help="blocked_by, follow_up_of, recurrence_of, merged_into or related.")
    ] = "blocked_by",
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Tie an item to another one; blocked_by holds up its gates until the other is closed."""
    _act(
        *(folder, item, LinkItems),
        name=name,
        secret=passphrase_file,
        as_json=as_json,
        other=other,
        kind=kind,
        reason=reason,
    )


def link_named(vault: UnlockedVault, item: str, name: str) -> Link:
    """The link in force of an item by its id, or by the number of the item it names.

    Raises:
        UsageProblem: none, or several to the same item.
    """
    in_force = [each for each in vault.register.item_file(item).links if each.state == "in_force"]
    found = [each for each in in_force if name in (each.id, each.other, vault.register.item(each.other).number)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{each.id} ({each.kind} {vault.register.item(each.other).number})" for each in in_force)
    raise UsageProblem(f"{name!r} names {len(found) or 'no'} links here.", cure=f"Links: {known or 'none'}.")


@app.command("unlink")
def unlink(
    folder: VaultPath,
    item: ItemName,
    tie: LinkName,
    *,
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """End a tie, with a reason."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        ended = link_named(vault, item, tie).id
        done(vault, vault.perform(UnlinkItems(item=item, link=ended, reason=reason)), item, as_json=as_json)


@app.command("relink")
def relink(
    folder: VaultPath,
    item: ItemName,
    tie: LinkName,
    other: Other,
    *,
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Put another item in the place of the one a tie names."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        ended = link_named(vault, item, tie).id
        entry = vault.perform(ReplaceLink(item=item, link=ended, other=other, reason=reason))
        done(vault, entry, item, as_json=as_json)


@app.command("ask-blocker")
def ask_the_blocker(
    folder: VaultPath,
    item: ItemName,
    tie: LinkName,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The question.")],
    *,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask the owner of the item that this one waits for."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        asked = link_named(vault, item, tie).id
        done(vault, vault.perform(AskBlocker(item=item, link=asked, text=text)), item, as_json=as_json)


@app.command("chain")
def chain(
    folder: VaultPath, item: ItemName, *, name: As = "", passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Whom this waits for, directly and through others; the way that takes longest is marked."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        register = vault.register
        found = waiting_chain(register.item(item).id, links_of=register.links_about, item_of=register.item)
        names = {person.id: person.name for person in register.people()}
        if as_json:
            print_json([{**msgspec.to_builtins(one), "owner": names.get(one.owner, one.owner_name)} for one in found])
            return
        for one in found:
            mark = "*" if one.critical else " "
            owner = names.get(one.owner, one.owner_name) or "nobody"
            print_text(
                f"{mark} {'  ' * one.depth}{one.number} {one.step}, {one.state}, {owner}, due {one.due or 'unknown'}: "
                f"{one.title[:60]}"
            )


@app.command("take")
def take(
    folder: VaultPath, item: ItemName, *, name: As = "", passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Take over work that was handed over to you."""
    _act(folder, item, AcceptHandoff, name=name, secret=passphrase_file, as_json=as_json)


@app.command("return")
def return_(
    folder: VaultPath,
    item: ItemName,
    *,
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Send work that was handed over to you back, with a reason."""
    _act(folder, item, ReturnHandoff, name=name, secret=passphrase_file, as_json=as_json, reason=reason)


@app.command("recur")
def recur(
    folder: VaultPath,
    item: ItemName,
    *,
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Begin a new item for what came back after this one was closed, where its process does so; signed."""
    _act(folder, item, BeginRecurrence, name=name, secret=passphrase_file, as_json=as_json, reason=reason)


@app.command("dues")
def dues(
    folder: VaultPath, item: ItemName, *, name: As = "", passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Every due day the item has had: the first one, and each later one with who granted it and why."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        found = due_days(vault.register.item_file(item))
        names = {person.id: person.name for person in vault.register.people()}
        if as_json:
            print_json(
                [{**msgspec.to_builtins(one), "decided_by": names.get(one.decided_by, one.decided_by)} for one in found]
            )
            return
        for one in found:
            granted = f"granted by {names.get(one.decided_by, '')}: {one.reason}" if one.nth else "first promised"
            print_text(f"{one.nth} {one.day} {granted}")
