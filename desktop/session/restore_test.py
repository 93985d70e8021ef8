"""The restore test: a copy is restored elsewhere, proven, compared with the open vault, and thrown away."""

from __future__ import annotations

from pathlib import Path

from desktop.backups.container import file_sha256
from desktop.backups.restoring import Unpacked, unpack_and_prove
from desktop.machine import installation
from desktop.machine.private_files import PrivateFiles
from desktop.session.session import Session
from domain.commands.vault_events import RecordRestoreTest
from domain.errors import Damaged
from domain.log.merkle import root_hash
from domain.messages import message, plural_message
from domain.records.backup_records import RestoreTest
from domain.services import Progress


def restore_test(
    vault: Session, file: Path, *, person: str, passphrase: str, progress: Progress | None = None
) -> RestoreTest:
    """Restore a backup into a private place, prove it, compare it with the open vault, and sign what was found.

    `person` and `passphrase` are those of the backup, which may be older than today's. The certificate of a
    restore test that failed is signed too; the place is removed in any case.

    Raises:
        FileProblem: there is no such file. Cancelled: `progress` asked to stop; nothing was recorded.
    """
    source = file_sha256(file)
    problem, proven = "", None
    place = PrivateFiles()
    try:
        folder = place.folder() / "restore_test.vault"
        proven = unpack_and_prove(file, folder, person=person, passphrase=passphrase, progress=progress)
        problem = _differs_from(vault, proven)
    except Damaged as found:
        problem = str(found)
    finally:
        place.close()
    about = proven.about if proven else None
    vault.perform(
        RecordRestoreTest(
            source=source,
            made_at=about.made_at if about else "",
            entries=about.size if about else 0,
            root=about.root if about else "",
            files=len(proven.files) if proven else 0,
            problem=problem,
            device=installation.device_id(),
        )
    )
    return vault.register.all_of(RestoreTest)[-1]


def _differs_from(vault: Session, proven: Unpacked) -> str:
    """What speaks against the backup being an earlier state of this very vault; "" when nothing does."""
    about = proven.about
    if about.vault != vault.register.vault().id:
        return message("The backup is of another vault.")
    leaves = vault.register.leaves()
    if about.size > len(leaves) or root_hash(leaves[: about.size]).hex() != about.root:
        return message("The backup's log is not the beginning of this vault's log.")
    missing = proven.files - vault.register.files()
    if not missing:
        return ""
    return plural_message(
        "{count} evidence file of the backup is not in this vault.",
        "{count} evidence files of the backup are not in this vault.",
        len(missing),
    )
