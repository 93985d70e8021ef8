"""`countersign approval`: waiting, list, show, revoke, resubmit, ask, answer; and `countersign approve-many`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.frame import CHECK_FAILED, Call, ItemName, Reason, in_vault, reads
from desktop.cli.item_page import standings
from desktop.cli.output import error_value, print_json, print_json_list, print_text, progress_line
from desktop.cli.roles import person_id
from desktop.cli.words import in_words
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.approvals import AnswerQuestion, ApproveItem, AskQuestion, ResubmitItem, RevokeApproval
from domain.commands.command import Command
from domain.commands.requests import DecideRequest
from domain.errors import UsageProblem
from domain.messages import message
from domain.replay.as_signed import AsSigned, as_signed
from domain.rules.facts import gather
from domain.rules.mandates import delegator_of

app = typer.Typer(no_args_is_help=True)
Signature = Annotated[str, typer.Option("--signature", metavar="ID", help="Its id; default: the last one given.")]


@app.command("waiting")
@reads
def waiting(call: Call) -> None:
    """What waits for your decision, in your own right or as somebody's delegate, the oldest first."""
    found = call.vault.register.waiting_for(call.vault.actor())
    if call.as_json:
        print_json(found)
        return
    for one in found:
        due = (
            message(", due {due_at}{ending}", due_at=one.due_at[:10], ending=" (late)" if one.late else "")
            if one.due_at
            else ""
        )
        for_whom = message(", for {in_place_of}", in_place_of=one.in_place_of) if one.in_place_of else ""
        kind = "" if one.kind == "ordinary" else f" [{one.kind}]"
        what = (
            message("{gate}, level {level}", gate=one.gate, level=one.level)
            if one.level or not one.about
            else message("asked by {asked_by}", asked_by=one.asked_by)
        )
        print_text(f"{one.number:16} {what}{kind}{due}{for_whom}  {one.title[:50]}")


@app.command("list")
@reads
def list_signatures(call: Call, item: ItemName) -> None:
    """Every signature on an item: which count, which were overtaken and by which fields, which were taken back."""
    found = signatures_of(call.vault, item)
    if call.as_json:
        print_json(found)
        return
    for one in found:
        whom = message(" for {one}", one=one["in_place_of"]) if one["in_place_of"] else ""
        what = ", ".join(change["title"] for change in one["changed"])
        print_text(
            message(
                "{one}  {one_2} {one_3}{whom}: {one_4} at {one_5}",
                one=one["id"],
                one_2=one["given_at"][:16],
                one_3=one["name"],
                whom=whom,
                one_4=in_words(one["decision"]),
                one_5=one["gate"],
            )
        )
        print_text(f"    {one['standing']}{f': {what} changed since' if what else ''}  {one['meaning']}")


def signatures_of(vault: UnlockedSession, item: str) -> list[dict[str, Any]]:
    """The item's signatures, each with how it stands and what of its content changed since."""
    actor = vault.actor()
    facts = gather(vault.register, item, actor)
    standing = standings(facts)
    found = []
    for each in facts.file.approvals:
        opened_again = as_signed(vault.register, item=item, signature=each.id, by=actor)
        found.append(
            {
                **msgspec.to_builtins(each),
                "name": facts.names.get(each.person, ""),
                "in_place_of": facts.names.get(delegator_of(facts, each.mandate), "") if each.mandate else "",
                "standing": standing[each.id],
                "changed": msgspec.to_builtins(opened_again.changed),
            }
        )
    return found


@app.command("show")
@reads
def show(call: Call, item: ItemName, *, signature: Signature = "") -> None:
    """What somebody signed, exactly as it was, and what has changed since. Exit code 1 if the log says otherwise."""
    actor = call.vault.actor()
    given = call.vault.register.item_file(item).approvals
    mine = [each.id for each in given if each.person == actor.person] or [each.id for each in given]
    if not signature and not mine:
        raise UsageProblem(message("Nobody has signed anything here."), where=item, remedy=message("Sign first."))
    found = as_signed(call.vault.register, item=item, signature=signature or mine[-1], by=actor)
    if call.as_json:
        print_json(_as_value(found))
    else:
        _print_signed(found)
    if not found.same:
        raise typer.Exit(CHECK_FAILED)


def _as_value(found: AsSigned) -> dict[str, Any]:
    value = {name: getattr(found, name) for name in found.__struct_fields__ if name != "facts"}
    built: dict[str, Any] = msgspec.to_builtins(value)
    return built


