"""What a screen does with the copies of an open vault: `domain.ports.BackupService` over backup folder, keeper and
restore test.
"""

from __future__ import annotations

from pathlib import Path

from desktop.backups.backup_files import BackupFiles
from desktop.backups.backup_folder import Snapshot, backup_folder_of, newest_snapshot, snapshots_in
from desktop.machine.clock import now
from desktop.session.restore_test import restore_test
from desktop.session.session import Session
from desktop.vault.session import read_header
from domain.records.backup_records import RestoreTest
from domain.services import BackupInfo, Progress


class VaultBackups:
    """Implements `domain.ports.BackupService` for one open vault."""

    def __init__(self, vault: Session, *, backup_files: BackupFiles) -> None:
        self._vault = vault
        self._backup_files = backup_files

    def all(self) -> tuple[BackupInfo, ...]:
        """Every copy on this installation's backup folder, newest first."""
        vault = self._vault.register.vault().id
        return tuple(copy_of(each) for each in snapshots_in(backup_folder_of(vault), vault=vault))

    def newest(self) -> BackupInfo | None:
        """The newest copy on the backup folder whose outer form holds."""
        found = newest_snapshot(self._vault.register.vault().id)
        return copy_of(found) if found else None

    def make(self, *, to: Path | None = None, progress: Progress | None = None) -> BackupInfo:
        """A copy now; see `desktop.backups.backup_files.BackupFiles.make`."""
        return copy_of(self._backup_files.make(at=now(), to=to, progress=progress))

    def restore_test(self, file: Path, *, passphrase: str, progress: Progress | None = None) -> RestoreTest:
        """Test a restore; see `desktop.session.restore_test.restore_test`."""
        return restore_test(self._vault, file, person=self._vault.person.name, passphrase=passphrase, progress=progress)

    def restore_tests(self) -> tuple[RestoreTest, ...]:
        """The certificates on record, oldest first."""
        return self._vault.register.all_of(RestoreTest)


def copy_of(snapshot: Snapshot) -> BackupInfo:
    """A file on the backup folder as screens show it."""
    about = snapshot.about
    return BackupInfo(
        file=snapshot.file,
        size=snapshot.size,
        made_at=snapshot.made_at,
        why=about.why if about else "",
        entries=about.size if about else 0,
        problem=snapshot.problem,
    )


def newest_backup(folder: Path) -> BackupInfo | None:
    """The newest good copy of the vault in a folder, from what its clear header says it is."""
    newest = newest_snapshot(read_header(folder).vault)
    return copy_of(newest) if newest else None
