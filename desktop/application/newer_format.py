"""A vault of an older program: brought to today's store format, copied before, shown in the log afterwards."""

from __future__ import annotations

from desktop.backups.backup_folder import backup_folder_of, snapshots_in
from desktop.backups.container import file_sha256
from desktop.machine import installation
from desktop.session.session import Session
from domain.commands.vault_events import RecordMigration, format_on_record
from domain.log.checkpoint import Checkpoint
from domain.log.entry import SCHEMA_VERSION
from domain.messages import message

BEFORE_A_MIGRATION = message("before a migration")


def describe_migration(vault: Session, *, stands: Checkpoint) -> None:
    """Record that the store was brought to today's format, unless the log says so already.

    The store itself is migrated before anybody can sign in it; so the next one who opens it says it, also when
    the program was stopped in between. `stands` is where the log stands now.
    """
    if format_on_record(vault.register) >= SCHEMA_VERSION:
        return
    vault.perform(
        RecordMigration(
            to=SCHEMA_VERSION,
            entries=stands.size,
            root=stands.root.hex(),
            backup=_copy_made_before(vault.register.vault().id, stands),
            device=installation.device_id(),
        )
    )


def _copy_made_before(vault: str, stands: Checkpoint) -> str:
    """The SHA-256 of the copy that this installation made before the migration; "" when it has none."""
    for snapshot in snapshots_in(backup_folder_of(vault), vault=vault):
        about = snapshot.about
        if about is not None and about.why == BEFORE_A_MIGRATION and about.root == stands.root.hex():
            return file_sha256(snapshot.file)
    return ""
