"""The changes to keys over a person's whole time here: leaving, losing a passphrase, a new data key, a recovery sheet.

A rotation is three generations of the key slots, one after the other: the one in force; one that is still
under the old data key and holds the next one for everyone who stays (`rotating`); one under the new key alone.
The store changes its key between the last two. Whatever stops the program, one of the two keys in the newest
generation opens the store, and `finish_rotation` completes the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from desktop.vault.passphrases import KdfCost, default_cost
from desktop.vault.person_keys import Enrolment, SigningKeys
from desktop.vault.primitives import Secret, random_secret, same_bytes
from desktop.vault.recovery_code import sheet_public
from desktop.vault.recovery_slot import seal_recovery_slot
from desktop.vault.sealing import (
    SlotSecrets,
    has_mac_of,
    open_parcel,
    seal_log_key,
    seal_parcel,
    vault_key,
    with_mac,
)
from desktop.vault.slot_format import Parcel, Slot, SlotFile
from desktop.vault.slots import write_slots
from desktop.vault.unlocked import UnlockedKeys, new_person_slot
from domain.errors import Damaged, UsageProblem, WrongPassphrase
from domain.log.certificates import signing_key_id
from domain.messages import message

_Check = Callable[[SlotFile], None]


class KeyRing(UnlockedKeys):
    """The keys of one person in one vault, with every verb there is.

    `store_has_next_key` is for whoever opens the store during a rotation: which of the two keys it answered to.
    """

    store_has_next_key = False

    @property
    def is_rotating(self) -> bool:
        """Whether a change of the data key was begun and not finished."""
        return self._slots.state == "rotating"

    @property
    def is_left_a_key(self) -> bool:
        """Whether a key lies here for this person that is not yet sealed in their slot."""
        return any(each.slot == self._own.slot for each in self._slots.absent)

    @property
    def can_be_replaced(self) -> bool:
        """Whether this person could be given a new key if this one were lost."""
        return self._slots.has_recovery(self._own.person)

    @property
    def slot_keys(self) -> frozenset[str]:
        """The ids of the signing keys of everyone who has a slot in the generation in force."""
        slots = (slot for slot in self._slots.slots if slot.kind == "person" and slot.public)
        return frozenset(signing_key_id(slot.public.ed25519) for slot in slots if slot.public)

    def remove_person(self, person_id: str) -> None:
        """Take a person's slot, recovery slot and whatever was left for them out of the file.

        A copy of the folder made before still opens for them until the data key is changed.

        Raises:
            UsageProblem: the person's slot, or nobody else would hold the root key.
            FileProblem: the slots could not be written; nothing changed.
        """
        self._check_open()
        if person_id == self._own.person:
            raise UsageProblem(message("Nobody removes their own key slot."), where=self._own.name)
        gone = {slot.slot for slot in self._slots.slots if slot.person == person_id}
        self._replace_slots(
            slots=tuple(slot for slot in self._slots.slots if slot.slot not in gone),
            absent=tuple(each for each in self._slots.absent if each.slot not in gone),
        )

    def reset_person(
        self, person_id: str, *, passphrase: str, at: str, administrator: bool, cost: KdfCost | None = None
    ) -> Enrolment:
        """Give a person new keys under a new passphrase; the old private keys are gone with their slot.

        Raises:
            UsageProblem: not an administrator, their slot, nobody of this id, or too weak a passphrase.
            FileProblem: the slots could not be written; nothing changed.
        """
        root = self._root_key()
        old = self._slots.slot_of(person_id)
        if old is None:
            raise UsageProblem(message("Nobody with this id has a key slot here."), where=person_id)
        if person_id == self._own.person:
            raise UsageProblem(
                message("Who can unlock needs no new key."), where=old.name, remedy=message("Change the passphrase.")
            )
        keys = SigningKeys.new()
        try:
            secrets = SlotSecrets(
                dek=self._secrets.dek,
                dek_next=self._secrets.dek_next,
                keys=keys,
                root=root if administrator else None,
            )
            enrolled, slot = new_person_slot(
                secrets,
                root=root,
                vault=self.vault_id,
                person_id=person_id,
                name=old.name,
                names=self._known_names(),
                generation=self._slots.generation + 1,
                passphrase=passphrase,
                cost=cost or default_cost(),
                at=at,
            )
        finally:
            keys.wipe()
        self._put(slot, instead_of=person_id)
        return enrolled

    def add_recovery_slot(self, code: Secret, *, slot_id: str) -> bytes:
        """Seal data key and root key under a recovery code, instead of this person's code before.

        Returns the public key of the sheet.

        Raises:
            UsageProblem: not an administrator.
            FileProblem: the slots could not be written; nothing changed.
        """
        slot = self._recovery_slot(code, slot_id=slot_id, generation=self._slots.generation + 1)
        gone = {each.slot for each in self._slots.slots if each.kind == "recovery" and each.person == slot.person}
        self._replace_slots(
            slots=(*(each for each in self._slots.slots if each.slot not in gone), slot),
            absent=tuple(each for each in self._slots.absent if each.slot not in gone),
        )
        return sheet_public(code)

    def take_recovered_place(self, *, code: Secret, slot_id: str) -> bytes:
        """Put the slot that a recovery made in place of the person's old ones, with a new recovery slot.

        Raises:
            FileProblem: the slots could not be written; nothing changed.
        """
        recovery = self._recovery_slot(code, slot_id=slot_id, generation=self._slots.generation + 1)
        self._put(self._own, recovery, instead_of=self._own.person)
        return sheet_public(code)

    def new_data_key(self) -> tuple[Secret, bytes]:
        """A data key that nobody knows yet, and the store key that belongs to it; see `begin_rotation`."""
        key = random_secret()
        derived = vault_key(key, "sqlcipher")
        try:
            return key, bytes(derived.expose())
        finally:
            derived.wipe()

    def begin_rotation(self, key: Secret | None = None) -> None:
        """Leave the next data key (a new one, or one of `new_data_key`), under their public keys, for everyone.

        The key is in this ring's hands from then on; it is wiped if that fails.

        Raises:
            UsageProblem: not an administrator, or a change is under way already.
            FileProblem: the slots could not be written; nothing changed.
        """
        self._root_key()
        if self.is_rotating:
            raise UsageProblem(
                message("The data key is being changed already."), remedy=message("Finish that change first.")
            )
        generation = self._slots.generation + 1
        key = key or random_secret()
        parcels = tuple(
            Parcel(
                person=slot.person,
                slot=slot.slot,
                purpose="dek",
                generation=generation,
                box=seal_parcel(key, vault=self.vault_id, to=slot, purpose="dek", generation=generation),
            )
            for slot in self._slots.slots
        )
        changed = msgspec.structs.replace(self._slots, state="rotating", absent=(*self._slots.absent, *parcels))

        def holds_the_next_key(written: SlotFile) -> None:
            mine = next(
                each for each in written.absent if each.slot == self._own.slot and each.generation == generation
            )
            found = open_parcel(mine, vault=self.vault_id, x25519=self._secrets.keys.x25519, where=self._folder.name)
            try:
                if not same_bytes(found.expose(), key.expose()):
                    raise Damaged(message("The next data key was not kept as written."), where=self._folder.name)
            finally:
                found.wipe()

        try:
            self._write(changed, dek=self._secrets.dek, also=holds_the_next_key)
        except BaseException:
            key.wipe()
            raise
        self._secrets.dek_next = key
        self._next_store_key = vault_key(key, "sqlcipher")

    def finish_rotation(self) -> None:
        """Leave the old data key behind: call it once the store is under `next_store_key`.

        Raises:
            UsageProblem: no change is under way.
            FileProblem: the slots could not be written; both keys are still known.
        """
        key, store_key = self._secrets.dek_next, self._next_store_key
        if not self.is_rotating or key is None or store_key is None:
            raise UsageProblem(message("The data key is not being changed."), where=self._folder.name)
        last = max(each.generation for each in self._slots.absent if each.purpose == "dek")
        keys = self._slots.vault_keys
        changed = msgspec.structs.replace(
            self._slots,
            state="steady",
            absent=tuple(each for each in self._slots.absent if each.purpose == "root" or each.generation == last),
            vault_keys=seal_log_key(
                self._log_seed,
                dek=key,
                vault=self.vault_id,
                log_public=keys.log_public,
                certificate=keys.log_certificate,
                root_public=keys.root_public,
            ),
        )
        self._write(changed, dek=key)
        self._secrets.dek.wipe()
        self._store_key.wipe()
        self._secrets.dek, self._secrets.dek_next = key, None
        self._store_key, self._next_store_key = store_key, None
        self.store_has_next_key = False

    def take_over(self, passphrase: str) -> None:
        """Seal what was left for this person into their slot, under the passphrase it has.

        Raises:
            WrongPassphrase: it is not this person's passphrase.
            FileProblem: the slots could not be written; what was left stays where it is.
        """
        self.reauthenticate(passphrase)
        self._reseal(passphrase, cost=self._own.kdf.cost)

    def take_back(self, recorded: str) -> bool:
        """Undo a change of the slots that was never recorded; see `UnlockedKeys.take_back`.

        Raises:
            WrongPassphrase: the keys held here are what is taken back. FileProblem: the disk refused.
        """
        done = super().take_back(recorded)
        if done and not self.is_rotating and self._secrets.dek_next is not None:
            self._secrets.dek_next.wipe()
            self._secrets.dek_next = None
            if self._next_store_key is not None:
                self._next_store_key.wipe()
            self._next_store_key = None
        if done and self._own.public != self._secrets.keys.public:
            raise WrongPassphrase(
                message("You were not given a new key: the program stopped before that was recorded."),
                where=self._own.name,
                remedy=message("Have it given to you again."),
            )
        return done

    def _recovery_slot(self, code: Secret, *, slot_id: str, generation: int) -> Slot:
        return seal_recovery_slot(
            code,
            dek=self._secrets.dek,
            dek_next=self._secrets.dek_next,
            root=self._root_key(),
            vault=self.vault_id,
            slot=slot_id,
            person=self._own.person,
            name=self._own.name,
            generation=generation,
        )

    def _put(self, *slots: Slot, instead_of: str) -> None:
        gone = {each.slot for each in self._slots.slots if each.person == instead_of}
        self._replace_slots(
            slots=(*(each for each in self._slots.slots if each.slot not in gone), *slots),
            absent=tuple(each for each in self._slots.absent if each.slot not in gone),
        )

    def _write(self, changed: SlotFile, *, dek: Secret, also: _Check | None = None) -> None:
        sealed = with_mac(
            msgspec.structs.replace(changed, generation=self._slots.generation + 1, previous=self._slots_hash), dek
        )

        def verify(written: SlotFile) -> None:
            if not has_mac_of(written, dek):
                raise Damaged(message("The slots were not kept as written."), where=self._folder.name)
            if also is not None:
                also(written)

        self._slots_hash = write_slots(self._folder, sealed, replaces=self._slots_hash, verify=verify)
        self._slots = sealed
