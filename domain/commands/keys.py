"""Commands about keys: new ones for people who lost theirs, recovery sheets, the data key, the key slots."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from domain.act import Act
from domain.commands.changing import must_change, new_record, record_changed
from domain.commands.command import Case, VaultCommand
from domain.commands.people_records import (
    CertifiedKey,
    ended_sheets,
    key_record,
    revoked_keys,
    sheet_record,
    slots_change,
)
from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR, FailedUnlockReport, KeyReset, Rotation
from domain.rules.facts import VaultFacts
from domain.rules.key_rules import (
    ask_reset_obstacles,
    begin_rotation_obstacles,
    failed_unlock_obstacles,
    give_reset_obstacles,
    new_sheet_obstacles,
    recover_obstacles,
    sheet_obstacles,
    withdraw_reset_obstacles,
)
from domain.rules.people_rules import meaning_obstacles, open_request


class AskReset(VaultCommand, frozen=True, kw_only=True):
    """Ask, signed, for a new key for `person` (an id). Another person, an administrator, has to give it."""

    signing: ClassVar[bool] = True

    person: str
    reason: str
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """For oneself, for nobody active, asked for already, or without a reason."""
        found = ask_reset_obstacles(facts, person=self.person, reason=self.reason)
        return (*found, *meaning_obstacles(facts, self.meaning))

    def decide(self, case: Case) -> Act:
        asked = KeyReset(
            id=case.new_id(),
            person=self.person,
            state="asked",
            reason=self.reason,
            asked_by=case.by.person,
            asked_at=iso(case.by.at),
            given_by="",
            given_at="",
            new_key="",
            sheet="",
            proof="",
        )
        return self.act(new_record("key_reset", asked), subject=self.person, meaning=self.meaning)


class GiveReset(VaultCommand, frozen=True, kw_only=True):
    """The second person's signature under the request `reset` (an id): a new certified key in, every old key revoked
    from now on. What the old keys signed stays valid.
    """

    signing: ClassVar[bool] = True

    reset: str
    key: CertifiedKey
    meaning: str = ""
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, the same person as asked, no such request, or a key used before."""
        found = give_reset_obstacles(facts, reset=self.reset, key=self.key.id)
        return (*found, *meaning_obstacles(facts, self.meaning))

    def decide(self, case: Case) -> Act:
        by, asked = case.by, next(each for each in self.gather(case).resets if each.id == self.reset)
        return self.act(
            record_changed(
                "key_reset", asked, state="given", given_by=by.person, given_at=iso(by.at), new_key=self.key.id
            ),
            *revoked_keys(case, asked.person),
            key_record(case, asked.person, self.key),
            *ended_sheets(case, asked.person),
            slots_change(case.state, self.slots),
            role=ADMINISTRATOR,
            subject=asked.person,
            reason=asked.reason,
            meaning=self.meaning,
        )


class WithdrawReset(VaultCommand, frozen=True, kw_only=True):
    """Close the open request `reset` (an id), signed by whoever asked or by the person it is for."""

    signing: ClassVar[bool] = True

    reset: str
    reason: str
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """It is not open, somebody else's, or there is no reason."""
        found = withdraw_reset_obstacles(facts, reset=self.reset, reason=self.reason)
        return (*found, *meaning_obstacles(facts, self.meaning))

    def decide(self, case: Case) -> Act:
        asked = next(each for each in self.gather(case).resets if each.id == self.reset)
        withdrawn = record_changed("key_reset", asked, state="withdrawn")
        return self.act(withdrawn, subject=asked.person, meaning=self.meaning)


class RecoverKey(VaultCommand, frozen=True, kw_only=True):
    """Take a new key with one's recovery sheet `sheet` (an id), which is used up by it; a new sheet takes its place.

    `proof` is the sheet's signature over the statement of the new certificate (base64). The entry is signed with the
    new key. Where others are active, one of them has asked for it.
    """

    sheet: str
    proof: str
    key: CertifiedKey
    new_sheet_id: str
    new_sheet_public: str
    slots: str

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """The sheet is not in force or not the actor's, nobody else asked, or a key or an id used before."""
        found = recover_obstacles(facts, sheet=self.sheet, key=self.key.id)
        return (*found, *new_sheet_obstacles(facts, self.new_sheet_id))

    def decide(self, case: Case) -> Act:
        by, asked = case.by, open_request(self.gather(case), case.by.person)
        given = {
            "given_by": by.person,
            "given_at": iso(by.at),
            "new_key": self.key.id,
            "sheet": self.sheet,
            "proof": self.proof,
        }
        if asked:
            reset = record_changed("key_reset", asked, state="given", **given)
        else:
            # Nobody else is active who could have asked: that is what the empty `asked_by` says.
            alone = KeyReset(
                id=case.new_id(), person=by.person, state="given", reason="", asked_by="", asked_at="", **given
            )
            reset = new_record("key_reset", alone)
        return self.act(
            reset,
            *revoked_keys(case, by.person),
            key_record(case, by.person, self.key),
            *ended_sheets(case, by.person, state="used"),
            sheet_record(case, self.new_sheet_id, self.new_sheet_public, tested=False),
            slots_change(case.state, self.slots),
            subject=by.person,
            reason=asked.reason if asked else "",
        )


