"""An unlocked vault in one person's hands: every screen and command goes through it.

`perform` is the only way to change anything: a use case decides, its act is recorded, signed. A refusal is
recorded too, then raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from desktop import inspection, installation
from desktop.backups.keeper import Backups, note_of
from desktop.backups.shelf import Snapshot
from desktop.bulk_signing import BulkSigning
from desktop.clock import now, zone
from desktop.clock_office import ClockOffice
from desktop.ids import asks_for_ids, id_maker
from desktop.import_tracker import collector_paused, plan_tracker, read_tracker
from desktop.key_revelation import give_out
from desktop.log_office import LogOffice
from desktop.own_drafts import OwnDrafts
from desktop.packs import build_pack
from desktop.people_keys import PeopleKeys
from desktop.private_files import PrivateFiles
from desktop.proving import Prover
from desktop.seen_before import ACCEPT, STILL_RECORDED, gone_back, older_state
from desktop.self_check import self_check
from desktop.shown_evidence import show_evidence
from desktop.signatory import KeySignatory
from desktop.store.register import StoreRegister
from desktop.store.store import Store
from desktop.vault.key_ring import KeyRing
from desktop.vault.lock import VaultLock
from desktop.vault.passphrases import KdfCost
from desktop.vault_copies import VaultCopies
from desktop.vault_papers import VaultPapers
from domain.act import Act, Actor, IncomingFile
from domain.compliance.judge import SelfCheck
from domain.errors import Damaged, Refused, UsageProblem
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, Person
from domain.log.checkpoint import sign_note, signer_name
from domain.log.entry import Entry
from domain.log.verdict import Finding, LogVerdict
from domain.ports import Progress, TrackerReading
from domain.trackers.plan import ImportPlan
from domain.use_cases.import_register import import_register
from domain.use_cases.keep_pack import keep_pack
from domain.use_cases.record_refusal import record_refusal as record_refused
from domain.use_cases.record_restore import record_restore
from domain.use_cases.sign_declaration import sign_declaration

DECLARING = sign_declaration.__name__


class UnlockedVault(BulkSigning):
    """The vault while it is open. One thread at a time; `lock` drops the keys."""

    def __init__(
        self, *, folder: Path, keys: KeyRing, store: Store, lock: VaultLock, cost: KdfCost | None = None
    ) -> None:
        self.folder = folder
        self.register: StoreRegister = store.register
        self._notices: tuple[str, ...] = keys.notices
        self._keys = keys
        self._store = store
        self._lock = lock
        self.people_keys = PeopleKeys(self, keys=keys, store=store, cost=cost)
        self._gone_back: tuple[Finding, ...] = ()
        self._inspection = ""
        self.damaged = False
        self._prover = Prover(store=store, keys=keys)
        self._private = PrivateFiles()
        self.backups = Backups(folder=folder, keys=keys, store=store)
        self.log = LogOffice(self, prover=self._prover)
        self.copies = VaultCopies(self, backups=self.backups)
        self.papers = VaultPapers(self)
        self.drafts = OwnDrafts(store, keys, may_write=lambda: not self.read_only)
        self.clocks = ClockOffice(self)

    @property
    def notices(self) -> tuple[str, ...]:
        """What opening noticed and a person should know."""
        return self._notices

    @property
    def why_read_only(self) -> str:
        """Why nothing may be recorded here: damage was found, or it was opened to be looked into; "" = it may."""
        return self._inspection

    @property
    def read_only(self) -> bool:
        """Whether nothing may be recorded here."""
        return bool(self.why_read_only)

    @property
    def takes_acts(self) -> bool:
        """Whether acts are recorded now: neither under inspection nor gone back to an older state."""
        return not (self.why_read_only or self._gone_back)

    def inspect_only(self, why: str, *, damaged: bool = False) -> None:
        """From now on every act is refused, with this reason; nothing is remembered of this vault either."""
        self._inspection = why
        self.damaged = damaged

    def must_be_writable(self, act: str) -> None:
        """Go on only when acts can be recorded; ask before anything outside the log is changed.

        Raises:
            Refused: the vault is under inspection.
        """
        if self._inspection:
            raise inspection.refusal(self._inspection, act=act, person=self._keys.identity.name)

    def notice(self, *texts: str) -> None:
        """Add something that opening noticed."""
        self._notices = (*self._notices, *texts)

    @property
    def person(self) -> Person:
        """Who unlocked the vault."""
        mine = self._keys.identity.person
        for person in self.register.people():
            if person.id == mine:
                return person
        raise Damaged(
            "Your key slot is here but your person is not in the log.",
            where=self._keys.identity.name,
            cure="An administrator enrols you again under another name.",
        )

    def actor(self) -> Actor:
        """The person acting now, with the roles held now."""
        moment = now()
        stamp = iso(moment)
        mine = self._keys.identity.person
        roles = frozenset(
            held.role
            for held in self.register.roles()
            if held.person == mine and held.valid_from <= stamp and (not held.valid_until or stamp < held.valid_until)
        )
        return Actor(person=mine, name=self._keys.identity.name, roles=roles, at=moment)

    def perform(
        self,
        use_case: Callable[..., Act],
        *,
        passphrase: str | None = None,
        progress: Progress | None = None,
        **arguments: Any,
    ) -> Entry:
        """Run a use case and record its act; see `domain.ports.OpenVault.perform`.

        Raises:
            Refused: a rule said no; the attempt was recorded.
            UsageProblem: a ceremony was asked for without the passphrase.
            WrongPassphrase: the passphrase given for a ceremony is not the person's.
        """
        actor = self.actor()
        act = self._ask(use_case, actor, arguments)
        return self._record(act, actor, passphrase=passphrase, progress=progress)

    def _record(
        self, act: Act, actor: Actor, *, passphrase: str | None = None, progress: Progress | None = None
    ) -> Entry:
        self.must_be_writable(act.name)
        if self._gone_back and act.name not in STILL_RECORDED:
            raise gone_back(self._gone_back[0], act.name)
        auth = "session"
        if act.ceremony:
            if passphrase is None:
                raise UsageProblem(
                    "This act is a signature: it asks for your passphrase again.",
                    where=act.name,
                    cure="Give it and sign.",
                )
            self.people_keys.reauthenticate(passphrase)
            auth = "passphrase"
            declaration = self.people_keys.declaration_due(act.name, actor) if act.name != DECLARING else None
            if declaration is not None:
                self._seal(declaration, actor, auth=auth)
            self.people_keys.needs_both_parts = False
        return self._seal(act, actor, auth=auth, progress=progress)

    def _seal(self, act: Act, actor: Actor, *, auth: str, progress: Progress | None = None) -> Entry:
        return self._store.record(
            act,
            signatory=KeySignatory(self._keys, auth=auth),
            at=actor.at,
            zone=zone(),
            device=installation.device_id(),
            progress=progress,
        )

    def rehearse(self, use_case: Callable[..., Act], **arguments: Any) -> None:
        """Ask a use case without recording its act: before something outside the log is changed for it.

        Raises:
            Refused: a rule said no; the attempt was recorded.
        """
        self.must_be_writable(use_case.__name__)
        self._ask(use_case, self.actor(), arguments)

    def _ask(self, use_case: Callable[..., Act], actor: Actor, arguments: dict[str, Any]) -> Act:
        if asks_for_ids(use_case):
            arguments["new_id"] = id_maker(actor.at)
        try:
            return use_case(self.register, by=actor, **arguments)
        except Refused as refusal:
            self.record_refusal(actor, use_case.__name__, arguments, refusal)
            raise

    def record_refusal(self, actor: Actor, act: str, arguments: Mapping[str, Any], refusal: Refused) -> None:
        """Put on record who was refused what, and by which rules."""
        subject = str(arguments.get("item", ""))
        if subject:
            subject = self.register.item(subject).id
        refused = record_refused(
            self.register,
            by=actor,
            new_id=id_maker(actor.at),
            act=act,
            subject=subject,
            obstacles=refusal.obstacles,
        )
        self._record(refused, actor)

    def _remember(self) -> None:
        """Keep the vault's newest checkpoint outside it (signed by the log key only: no person is speaking).

        A log that does not extend the remembered one leaves the memory as it is: the alarm must stay.
        """
        checkpoint = self._store.checkpoint()
        if self._prover.rollback(checkpoint):
            return
        installation.remember_checkpoint(self._keys.vault_id, note_of(checkpoint, self._keys))

    def found(self, use_case: Callable[..., Act], **arguments: Any) -> Entry:
        """The first act of a new vault, before there is anything to read."""
        identity = self._keys.identity
        actor = Actor(person=identity.person, name=identity.name, roles=frozenset({ADMINISTRATOR}), at=now())
        act = use_case(self.register, by=actor, new_id=id_maker(actor.at), **arguments)
        return self._record(act, actor)

    def settle(self, record_slots: Callable[..., Act]) -> None:
        """Hold the key slots against the log; record a change that was made but not yet recorded.

        Raises:
            Damaged: an older or foreign slot file was put in place.
        """
        self._gone_back = self._prover.rollback(self._store.checkpoint())
        self.people_keys.settle(record_slots, gone_back=bool(self._gone_back))
        self.notice(*(f"{finding.text} Verify the log. {ACCEPT}" for finding in self._gone_back))
        self._check_new_entries()

    def notice_damage(self) -> None:
        """Say what does not hold in the entries that this computer has not proven yet; acts are refused anyway."""
        damage = self._prover.at_unlock(gone_back=True, remember=False)
        if damage:
            self.damaged = True
            self.notice(*inspection.notices_of(damage))

    def _check_new_entries(self) -> None:
        """What is new since this computer proved the log is checked at the door; damage leaves it ajar only."""
        damage = self._prover.at_unlock(gone_back=bool(self._gone_back))
        if damage:
            self.inspect_only(inspection.why_of(damage), damaged=True)
            self.notice(*inspection.notices_of(damage))
            return
        self.notice(*self._prover.notices(at=now(), created=self.register.vault().created))

    def abandon(self) -> None:
        """Let go of files and keys without remembering anything: opening failed half-way."""
        self._private.close()
        self._store.close()
        self._keys.close()
        self._lock.release()

    def add_person(self, *, name: str, roles: Sequence[str], passphrase: str) -> Entry:
        """Enrol a person under their own passphrase: key slot, certificate, roles, one signed entry.

        Raises:
            Refused: you may not enrol people, or a role is not known here.
            UsageProblem: the passphrase is too weak or the name is taken.
        """
        return self.people_keys.add(name=name, roles=roles, passphrase=passphrase)

    def read_tracker(
        self, file: Path, *, sheet: str = "", header_row: int = 0, file_passphrase: str | None = None
    ) -> TrackerReading:
        """The sheets, the table and the proposed columns of a tracker."""
        return read_tracker(file, sheet=sheet, header_row=header_row, file_passphrase=file_passphrase)

    def plan_import(
        self,
        file: Path,
        *,
        process: str,
        mapping: Mapping[str, str] | None = None,
        sheet: str = "",
        header_row: int = 0,
        day_first: bool | None = None,
        file_passphrase: str | None = None,
        progress: Progress | None = None,
    ) -> ImportPlan:
        """What importing the tracker would do, row by row; nothing is changed."""
        return plan_tracker(
            self.register,
            file,
            process=process,
            mapping=mapping,
            sheet=sheet,
            header_row=header_row,
            day_first=day_first,
            file_passphrase=file_passphrase,
            progress=progress,
        )

    def run_import(self, plan: ImportPlan, file: Path, *, process: str, progress: Progress | None = None) -> Entry:
        """Carry the plan out as one act with one signature; the original file is kept with it."""
        size = file.stat().st_size
        self.copy_before("an import")
        with collector_paused():
            return self.perform(
                import_register,
                progress=progress,
                plan=plan,
                process=process,
                file=IncomingFile(sha256=plan.sha256, size=size, path=str(file)),
            )

    def copy_before(self, change: str) -> None:
        """Make a copy of the vault before a great change."""
        self.backups.make_before(change, at=now())

    def maybe_snapshot(self) -> Snapshot | None:
        """An automatic copy when one is due: half an hour of use and new entries. FileProblem: the disk refused."""
        return self.backups.make_when_due(at=now(), since=self.register.vault().created)

    def beat(self) -> None:
        """A sign of life for others who ask who holds the vault; call it every minute."""
        self._lock.beat(at=iso(now()))

    def open_evidence(self, item: str, evidence: str, *, purpose: str) -> Path:
        """A private read-only copy of an evidence file for another program; it is gone when the vault is locked.

        Raises:
            UsageProblem: no such evidence, or no kind of file that other programs should open.
            FileProblem: the disk refused.
        """
        return show_evidence(self, self._private, item, evidence, purpose=purpose)

    def accept_older(self, *, reason: str, source: str = "") -> str:
        """Go on from an older state of this vault, signed and with a reason; the checkpoint after it is returned.

        `source` is the SHA-256 of the backup it was restored from: then the caller keeps the checkpoint in this
        installation's memory once the vault is in its place.

        Raises:
            UsageProblem: newer entries were seen here and there is no reason, or there is nothing to accept.
        """
        stands = self._store.checkpoint()
        told = older_state(self._keys.vault_id, stands, self._gone_back, source=source, reason=reason)
        self.perform(record_restore, **told)
        self._gone_back = ()
        note = note_of(self._store.checkpoint(), self._keys)
        if not source:
            installation.remember_checkpoint(self._keys.vault_id, note)
        return note

    def make_pack(self, item: str, out: Path | None = None) -> bytes:
        """Print the closure pack of an item as it stands in the log now, record its hash, write it to `out`.

        Raises:
            FileProblem: `out` cannot be written; nothing was recorded, unless the disk failed only afterwards.
        """
        if out is not None:
            installation.must_take_a_file(out)
        note = self.checkpoint()
        pdf = build_pack(self.register, item, checkpoint=note, at=iso(now()))
        self.perform(keep_pack, item=item, data=pdf, checkpoint=note)
        if out is not None:
            installation.write_whole(out, pdf)
        return pdf

    def preview_pack(self, item: str) -> bytes:
        """The pack as it would be printed now; nothing is recorded."""
        return build_pack(self.register, item, checkpoint=self.checkpoint(), at=iso(now()))

    def checkpoint(self) -> str:
        """A checkpoint of the log now, signed by the vault's log key and by the person.

        Raises:
            Damaged: the log does not extend the checkpoint this installation saw last.
        """
        checkpoint = self._store.checkpoint()
        for finding in self._prover.rollback(checkpoint):
            raise Damaged(finding.text, where="log", cure="Compare with the newest printed checkpoint or backup.")
        identity = self._keys.identity
        own_name = signer_name(checkpoint.origin, identity.person)
        return sign_note(
            checkpoint,
            (
                (signer_name(checkpoint.origin), self._keys.log_public, self._keys.sign_checkpoint_as_vault),
                (own_name, identity.public.ed25519, self._keys.sign_entry),
            ),
        )

    def verify(self, *, progress: Progress | None = None, quick: bool = False, since: int | None = None) -> LogVerdict:
        """Prove the whole log and every table against it; see `desktop.store.verify`.

        `quick` starts where this computer has proven it before, `since` at that entry: then older entries are held
        against the proven tree by their hashes, and rows that no newer entry touched are not looked at.

        From the first finding on nothing is recorded here any more.

        Raises:
            UsageProblem: not proven as far as `since`. Cancelled: `progress` asked to stop.
        """
        if quick or since is not None:
            verdict = self._prover.since(since, progress=progress)
        else:
            verdict = self._prover.whole(at=now(), progress=progress)
        if not verdict.intact:
            self.inspect_only(self._inspection or inspection.why_of(verdict.findings), damaged=True)
        rollback = self._prover.rollback(self._store.checkpoint())
        return msgspec.structs.replace(verdict, findings=(*rollback, *verdict.findings)) if rollback else verdict

    def self_check(self, *, quick: bool = False, progress: Progress | None = None) -> SelfCheck:
        """Part 11 and Annex 11, clause by clause, with evidence from this vault; see `desktop.self_check`."""
        return self_check(self, prover=self._prover, keys=self._keys, quick=quick, progress=progress)

    def reveal_key(self, *, purpose: str, passphrase: str) -> str:
        """The store's raw key as hex, on record; "" = asked for, a second person gives it: `desktop.key_revelation`."""
        return give_out(self, self._keys, purpose=purpose, passphrase=passphrase)

    def lock(self) -> None:
        """Remember the newest checkpoint, drop the keys, close the store, let others in."""
        try:
            if not self._inspection:
                self._remember()
        finally:
            self.abandon()
