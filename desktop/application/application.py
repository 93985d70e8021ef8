"""The application: vaults and documents without a session: make, unlock, sample, verify. The window and the command
line both come in here.
"""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from desktop.application import using_backups
from desktop.application.inspected import inspect_vault
from desktop.application.newer_format import describe_migration
from desktop.documents.incoming import incoming_file, media_type_of
from desktop.documents.templates import process_sets, processes_of_set
from desktop.machine.clock import now
from desktop.machine.failed_unlocks import counted_unlock, unlock_target_at, wait_left
from desktop.machine.ids import id_maker
from desktop.machine.places import must_not_be_remote, place_notices
from desktop.machine.private_files import sweep
from desktop.machine.vault_creation import making_place, put_in_place
from desktop.session.keys_and_people import certified_key
from desktop.session.read_only_vault import ReadOnlyVault
from desktop.session.recovering import recover
from desktop.session.rotating import open_store
from desktop.session.unlocked_session import UnlockedSession
from desktop.session.vault_backups import newest_backup
from desktop.store.store import Store
from desktop.vault.key_ring import KeyRing
from desktop.vault.lock import VaultLock
from desktop.vault.passphrases import KdfCost
from desktop.vault.session import create_vault_keys, people
from desktop.vault.slots import read_slots
from desktop.vault.strength import passphrase_strength
from domain.act import IncomingFile
from domain.commands.people import CreateVault
from domain.errors import FileProblem, InUse, UsageProblem
from domain.identity import iso
from domain.log.verdict import PackVerdict
from domain.messages import message
from domain.process.decode import process_text
from domain.process.definition import ProcessVersion
from domain.services import BackupInfo, ProcessSet, Progress, SheetDraft
from domain.session import Strength

STORE_FILE = "store.db"
_LARGEST_PACK = 512 * 1024**2
_LONGEST_PREFIX = 4


