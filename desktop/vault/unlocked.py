"""The changes to the key slots that only the holder of unlocked keys can make.

Every change to the slots returns with a new `slots_hash`. The caller records it in the log (`slots_changed`)
and then calls `reconcile_copies`, so that both files carry what the log knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from desktop.vault.held_keys import HeldKeys
from desktop.vault.passphrases import KdfCost, default_cost, one_spelling
from desktop.vault.person_keys import Enrolment, Identity, SigningKeys, certify
from desktop.vault.primitives import Secret, random_bytes
from desktop.vault.sealing import (
    SlotSecrets,
    open_slot,
    seal_parcel,
    seal_slot,
    with_mac,
)
from desktop.vault.slot_format import Parcel, Slot, SlotFile
from desktop.vault.slots import reconcile_copies, take_back, write_slots
from desktop.vault.strength import check_choice
from domain.errors import Damaged, UsageProblem, WrongPassphrase
from domain.messages import message


class UnlockedKeys(HeldKeys):
    """The keys of one person in one vault, with the verbs that change who can unlock it, and how."""

    def add_person(
        self,
        *,
        person_id: str,
        person_name: str,
        passphrase: str,
        at: str,
        administrator: bool = False,
        cost: KdfCost | None = None,
    ) -> Enrolment:
        """Make keys and a slot for a new person, under that person's own passphrase, certified by the root.

        `at` is the ISO 8601 UTC time the certificate speaks from. The new person types the passphrase; the
        administrator neither learns nor stores it.

        Raises:
            UsageProblem: not an administrator, a name or id already in use, or too weak a passphrase.
            FileProblem: the slots could not be written; nothing changed.
        """
        root = self._root_key()
        name = " ".join(one_spelling(person_name).split())
        self._check_new_person(person_id=person_id, name=name)
        keys = SigningKeys.new()
        try:
            enrolled, slot = new_person_slot(
                SlotSecrets(
                    dek=self._secrets.dek,
                    dek_next=self._secrets.dek_next,
                    keys=keys,
                    root=root if administrator else None,
                ),
                root=root,
                vault=self.vault_id,
                person_id=person_id,
                name=name,
                names=self._known_names(),
                generation=self._slots.generation + 1,
                passphrase=passphrase,
                cost=cost or default_cost(),
                at=at,
            )
        finally:
            keys.wipe()
        self._replace_slots(slots=(*self._slots.slots, slot))
        return enrolled

    def change_passphrase(self, *, old: str, new: str, cost: KdfCost | None = None) -> None:
        """Seal this person's slot under a new passphrase and a fresh salt. Keys and certificate stay.

        A copy of the folder made before still opens with the old passphrase: if that one is known to
        others, the data key has to be changed as well.

        Raises:
            WrongPassphrase: `old` is not this person's passphrase.
            UsageProblem: `new` is too weak.
            FileProblem: the slots could not be written; the old passphrase still holds.
        """
        self.reauthenticate(old)
        cost = cost or default_cost()
        check_choice(new, names=(self._own.name, *self._known_names()), cost=cost)
        self._reseal(new, cost=cost)

    def _known_names(self) -> tuple[str, ...]:
        """What somebody who has copied the folder tries first: the vault and its people."""
        return (self.vault_name, *(each.name for each in self._slots.slots))

    def _reseal(self, passphrase: str, *, cost: KdfCost) -> None:
        """Seal everything this person holds into their slot anew."""
        slot = seal_slot(
            self._secrets,
            vault=self.vault_id,
            slot=self._own.slot,
            person=self._own.person,
            name=self._own.name,
            generation=self._slots.generation + 1,
            certificate=self.enrolment.certificate,
            passphrase=passphrase,
            cost=cost,
        )

        def opens(written: SlotFile) -> None:
            found = written.slot_of(slot.person)
            if found is None:
                raise Damaged(message("The slot was not kept as written."), where=self._folder.name)
            open_slot(
                found, vault=written.vault, passphrase=passphrase, where=self._folder.name, folder=self._folder.name
            ).wipe()

        # A root key left as a parcel is in this person's hands now and has just been sealed into the slot.
        self._replace_slots(
            slots=tuple(slot if each.slot == slot.slot else each for each in self._slots.slots),
            absent=tuple(each for each in self._slots.absent if each.slot != slot.slot),
            also=opens,
        )
        self._own = slot

    def set_root_access(self, person_id: str, *, granted: bool) -> None:
        """Give the root key to someone who becomes administrator, or take it off someone who was one.

        It is left sealed to the person's public key, who finds it at the next unlock. Taking it back
        removes it from the vault, not from copies made before.

        Raises:
            UsageProblem: not an administrator, nobody of this id, or nobody would be left holding the key.
            FileProblem: the slots could not be written; nothing changed.
        """
        root = self._root_key()
        slot = self._slots.slot_of(person_id)
        if slot is None:
            raise UsageProblem(message("Nobody with this id has a key slot here."), where=person_id)
        holders = {each.person for each in self._slots.slots if each.wrapped.root}
        holders |= {each.person for each in self._slots.absent if each.purpose == "root"}
        if granted == (person_id in holders):
            return
        others = tuple(each for each in self._slots.absent if (each.person, each.purpose) != (person_id, "root"))
        if granted:
            generation = self._slots.generation + 1
            box = seal_parcel(root, vault=self.vault_id, to=slot, purpose="root", generation=generation)
            parcel = Parcel(person=person_id, slot=slot.slot, purpose="root", generation=generation, box=box)
            self._replace_slots(slots=self._slots.slots, absent=(*others, parcel))
            return
        if holders == {person_id}:
            raise UsageProblem(
                message("Somebody must hold the vault's root key."),
                where=slot.name,
                remedy=message("Appoint another administrator first."),
            )
        bare = msgspec.structs.replace(slot, wrapped=msgspec.structs.replace(slot.wrapped, root=None))
        self._replace_slots(
            slots=tuple(bare if each.slot == slot.slot else each for each in self._slots.slots), absent=others
        )
        if person_id == self._own.person:
            self._own = bare
            root.wipe()
            self._secrets.root = None

    def check_slots_hash(self, recorded: str) -> Literal["recorded", "ahead"]:
        """Hold the slots in force against the hash the log recorded last.

        "recorded": they are the same. "ahead": exactly one change was made and the program stopped before
        recording it; record it now.

        Raises:
            Damaged: the slots are older than the log, or of another line: an old slot file was put back.
        """
        if recorded == self._slots_hash:
            return "recorded"
        if recorded == self._slots.previous:
            return "ahead"
        raise Damaged(
            message("The key slots are not those the log recorded: an older or foreign slot file was put in place."),
            where=message(
                "{folder}, slots generation {generation}", folder=self._folder.name, generation=self._slots.generation
            ),
            remedy=message(
                "Put back slots.a and slots.b from the newest backup; somebody removed or an old passphrase may "
                "have been let in again."
            ),
        )

    def take_back(self, recorded: str) -> bool:
        """Undo a change of the slots that was written but never recorded; False if it cannot be undone any more.

        For changes that cannot be completed later, such as a person whose roles are not known. Call it with the
        vault's lock held.

        Raises:
            WrongPassphrase: this person's own slot is what is taken back.
            FileProblem: the disk refused; the slots are as they were.
        """
        self._check_open()
        slots = take_back(self._folder, recorded=recorded)
        if slots is None:
            return False
        own = slots.slot_of(self._own.person)
        if own is None:
            raise WrongPassphrase(
                message("You were not enrolled: the program stopped before your enrolment was recorded."),
                where=self._own.name,
                remedy=message("Ask an administrator to enrol you again."),
            )
        self._slots, self._slots_hash, self._own = slots, recorded, own
        return True

    @property
    def slot_holders(self) -> frozenset[str]:
        """The ids of everyone who has a slot in the generation in force."""
        return frozenset(slot.person for slot in self._slots.slots if slot.kind == "person")

    def reconcile_copies(self) -> bool:
        """Bring both slot files to the generation in force; True if something was written.

        Call it with the vault's lock held, once `check_slots_hash` says "recorded": the other copy is healed
        and an outdated passphrase leaves the disk.

        Raises:
            Unavailable: closed.
            FileProblem: the disk refused; the copy in force is untouched.
        """
        self._check_open()
        return reconcile_copies(self._folder, hash_in_force=self._slots_hash, verify=self._is_ours)

    def _root_key(self) -> Secret:
        self._check_open()
        if self._secrets.root is None:
            raise UsageProblem(
                message("Only an administrator holds the root key this needs."),
                where=self._own.name,
                remedy=message("Ask an administrator of the vault."),
            )
        return self._secrets.root

    def _check_new_person(self, *, person_id: str, name: str) -> None:
        if not name or not person_id:
            raise UsageProblem(message("A person needs a name and an id."), where="person")
        if self._slots.slot_of(person_id) or self._slots.person_slot(name):
            raise UsageProblem(
                message("{name} already has a key slot here; names and ids are never shared or used again.", name=name),
                where="person",
                remedy=message("Give the name under which colleagues will distinguish the two."),
            )

    def _is_ours(self, written: SlotFile) -> None:
        if not self.wrote(written):
            raise Damaged(message("The slots were not kept as written."), where=self._folder.name)

    def _replace_slots(
        self,
        *,
        slots: tuple[Slot, ...],
        absent: tuple[Parcel, ...] | None = None,
        also: Callable[[SlotFile], None] | None = None,
    ) -> None:
        changed = with_mac(
            msgspec.structs.replace(
                self._slots,
                generation=self._slots.generation + 1,
                previous=self._slots_hash,
                slots=slots,
                absent=self._slots.absent if absent is None else absent,
            ),
            self._secrets.dek,
        )

        def verify(written: SlotFile) -> None:
            self._is_ours(written)
            if also is not None:
                also(written)

        self._slots_hash = write_slots(self._folder, changed, replaces=self._slots_hash, verify=verify)
        self._slots = changed


def new_person_slot(
    secrets: SlotSecrets,
    *,
    root: Secret,
    vault: str,
    person_id: str,
    name: str,
    names: Sequence[str],
    generation: int,
    passphrase: str,
    cost: KdfCost,
    at: str,
) -> tuple[Enrolment, Slot]:
    """Certify new keys and seal them into a new slot. `names` are words a guesser would try, besides the person's.

    Raises:
        UsageProblem: too weak a passphrase, or a cost outside its bounds.
    """
    check_choice(passphrase, names=(name, *names), cost=cost)
    certificate = certify(root, secrets.keys, vault=vault, person=person_id, name=name, at=at)
    slot = seal_slot(
        secrets,
        vault=vault,
        slot=random_bytes(16).hex(),
        person=person_id,
        name=name,
        generation=generation,
        certificate=certificate,
        passphrase=passphrase,
        cost=cost,
    )
    identity = Identity(person=person_id, name=name, key=secrets.keys.key_id, public=secrets.keys.public)
    return Enrolment(identity=identity, certificate=certificate), slot
