"""From a folder and a passphrase to unlocked keys: creating a vault's keys, listing who can unlock, unlocking."""

from __future__ import annotations

from pathlib import Path

import msgspec

from desktop.vault.data_key import data_keys, root_left_for
from desktop.vault.key_ring import KeyRing
from desktop.vault.passphrases import KdfCost, default_cost, one_spelling, same_name
from desktop.vault.person_keys import Enrolment, Identity, SigningKeys, certify_log_key
from desktop.vault.primitives import ed25519_public, ed25519_verify, new_ed25519_seed, random_secret
from desktop.vault.sealing import (
    SlotSecrets,
    has_mac_of,
    open_log_key,
    open_slot,
    seal_log_key,
    spend_a_try,
    with_mac,
    wrong_passphrase,
)
from desktop.vault.slot_format import FIRST_PREVIOUS, FORMAT, Slot, SlotFile
from desktop.vault.slots import SLOT_FILES, Copy, read_slots, write_slots
from desktop.vault.unlocked import UnlockedKeys, new_person_slot
from domain.errors import CountersignError, Damaged, FileProblem, UsageProblem, WrongPassphrase
from domain.log.certificates import certificate_problem, log_key_problem, read_person_statement, signing_key_id
from domain.messages import message

__all__ = [
    "Enrolment",
    "Identity",
    "UnlockedKeys",
    "VaultHeader",
    "create_vault_keys",
    "people",
    "read_header",
    "unlock",
]


MOST_STRETCHES = 2
"""How often one unlocking stretches the passphrase before a MAC is seen: for one slot of each of the two slot files.

Names and ids of slots are unique in a file (`slot_format`), so a file offers one slot for a name, of however many.
"""


class VaultHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What anyone can read of a vault without a key, and nobody should trust before unlocking.

    `replaceable` are the ids of people who can be given a new key should theirs be lost.
    """

    vault: str
    name: str
    generation: int
    rotating: bool
    people: tuple[Identity, ...]
    replaceable: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()

    def person_named(self, name: str) -> Identity | None:
        """Who has a key slot under this name, as unlocking would find them."""
        return next((each for each in self.people if same_name(each.name) == same_name(name)), None)


def create_vault_keys(
    folder: Path,
    *,
    vault_id: str,
    vault_name: str,
    person_id: str,
    person_name: str,
    passphrase: str,
    at: str,
    cost: KdfCost | None = None,
) -> KeyRing:
    """Make the keys of a new vault, with its first administrator as first administrator, and write both slot files.

    The folder is made if it does not exist. `at` is the ISO 8601 UTC time the certificates speak from.

    Raises:
        UsageProblem: a name is missing or the passphrase is too weak.
        FileProblem: there is a vault here already, or the disk refused.
    """
    first_admin = " ".join(one_spelling(person_name).split())
    title = " ".join(one_spelling(vault_name).split())
    if not (first_admin and title and person_id and vault_id):
        raise UsageProblem(
            message("A vault needs a name and an id, and so does its first administrator."), where="vault"
        )
    root, log_seed = new_ed25519_seed(), new_ed25519_seed()
    secrets = SlotSecrets(dek=random_secret(), keys=SigningKeys.new(), root=root)
    _, slot = new_person_slot(
        secrets,
        root=root,
        vault=vault_id,
        person_id=person_id,
        name=first_admin,
        names=(title,),
        generation=1,
        passphrase=passphrase,
        cost=cost or default_cost(),
        at=at,
    )
    log_public = ed25519_public(log_seed)
    slots = with_mac(
        SlotFile(
            format=FORMAT,
            vault=vault_id,
            name=title,
            generation=1,
            previous=FIRST_PREVIOUS,
            state="steady",
            slots=(slot,),
            vault_keys=seal_log_key(
                log_seed,
                dek=secrets.dek,
                vault=vault_id,
                log_public=log_public,
                certificate=certify_log_key(root, log_public, vault=vault_id),
                root_public=ed25519_public(root),
            ),
        ),
        secrets.dek,
    )
    _make_folder(folder)

    def verify(written: SlotFile) -> None:
        if not has_mac_of(written, secrets.dek):
            raise Damaged(message("The slots were not kept as written."), where=folder.name)

    try:
        write_slots(folder, slots, replaces="", verify=verify)
    except CountersignError:
        secrets.wipe()
        log_seed.wipe()
        raise
    return KeyRing(folder=folder, slots=slots, own=slot, secrets=secrets, log_seed=log_seed)


def read_header(folder: Path) -> VaultHeader:
    """The clear header of a vault: its name and who can unlock it.

    Raises:
        Unavailable: no vault here. Damaged: neither slot file holds. NewerFormat: a newer Countersign's.
    """
    read = read_slots(folder)
    return VaultHeader(
        vault=read.slots.vault,
        name=read.slots.name,
        generation=read.slots.generation,
        rotating=read.slots.state == "rotating",
        people=tuple(
            Identity(person=slot.person, name=slot.name, key=signing_key_id(slot.public.ed25519), public=slot.public)
            for slot in read.slots.slots
            if slot.kind == "person" and slot.public
        ),
        replaceable=frozenset(slot.person for slot in read.slots.slots if read.slots.has_recovery(slot.person)),
        notices=read.notices,
    )


def people(folder: Path) -> tuple[str, ...]:
    """The names under which this vault can be unlocked, as the clear header has them.

    Raises:
        Unavailable, Damaged, NewerFormat: as `read_header`.
    """
    return tuple(person.name for person in read_header(folder).people)


def unlock(folder: Path, *, person_name: str, passphrase: str) -> KeyRing:
    """Open a person's slot in the newest generation that holds.

    The keys come with `notices` about slot files that did not hold. Whether the slots are as new as the log
    is for `check_slots_hash`, once the log can be read.

    Raises:
        WrongPassphrase: the passphrase, or the name, is not right; the two are not shown apart.
        Damaged: the slots were altered, and no copy is left that can be trusted.
        Unavailable: no vault here. NewerFormat: written by a newer Countersign.
    """
    read = read_slots(folder)
    newest, older = read.copies[0], read.copies[1] if len(read.copies) > 1 else None
    try:
        return _open_copy(folder, newest, person_name=person_name, passphrase=passphrase, notices=read.notices)
    except (Damaged, WrongPassphrase) as problem:
        if older is None or not _may_differ(newest, older, person_name=person_name):
            raise
        return _open_older(folder, newest, older, problem, person_name=person_name, passphrase=passphrase)


def _open_older(
    folder: Path, newest: Copy, older: Copy, problem: CountersignError, *, person_name: str, passphrase: str
) -> KeyRing:
    """The generation before, but only if the newest is a forgery: else an old passphrase would still open it."""
    notice = message(
        "{file} was altered on purpose: its sum holds, its proof does not. {file_2} is used.",
        file=newest.file,
        file_2=older.file,
    )
    try:
        keys = _open_copy(folder, older, person_name=person_name, passphrase=passphrase, notices=(notice,))
    except CountersignError:
        raise problem from None
    if newest.slots is None or keys.wrote(newest.slots):
        keys.close()
        raise problem
    return keys


def _may_differ(newest: Copy, older: Copy, *, person_name: str) -> bool:
    if newest.slots is None or older.slots is None or newest.hash == older.hash:
        return False
    return older.slots.person_slot(person_name) is not None


def _open_copy(folder: Path, copy: Copy, *, person_name: str, passphrase: str, notices: tuple[str, ...]) -> KeyRing:
    slots = copy.slots
    assert slots is not None
    slot = slots.person_slot(person_name)
    if slot is None:
        spend_a_try(slots, person_name=person_name, passphrase=passphrase)
        raise wrong_passphrase(folder.name)
    where = f"{folder.name}/{copy.file}"
    secrets = open_slot(slot, vault=slots.vault, passphrase=passphrase, where=where, folder=folder.name)
    try:
        _find_data_key(slots, slot, secrets, where=where)
        _check_chain(slots, slot, where=where)
        log_seed = open_log_key(slots.vault_keys, dek=secrets.dek, vault=slots.vault, where=where)
    except Damaged:
        secrets.wipe()
        raise
    return KeyRing(folder=folder, slots=slots, own=slot, secrets=secrets, log_seed=log_seed, notices=notices)


def _find_data_key(slots: SlotFile, slot: Slot, secrets: SlotSecrets, *, where: str) -> None:
    """Decide which data key is in force, and the root key if it was left for this person."""
    own = [key for key in (secrets.dek, secrets.dek_next) if key is not None]
    found = data_keys(slots, slot, own=own, x25519=secrets.keys.x25519, where=where)
    secrets.dek, secrets.dek_next = found
    secrets.root = secrets.root or root_left_for(slots, slot, x25519=secrets.keys.x25519, where=where)
    if secrets.root is not None and ed25519_public(secrets.root) != slots.vault_keys.root_public:
        raise Damaged(message("The root key is not the one the slots name."), where=where)


def _check_chain(slots: SlotFile, slot: Slot, *, where: str) -> None:
    """Hold the log key and this person's keys against the root: what the log will be verified by."""
    vault_keys = slots.vault_keys
    problem = log_key_problem(
        vault=slots.vault,
        log_key=vault_keys.log_public,
        certificate=vault_keys.log_certificate,
        root_key=vault_keys.root_public,
        verify=_verify,
    )
    assert slot.public is not None
    assert slot.certificate is not None
    identity = Identity(person=slot.person, name=slot.name, key=signing_key_id(slot.public.ed25519), public=slot.public)
    try:
        record = Enrolment(identity=identity, certificate=slot.certificate).person_key(valid_from="")
        problem = problem or certificate_problem(
            record, vault=slots.vault, root_key=vault_keys.root_public, verify=_verify
        )
        if not problem and read_person_statement(slot.certificate.statement).name != slot.name:
            problem = message("the certificate names somebody else")
    except ValueError:  # not UTF-8, or no statement at all
        problem = message("the certificate is no statement")
    if problem:
        raise Damaged(message("The key slots contradict their certificates: {problem}.", problem=problem), where=where)


def _verify(public: bytes, signature: bytes, message: bytes) -> bool:
    return ed25519_verify(public, message, signature)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=False, exist_ok=True)
        taken = any((folder / file).exists() for file in (*SLOT_FILES, "store.db"))
    except OSError as problem:
        raise FileProblem(
            message(
                "The vault folder cannot be made: {strerror}.",
                strerror=problem.strerror or message("input/output error"),
            ),
            where=str(folder),
            remedy=message("Check that the folder above it exists and that you may write there."),
        ) from problem
    if taken:
        raise FileProblem(
            message("There is a vault here already."),
            where=str(folder),
            remedy=message("Choose another folder or open it."),
        )