def number_prefix(name: str) -> str:
    """What human numbers of this vault begin with: initials of its name ("Site A": SA), or its first letters."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    initials = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:3]
    letters = initials.lstrip("0123456789")[:_LONGEST_PREFIX]
    return letters or "V"


class CountersignApplication:
    """Implements `domain.ports.Application`. Every vault it gives out stands on its own.

    `cost` is what new passphrases are stretched with; None chooses by this computer's memory.
    """

    def __init__(self, *, cost: KdfCost | None = None) -> None:
        self._cost = cost

    def people_of(self, folder: Path) -> tuple[str, ...]:
        """Names that can unlock the vault (or the backup file), from its clear header."""
        return using_backups.people_in(folder) if using_backups.is_snapshot(folder) else people(folder)

    def process_sets(self) -> tuple[ProcessSet, ...]:
        """The sets of shipped processes that a new vault can begin with, the proposed one first."""
        return process_sets()

    def create_vault(
        self, folder: Path, *, name: str, person: str, passphrase: str, process_set: str = ""
    ) -> UnlockedSession:
        """A new vault with its first administrator as first administrator and a set of shipped processes in force.

        `process_set` is the id of a set ("" = every shipped process); what was not taken can be put in force later.

        Raises:
            UsageProblem: a weak passphrase, an empty name or an unknown set. FileProblem: there is something here
            already.
        """
        must_not_be_remote(folder)
        processes = tuple(process_text(version) for version in processes_of_set(process_set))
        making = making_place(folder)
        with ExitStack() as unless_made:
            unless_made.callback(shutil.rmtree, making, ignore_errors=True)
            keys = self._make(making, name=name, person=person, passphrase=passphrase, processes=processes)
            put_in_place(making, folder)
            # Nobody knows of this vault yet, so it must not stay under a name that is asked for again.
            unless_made.callback(shutil.rmtree, folder, ignore_errors=True)
            keys.moved_to(folder)
            vault = self._open(folder, keys)
            unless_made.pop_all()
        return vault

    def _make(self, folder: Path, *, name: str, person: str, passphrase: str, processes: tuple[str, ...]) -> KeyRing:
        """Key slots and a created store in `folder`; closed again but for the keys."""
        at = now()
        new_id = id_maker(at)
        vault_id, person_id = new_id(), new_id()
        keys = create_vault_keys(
            folder,
            vault_id=vault_id,
            vault_name=name,
            person_id=person_id,
            person_name=person,
            passphrase=passphrase,
            at=iso(at),
            cost=self._cost,
        )
        lock = VaultLock(folder, at=iso(at))
        with ExitStack() as unless_made, ExitStack() as always:
            unless_made.callback(keys.close)
            always.callback(lock.release)
            lock.acquire()
            store = Store.create(folder / STORE_FILE, keys.store_key, vault=vault_id)
            with closing(store):
                UnlockedSession(folder=folder, keys=keys, store=store, lock=lock, cost=self._cost).found(
                    CreateVault(
                        vault=vault_id,
                        name=keys.vault_name,
                        first_admin=keys.identity.name,
                        prefix=number_prefix(name),
                        root_key=b64encode(keys.root_public).decode(),
                        log_key=b64encode(keys.log_public).decode(),
                        log_certificate=b64encode(keys.log_certificate).decode(),
                        slots=keys.slots_hash,
                        key=certified_key(keys.enrolment),
                        processes=processes,
                    )
                )
            unless_made.pop_all()
        return keys

    def _open(self, folder: Path, keys: KeyRing) -> UnlockedSession:
        """Lock and store of a vault whose keys are unlocked; the keys are closed if it fails."""
        lock = VaultLock(folder, at=iso(now()))
        with ExitStack() as unless_open:
            unless_open.callback(lock.release)
            unless_open.callback(keys.close)
            lock.acquire()
            store = Store.open(folder / STORE_FILE, keys.store_key, vault=keys.vault_id)
            unless_open.pop_all()
        return UnlockedSession(folder=folder, keys=keys, store=store, lock=lock, cost=self._cost)

    def unlock(
        self, folder: Path, *, person: str, passphrase: str, take_over: bool = False, in_making: bool = False
    ) -> UnlockedSession:
        """Open a vault for one person; a backup file is opened for reading only.

        `take_over` goes past the note of a holder who has been silent for long, where the file system itself
        cannot know whether anybody still holds the vault. `in_making` is for a restored vault that is not in its
        place yet: its first entry is that of the restore.

        Raises:
            WrongPassphrase: name or passphrase is not right. InUse: another program holds the vault.
            Damaged: key slots or store cannot be trusted. Unavailable: files are missing.
            NewerFormat: written by a newer program. FileProblem: it lies on a network file system.
        """
        sweep()
        if using_backups.is_snapshot(folder):
            return self.open_snapshot(folder, person=person, passphrase=passphrase)
        read_slots(folder)
        must_not_be_remote(folder)
        lock = VaultLock(folder, at=iso(now()), take_over=take_over)
        try:
            lock.acquire()
        except InUse as problem:
            raise using_backups.in_use(problem, folder) from problem
        with ExitStack() as unless_open:
            unless_open.callback(lock.release)
            keys = counted_unlock(folder, person=person, passphrase=passphrase)
            unless_open.callback(keys.close)
            store = open_store(folder / STORE_FILE, keys)
            unless_open.pop_all()
        vault = UnlockedSession(folder=folder, keys=keys, store=store, lock=lock, cost=self._cost)
        with ExitStack() as unless_ready:
            unless_ready.callback(vault.discard)
            stands = store.checkpoint()
            vault.reconcile()
            if vault.takes_acts:
                if not in_making:
                    describe_migration(vault, stands=stands)
                vault.people_service.after_unlock(passphrase)
            vault.notice(*place_notices(folder))
            unless_ready.pop_all()
        return vault

    def recover(self, folder: Path, *, code: str, passphrase: str) -> tuple[UnlockedSession, SheetDraft]:
        """Open a vault with a recovery code; see `desktop.session.recovering.recover`."""
        sweep()
        must_not_be_remote(folder)
        return recover(folder, store_file=STORE_FILE, code=code, passphrase=passphrase, cost=self._cost)

    def process_file(self, version: ProcessVersion, kind: str) -> bytes:
        """A process version for other tools.

        Raises:
            UsageProblem: not a kind that is written.
        """
        from desktop.documents.process_files import WRITERS  # noqa: PLC0415 (it is slow to import and not needed for reading)

        if kind not in WRITERS:
            raise UsageProblem(
                message("A process is not written as '{kind}'.", kind=kind),
                remedy=message("Choose one of: {list}.", list=", ".join(WRITERS)),
            )
        return WRITERS[kind](version)

    def passphrase_strength(self, text: str, names: Sequence[str] = ()) -> Strength:
        """How hard a passphrase is to guess, and whether it is taken; `names` are words a guesser tries first."""
        return passphrase_strength(text, names)

    def incoming_file(self, path: Path) -> IncomingFile:
        """Hash and size of a file handed in; see `desktop.documents.incoming.incoming_file`."""
        return incoming_file(path)

    def media_type_of(self, path: Path) -> str:
        """The media type by the name only; see `desktop.documents.incoming.media_type_of`."""
        return media_type_of(path)

    def wait_left(self, folder: Path, *, person: str) -> float:
        """Seconds until the next passphrase of this person is looked at; see `desktop.machine.failed_unlocks`."""
        if using_backups.is_snapshot(folder):
            return 0.0
        return wait_left(unlock_target_at(folder, person)).total_seconds()

    def newest_backup(self, folder: Path) -> BackupInfo | None:
        """The newest good copy of a vault on this installation; see `desktop.session.vault_backups.newest_backup`."""
        return newest_backup(folder)

    def inspect(self, folder: Path, *, person: str, passphrase: str) -> UnlockedSession:
        """Open a vault for reading only, damaged or not; see `desktop.application.inspected.inspect_vault`."""
        sweep()
        people(folder)
        return inspect_vault(folder / STORE_FILE, folder, person=person, passphrase=passphrase, cost=self._cost)

    def open_snapshot(self, file: Path, *, person: str, passphrase: str) -> ReadOnlyVault:
        """Look into a backup, read only; see `desktop.application.using_backups.open_snapshot`."""
        return using_backups.open_snapshot(file, person=person, passphrase=passphrase)

    def restore(
        self,
        file: Path,
        folder: Path,
        *,
        person: str,
        passphrase: str,
        reason: str = "",
        progress: Progress | None = None,
    ) -> UnlockedSession:
        """A new vault folder from a backup file, proven before it appears; see
        `desktop.application.using_backups.restore`.
        """
        sweep()
        must_not_be_remote(folder)
        return using_backups.restore(
            file,
            folder,
            person=person,
            passphrase=passphrase,
            unlock_vault=self.unlock,
            reason=reason,
            progress=progress,
        )

    def sample(
        self, folder: Path, *, passphrase: str, progress: Progress | None = None, packs: Path | None = None
    ) -> UnlockedSession:
        """The demo vault, made by real people doing real work; unlocked as its quality person."""
        from desktop.application.sample_vault import SAMPLE_COST, make_sample  # noqa: PLC0415 (it is slow to import and not needed for reading)

        return make_sample(
            CountersignApplication(cost=SAMPLE_COST), folder, passphrase=passphrase, progress=progress, packs=packs
        )

    def verify_pack(self, file: Path) -> PackVerdict:
        """Check a closure pack with nothing but the file.

        Raises:
            FileProblem: the file cannot be read.
        """
        try:
            if file.stat().st_size > _LARGEST_PACK:
                raise FileProblem(
                    message("The file is larger than {largest_pack:,} bytes.", largest_pack=_LARGEST_PACK),
                    where=file.name,
                )
            data = file.read_bytes()
        except OSError as problem:
            raise FileProblem(
                message("The pack cannot be read: {strerror}.", strerror=problem.strerror), where=str(file)
            ) from problem
        from desktop.pdf.verify_pack import verify_pack  # noqa: PLC0415 (it is slow to import and not needed for reading)

        return verify_pack(data)
