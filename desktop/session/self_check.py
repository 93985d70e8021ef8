"""The self-check of one open vault: evidence from log, records and this installation, judged clause by clause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from desktop.backups.backup_folder import backup_folder_of
from desktop.backups.elsewhere import copies_elsewhere, snapshots_elsewhere
from desktop.machine.clock import now
from desktop.machine.program import program_version
from desktop.session.session import ProvenSession
from desktop.store.register import StoreRegister
from desktop.vault.key_ring import KeyRing
from desktop.vault.passphrases import MINIMUM_COST, KdfCost
from domain.compliance.annex11 import ANNEX_11
from domain.compliance.evidence import (
    BackupEvidence,
    BehindEvidence,
    ItemCounts,
    ReviewEvidence,
    SigningEvidence,
    Trace,
    VaultEvidence,
)
from domain.compliance.judge import SelfCheck, judge
from domain.compliance.part11 import PART_11
from domain.compliance.reviews import LAG_DAYS
from domain.identity import iso
from domain.log.verdict import LogVerdict
from domain.messages import message
from domain.ports import LogFilter
from domain.process.decode import decode_process
from domain.process.states import in_force_at
from domain.records.backup_records import RestoreTest
from domain.records.item import ENDED, Evidence, Pack
from domain.records.oversight import ClockJump, Export, KeyRevelation, Review
from domain.records.people import Declaration, FailedUnlockReport, KeyReset, RecoverySheet, Rotation
from domain.registry import COMMANDS
from domain.services import Progress

RULES = ((message("21 CFR Part 11"), PART_11), (message("EU GMP Annex 11"), ANNEX_11))
_STORE = message(
    "SQLCipher 4: AES-256 and HMAC-SHA512 on every page; rollback journal, every commit synced with its folder."
)


def self_check(vault: ProvenSession, *, folder: Path, keys: KeyRing, progress: Progress | None = None) -> SelfCheck:
    """Verify the whole log of the vault in `folder` and judge every clause by what this vault shows.

    Raises:
        Damaged: too damaged to be read. Cancelled: `progress` asked to stop.
    """
    verdict = vault.verify(progress=progress)
    return judge(gather_evidence(vault.register, verdict, folder=folder, keys=keys), RULES)


def gather_evidence(register: StoreRegister, verdict: LogVerdict, *, folder: Path, keys: KeyRing) -> VaultEvidence:
    """What the clauses look at, as it is on record and as this installation knows it."""
    at = now()
    versions, reviews = register.process_versions(), register.all_of(Review)
    people, roles, imports, packs = register.people(), register.roles(), register.imports(), register.all_of(Pack)
    declarations, resets, sheets = (
        register.all_of(Declaration),
        register.all_of(KeyReset),
        register.all_of(RecoverySheet),
    )
    failed, jumps, exports = register.all_of(FailedUnlockReport), register.all_of(ClockJump), register.all_of(Export)
    tests, files = register.all_of(RestoreTest), register.all_of(Evidence)
    named: chain[Any] = chain(people, roles, imports, packs, files, declarations, resets, sheets, failed)
    named = chain(named, jumps, exports, tests, reviews)
    entry_of = register.newest_entries(frozenset(each.id for each in named))
    return VaultEvidence(
        vault=keys.vault_id,
        name=register.vault().name,
        created=register.vault().created,
        at=iso(at),
        program=message("Countersign {program_version}", program_version=program_version()),
        verdict=verdict,
        acts={act: Trace(count=count, last=last) for act, count, last in register.acts_on_record()},
        entry_of=entry_of,
        signatures=_signatures(register),
        behind=tuple(BehindEvidence(entry=h.seq, at=h.at, behind=h.behind) for h in register.entries_behind()),
        latest=register.latest_time(),
        old_entries=register.log_count(LogFilter(until=iso(at - timedelta(days=LAG_DAYS)))),
        devices=register.devices_on_record(),
        people=people,
        keys=register.keys(),
        slot_keys=keys.slot_keys,
        roles=roles,
        declarations=declarations,
        resets=resets,
        sheets=sheets,
        rotations=register.all_of(Rotation),
        revelations=register.all_of(KeyRevelation),
        failed_unlocks=failed,
        clock_jumps=jumps,
        reviews=tuple(_reviewed(register, each, entry_of) for each in reviews),
        versions=versions,
        processes=tuple(decode_process(each.definition) for each in in_force_at(versions, at)),
        items=_item_counts(register, day=iso(at)[:10]),
        imports=imports,
        packs=packs,
        files=files,
        exports=exports,
        stored=register.files(),
        backups=_backups(keys.vault_id, folder),
        restore_tests=tests,
        weak_key_cost=_is_weak(keys.key_cost),
        key_cost=_cost_words(keys.key_cost),
        store=_STORE,
    )


def _signatures(register: StoreRegister) -> tuple[SigningEvidence, ...]:
    signing = sorted(word for word, command in COMMANDS.items() if command.signing)
    return tuple(
        SigningEvidence(
            entry=header.seq,
            act=header.act,
            at=header.at,
            person=header.by,
            passphrase=header.auth == "passphrase",
            meaning=header.meaning,
        )
        for header in register.signed_entries(signing)
    )


def _reviewed(register: StoreRegister, review: Review, entry_of: Mapping[str, int]) -> ReviewEvidence:
    entry = entry_of.get(review.id, -1)
    if review.kind != "audit_trail":
        return ReviewEvidence(review=review, entry=entry)
    size = register.log_size()
    return ReviewEvidence(
        review=review,
        entry=entry,
        own=register.authors_between(review.first, review.last).get(review.person, 0),
        own_sample=sum(register.header(seq).by == review.person for seq in review.sample if seq < size),
    )


def _item_counts(register: StoreRegister, *, day: str) -> dict[str, ItemCounts]:
    found: dict[str, ItemCounts] = {}
    for process, state, count, late in register.item_counts(day):
        so_far = found.get(process, ItemCounts())
        ended = state in ENDED
        found[process] = ItemCounts(
            open=so_far.open + (0 if ended else count),
            finished=so_far.finished + (count if ended else 0),
            overdue=so_far.overdue + (0 if ended else late),
        )
    return found


def _backups(vault: str, folder: Path) -> tuple[BackupEvidence, ...]:
    """The copies in this installation's folder, and those that it remembers on other volumes."""
    here = (
        BackupEvidence(made_at=each.made_at, entries=each.about.size if each.about else 0, elsewhere=elsewhere)
        for each, elsewhere in snapshots_elsewhere(backup_folder_of(vault), vault=vault, vault_folder=folder)
    )
    away = (
        BackupEvidence(made_at=each.made_at, entries=each.entries, elsewhere=True) for each in copies_elsewhere(vault)
    )
    return (*here, *away)


def _is_weak(cost: KdfCost) -> bool:
    return cost.memory_kib < MINIMUM_COST.memory_kib or cost.iterations < MINIMUM_COST.iterations


def _cost_words(cost: KdfCost) -> str:
    return message(
        "Argon2id, {memory_kib} MiB, {iterations} passes, {lanes} lanes",
        memory_kib=cost.memory_kib // 1024,
        iterations=cost.iterations,
        lanes=cost.lanes,
    )
