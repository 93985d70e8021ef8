"""`countersign vault rekey|recovery-sheet|recover`: the keys of the vault itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from desktop.application.building import CountersignBuilding
from desktop.cli.frame import (
    As,
    Json,
    PassphraseFile,
    Reason,
    VaultPath,
    errors_explained,
    opened,
    passphrase_from,
    print_json,
    print_text,
    progress_line,
    say,
)
from desktop.machine.installation import must_take_a_file, write_whole
from domain.errors import UsageProblem
from domain.ports import SheetDraft

SheetFile = Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write the sheet, for printing.")]
_KEEP_IT_SAFE = "Print it, put it into a safe, and delete the file: it holds the key to everything here."


def rekey(
    folder: VaultPath,
    *,
    reason: Reason,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Change the data key: everybody keeps the passphrase they have, older copies keep the older key."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        entry = vault.people_keys.rotate(reason=reason, progress=progress_line(quiet=as_json))
        if as_json:
            print_json({"entry": entry.header.seq})
        else:
            print_text(f"The data key is changed (entry {entry.header.seq}).")


def recovery_sheet(
    folder: VaultPath,
    *,
    out: SheetFile,
    unrehearsed: Annotated[
        bool, typer.Option("--unrehearsed", help="Do not ask for a part of the printed code; kept on record.")
    ] = False,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Print a recovery sheet for yourself and rehearse it; it replaces the one before."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        if not unrehearsed and not sys.stdin.isatty():
            raise UsageProblem(
                "The sheet has to be rehearsed at a terminal.", cure="Run it at one, or say --unrehearsed."
            )
        must_take_a_file(out)
        draft = vault.people_keys.draft_sheet()
        write_whole(out, draft.pdf)
        say(_KEEP_IT_SAFE)
        typed = None if unrehearsed else passphrase_from(None, prompt=f"Group {draft.asked} of the printed code")
        entry = vault.people_keys.keep_sheet(draft, typed=typed)
        if as_json:
            print_json({"sheet": draft.sheet, "entry": entry.header.seq, "rehearsed": typed is not None})
        else:
            print_text(f"The recovery sheet is in force (entry {entry.header.seq}): {out}")


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
        code = passphrase_from(code_file, prompt="Recovery code")
        new = passphrase_from(new_passphrase_file, prompt="New passphrase")
        vault, sheet = CountersignBuilding().recover(folder, code=code, passphrase=new)
        try:
            _hand_out(sheet, out)
            facts = {"person": vault.person.id, "name": vault.person.name, "sheet": sheet.sheet}
            if as_json:
                print_json({**facts, "entry": vault.register.log_size() - 1})
            else:
                print_text(f"{vault.person.name} has a new key. The old sheet is void; the new one: {out}")
        finally:
            vault.lock()


def _hand_out(sheet: SheetDraft, out: Path) -> None:
    write_whole(out, sheet.pdf)
    say(_KEEP_IT_SAFE)
