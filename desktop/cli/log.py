"""`countersign log`: list, verify, checkpoint, check-anchor, proof, export, review, acknowledge-clock."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from desktop.cli import counts
from desktop.cli.filters import FromDay, ToDay, day_range, must_be_known
from desktop.cli.frame import (
    CHECK_FAILED,
    INTEGRITY,
    As,
    Call,
    Inspect,
    Json,
    PassphraseFile,
    Reason,
    VaultPath,
    errors_explained,
    in_vault,
    opened,
    reads,
)
from desktop.cli.output import announce, print_json, print_json_list, print_text, progress_line, with_units
from desktop.machine.installation import device_id, write_whole
from desktop.session.log_outside import anchor_text, export_log, hold_anchor, proof_of_entry
from domain.commands.oversight import AcknowledgeClock, ReviewAuditTrail
from domain.errors import FileProblem, UsageProblem
from domain.log.anchors import LONGEST_ANCHOR
from domain.log.entry import Entry
from domain.log.verdict import LogVerdict
from domain.messages import message, plural_message
from domain.ports import LogFilter
from domain.registry import COMMANDS
from domain.services import Progress

if TYPE_CHECKING:
    from desktop.documents.read_again import SourceCheck

app = typer.Typer(no_args_is_help=True)
_MOST_LISTED = 1_000_000_000
_LARGEST_ANCHOR_FILE = 64 * 1024**2


@app.command("verify")
@reads
def verify(
    call: Call,
    *,
    full: Annotated[bool, typer.Option("--full", help="Begin at entry 0: the same as without options.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Check in full what is new since this computer proved the log last.")
    ] = False,
    since: Annotated[
        int | None, typer.Option("--since", min=0, metavar="N", help="Check entries from N on in full.")
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also read imported trackers again, from the files kept with them.")
    ] = False,
) -> None:
    """Replay the whole log into empty tables and compare: every hash, signature, row and field.

    Every command is judged and decided again on the state before it, and must give the same bytes.
    """
    if full and (quick or since is not None):
        raise UsageProblem(
            message("A verification is whole, or begins somewhere; not both."), remedy=message("Leave out --full.")
        )
    progress = progress_line(quiet=call.as_json)
    verdict = call.vault.verify(progress=progress, quick=quick, since=since)
    sources = _read_again(call, progress) if deep and verdict.intact else None
    if sources is not None:
        verdict = msgspec.structs.replace(verdict, findings=(*verdict.findings, *sources.findings))
    if call.as_json:
        print_json(
            {
                "intact": verdict.intact,
                "vault": verdict.vault,
                "since": verdict.since,
                "entries": verdict.entries,
                "proven_entries": verdict.proven,
                "changes": verdict.changes,
                "rows": verdict.rows,
                "files": verdict.files,
                "root": verdict.root,
                "findings": verdict.findings,
                **({"sources": sources} if sources is not None else {}),
            }
        )
    else:
        _describe(verdict)
        if sources is not None:
            print_text(
                message(
                    "Trackers read again: {imports}, {cells} cells compared.",
                    imports=sources.imports,
                    cells=sources.cells,
                )
            )
            for line in sources.unread:
                print_text(message("Not read again: {line}", line=line))
    if deep and sources is None:
        announce(message("The trackers were not read again: the log itself does not hold."))
    if not verdict.intact:
        raise typer.Exit(INTEGRITY)


def _read_again(call: Call, progress: Progress | None) -> SourceCheck:
    from desktop.documents.read_again import read_again  # noqa: PLC0415 (slow to import, and seldom asked for)

    return read_again(call.vault.register, progress=progress)


def _describe(verdict: LogVerdict) -> None:
    for finding in verdict.findings:
        place = " ".join(part for part in (finding.table, finding.row, finding.field) if part)
        print_text(f"{finding.kind}: {finding.text} [{place}]")
    counted = message(
        "{entries}, {changes}, {rows}, {files}. Root {root}.",
        entries=counts.entries(verdict.entries),
        changes=counts.changes(verdict.changes),
        rows=counts.rows(verdict.rows),
        files=counts.files(verdict.files),
        root=verdict.root,
    )
    print_text(
        message("The log is intact: {counted}", counted=counted)
        if verdict.intact
        else plural_message(
            "The log is BROKEN, {count} finding: {counted}",
            "The log is BROKEN, {count} findings: {counted}",
            len(verdict.findings),
            counted=counted,
        )
    )
    if not verdict.intact and verdict.proven:
        print_text(message("Entries 0 to {proven} are proven.", proven=verdict.proven - 1))
    if verdict.since:
        print_text(
            message(
                "Checked in full from entry {since} on; the entries before it by their hashes, as proven earlier. "
                "Rows that no newer entry touched, and stored files, were not looked at.",
                since=verdict.since,
            )
        )


@app.command("checkpoint")
@reads
def checkpoint(
    call: Call,
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the note to a file.")] = None,
) -> None:
    """A signed checkpoint (C2SP signed note) of the log now: keep it elsewhere, it is the anchor."""
    note = call.vault.checkpoint()
    if out is not None:
        write_whole(out, note.encode())
        announce(message("Written to {out}.", out=out))
    if call.as_json:
        origin, size, root = note.split("\n")[:3]
        print_json({"origin": origin, "size": int(size), "root": root, "note": note})
    elif out is None:
        print_text(note.rstrip("\n"))


@app.command("list")
@reads
def list_entries(
    call: Call,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=_MOST_LISTED, help="How many, newest first.")] = 50,
    first_day: FromDay = "",
    last_day: ToDay = "",
    person: Annotated[str, typer.Option("--person", metavar="NAME", help="Only what this person did.")] = "",
    act: Annotated[str, typer.Option("--act", metavar="ACT", help="Only this act, such as close_item.")] = "",
    about: Annotated[str, typer.Option("--about", metavar="NUMBER", help="Only what is about this item.")] = "",
) -> None:
    """The newest entries, or the newest of a person, an act, an item or a stretch of days."""
    register = call.vault.register
    people = {each.name: each.id for each in register.people()}
    must_be_known(person, people, option="--person")
    must_be_known(act, sorted({*COMMANDS, *(name for name, _, _ in register.acts_on_record())}), option="--act")
    days = day_range(first_day, last_day)
    wanted = LogFilter(
        person=people.get(person, ""),
        act=act,
        about=register.item(about).number if about else "",
        since=days.first,
        until=_day_after(days.last) if days.last else "",
    )
    lines = register.log_window(wanted, offset=0, limit=limit)
    if call.as_json:
        print_json_list(lines)
        return
    for line in lines:
        subject = line.subject_number or line.subject
        print_text(f"{line.seq:6} {line.at} {line.person:22} {line.act:18} {subject} {line.reason}")


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


@app.command("check-anchor")
def check_anchor(
    folder: VaultPath,
    anchor: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="A checkpoint file, a closure pack, or - for standard input.")
    ] = "",
    *,
    typed: Annotated[
        str, typer.Option("--typed", metavar='"SIZE ROOT"', help="Size and root as typed from paper.")
    ] = "",
    inspect: Inspect = False,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Prove that the log of today extends a checkpoint kept outside: on paper, in a pack, at a colleague's."""
    with errors_explained(as_json=as_json):
        if bool(anchor) == bool(typed):
            raise UsageProblem(
                message("Which checkpoint?"), remedy=message("Give a file, or - for standard input, or --typed.")
            )
        text = typed or anchor_text(_bytes_of(anchor), where=anchor)
        with opened(folder, name=name, passphrase_file=passphrase_file, inspect=inspect) as (vault, _):
            verdict = hold_anchor(vault, text, where=anchor)
        if as_json:
            print_json(verdict)
        else:
            print_text(verdict.text)
            print_text(
                message(
                    "checkpoint: {entries}, root {anchor_root}",
                    entries=counts.entries(verdict.anchor_size),
                    anchor_root=verdict.anchor_root,
                )
            )
            print_text(
                message("today:      {entries}, root {root}", entries=counts.entries(verdict.size), root=verdict.root)
            )
            print_text(
                message(
                    "signed by this vault's log key: {message}",
                    message=message("yes") if verdict.signed else message("no signature was given"),
                )
            )
            for step in verdict.proof:
                print_text(message("proof {step}", step=step))
        if not verdict.extends:
            raise typer.Exit(CHECK_FAILED)


