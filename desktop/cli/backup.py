"""`countersign vault`: backup, export, backups, restore, accept, migrate, check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.application import using_backups
from desktop.application.application import CountersignApplication
from desktop.application.checking import check_vault
from desktop.backups.backup_folder import Snapshot, backup_folder_of, snapshots_in
from desktop.cli import counts
from desktop.cli.frame import (
    CHECK_FAILED,
    INTEGRITY,
    As,
    Call,
    Json,
    PassphraseFile,
    Reason,
    VaultPath,
    errors_explained,
    in_vault,
    opened,
    passphrase_from,
    who,
)
from desktop.cli.output import announce, print_json, print_text, progress_line
from desktop.machine.clock import now
from desktop.session.restore_test import restore_test
from desktop.vault.session import read_header
from domain.errors import UsageProblem
from domain.messages import message

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, NAME-DATE.countersign.")]


def snapshot_facts(snapshot: Snapshot) -> dict[str, object]:
    """One backup as JSON and as the words of a line."""
    about = snapshot.about
    return {
        "file": str(snapshot.file),
        "bytes": snapshot.size,
        "made": snapshot.made_at,
        "why": about.why if about else "",
        "entries": about.size if about else 0,
        "root": about.root if about else "",
        "problem": snapshot.problem,
    }


@in_vault
def backup(
    call: Call,
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="PLACE", help="A folder or a file; else this installation's own.")
    ] = None,
) -> None:
    """Make an encrypted one-file copy of the whole vault, proven by a replay of its log before it gets its name."""
    made = call.vault.backup_files.make(at=now(), to=to, progress=progress_line(quiet=call.as_json))
    if call.as_json:
        print_json(snapshot_facts(made))
    else:
        entries = made.about.size if made.about else 0
        print_text(
            message(
                "{file} ({size:,} bytes, {entries}, proven).",
                file=made.file,
                size=made.size,
                entries=counts.entries(entries),
            )
        )


def export(
    folder: VaultPath,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write, NAME.countersign.")],
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write the whole vault as one encrypted file for carrying and mailing; `restore` makes a vault of it again."""
    backup(folder, to=_as_file(out, as_json=as_json), name=name, passphrase_file=passphrase_file, as_json=as_json)


def _as_file(out: Path, *, as_json: bool) -> Path:
    with errors_explained(as_json=as_json):
        if out.suffix != ".countersign" or out.is_dir():
            raise UsageProblem(
                message("The file of a vault ends in .countersign."), where=str(out), remedy=message("Name it so.")
            )
    return out


def backups(
    folder: VaultPath,
    *,
    in_: Annotated[Path | None, typer.Option("--in", metavar="FOLDER", help="Another folder with backups.")] = None,
    as_json: Json = False,
) -> None:
    """The backups of a vault, newest first. Needs no passphrase."""
    with errors_explained(as_json=as_json):
        vault = read_header(folder).vault
        try:
            place = in_ if in_ is not None else backup_folder_of(vault)
        except ValueError as problem:
            raise UsageProblem(message("The vault's header names no id."), where=folder.name) from problem
        found = snapshots_in(place, vault=vault)
        if as_json:
            print_json([snapshot_facts(each) for each in found])
            return
        for each in found:
            described = (
                f"{counts.entries(each.about.size):>17}  {each.about.why}"
                if each.about
                else message("UNUSABLE: {problem}", problem=each.problem)
            )
            print_text(
                message(
                    "{made_at:19}  {size:>14,} bytes  {described}  {file}",
                    made_at=each.made_at[:19],
                    size=each.size,
                    described=described,
                    file=each.file,
                )
            )
        if not found:
            announce(f"countersign: No backups in {place}.")


