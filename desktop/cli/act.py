"""`countersign approve` and `countersign close`: the signing signings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.frame import Call, ItemName, Reason, in_vault
from desktop.cli.words import in_words
from desktop.machine.installation import must_take_a_file
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.errors import UsageProblem
from domain.messages import message
from domain.rules.signing import Decision


@in_vault
def approve(
    call: Call,
    item: ItemName,
    *,
    meaning: Annotated[
        str, typer.Option("--meaning", help="What your signature means; default: the process's words.")
    ] = "",
    reject: Annotated[bool, typer.Option("--reject", help="Sign a rejection instead; needs --reason.")] = False,
    request_changes: Annotated[
        bool, typer.Option("--request-changes", help="Sign that it has to change or be explained; needs --reason.")
    ] = False,
    abstain: Annotated[bool, typer.Option("--abstain", help="Sign that you do not decide; needs --reason.")] = False,
    gate: Annotated[str, typer.Option("--gate", help="The gate, when not the one ahead.")] = "",
    reason: Reason = "",
) -> None:
    """Sign an approval (or another decision) of exactly what the item says now, under a mandate where you need one."""
    announced: dict[Decision, bool] = {"rejected": reject, "changes_requested": request_changes, "abstained": abstain}
    chosen = [word for word, wanted in announced.items() if wanted]
    if len(chosen) > 1:
        raise UsageProblem(message("One signature is one decision."), remedy=message("Give one of the options."))
    entry = call.perform(
        ApproveItem(item=item, gate=gate, decision=chosen[0] if chosen else "approved", meaning=meaning, reason=reason)
    )
    given = call.vault.register.item_file(item).approvals[-1]
    call.answer(
        {"approval": given, "entry": entry.header.seq},
        message(
            "{decision} at {gate}, level {level}: {meaning} (entry {seq}).",
            decision=in_words(given.decision),
            gate=given.gate,
            level=given.level,
            meaning=given.meaning,
            seq=entry.header.seq,
        ),
    )


@in_vault
def close(
    call: Call,
    item: ItemName,
    *,
    outcome: Annotated[str, typer.Option("--outcome", help="reached, partly or not_reached.")],
    pack: Annotated[
        Path | None, typer.Option("--pack", metavar="FILE.pdf", help="Write the closure pack here.")
    ] = None,
    summary: Annotated[str, typer.Option("--summary", help="The result in words.")] = "",
) -> None:
    """Close an item against its closure standard, signed, and print its closure pack."""
    if pack is not None:
        must_take_a_file(pack)
    entry = call.perform(CloseItem(item=item, outcome=outcome, summary=summary))
    call.vault.make_pack(item, pack)
    made = call.vault.register.item_file(item).packs[-1]
    call.answer(
        {"entry": entry.header.seq, "outcome": outcome, "pack": str(pack or ""), "sha256": made.file},
        message(
            "Closed ({outcome}), entry {seq}. Pack SHA-256 {file}{value}.",
            outcome=in_words(outcome),
            seq=entry.header.seq,
            file=made.file,
            value=f", {pack}" if pack else "",
        ),
    )