def _bytes_of(anchor: str) -> bytes:
    if anchor == "-":
        return sys.stdin.buffer.read(LONGEST_ANCHOR)
    try:
        with Path(anchor).open("rb") as source:
            return source.read(_LARGEST_ANCHOR_FILE)
    except OSError as problem:
        raise FileProblem(
            message("The file cannot be read: {strerror}.", strerror=problem.strerror), where=anchor
        ) from problem


@app.command("proof")
@reads
def proof(
    call: Call,
    seq: Annotated[int, typer.Argument(metavar="SEQ", min=0, help="The entry's number.")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write FILE, and the leaf beside it as FILE.leaf.")
    ] = None,
) -> None:
    """A proof that one entry is in the log (C2SP tlog-proof), with a checkpoint made now, and the entry's leaf."""
    text, leaf = proof_of_entry(call.vault, seq)
    if out is not None:
        write_whole(out, text.encode())
        write_whole(out.with_name(f"{out.name}.leaf"), leaf)
        announce(message("Written to {out} and {out_2}.leaf.", out=out, out_2=out.name))
    if call.as_json:
        print_json({"seq": seq, "proof": text, "leaf": leaf.decode()})
    elif out is None:
        print_text(text.rstrip("\n"))
        print_text(leaf.decode())


@app.command("export")
@in_vault
def export(
    call: Call,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.jsonl", help="The file to write.")],
    first: Annotated[int, typer.Option("--from", min=0, metavar="N", help="The first entry.")] = 0,
    last: Annotated[int | None, typer.Option("--to", min=0, metavar="N", help="The last entry.")] = None,
    files: Annotated[
        Path | None, typer.Option("--files", metavar="FOLDER", help="Also write every stored file, by its hash.")
    ] = None,
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="For whom and why; kept on record.")] = "",
) -> None:
    """The log as JSON lines with proofs, keys and a checkpoint; the export is recorded by its hash."""
    written = export_log(
        call.vault,
        out,
        first=first,
        last=last,
        purpose=purpose,
        files=files,
        progress=progress_line(quiet=call.as_json),
    )
    if call.as_json:
        print_json(with_units(written))
    else:
        print_text(
            message(
                "Entries {first} to {last}, {changes}: {path}",
                first=written.first,
                last=written.last,
                changes=counts.changes(written.changes),
                path=written.path,
            )
        )
        record = (
            message("The export is on record.")
            if call.vault.takes_acts
            else message("Not on record: nothing is recorded here now.")
        )
        print_text(
            message(
                "SHA-256 {sha256}, {size:,} bytes. {record}", sha256=written.sha256, size=written.size, record=record
            )
        )


