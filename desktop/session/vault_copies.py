"""What a screen does with the copies of an open vault: `domain.ports.Copies` over shelf, keeper and drill."""

from __future__ import annotations

from pathlib import Path

from desktop.backups.keeper import Backups
from desktop.backups.shelf import Snapshot, newest_snapshot, shelf_of, snapshots_in
from desktop.machine.clock import now
from desktop.session.restore_drill import drill
from desktop.session.session import Session
from desktop.vault.session import read_header
from domain.records.copies import RestoreDrill
from domain.services import Progress, VaultCopy


class VaultCopies:
    """Implements `domain.ports.Copies` for one open vault."""

    def __init__(self, vault: Session, *, backups: Backups) -> None:
        self._vault = vault
        self._backups = backups

    def all(self) -> tuple[VaultCopy, ...]:
        """Every copy on this installation's shelf, newest first."""
        vault = self._vault.register.vault().id
        return tuple(copy_of(each) for each in snapshots_in(shelf_of(vault), vault=vault))

    def newest(self) -> VaultCopy | None:
        """The newest copy on the shelf whose outer form holds."""
        found = newest_snapshot(self._vault.register.vault().id)
        return copy_of(found) if found else None

    def make(self, *, to: Path | None = None, progress: Progress | None = None) -> VaultCopy:
        """A copy now; see `desktop.backups.keeper.Backups.make`."""
        return copy_of(self._backups.make(at=now(), to=to, progress=progress))

    def drill(self, file: Path, *, passphrase: str, progress: Progress | None = None) -> RestoreDrill:
        """Try a copy out; see `desktop.session.restore_drill.drill`."""
        return drill(self._vault, file, person=self._vault.person.name, passphrase=passphrase, progress=progress)

    def drills(self) -> tuple[RestoreDrill, ...]:
        """The certificates on record, oldest first."""
        return self._vault.register.all_of(RestoreDrill)


def copy_of(snapshot: Snapshot) -> VaultCopy:
    """A file on the shelf as screens show it."""
    about = snapshot.about
    return VaultCopy(
        file=snapshot.file,
        size=snapshot.size,
        made_at=snapshot.made_at,
        why=about.why if about else "",
        entries=about.size if about else 0,
        problem=snapshot.problem,
    )


def newest_copy(folder: Path) -> VaultCopy | None:
    """The newest good copy of the vault in a folder, from what its clear header says it is."""
    newest = newest_snapshot(read_header(folder).vault)
    return copy_of(newest) if newest else None
