"""`countersign category`: list, propose, decide; items that wait for a better one."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from desktop.cli.filters import must_be_process
from desktop.cli.frame import Call, Reason, in_vault, reads
from desktop.cli.output import print_json, print_text
from desktop.cli.words import in_words
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.categories import DecideCategory, ProposeCategory
from domain.errors import UsageProblem
from domain.messages import message
from domain.metrics.unclassified import unclassified
from domain.process.decode import decode_process
from domain.records.governance import Category

app = typer.Typer(no_args_is_help=True)
OfProcess = Annotated[str, typer.Option("--process", help="The process, such as service_request.")]
Word = Annotated[str, typer.Argument(metavar="WORD", help="The category's word.")]


@app.command("list")
@reads
def list_categories(call: Call, *, process: OfProcess = "") -> None:
    """Every category ever proposed, with who decided about it."""
    must_be_process(call.vault.register, process)
    found = [each for each in call.vault.register.all_of(Category) if not process or each.process == process]
    if call.as_json:
        print_json(found)
        return
    for each in found:
        print_text(f"{each.process:18} {each.word:18} {in_words(each.state):9} {each.visible_from:10} {each.title}")


@app.command("propose")
@in_vault
def propose(
    call: Call,
    word: Word,
    *,
    process: OfProcess,
    title: Annotated[str, typer.Option("--title", help="What people read.")] = "",
    owner_role: Annotated[str, typer.Option("--owner-role", help="Who owns such items.")] = "",
    sla_days: Annotated[int, typer.Option("--sla-days", help="Working days.")] = 0,
    priority: Annotated[str, typer.Option("--priority", help="The rule of its priority.")] = "",
    approvals: Annotated[str, typer.Option("--approvals", help="Who approves such items.")] = "",
    evidence: Annotated[list[str] | None, typer.Option("--evidence", help="Evidence it needs; repeatable.")] = None,
    reason: Reason = "",
) -> None:
    """Propose a category."""
    entry = call.perform(
        ProposeCategory(
            process=process,
            category_word=word,
            title=title,
            owner_role=owner_role,
            sla_days=sla_days,
            priority_rule=priority,
            approval_path=approvals,
            evidence=tuple(evidence or ()),
            reason=reason,
        )
    )
    _print(call, _by_id(call.vault, entry.header.subject))


@app.command("decide")
@in_vault
def decide(
    call: Call,
    word: Word,
    *,
    process: OfProcess,
    approve: Annotated[
        bool, typer.Option("--approve/--reject", help="Your decision; a refusal needs --reason.")
    ] = True,
    visible_from: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="From when; default today.")] = "",
    reason: Reason = "",
) -> None:
    """Sign that a category comes into being, or not."""
    entry = call.perform(
        DecideCategory(
            category=_newest(call.vault, process, word).id, approve=approve, visible_from=visible_from, reason=reason
        )
    )
    _print(call, _by_id(call.vault, entry.header.subject))


@app.command("unclassified")
@reads
def list_unclassified(call: Call, *, process: OfProcess) -> None:
    """Open items filed under the word for none of the categories: each can be filed anew with `item set`."""
    version = decode_process(call.vault.register.in_force(process).definition)
    found = unclassified(call.vault.register, version)
    if call.as_json:
        print_json([{"item": each.id, "number": each.number, "title": each.title} for each in found])
        return
    for each in found:
        print_text(f"{each.number:16} {each.title}")


def _newest(vault: UnlockedSession, process: str, word: str) -> Category:
    found = [each for each in vault.register.all_of(Category) if (each.process, each.word) == (process, word)]
    if not found:
        raise UsageProblem(
            message("Nobody proposed '{word}' for '{process}'.", word=word, process=process),
            remedy=message("List the categories."),
        )
    return found[-1]


def _by_id(vault: UnlockedSession, category: str) -> Category:
    return next(each for each in vault.register.all_of(Category) if each.id == category)


def _print(call: Call, category: Category) -> None:
    if call.as_json:
        print_json(msgspec.to_builtins(category))
    else:
        print_text(f"{category.word}: {in_words(category.state)} {category.visible_from}")
