"""People and their keys in an open vault: where key slots, store and log change together.

Every change of the slots is asked of the rules first, written, recorded with its hash, and taken back if it
could not be recorded. What a kill leaves half-done is reconciled at the next opening.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from desktop.machine.failed_unlocks import UnlockTarget, counted
from desktop.machine.ids import id_maker
from desktop.session.keys_and_people import NO_KEY, NOT_YET, certified_key, no_person, report_failed_unlocks
from desktop.session.rotating import finish, make_next, notify, put_next_in_place, reconcile_or_report
from desktop.session.session import KeySession
from desktop.store.store import Store
from desktop.vault.key_ring import KeyRing
from desktop.vault.passphrases import KdfCost
from desktop.vault.recovery_code import is_group, read_code
from domain.act import Actor
from domain.commands.keys import (
    BeginRotation,
    ChangePassphrase,
    GiveReset,
    KeepRecoverySheet,
    RecordSlots,
    TakeOverKeys,
)
from domain.commands.people import (
    ConfirmPerson,
    ConfirmRole,
    DisablePerson,
    EnrolPerson,
    GrantRole,
    RevokeRole,
    SignDeclaration,
)
from domain.errors import CountersignError, Unavailable, UsageProblem
from domain.identity import iso
from domain.log.entry import Entry
from domain.messages import message
from domain.records.people import ADMINISTRATOR, Declaration
from domain.rules.facts import VaultFacts, gather_vault
from domain.rules.people_rules import open_request, takes_two
from domain.services import Progress, SheetDraft
from domain.state import ItemFilter
from resources.texts.declarations import DECLARATION
from resources.texts.meanings import MEANINGS


class PeopleService:
    """Implements `domain.ports.PeopleService` for one open vault."""

    def __init__(self, vault: KeySession, *, keys: KeyRing, store: Store, cost: KdfCost | None) -> None:
        self._vault = vault
        self._keys = keys
        self._store = store
        self._cost = cost
        self._declared = False
        self.needs_both_parts = True
        self.in_signing = False  # true while presence, proven once, counts for many signatures
        self.before_declaring: Callable[[str], None] = lambda _text: None

    def reauthenticate(self, passphrase: str) -> None:
        """Prove that it is the unlocked person who signs now; wrong passphrases count as at unlocking.

        Raises:
            WrongPassphrase: it is not this person's, or the next try has to wait; `LockedOut` after ten.
        """
        if self.in_signing:
            return
        with counted(self._unlock_target):
            self._keys.reauthenticate(passphrase)

    @property
    def _unlock_target(self) -> UnlockTarget:
        mine, way_back = self._keys.identity, self._keys.can_be_replaced
        return UnlockTarget(vault=self._keys.vault_id, name=mine.name, key=mine.key, has_recovery=way_back)

    @property
    def key_id(self) -> str:
        """The id of the unlocked person's signing key."""
        return self._keys.identity.key

    @property
    def declaration(self) -> str:
        """The text that the person's next signature declares first; "" when they have declared it."""
        return "" if self._has_declared(self._keys.identity.person) else DECLARATION

    def declaration_command(self) -> SignDeclaration:
        """The declaration that has to be signed before the person's first signature; the person is shown its text."""
        self.before_declaring(DECLARATION)
        return SignDeclaration(text=DECLARATION, meaning=MEANINGS["sign_declaration"])

    def _has_declared(self, person: str) -> bool:
        given = self._vault.register.all_of(Declaration)
        self._declared = self._declared or any(each.person == person for each in given)
        return self._declared

    def reconcile(self, *, rolled_back: bool = False) -> None:
        """Hold the key slots against the log: record a change that was made, or take back one that was half made.

        With `rolled_back` the store is older than what was seen here: then the slots are left alone, for a store put
        in the wrong place must not cost the slots that belong to the right one.

        Raises:
            Damaged: an older or foreign slot file was put in place, or the log does not know this person's key.
        """
        recorded = self._vault.register.vault().slots
        ahead = self._keys.check_slots_hash(recorded) == "ahead"
        if ahead and not rolled_back and not self._take_back_unknown():
            self._vault.perform(RecordSlots(slots=self._keys.slots_hash))
        mine = self._keys.identity
        person = next((each for each in self._vault.register.people() if each.id == mine.person), None)
        if person is None or person.state != "active":
            waits = person is not None and person.state == "proposed"
            raise no_person(mine.name, disabled=person is not None, proposed=waits)
        if not rolled_back:
            self._keys.reconcile_copies()

    def after_unlock(self, passphrase: str) -> None:
        """Complete what waits for somebody to unlock: a rotation that was stopped, a key left for this person.

        Raises:
            FileProblem: the disk refused; it waits for the next opening.
        """
        if self._keys.is_rotating:
            self._finish_rotation(None)
            self._vault.notice(message("A change of the data key had been stopped; it is finished now."))
        if self._keys.is_left_a_key:
            self._keys.take_over(passphrase)
            self._vault.perform(TakeOverKeys(slots=self._keys.slots_hash))
            reconcile_or_report(self._vault, self._keys)
        self._store.forget_the_gone()
        report_failed_unlocks(self._vault, self._keys)

    def add(self, *, name: str, roles: Sequence[str], identity_checked: str, passphrase: str) -> Entry:
        """Enrol a person under their own passphrase: key slot, certificate, roles, one signed entry. `identity_checked`
        says how it was made sure who it is. With another administrator here it is proposed until that one confirms it.

        Raises:
            Refused: you may not enrol people, or a role is not known here.
            UsageProblem: the passphrase is too weak or the name is taken.
        """
        asked = EnrolPerson(
            person=NOT_YET, name=name, identity_checked=identity_checked, roles=tuple(roles), key=NO_KEY
        )
        actor = self._vault.dry_run(asked)
        proposed = takes_two(self._facts(actor), NOT_YET)
        self._take_back_unknown()  # of a command before this one, if the disk did not allow it then
        person = id_maker(actor.at)()
        with self._or_taken_back():
            enrolled = self._keys.add_person(
                person_id=person,
                person_name=name,
                passphrase=passphrase,
                at=iso(actor.at),
                administrator=ADMINISTRATOR in roles and not proposed,
                cost=self._cost,
            )
            return self._vault.perform(
                msgspec.structs.replace(
                    asked,
                    person=person,
                    name=enrolled.identity.name,
                    key=certified_key(enrolled),
                    slots=self._keys.slots_hash,
                )
            )

    def change_passphrase(self, *, old: str, new: str) -> Entry:
        """Seal their slot under a new passphrase; the old copy of the slot leaves the disk.

        Raises:
            WrongPassphrase: `old` is not yours. UsageProblem: `new` is too weak.
            FileProblem: the disk refused; the old passphrase still holds.
        """
        self._vault.must_be_writable("change_passphrase")
        with self._or_taken_back():
            with counted(self._unlock_target):
                self._keys.change_passphrase(old=old, new=new, cost=self._cost)
            entry = self._vault.perform(ChangePassphrase(slots=self._keys.slots_hash))
        reconcile_or_report(self._vault, self._keys)
        return entry

    def grant_role(self, *, person: str, role: str, reason: str = "") -> Entry:
        """Let a person (an id) hold a role from now on; an administrator finds the root key at the next unlock. With a
        second administrator here it is proposed until that one confirms it.

        Raises:
            Refused: as `grant_role`. FileProblem: the disk refused.
        """
        command = GrantRole(person=person, role=role, reason=reason)
        if takes_two(self._facts(self._vault.actor()), person):
            return self._vault.perform(command)
        return self._change_role(command, granted=True)

    def confirm_role(self, *, person: str, role: str) -> Entry:
        """Confirm a role that another administrator proposed for a person (an id): it is held from now on.

        Raises:
            Refused: as `confirm_role`. FileProblem: the disk refused.
        """
        return self._change_role(ConfirmRole(person=person, role=role), granted=True)

    def confirm_person(self, *, person: str) -> Entry:
        """Confirm a person (an id) whom another administrator enrolled, with the roles proposed for them.

        Raises:
            Refused: as `confirm_person`. FileProblem: the disk refused.
        """
        command = ConfirmPerson(person=person)
        facts = self._facts(self._vault.dry_run(command))
        if not any((each.person, each.role) == (person, ADMINISTRATOR) for each in facts.proposed_roles):
            return self._vault.perform(command)
        return self._with_root_access(command, granted=True)

    def revoke_role(self, *, person: str, role: str, reason: str = "") -> Entry:
        """End a role of a person (an id); an administrator loses the root key with it.

        Raises:
            Refused: as `revoke_role`. FileProblem: the disk refused.
        """
        return self._change_role(RevokeRole(person=person, role=role, reason=reason), granted=False)

    def _change_role(self, command: GrantRole | ConfirmRole | RevokeRole, *, granted: bool) -> Entry:
        if command.role != ADMINISTRATOR:
            return self._vault.perform(command)
        # Dry: the command is refused, on record, before any slot is touched.
        self._vault.dry_run(command)
        return self._with_root_access(command, granted=granted)

    def _with_root_access(
        self, command: GrantRole | ConfirmRole | RevokeRole | ConfirmPerson, *, granted: bool
    ) -> Entry:
        with self._or_taken_back():
            self._keys.set_root_access(command.person, granted=granted)
            entry = self._vault.perform(msgspec.structs.replace(command, slots=self._keys.slots_hash))
        reconcile_or_report(self._vault, self._keys)
        return entry

    def items_to_hand_over(self, person: str) -> tuple[str, ...]:
        """The numbers of open items that a person (an id) owns."""
        name = next((each.name for each in self._vault.register.people() if each.id == person), "")
        lines = [line for line in self._vault.register.items(ItemFilter(sort="owner")) if line.owner == name]
        return tuple(
            line.number
            for line in lines
            if line.state in ("open", "on_hold") and self._vault.register.item(line.id).owner == person
        )

    def disable(self, *, person: str, reason: str) -> Entry:
        """End a person's work here (an id). Copies of the folder made before still open for them: see `remove`.

        Raises:
            Refused: not an administrator, oneself, the last administrator, or no reason. FileProblem: the disk.
        """
        self._vault.dry_run(DisablePerson(person=person, reason=reason))
        with self._or_taken_back():
            self._keys.remove_person(person)
            entry = self._vault.perform(DisablePerson(person=person, reason=reason, slots=self._keys.slots_hash))
        self._store.forget_the_gone()
        reconcile_or_report(self._vault, self._keys)
        return entry

    def remove(self, *, person: str, reason: str, progress: Progress | None = None) -> Entry:
        """Disable a person (an id) and change the data key, so that what they could copy before opens nothing new.

        Raises:
            Refused: as `disable`. FileProblem: the disk refused.
        """
        self.disable(person=person, reason=reason)
        return self.rotate(reason=reason, progress=progress)

    def rotate(self, *, reason: str, progress: Progress | None = None) -> Entry:
        """Change the data key: everybody who stays finds the new one with the passphrase they have.

        The store is encrypted anew beside the old one and its log replayed there; until that is proven, `progress`
        may cancel and nothing has changed. What follows is short, and completed at the next unlock if it is stopped.

        Raises:
            Refused: not an administrator, or no reason. Cancelled: nothing changed. FileProblem: the disk refused.
            Damaged: the log does not hold, so it is not carried over.
        """
        self._vault.dry_run(BeginRotation(reason=reason))
        if progress is not None:
            progress("copy", 0, 0)
        self._vault.copy_before(message("a change of the data key"))
        key, store_key = self._keys.new_data_key()
        try:
            target = make_next(self._vault.folder, keys=self._keys, store=self._store, key=store_key, progress=progress)
        except BaseException:
            key.wipe()
            raise
        try:
            with self._or_taken_back():
                self._keys.begin_rotation(key)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        # From here on there is no way back: both slot files know both keys before the store has only the new one.
        reconcile_or_report(self._vault, self._keys)
        notify(progress, message("next key written"), 1)
        put_next_in_place(keys=self._keys, store=self._store, key=store_key, target=target)
        self._vault.perform(BeginRotation(reason=reason, slots=self._keys.slots_hash))
        return self._finish_rotation(progress)

    def _finish_rotation(self, progress: Progress | None) -> Entry:
        return finish(self._vault, keys=self._keys, store=self._store, progress=progress)

    def give_reset(self, *, person: str, new_passphrase: str, passphrase: str) -> Entry:
        """Give a person (an id) the new key another person asked for; they type `new_passphrase` themselves.

        Raises:
            Refused: not an administrator, nobody else asked, or the same person as asked.
            WrongPassphrase: `passphrase` is not yours. UsageProblem: too weak a new one.
        """
        facts = self._facts(self._vault.actor())
        asked = open_request(facts, person)
        give = GiveReset(reset=asked.id if asked else "", key=NO_KEY, meaning=MEANINGS["give_reset"])
        actor = self._vault.dry_run(give)
        self.reauthenticate(passphrase)
        with self._or_taken_back():
            enrolled = self._keys.reset_person(
                person,
                passphrase=new_passphrase,
                at=iso(actor.at),
                administrator=person in facts.holders.get(ADMINISTRATOR, ()),
                cost=self._cost,
            )
            entry = self._vault.perform(
                msgspec.structs.replace(give, key=certified_key(enrolled), slots=self._keys.slots_hash),
                passphrase=passphrase,
            )
        reconcile_or_report(self._vault, self._keys)
        return entry

    def draft_sheet(self) -> SheetDraft:
        """A recovery sheet with a new code, to print and to dry run; it opens nothing before `keep_sheet`.

        Raises:
            Refused: not an administrator.
        """
        from desktop.documents.recovery_sheets import draft_sheet  # noqa: PLC0415 (it is slow to import and not needed for reading)

        actor = self._vault.dry_run(KeepRecoverySheet(sheet=NOT_YET, public="", tested=False))
        return draft_sheet(self._keys, vault=self._vault.register.vault(), at=actor.at)

    def keep_sheet(self, draft: SheetDraft, *, typed: str | None) -> Entry:
        """Put the sheet in force. `typed` is the group `draft.asked` as read from paper; None: not tested.

        Raises:
            UsageProblem: what was typed is not on the sheet. FileProblem: the disk refused.
        """
        if typed is not None and not is_group(draft.code, draft.asked, typed):
            raise UsageProblem(
                message("Group {asked} of the printed code is not what was typed.", asked=draft.asked),
                where=message("recovery sheet"),
                remedy=message("Look at the paper again; print the sheet again if it cannot be read."),
            )
        self._vault.must_be_writable("keep_recovery_sheet")
        code = read_code(draft.code)
        try:
            with self._or_taken_back():
                public = self._keys.add_recovery_slot(code, slot_id=draft.sheet)
                entry = self._vault.perform(
                    KeepRecoverySheet(
                        sheet=draft.sheet,
                        public=b64encode(public).decode(),
                        tested=typed is not None,
                        slots=self._keys.slots_hash,
                    )
                )
        finally:
            code.wipe()
        reconcile_or_report(self._vault, self._keys)
        return entry

    def _facts(self, actor: Actor) -> VaultFacts:
        return gather_vault(self._vault.register, actor)

    @contextmanager
    def _or_taken_back(self) -> Iterator[None]:
        """A change of the slots must not outlive its recording; what the disk refuses now, the next opening does."""
        try:
            yield
        except BaseException as problem:
            # whatever stopped it, a keystroke included, the slots go back first; then it is raised on
            if self._is_undone() or not isinstance(problem, CountersignError):
                raise
            raise Unavailable(
                message("{what} The key slots are written already, and this could not be undone.", what=problem.what),
                where=problem.where,
                remedy=message(
                    "Check the disk, then lock the vault and unlock it: the change is completed or taken back. A "
                    "passphrase that was being changed is the new one from now on."
                ),
            ) from problem

    def _is_undone(self) -> bool:
        """Whether the slots are those the log knows, if need be by taking the last change back."""
        try:
            recorded = self._vault.register.vault().slots
            return self._keys.slots_hash == recorded or self._keys.take_back(recorded)
        except CountersignError:  # the disk still fails: neither log nor slots can be asked or changed now
            return False

    def _take_back_unknown(self) -> bool:
        """Undo an enrolment or reset that stopped between slots and log: nobody enters with a key no entry knows."""
        recorded = self._vault.register.vault().slots
        certified = self._vault.register.keys()
        if self._keys.slots_hash == recorded or self._keys.slot_keys <= {key.id for key in certified}:
            return False
        return self._keys.take_back(recorded)
