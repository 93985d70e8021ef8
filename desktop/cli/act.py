"""`countersign approve` and `countersign close`: the signing ceremonies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from desktop.machine.installation import must_take_a_file
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.errors import UsageProblem


def approve(
    folder: VaultPath,
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
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign an approval (or another decision) of exactly what the item says now, under a mandate where you need one."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, secret),
    ):
        said = {"rejected": reject, "changes_requested": request_changes, "abstained": abstain}
        chosen = [word for word, wanted in said.items() if wanted]
        if len(chosen) > 1:
            raise UsageProblem("One signature is one decision.", cure="Give one of the options.")
        entry = vault.perform(
            ApproveItem(
                item=item, gate=gate, decision=chosen[0] if chosen else "approved", meaning=meaning, reason=reason
            ),
            passphrase=secret,
        )
        given = vault.register.item_file(item).approvals[-1]
        if as_json:
            print_json({"approval": given, "entry": entry.header.seq})
        else:
            print_text(
                f"{given.decision} at {given.gate}, level {given.level}: {given.meaning} (entry {entry.header.seq})."
            )


def close(
    folder: VaultPath,
    item: ItemName,
    *,
    outcome: Annotated[str, typer.Option("--outcome", help="reached, partly or not_reached.")],
    pack: Annotated[
        Path | None, typer.Option("--pack", metavar="FILE.pdf", help="Write the closure pack here.")
    ] = None,
    summary: Annotated[str, typer.Option("--summary", help="The result in words.")] = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Close an item against its closure standard, signed, and print its closure pack."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, secret),
    ):
        if pack is not None:
            must_take_a_file(pack)
        entry = vault.perform(CloseItem(item=item, outcome=outcome, summary=summary), passphrase=secret)
        vault.make_pack(item, pack)
        made = vault.register.item_file(item).packs[-1]
        if as_json:
            print_json({"entry": entry.header.seq, "outcome": outcome, "pack": str(pack or ""), "sha256": made.file})
        else:
            print_text(
                f"Closed ({outcome}), entry {entry.header.seq}. Pack SHA-256 {made.file}{f', {pack}' if pack else ''}."
            )