class KeepRecoverySheet(VaultCommand, frozen=True, kw_only=True):
    """Put the actor's printed sheet `sheet` (a new id) in force; the one before ends.

    `public` is the Ed25519 key (base64) that the code gives; `tested`: a part of it was typed back from paper.
    """

    sheet: str
    public: str
    tested: bool
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, or the id of another sheet."""
        return (*sheet_obstacles(facts), *new_sheet_obstacles(facts, self.sheet))

    def decide(self, case: Case) -> Act:
        return self.act(
            *ended_sheets(case, case.by.person),
            sheet_record(case, self.sheet, self.public, tested=self.tested),
            slots_change(case.state, self.slots),
            role=ADMINISTRATOR,
            subject=case.by.person,
        )


class TakeOverKeys(VaultCommand, frozen=True, kw_only=True):
    """Record that the data key of a rotation, or the root key, left for the actor while they were away, is sealed under
    their passphrase now. `slots` is the SHA-256 of the key slot file.
    """

    slots: str

    def decide(self, case: Case) -> Act:
        changes = must_change((slots_change(case.state, self.slots),), case.by.name)
        return self.act(*changes, subject=case.by.person)


class ChangePassphrase(VaultCommand, frozen=True, kw_only=True):
    """Record that the actor's key slot was sealed under a new passphrase, which is nowhere on record. `slots` is the
    SHA-256 of the key slot file.
    """

    slots: str

    def decide(self, case: Case) -> Act:
        changes = must_change((slots_change(case.state, self.slots),), case.by.name)
        return self.act(*changes, subject=case.by.person)


class BeginRotation(VaultCommand, frozen=True, kw_only=True):
    """Begin to change the data key: the key slots now hold the next one for everyone who stays; `slots` is the SHA-256
    of their file.
    """

    reason: str
    slots: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, no reason, or the data key is being changed already."""
        return begin_rotation_obstacles(facts, reason=self.reason)

    def decide(self, case: Case) -> Act:
        begun = Rotation(
            id=case.new_id(),
            state="begun",
            reason=self.reason,
            begun_by=case.by.person,
            begun_at=iso(case.by.at),
            finished_by="",
            finished_at="",
        )
        return self.act(
            new_record("rotation", begun),
            slots_change(case.state, self.slots),
            role=ADMINISTRATOR,
            subject=case.state.vault().id,
        )


class FinishRotation(VaultCommand, frozen=True, kw_only=True):
    """Finish changing the data key: store and key slots are under the new one alone; `slots` is the SHA-256 of the slot
    file. Whoever unlocks next may do it, for it only completes what was decided.

    A rotation whose beginning was never recorded, because the program stopped, is put on record here: nobody began it.
    """

    slots: str

    def decide(self, case: Case) -> Act:
        state, ended = case.state, {"finished_by": case.by.person, "finished_at": iso(case.by.at)}
        slots = slots_change(state, self.slots)
        begun = next((each for each in state.all_of(Rotation) if each.state == "begun"), None)
        if begun is not None:
            change = record_changed("rotation", begun, state="finished", **ended)
        elif slots is not None:
            whole = Rotation(id=case.new_id(), state="finished", reason="", begun_by="", begun_at="", **ended)
            change = new_record("rotation", whole)
        else:
            raise UsageProblem(message("keys.the_data_key_is"), remedy=message("keys.there_is_nothing_to"))
        return self.act(change, slots, subject=state.vault().id, reason=begun.reason if begun else "")


class RecordSlots(VaultCommand, frozen=True, kw_only=True):
    """Record which key slot file is in force (its SHA-256), after one was written and the program stopped before
    recording it.
    """

    slots: str

    def decide(self, case: Case) -> Act:
        change = slots_change(case.state, self.slots)
        if change is None:
            raise UsageProblem(message("keys.the_key_slots_in"))
        return self.act(change, subject=change.id)


class FailedUnlockCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A failed unlock report as an installation counted it; see `domain.records.people.FailedUnlockReport`."""

    kind: Literal["wrong_passphrase", "locked_out"]
    person: str
    count: int
    first_at: str
    last_at: str
    device: str


class RecordFailedUnlocks(VaultCommand, frozen=True, kw_only=True):
    """Report what an installation noticed while the vault was closed: wrong passphrases (21 CFR 11.300(d)). Whoever
    unlocks next reports it, their own included.
    """

    failed_unlock_reports: tuple[FailedUnlockCount, ...]

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """A failed unlock report about somebody who was never enrolled, or one that counts nothing."""
        return tuple(
            obstacle
            for each in self.failed_unlock_reports
            for obstacle in failed_unlock_obstacles(
                facts, person=each.person, count=each.count, first_at=each.first_at, last_at=each.last_at
            )
        )

    def decide(self, case: Case) -> Act:
        if not self.failed_unlock_reports:
            raise UsageProblem(message("keys.there_is_no_failed"))
        return self.act(
            *(
                new_record(
                    "failed_unlock_report",
                    FailedUnlockReport(
                        id=case.new_id(),
                        kind=each.kind,
                        person=each.person,
                        count=each.count,
                        first_at=each.first_at,
                        last_at=each.last_at,
                        device=each.device,
                        reported_at=iso(case.by.at),
                        reported_by=case.by.person,
                    ),
                )
                for each in self.failed_unlock_reports
            ),
            subject=case.state.vault().id,
        )
