"""`countersign vault`: new, info, sample; its copies are in `desktop.cli.backup`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from desktop.application.application import CountersignApplication
from desktop.backups.backup_folder import newest_snapshot
from desktop.cli import backup, vault_keys, vault_openness
from desktop.cli.frame import Call, Json, PassphraseFile, VaultPath, errors_explained, passphrase_from, reads
from desktop.cli.output import announce, print_json, print_text, progress_line
from desktop.session.unlocked_session import UnlockedSession
from domain.log.certificates import fingerprint
from domain.log.checkpoint import b64decode_strict
from domain.messages import message
from domain.process.states import in_force_at
from domain.state import ItemFilter

app = typer.Typer(no_args_is_help=True)
app.command("backup")(backup.backup)
app.command("export")(backup.export)
app.command("backups")(backup.backups)
app.command("restore")(backup.restore)
app.command("accept")(backup.accept)
app.command("migrate")(backup.migrate)
app.command("check")(backup.check)
app.command("rekey")(vault_keys.rekey)
app.command("recovery-sheet")(vault_keys.recovery_sheet)
app.command("recover")(vault_keys.recover)
app.command("reveal-key")(vault_openness.reveal_key)
app.command("schema")(vault_openness.schema)
app.command("setting")(vault_openness.setting)
app.command("adopt-law")(vault_openness.adopt_law)


def _facts(vault: UnlockedSession) -> dict[str, object]:
    register = vault.register
    record = register.vault()
    newest = newest_snapshot(record.id)
    return {
        "vault": record.id,
        "name": record.name,
        "folder": str(vault.folder),
        "prefix": record.prefix,
        "created": record.created,
        "root_fingerprint": fingerprint(b64decode_strict(record.root_key) or b""),
        "people": [person.name for person in register.people()],
        "processes": [version.id for version in in_force_at(register.process_versions(), datetime.now(UTC))],
        "items": register.count(ItemFilter()),
        "entries": register.log_size(),
        "newest_backup": newest.made_at if newest else "",
    }


def _show(vault: UnlockedSession, *, as_json: bool) -> None:
    facts = _facts(vault)
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        print_text(f"{name.replace('_', ' '):17} {', '.join(value) if isinstance(value, list) else value}")


@app.command("new")
def new(
    folder: VaultPath,
    *,
    name: Annotated[str, typer.Option("--name", help="The vault's name, such as a site.")],
    person: Annotated[str, typer.Option("--person", help="Your name: you become its first administrator.")],
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a new vault. The passphrase needs 15 characters or five words."""
    with errors_explained(as_json=as_json):
        passphrase = passphrase_from(passphrase_file, prompt=message("New passphrase of {person}", person=person))
        vault = CountersignApplication().create_vault(folder, name=name, person=person, passphrase=passphrase)
        try:
            _show(vault, as_json=as_json)
            announce(
                message(
                    "A lost passphrase cannot be found again. Print a sheet: countersign vault recovery-sheet VAULT."
                )
            )
        finally:
            vault.lock()


@app.command("info")
@reads
def info(call: Call) -> None:
    """Facts about a vault."""
    _show(call.vault, as_json=call.as_json)


@app.command("sample")
def sample(
    folder: VaultPath,
    *,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
    packs: Annotated[
        Path | None, typer.Option("--packs", metavar="FOLDER", help="Also write the closure packs made here.")
    ] = None,
) -> None:
    """Make the demo vault: several people (all with this passphrase), the sample tracker, work in every state."""
    with errors_explained(as_json=as_json):
        passphrase = passphrase_from(passphrase_file, prompt=message("Passphrase for everyone in the sample"))
        vault = CountersignApplication().sample(
            folder, passphrase=passphrase, progress=progress_line(quiet=as_json), packs=packs
        )
        try:
            _show(vault, as_json=as_json)
        finally:
            vault.lock()
