"""Doors to vaults and papers: make, unlock, sample, verify. The desk and the command line both come in here."""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from pathlib import Path

from desktop.clock import now
from desktop.ids import id_maker
from desktop.open_vault import UnlockedVault, key_record
from desktop.pdf.verify_pack import verify_pack
from desktop.sample_vault import SAMPLE_COST, make_sample
from desktop.store.store import Store
from desktop.templates import shipped_processes
from desktop.vault.lock import VaultLock
from desktop.vault.passphrases import KdfCost
from desktop.vault.session import create_vault_keys, people, unlock
from domain.closure.pack import PackVerdict
from domain.errors import FileProblem
from domain.identity import iso
from domain.ports import Progress
from domain.use_cases.found_vault import found_vault
from domain.use_cases.record_slots import record_slots

STORE_FILE = "store.db"
_LARGEST_PACK = 512 * 1024**2
_LONGEST_PREFIX = 4


def number_prefix(name: str) -> str:
    """What human numbers of this vault begin with: initials of its name ("Site A": SA), or its first letters."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    initials = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:3]
    letters = initials.lstrip("0123456789")[:_LONGEST_PREFIX]
    return letters or "V"


class CountersignBuilding:
    """Implements `domain.ports.Building`. Every vault it gives out stands on its own.

    `cost` is what new passphrases are stretched with; None chooses by this computer's memory.
    """

    def __init__(self, *, cost: KdfCost | None = None) -> None:
        self._cost = cost

    def people_of(self, folder: Path) -> tuple[str, ...]:
        """Names that can unlock the vault, from its clear header."""
        return people(folder)

    def create_vault(self, folder: Path, *, name: str, person: str, passphrase: str) -> UnlockedVault:
        """A new vault with its founder as first administrator and the shipped processes in force.

        Raises:
            UsageProblem: a weak passphrase or an empty name. FileProblem: there is something here already.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FileProblem("There is something here already.", where=str(folder), cure="Choose a new folder.")
        made_here = not folder.exists()
        try:
            return self._create(folder, name=name, person=person, passphrase=passphrase)
        except BaseException:
            if made_here and folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
            raise

    def _create(self, folder: Path, *, name: str, person: str, passphrase: str) -> UnlockedVault:
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
        lock.acquire()
        store = Store.create(folder / STORE_FILE, keys.store_key, vault=vault_id)
        vault = UnlockedVault(folder=folder, keys=keys, store=store, lock=lock, cost=self._cost)
        try:
            vault.found(
                found_vault,
                vault=vault_id,
                name=keys.vault_name,
                prefix=number_prefix(name),
                root_key=b64encode(keys.root_public).decode(),
                log_key=b64encode(keys.log_public).decode(),
                log_certificate=b64encode(keys.log_certificate).decode(),
                slots=keys.slots_hash,
                key=key_record(keys.enrolment, at=iso(at)),
                processes=[text for text, _ in shipped_processes()],
            )
        except BaseException:
            vault.abandon()
            raise
        return vault

    def unlock(self, folder: Path, *, person: str, passphrase: str) -> UnlockedVault:
        """Open a vault for one person.

        Raises:
            WrongPassphrase: name or passphrase is not right. InUse: another program holds the vault.
            Damaged: key slots or store cannot be trusted. Unavailable: files are missing.
            NewerFormat: written by a newer program.
        """
        people(folder)
        lock = VaultLock(folder, at=iso(now()))
        lock.acquire()
        try:
            keys = unlock(folder, person_name=person, passphrase=passphrase)
            try:
                store = Store.open(folder / STORE_FILE, keys.store_key, vault=keys.vault_id)
            except BaseException:
                keys.close()
                raise
        except BaseException:
            lock.release()
            raise
        vault = UnlockedVault(folder=folder, keys=keys, store=store, lock=lock, cost=self._cost)
        try:
            vault.settle(record_slots)
        except BaseException:
            vault.abandon()
            raise
        return vault

    def sample(
        self, folder: Path, *, passphrase: str, progress: Progress | None = None, packs: Path | None = None
    ) -> UnlockedVault:
        """The demo vault, made by real people doing real work; unlocked as its quality person."""
        return make_sample(
            CountersignBuilding(cost=SAMPLE_COST), folder, passphrase=passphrase, progress=progress, packs=packs
        )

    def verify_pack(self, file: Path) -> PackVerdict:
        """Check a closure pack with nothing but the file.

        Raises:
            FileProblem: the file cannot be read.
        """
        try:
            if file.stat().st_size > _LARGEST_PACK:
                raise FileProblem(f"The file is larger than {_LARGEST_PACK:,} bytes.", where=file.name)
            data = file.read_bytes()
        except OSError as problem:
            raise FileProblem(f"The pack cannot be read: {problem.strerror}.", where=str(file)) from problem
        return verify_pack(data)