@app.command("review")
@in_vault
def review(
    call: Call,
    *,
    first: Annotated[int, typer.Option("--from", min=0, metavar="N", help="The first entry reviewed.")],
    last: Annotated[int, typer.Option("--to", min=0, metavar="N", help="The last entry reviewed.")],
    sample: Annotated[
        list[int] | None, typer.Option("--sample", min=0, metavar="N", help="An entry read closely; may be repeated.")
    ] = None,
    findings: Annotated[
        str, typer.Option("--findings", metavar="TEXT", help="What was found; leave out when all is in order.")
    ] = "",
) -> None:
    """Sign a review of a stretch of the audit trail."""
    entry = call.perform(
        ReviewAuditTrail(
            first=first,
            last=last,
            sample=tuple(sample or ()),
            verdict="with_findings" if findings else "in_order",
            findings=findings,
        )
    )
    _recorded(call, entry, message("Entries {first} to {last} are reviewed", first=first, last=last))


@app.command("acknowledge-clock")
@in_vault
def acknowledge(call: Call, *, reason: Reason) -> None:
    """Say, signed, that this computer's clock is right although the log is ahead of it."""
    entry = call.perform(AcknowledgeClock(reason=reason, device=device_id()))
    _recorded(call, entry, message("The clock's jump is acknowledged"))


def _recorded(call: Call, entry: Entry, what: str) -> None:
    if call.as_json:
        print_json({"seq": entry.header.seq, "at": entry.header.at, "act": entry.header.act})
    else:
        print_text(message("{what}: entry {seq}.", what=what, seq=entry.header.seq))
