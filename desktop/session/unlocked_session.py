"""An unlocked vault in one person's hands: every screen and command goes through it.

`perform` is the only way to change anything: a use case decides, its act is recorded, signed. A refusal is
recorded too, then raised.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from desktop.backups.backup_files import BackupFiles, note_of
from desktop.backups.backup_folder import Snapshot
from desktop.documents.import_tracker import plan_tracker, read_tracker
from desktop.documents.shown_evidence import show_evidence
from desktop.machine import installation
from desktop.machine.clock import now, zone
from desktop.machine.private_files import PrivateFiles
from desktop.session import inspection
from desktop.session.bulk_signing import sign_all
from desktop.session.calendar_service import CalendarService
from desktop.session.importing import carry_out
from desktop.session.key_revelation import give_out
from desktop.session.keys_and_people import no_person
from desktop.session.log_service import LogService
from desktop.session.meaning import with_meaning
from desktop.session.naming_refusals import as_declared, as_read, only_undeclared, with_item_id
from desktop.session.own_drafts import OwnDrafts
from desktop.session.people_service import PeopleService
from desktop.session.proving import Prover, note_of_both
from desktop.session.seen_before import ACCEPT, STILL_RECORDED, older_state, rolled_back
from desktop.session.self_check import self_check
from desktop.session.signatory import KeySignatory
from desktop.session.vault_backups import VaultBackups
from desktop.session.vault_documents import VaultDocuments
from desktop.store.record import HeadMovedError
from desktop.store.register import StoreRegister
from desktop.store.store import Store
from desktop.vault.key_ring import KeyRing
from desktop.vault.lock import VaultLock
from desktop.vault.passphrases import KdfCost
from domain.act import Actor, IncomingFile
from domain.commands.closure import KeepPack
from domain.commands.command import NONCE_SIZE, Command, values_of
from domain.commands.deciding import decide, judge, with_bytes
from domain.commands.vault_events import RecordRefusal, RecordRestore
from domain.compliance.judge import SelfCheck
from domain.errors import Damaged, Refused, UsageProblem
from domain.identity import iso
from domain.log.entry import Entry
from domain.log.verdict import Finding, LogVerdict
from domain.messages import message
from domain.records.people import Person
from domain.rules.holding_roles import actor_at
from domain.services import Progress
from domain.session import BulkSigned, TrackerReading
from domain.trackers.plan import ImportPlan


class UnlockedSession:
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
        self.people_service = PeopleService(self, keys=keys, store=store, cost=cost)
        self._rolled_back: tuple[Finding, ...] = ()
        self._inspection = ""
        self.damaged = False
        self._prover = Prover(store=store, keys=keys)
        self._private = PrivateFiles()
        self.backup_files = BackupFiles(folder=folder, keys=keys, store=store)
        self.log = LogService(self, prover=self._prover)
        self.backups = VaultBackups(self, backup_files=self.backup_files)
        self.documents = VaultDocuments(self)
        self.drafts = OwnDrafts(store, keys, may_write=lambda: not self.read_only)
        self.clocks = CalendarService(self, print_report=self.documents.table_report)

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
        """Whether acts are recorded now: neither under inspection nor rolled back to an older state."""
        return not (self.why_read_only or self._rolled_back)

    def inspect_only(self, why: str, *, damaged: bool = False) -> None:
        """From now on every act is refused, with this reason; nothing is remembered of this vault either."""
        self._inspection = why
        self.damaged = damaged

    def must_be_writable(self, act: str) -> None:
        """Go on only when acts can be recorded, else `Refused`; ask before anything outside the log is changed."""
        if self._inspection:
            raise inspection.refusal(self._inspection, act=act, person=self._keys.identity.name)

    def notice(self, *texts: str) -> None:
        """Add something that opening noticed."""
        self._notices = (*self._notices, *texts)

    def take_back_notice(self, text: str) -> None:
        """What was noticed is so no more."""
        self._notices = tuple(each for each in self._notices if each != text)

    @property
    def person(self) -> Person:
        """Who unlocked the vault."""
        mine = self._keys.identity.person
        for person in self.register.people():
            if person.id == mine:
                return person
        raise no_person(self._keys.identity.name)

    def actor(self) -> Actor:
        """The person acting now, with the roles held now."""
        identity = self._keys.identity
        actor = actor_at(self.register, identity.person, now())
        return msgspec.structs.replace(actor, name=identity.name)

    def perform(
        self,
        command: Command,
        *,
        passphrase: str | None = None,
        files: Sequence[IncomingFile] = (),
        progress: Progress | None = None,
    ) -> Entry:
        """Judge a command, decide it and record its act; see `domain.ports.Session.perform`.

        Raises:
            Refused: a rule refused it; the refusal was recorded.
            UsageProblem: it is a signature, and the passphrase was not given.
            WrongPassphrase: the passphrase given for a signature is not the person's.
        """
        command = with_meaning(with_item_id(command, self.register))
        self.must_take(command.word)
        if command.signing:
            self._prove_presence(command, passphrase)
        actor, files = self.actor(), tuple(files)
        try:
            return self._carry_out(command, actor, files=files, progress=progress)
        except Refused as refusal:
            self.record_refusal(command, actor)
            raise as_read(refusal) from None

    def perform_all(
        self, commands: Sequence[Command], *, passphrase: str, progress: Progress | None = None
    ) -> BulkSigned:
        """Perform each command as an entry of its own with one proof of presence; see `bulk_signing.sign_all`."""
        return sign_all(self, self.people_service, commands, passphrase=passphrase, progress=progress)

    def must_take(self, word: str) -> None:
        """Go on only when this command is recorded now, else `Refused`: inspection, or an older state."""
        self.must_be_writable(word)
        if self._rolled_back and word not in STILL_RECORDED:
            raise rolled_back(self._rolled_back[0], word)

    def _prove_presence(self, command: Command, passphrase: str | None) -> None:
        """Whoever signs proves to be there (21 CFR 11.200(a)(1)); the first signature declares first."""
        if passphrase is None:
            raise UsageProblem(
                message("This act is a signature: it asks for your passphrase again."),
                where=command.word,
                remedy=message("Give it and sign."),
            )
        self.people_service.reauthenticate(passphrase)
        self.people_service.needs_both_parts = False

    def _carry_out(
        self, command: Command, actor: Actor, *, files: tuple[IncomingFile, ...] = (), progress: Progress | None = None
    ) -> Entry:
        """Decide and record on one log head: again when it moved, and after the declaration that a signature lacks."""
        nonce = secrets.token_bytes(NONCE_SIZE)
        while True:
            size = self.register.log_size()
            try:
                act = decide(command, self.register, actor, nonce=nonce)
            except Refused as refusal:
                if command.declares or not only_undeclared(refusal):
                    raise
                decide(command, as_declared(self.register, actor.person), actor, nonce=nonce)
                self._carry_out(self.people_service.declaration_command(), actor)
                continue
            try:
                return self._store.record(
                    with_bytes(act, files),
                    signatory=KeySignatory(self._keys, auth="passphrase" if act.signing else "session"),
                    at=actor.at,
                    zone=zone(),
                    device=installation.device_id(),
                    expected=size,
                    progress=progress,
                )
            except HeadMovedError:
                continue

    def dry_run(self, command: Command) -> Actor:
        """Ask whether a command is allowed before something outside the log is changed for it; who asked comes back.

        Raises:
            Refused: a rule refused it; the refusal was recorded.
        """
        self.must_take(command.word)
        actor = self.actor()
        found = judge(command, self.register, actor).obstacles
        if found and not only_undeclared(refusal := Refused(found[0].text, found)):
            self.record_refusal(command, actor)
            raise as_read(refusal)
        return actor

    def record_refusal(self, command: Command, actor: Actor) -> None:
        """Put on record who was refused what, and by which rules."""
        if command.recorded_when_refused and self.takes_acts:
            self._carry_out(RecordRefusal(refused=values_of(command)), actor)

    def found(self, command: Command) -> Entry:
        """The first act of a new vault, before there is anything to read."""
        identity = self._keys.identity
        actor = Actor(person=identity.person, name=identity.name, roles=frozenset(), at=now())
        return self._carry_out(command, actor)

    def reconcile(self) -> None:
        """Hold the key slots against the log; record a change that was made but not yet recorded.

        Raises:
            Damaged: an older or foreign slot file was put in place.
        """
        self._rolled_back = self._prover.rollback(self._store.checkpoint())
        if unknown := inspection.unknown_law(self.register):
            self.inspect_only(unknown)
            self.notice(unknown)
            return
        self.people_service.reconcile(rolled_back=bool(self._rolled_back))
        verify = message("Verify the log.")
        self.notice(*(f"{finding.text} {verify} {ACCEPT}" for finding in self._rolled_back))
        self._check_new_entries()

    def notice_damage(self) -> None:
        """Say what does not hold in the entries that this computer has not proven yet; acts are refused anyway."""
        damage = self._prover.at_unlock(rolled_back=True, remember=False)
        self.notice(*self._prover.unchecked_files())
        if damage:
            self.damaged = True
            self.notice(*inspection.notices_of(damage))

    def _check_new_entries(self) -> None:
        """What is new since this computer proved the log is checked at unlocking; damage leaves it read-only."""
        damage = self._prover.at_unlock(rolled_back=bool(self._rolled_back)) or self._prover.files_at_unlock(at=now())
        self.notice(*self._prover.unchecked_files())
        if damage:
            self.inspect_only(inspection.why_of(damage), damaged=True)
            self.notice(*inspection.notices_of(damage))
            return
        self.notice(*self._prover.notices(at=now(), created=self.register.vault().created))

    def discard(self) -> None:
        """Let go of files and keys without remembering anything: opening failed half-way."""
        self._private.close()
        self._store.close()
        self._keys.close()
        self._lock.release()

    def add_person(self, *, name: str, roles: Sequence[str], identity_checked: str, passphrase: str) -> Entry:
        """Enrol a person under their own passphrase: key slot, certificate, roles, one signed entry.

        Raises:
            Refused: you may not enrol people, or a role is not known here.
            UsageProblem: the passphrase is too weak or the name is taken.
        """
        return self.people_service.add(name=name, roles=roles, identity_checked=identity_checked, passphrase=passphrase)

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

    def run_import(
        self,
        plan: ImportPlan,
        file: Path,
        *,
        process: str,
        closed_words: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> Entry:
        """Carry a plan out; `closed_words` are statuses, as written, of rows that were closed before they came here."""
        return carry_out(self, plan, file, process=process, closed_words=closed_words, progress=progress)

    def copy_before(self, change: str) -> None:
        """Make a copy of the vault before a great change."""
        self.backup_files.make_before(change, at=now())

    def maybe_snapshot(self) -> Snapshot | None:
        """An automatic copy when one is due: half an hour of use and new entries. FileProblem: the disk refused."""
        return self.backup_files.make_when_due(at=now(), since=self.register.vault().created)

    def heartbeat(self) -> None:
        """A heartbeat for others who ask who holds the vault; call it every minute."""
        self._lock.heartbeat(at=iso(now()))

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
        described = older_state(self._keys.vault_id, stands, self._rolled_back, source=source, reason=reason)
        self.perform(RecordRestore(**described))
        self._rolled_back = ()
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
        from desktop.documents.packs import build_pack, printer_of  # noqa: PLC0415 (it is slow to import and not needed for reading)

        note = self.checkpoint()
        pdf = build_pack(self.register, item, checkpoint=note, at=iso(now()), printer=printer_of(self._keys))
        digest = sha256(pdf).hexdigest()
        kept = KeepPack(item=item, file=digest, size=len(pdf), checkpoint=note)
        self.perform(kept, files=(IncomingFile(sha256=digest, size=len(pdf), data=pdf),))
        if out is not None:
            installation.write_whole(out, pdf)
        return pdf

    def preview_pack(self, item: str) -> bytes:
        """The pack as it would be printed now, as a draft that nobody signs; nothing is recorded."""
        from desktop.documents.packs import build_pack, printer_of  # noqa: PLC0415 (it is slow to import and not needed for reading)

        by, note = printer_of(self._keys), self.checkpoint()
        return build_pack(self.register, item, checkpoint=note, at=iso(now()), printer=by, draft=True)

    def checkpoint(self) -> str:
        """A checkpoint of the log now, signed by the vault's log key and by the person.

        Raises:
            Damaged: the log does not extend the checkpoint this installation saw last.
        """
        checkpoint = self._store.checkpoint()
        for finding in self._prover.rollback(checkpoint):
            raise Damaged(
                finding.text, where="log", remedy=message("Compare with the newest printed checkpoint or backup.")
            )
        return note_of_both(checkpoint, self._keys)

    def verify(self, *, progress: Progress | None = None, quick: bool = False, since: int | None = None) -> LogVerdict:
        """Prove the whole log and every table against it; see `desktop.store.verify`.

        `quick` starts where this computer has proven it before, `since` at that entry: then older entries are held
        against the proven tree by their hashes, and rows that no newer entry touched are not looked at. From the first
        finding on nothing is recorded here any more.

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

    def self_check(self, *, progress: Progress | None = None) -> SelfCheck:
        """Part 11 and Annex 11, clause by clause, with evidence from this vault; see `desktop.session.self_check`."""
        return self_check(self, folder=self.folder, keys=self._keys, progress=progress)

    def reveal_key(self, *, purpose: str, passphrase: str) -> str:
        """The store's raw key as hex, on record; "" = asked for, a second person gives it: `session.key_revelation`."""
        return give_out(self, self._keys, purpose=purpose, passphrase=passphrase)

    def lock(self) -> None:
        """Remember the newest checkpoint, drop the keys, close the store, let others in."""
        try:
            if not self._inspection:
                self._prover.remember_head()
        finally:
            self.discard()