def restore(
    file: BackupFile,
    *,
    to: Annotated[Path | None, typer.Option("--to", metavar="NEW.vault", help="The new vault's folder.")] = None,
    restore_test: Annotated[
        bool, typer.Option("--restore-test", help="Only try it: restore to a private place, prove it, throw it away.")
    ] = False,
    record_in: Annotated[
        Path | None,
        typer.Option("--record-in", metavar="VAULT", help="The vault that keeps the restore test's certificate."),
    ] = None,
    reason: Reason = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a vault of a backup, proven before it appears. Nothing is ever overwritten."""
    with errors_explained(as_json=as_json):
        if restore_test:
            if record_in is None or to is not None:
                raise UsageProblem(
                    message("A restore test is recorded in the vault."),
                    remedy=message("Say --restore-test --record-in VAULT, no --to."),
                )
            _restore_test(file, record_in, name=name, passphrase_file=passphrase_file, as_json=as_json)
            return
        if to is None:
            raise UsageProblem(
                message("Where should the vault be?"),
                remedy=message("Say --to NEW.vault, or --restore-test --record-in VAULT."),
            )
        person = who(file, name)
        passphrase = passphrase_from(
            passphrase_file, prompt=message("Passphrase of {person} at the time of the backup", person=person)
        )
        vault = CountersignApplication().restore(
            file, to, person=person, passphrase=passphrase, reason=reason, progress=progress_line(quiet=as_json)
        )
        try:
            entries = vault.register.log_size()
            if as_json:
                print_json({"folder": str(to), "vault": vault.register.vault().id, "entries": entries})
            else:
                print_text(
                    message(
                        "{to}: {entries} proven, and one that says where they come from.",
                        to=to,
                        entries=counts.entries(entries - 1),
                    )
                )
                print_text(
                    message("From now on this computer takes other copies of this vault for older or different ones.")
                )
        finally:
            vault.lock()


def _restore_test(file: Path, folder: Path, *, name: str, passphrase_file: Path | None, as_json: bool) -> None:
    with opened(folder, name=name, passphrase_file=passphrase_file) as (vault, passphrase):
        certificate = restore_test(
            vault,
            file,
            person=vault.person.name,
            passphrase=passphrase,
            progress=progress_line(quiet=as_json),
        )
        if as_json:
            print_json(certificate)
        elif certificate.problem:
            print_text(message("The restore test FAILED: {problem}", problem=certificate.problem))
        else:
            print_text(
                message(
                    "The restore test passed: {entries} replayed, {files}; signed certificate {certificate}.",
                    entries=counts.entries(certificate.entries),
                    files=counts.files(certificate.files),
                    certificate=certificate.id,
                )
            )
        if certificate.problem:
            raise typer.Exit(CHECK_FAILED)


@in_vault
def accept(call: Call, *, reason: Reason = "") -> None:
    """Go on from an older state than this computer has seen: a signed entry with the reason."""
    call.vault.accept_older(reason=reason)
    entry = call.vault.register.log_size() - 1
    call.answer({"entry": entry}, message("Accepted, with entry {entry}: work goes on from here.", entry=entry))


def migrate(folder: VaultPath, *, name: As = "", passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Bring a vault of an older version to today's format; a backup is made first."""
    with errors_explained(as_json=as_json):
        person = who(folder, name)
        passphrase = passphrase_from(passphrase_file, prompt=message("Passphrase of {person}", person=person))
        done = using_backups.migrate(
            folder, person=person, passphrase=passphrase, unlock_vault=CountersignApplication().unlock
        )
        if as_json:
            backed_up = snapshot_facts(done.backup) if done.backup else None
            print_json({"before": done.before, "after": done.after, "backup": backed_up})
        elif done.backup is None:
            print_text(
                message("The vault has today's format ({after}) already; nothing was changed.", after=done.after)
            )
        else:
            print_text(
                message(
                    "From format {before} to {after}. The state before is {file}.",
                    before=done.before,
                    after=done.after,
                    file=done.backup.file,
                )
            )


def check(
    folder: VaultPath,
    *,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Go past a holder silent for 5 minutes, where the disk has no locks.")
    ] = False,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Check the whole vault stage by stage: slots, key, pages, structure, schema, and the replay of the log."""
    with errors_explained(as_json=as_json):
        person = who(folder, name)
        passphrase = passphrase_from(passphrase_file, prompt=message("Passphrase of {person}", person=person))
        stages = check_vault(
            folder,
            person=person,
            passphrase=passphrase,
            take_over=take_over,
            progress=progress_line(quiet=as_json),
        )
        sound = all(stage.ok for stage in stages)
        if as_json:
            print_json({"sound": sound, "stages": stages})
        else:
            for stage in stages:
                print_text(f"{'ok  ' if stage.ok else 'FAIL' if stage.ran else '-   '} {stage.stage:10} {stage.text}")
        if not sound:
            raise typer.Exit(INTEGRITY)
