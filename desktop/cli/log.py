"""`countersign log`: list, verify, checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.frame import (
    INTEGRITY,
    As,
    Json,
    PassphraseFile,
    VaultPath,
    errors_explained,
    opened,
    print_json,
    print_text,
    progress_line,
    say,
)
from desktop.installation import write_whole

app = typer.Typer(no_args_is_help=True)
_MOST_LISTED = 1_000_000_000


@app.command("verify")
def verify(folder: VaultPath, *, name: As = "", passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Replay the whole log into empty tables and compare: every hash, signature, role, row and field."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        verdict = vault.verify(progress=progress_line(quiet=as_json))
        if as_json:
            print_json(
                {
                    "intact": verdict.intact,
                    "vault": verdict.vault,
                    "entries": verdict.entries,
                    "changes": verdict.changes,
                    "rows": verdict.rows,
                    "files": verdict.files,
                    "root": verdict.root,
                    "findings": verdict.findings,
                }
            )
        else:
            for finding in verdict.findings:
                place = " ".join(part for part in (finding.table, finding.row, finding.field) if part)
                print_text(f"{finding.kind}: {finding.text} [{place}]")
            state = "intact" if verdict.intact else f"BROKEN, {len(verdict.findings)} findings"
            print_text(
                f"The log is {state}: {verdict.entries} entries, {verdict.changes} changes, {verdict.rows} rows, "
                f"{verdict.files} files. Root {verdict.root}."
            )
        if not verdict.intact:
            raise typer.Exit(INTEGRITY)


@app.command("checkpoint")
def checkpoint(
    folder: VaultPath,
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the note to a file.")] = None,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """A signed checkpoint (C2SP signed note) of the log now: keep it elsewhere, it is the anchor."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        note = vault.checkpoint()
        if out is not None:
            write_whole(out, note.encode())
            say(f"Written to {out}.")
        if as_json:
            origin, size, root = note.split("\n")[:3]
            print_json({"origin": origin, "size": int(size), "root": root, "note": note})
        elif out is None:
            print_text(note.rstrip("\n"))


@app.command("list")
def list_entries(
    folder: VaultPath,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=_MOST_LISTED, help="How many, newest first.")] = 50,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """The newest entries."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        lines = vault.register.log_page(before=vault.register.log_size(), limit=limit)
        if as_json:
            print_json(lines)
            return
        for line in lines:
            subject = line.subject_number or line.subject
            print_text(f"{line.seq:6} {line.at} {line.person:22} {line.act:18} {subject} {line.reason}")
