"""`countersign self check`: Part 11 and Annex 11, clause by clause, with live evidence from one vault."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from desktop.cli.frame import CHECK_FAILED, Call, in_vault
from desktop.cli.output import announce, print_json, print_text, progress_line
from desktop.machine.installation import must_take_a_file
from desktop.session.unlocked_session import UnlockedSession
from domain.compliance.judge import ClauseResult
from domain.messages import Message, message

app = typer.Typer(no_args_is_help=True)
_MARKS = {
    "holds": Message("holds"),
    "attention": Message("ATTENTION"),
    "unshown": Message("not shown"),
    "organisation": Message("with you"),
}


@app.callback()
def self_() -> None:
    """Keep `check` a verb of its own, also while it is the only one."""


@app.command("check")
@in_vault
def check(
    call: Call,
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.json", help="Also write it to a file.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE.pdf", help="Also print it, as a PDF.")] = None,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help="For whom the files are; kept on record with their hashes.")
    ] = "",
) -> None:
    """Verify the whole log, then what rules ask and what this vault shows for it; 1 when something is to be done."""
    for file in (out, pdf):
        if file is not None:
            must_take_a_file(file)
    result = call.vault.self_check(progress=progress_line(quiet=call.as_json))
    value = {**msgspec.to_builtins(result), "attention": [_name(each) for each in result.attention]}
    if out is not None:
        _give_out(call.vault, msgspec.json.format(msgspec.json.encode(value), indent=2), out, purpose)
    if pdf is not None:
        _give_out(call.vault, call.vault.documents.self_check(result), pdf, purpose)
    if call.as_json:
        print_json(value)
    else:
        rule = ""
        for each in result.clauses:
            if each.rule != rule:
                rule = each.rule
                print_text(f"{rule} ({result.name}, {result.at})")
            _describe(each)
        print_text(message("This is evidence of one vault at one moment; it certifies nothing about the organisation."))
    if result.attention:
        raise typer.Exit(CHECK_FAILED)


def _give_out(vault: UnlockedSession, data: bytes, out: Path, purpose: str) -> None:
    on_record = vault.documents.give_out(data, kind="self_check", name=out.name, purpose=purpose, out=out)
    announce(
        message(
            "Written to {out}{word}.",
            out=out,
            word="" if on_record else message("; not on record, because nothing is recorded in this vault now"),
        )
    )


def _name(clause: ClauseResult) -> str:
    return f"{clause.rule} {clause.clause}"


def _describe(clause: ClauseResult) -> None:
    entries = f" [entries {', '.join(map(str, clause.entries))}]" if clause.entries else ""
    print_text(f"  {clause.clause:17} {_MARKS[clause.result]!s:10} {clause.demand}")
    print_text(f"{'':31}{clause.found}{entries}")
    print_text(message("{value:31}Stays with you: {organisation}", value="", organisation=clause.organisation))
