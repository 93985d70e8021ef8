"""`countersign vault rekey|recovery-sheet|recover`: the keys of the vault itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from desktop.application.application import CountersignApplication
from desktop.cli.frame import Call, Json, Reason, VaultPath, errors_explained, in_vault, passphrase_from
from desktop.cli.output import announce, print_json, print_text, progress_line
from desktop.machine.installation import must_take_a_file, write_whole
from domain.errors import UsageProblem
from domain.messages import message
from domain.services import SheetDraft

SheetFile = Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write the sheet, for printing.")]
_KEEP_IT_SAFE = message("Print it, put it into a safe, and delete the file: it holds the key to everything here.")


@in_vault
def rekey(call: Call, *, reason: Reason) -> None:
    """Change the data key: everybody keeps the passphrase they have, older copies keep the older key."""
    entry = call.vault.people_service.rotate(reason=reason, progress=progress_line(quiet=call.as_json))
    call.answer({"entry": entry.header.seq}, message("The data key is changed (entry {seq}).", seq=entry.header.seq))


@in_vault
def recovery_sheet(
    call: Call,
    *,
    out: SheetFile,
    untested: Annotated[
        bool, typer.Option("--untested", help="Do not ask for a part of the printed code; kept on record.")
    ] = False,
) -> None:
    """Print a recovery sheet for yourself and test it; it replaces the one before."""
    if not untested and not sys.stdin.isatty():
        raise UsageProblem(
            message("The sheet has to be tested at a terminal."), remedy=message("Run it at one, or say --untested.")
        )
    must_take_a_file(out)
    draft = call.vault.people_service.draft_sheet()
    write_whole(out, draft.pdf)
    announce(_KEEP_IT_SAFE)
    typed = (
        None
        if untested
        else passphrase_from(None, prompt=message("Group {asked} of the printed code", asked=draft.asked))
    )
    entry = call.vault.people_service.keep_sheet(draft, typed=typed)
    call.answer(
        {"sheet": draft.sheet, "entry": entry.header.seq, "tested": typed is not None},
        message("The recovery sheet is in force (entry {seq}): {out}", seq=entry.header.seq, out=out),
    )


def recover(
    folder: VaultPath,
    *,
    out: SheetFile,
    code_file: Annotated[
        Path | None, typer.Option("--code-file", metavar="FILE", help="First line = the code; else you are asked.")
    ] = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option("--new-passphrase-file", metavar="FILE", help="First line = the new passphrase.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Use your recovery sheet: a new key under a new passphrase. Where others work here, one of them asks first."""
    with errors_explained(as_json=as_json):
        must_take_a_file(out)
        code = passphrase_from(code_file, prompt=message("Recovery code"))
        new = passphrase_from(new_passphrase_file, prompt=message("New passphrase"))
        vault, sheet = CountersignApplication().recover(folder, code=code, passphrase=new)
        try:
            _hand_out(sheet, out)
            facts = {"person": vault.person.id, "name": vault.person.name, "sheet": sheet.sheet}
            if as_json:
                print_json({**facts, "entry": vault.register.log_size() - 1})
            else:
                print_text(
                    message(
                        "{person} has a new key. The old sheet is void; the new one: {out}",
                        person=vault.person.name,
                        out=out,
                    )
                )
        finally:
            vault.lock()


def _hand_out(sheet: SheetDraft, out: Path) -> None:
    write_whole(out, sheet.pdf)
    announce(_KEEP_IT_SAFE)