def _print_signed(found: AsSigned) -> None:
    title = found.facts.process.title_of
    print_text(
        message(
            "{name}: {decision} at {gate}, {at} (entry {entry}).",
            name=found.name,
            decision=in_words(found.decision),
            gate=found.gate,
            at=found.at,
            entry=found.entry,
        )
    )
    print_text(message("  meaning          {meaning}", meaning=found.meaning))
    print_text(message("  process version  {process_version}", process_version=found.process_version))
    print_text(
        message(
            "  content SHA-256  {hash}: {message}",
            hash=found.hash,
            message=message("as signed") if found.same else message("NOT WHAT WAS SIGNED"),
        )
    )
    for field, value in found.content["fields"].items():
        print_text(f"  {title(field):16} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    for each in found.content["evidence"]:
        print_text(
            message("  evidence         {value} {value_2} ({value_3})", value=each[1], value_2=each[2], value_3=each[3])
        )
    for obstacle in found.obstacles:
        print_text(message("  open then        {obstacle}", obstacle=obstacle.text))
    for passed in found.passed:
        print_text(message("  passed then      {passed}", passed=passed.text))
    for change in found.changed:
        print_text(
            message(
                "  changed since    {title}: {then!r} -> {now!r}", title=change.title, then=change.then, now=change.now
            )
        )


@app.command("revoke")
@in_vault
def revoke(call: Call, item: ItemName, *, signature: Signature = "", reason: Reason = "") -> None:
    """Take your own signature back before its gate is passed; asks for the passphrase again."""
    entry = call.perform(RevokeApproval(item=item, approval=signature, reason=reason))
    taken = call.vault.register.item_file(item).revocations[-1]
    call.answer(
        {"revocation": taken, "entry": entry.header.seq},
        message("Taken back: {approval} (entry {seq}).", approval=taken.approval, seq=entry.header.seq),
    )


@app.command("resubmit")
@in_vault
def resubmit(call: Call, item: ItemName, *, reason: Reason = "") -> None:
    """Ask for a decision on the work as it stands, although changes were requested."""
    entry = call.perform(ResubmitItem(item=item, reason=reason))
    _done(call, entry.header.seq, message("Resubmitted"))


@app.command("ask")
@in_vault
def ask(
    call: Call,
    item: ItemName,
    text: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know before you decide.")],
    *,
    of: Annotated[str, typer.Option("--of", metavar="NAME", help="Who answers; default: the owner.")] = "",
) -> None:
    """Ask somebody something before deciding."""
    entry = call.perform(AskQuestion(item=item, text=text, of=person_id(call.vault, of) if of else ""))
    _done(call, entry.header.seq, message("Asked"))


@app.command("answer")
@in_vault
def answer(
    call: Call,
    item: ItemName,
    text: Annotated[str, typer.Argument(metavar="ANSWER", help="The answer.")],
    *,
    question: Annotated[str, typer.Option("--question", metavar="ID", help="Default: the oldest open one.")] = "",
) -> None:
    """Answer a question that was asked before a decision."""
    entry = call.perform(AnswerQuestion(item=item, answer=text, question=question))
    _done(call, entry.header.seq, message("Answered"))


def _done(call: Call, seq: int, word: str) -> None:
    if call.as_json:
        print_json({"entry": seq})
    else:
        print_text(message("{word} (entry {seq}).", word=word, seq=seq))


@in_vault
def approve_many(
    call: Call,
    items: Annotated[list[str], typer.Argument(metavar="ITEM...", help="Numbers or ids of the items you looked at.")],
    *,
    extensions: Annotated[
        bool, typer.Option("--extensions", help="Grant the later due day that is asked for, instead of approving.")
    ] = False,
    reason: Reason = "",
) -> None:
    """Sign approvals of several items in one signing; exit code 1 if some were refused, and the others stand."""
    commands = [
        _extension(call.vault, item, reason) if extensions else ApproveItem(item=item, reason=reason) for item in items
    ]
    done = call.vault.perform_all(commands, passphrase=call.secret, progress=progress_line(quiet=call.as_json))
    if call.as_json:
        signed = {
            each.number: {"entry": each.entry.header.seq, "meaning": each.entry.header.meaning} for each in done.signed
        }
        failed = {each.number: {"error": error_value(each.problem)} for each in done.failed}
        answers = signed | failed
        print_json_list(
            ({"item": items[number], **answers[number]} for number in sorted(answers)),
            signed=len(signed),
            refused=len(failed),
        )
    else:
        for one in done.signed:
            print_text(
                message(
                    "{item}: signed (entry {entry}): {meaning}",
                    item=items[one.number],
                    entry=one.entry.header.seq,
                    meaning=one.entry.header.meaning,
                )
            )
        for each in done.failed:
            print_text(message("{items}: not signed: {what}", items=items[each.number], what=each.problem.what))
    if done.failed:
        raise typer.Exit(CHECK_FAILED)


def _extension(vault: UnlockedSession, item: str, reason: str) -> Command:
    asked = [each.id for each in vault.register.item_file(item).requests if each.state == "asked"]
    return DecideRequest(item=item, request=asked[0] if asked else "", approve=True, reason=reason)
