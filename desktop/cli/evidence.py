"""`countersign evidence`: list, add, review, get."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.frame import Call, ItemName, in_vault, reads
from desktop.cli.output import announce, print_json, print_json_list, print_text, with_units
from desktop.cli.words import in_words
from desktop.documents.incoming import incoming_file, media_type_of
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.errors import FileProblem, UsageProblem
from domain.messages import message
from domain.records.item import Evidence

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@reads
def list_evidence(call: Call, item: ItemName) -> None:
    """The evidence on file for an item."""
    found = call.vault.register.item_file(item).evidence
    if call.as_json:
        print_json_list(with_units(each) for each in found)
        return
    for one in found:
        print_text(
            f"{one.id} {one.requirement:24} r{one.revision} {in_words(one.state):14} {one.file_name} {one.file[:16]}"
        )


@app.command("add")
@in_vault
def add(
    call: Call,
    item: ItemName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that proves it; it is copied in, hashed.")],
    *,
    requirement: Annotated[str, typer.Option("--requirement", help="Which requirement it answers.")],
    note: Annotated[str, typer.Option("--note", help="What the file shows.")] = "",
) -> None:
    """Put a file on record for a requirement."""
    brought = incoming_file(file)
    entry = call.perform(
        AddEvidence(
            item=item,
            requirement=requirement,
            file=brought.sha256,
            size=brought.size,
            file_name=file.name,
            media_type=media_type_of(file),
            note=note,
        ),
        files=(brought,),
    )
    found = call.vault.register.item_file(item).evidence[-1]
    call.answer(
        {"evidence": found.id, "sha256": found.file, "revision": found.revision, "entry": entry.header.seq},
        message(
            "{id} on record for {requirement}, SHA-256 {file} (entry {seq}).",
            id=found.id,
            requirement=requirement,
            file=found.file,
            seq=entry.header.seq,
        ),
    )


@app.command("review")
@in_vault
def review(
    call: Call,
    item: ItemName,
    evidence: Annotated[str, typer.Argument(metavar="EVIDENCE", help="Its id, file name or requirement.")],
    *,
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Your verdict.")],
    note: Annotated[str, typer.Option("--note", help="Why; needed to reject.")] = "",
) -> None:
    """Accept or reject a file as what its requirement asks for."""
    found = _named(call.vault, item, evidence)
    entry = call.perform(ReviewEvidence(item=item, evidence=found.id, accept=accept, note=note))
    state = "accepted" if accept else "rejected"
    call.answer(
        {"evidence": found.id, "state": state, "entry": entry.header.seq},
        message(
            "{file_name}: {state} (entry {seq}).",
            file_name=found.file_name,
            state=in_words(state),
            seq=entry.header.seq,
        ),
    )


def _named(vault: UnlockedSession, item: str, name: str) -> Evidence:
    """The newest evidence with this id, file name or requirement."""
    for one in reversed(vault.register.item_file(item).evidence):
        if name in (one.id, one.file_name, one.requirement):
            return one
    raise UsageProblem(
        message("The item has no evidence {name!r}.", name=name),
        remedy=message("List the evidence to see ids and file names."),
    )


@app.command("get")
@in_vault
def get(
    call: Call,
    item: ItemName,
    evidence: Annotated[str, typer.Argument(metavar="EVIDENCE", help="Its id, file name or requirement.")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the copy.")],
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="For whom and why; kept on record.")],
) -> None:
    """Write a copy of an evidence file; it leaves the vault's protection, and that goes on record."""
    found = _named(call.vault, item, evidence)
    if out.exists():
        raise FileProblem(
            message("There is something here already."), where=str(out), remedy=message("Choose another name.")
        )
    recorded = call.vault.documents.save_evidence(item, found.id, purpose=purpose, out=out)
    if call.as_json:
        print_json({"evidence": found.id, "file": str(out), "sha256": found.file, "recorded": recorded})
    else:
        print_text(message("{out} (SHA-256 {file}), an uncontrolled copy.", out=out, file=found.file))
        if not recorded:
            announce(message("Nothing is recorded in this vault now, so this copy is not on record."))
